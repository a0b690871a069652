"""The simulator's formulas once more, user by user in plain loops: slow, and independent of the real thing."""

from __future__ import annotations

from itertools import combinations, permutations
from math import exp, factorial

import numpy as np
from scipy import integrate
from scipy.stats import gamma

from synth_core.journeys.exposures import Exposures
from synth_core.journeys.world import World


def probability(
    world: World, shown: Exposures, user: int, allowed: set[int], *, out: frozenset[int] = frozenset()
) -> float:
    """v(S) of one user with the channels in ``allowed``, without the touches of the roots ``out``."""
    b = world.baseline * exp(world.intent * shown.intent[user] - world.intent**2 / 2)
    total, earlier = b * world.horizon, []
    for j in range(shown.starts[user], shown.starts[user + 1]):
        needed = {k for k in range(len(world.channels)) if int(shown.mask[j]) >> k & 1}
        if not needed <= allowed or int(shown.root[j]) in out:
            continue
        k = int(shown.channel[j])
        c = world.channels[k]
        m = c.saturation ** earlier.count(k)
        for by in set(earlier):
            m *= 1 + world.synergy[by][k]
        shape, tau, left = world.delay, c.decay, world.horizon - shown.time[j]
        if shape == 1:
            mass = tau * (1 - exp(-left / tau))
        else:  # the gamma density, scaled to the mass τ
            mass = tau * integrate.quad(lambda s, a=shape, t=tau: gamma.pdf(s, a, scale=t), 0, left)[0]
        total += c.effect * m * mass
        earlier.append(k)
    return 1 - exp(-total)


def shapley(world: World, shown: Exposures) -> np.ndarray:
    """By the definition, over all coalitions."""
    n = len(world.channels)
    found = np.zeros(n)
    for user in range(shown.users):
        for k in range(n):
            others = [c for c in range(n) if c != k]
            for size in range(n):
                weight = factorial(size) * factorial(n - size - 1) / factorial(n)
                for s in combinations(others, size):
                    found[k] += weight * (
                        probability(world, shown, user, {*s, k}) - probability(world, shown, user, set(s))
                    )
    return found


def by_orders(world: World, shown: Exposures) -> np.ndarray:
    """The same over all orders of arrival."""
    n = len(world.channels)
    found = np.zeros(n)
    for user in range(shown.users):
        for order in permutations(range(n)):
            there: set[int] = set()
            for k in order:
                before = probability(world, shown, user, there)
                there = there | {k}
                found[k] += (probability(world, shown, user, there) - before) / factorial(n)
    return found
