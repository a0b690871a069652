"""What the channels really did, from the closed form: exact given who was reached and when."""

from __future__ import annotations

from math import factorial

import numpy as np

from synth_core.journeys.coalitions import Coalitions
from synth_core.journeys.results import Truth
from synth_core.journeys.simulate import ORGANIC, Simulation

EXACT_UP_TO = 10  #: channels that make a difference; beyond, orders of arrival are sampled
_ROUNDS = 12  # pairs of an order and its reverse, for each user anew


def truth(simulation: Simulation, *, seed: int = 7) -> Truth:
    """Every truth of one simulation.

    Parameters
    ----------
    simulation : Simulation
    seed : int
        Of the sampled orders; without effect up to :data:`EXACT_UP_TO` channels.

    Notes
    -----
    Shapley: Σ over coalitions S without k of |S|! (n − |S| − 1)! / n! · (v(S ∪ k) − v(S)), for each user over the n
    channels that reached them (the others are dummies), summed over users. Beyond :data:`EXACT_UP_TO` channels every
    user gets random orders of their own, each with its reverse (Mitchell et al. 2022, *Sampling permutations for
    Shapley value estimation*), so that errors average out over users.

    Marginal: by the Mecke formula for Poisson processes, dE[Σv] / d log reach is the expected sum, over the touches a
    channel starts, of what removing that touch and all it triggered would lose.
    """
    worth = Coalitions(simulation.hazard, simulation.exposures)
    exact = len(worth.active) <= EXACT_UP_TO
    shapley, error, evaluated = _exact(worth) if exact else _sampled(worth, np.random.default_rng(seed))
    caught = simulation.cause[simulation.cause >= 0]
    marginal = [_marginal(worth, simulation, k) for k in range(worth.size)]
    return Truth(
        channels=simulation.world.names,
        expected=float(worth.everything.sum()),
        organic=float(worth.nothing.sum()),
        realised=float(np.isfinite(simulation.conversion).sum()),
        shapley=_row(shapley),
        shapley_se=_row(error),
        removal=tuple(_removal(worth, k) for k in range(worth.size)),
        event=_row(np.bincount(caught, minlength=worth.size)),
        event_organic=float((simulation.cause == ORGANIC).sum()),
        marginal=tuple(m[0] if m else None for m in marginal),
        marginal_se=tuple(m[1] if m else None for m in marginal),
        coalitions=evaluated,
        exact=exact,
    )


def _removal(worth: Coalitions, channel: int) -> float:
    users, alone = worth.without(channel)
    return float((worth.everything[users] - alone).sum())


def _exact(worth: Coalitions) -> tuple[np.ndarray, np.ndarray, int]:
    """Over all coalitions: v(S) summed over users by the set of channels that reached them, then weighted."""
    active = worth.active
    count = len(active)
    local = sum(((worth.reached >> k) & 1) << i for i, k in enumerate(active)) if active else worth.reached
    sizes = np.array([bin(s).count("1") for s in range(1 << count)])
    gain, loss = _weights(count)
    found = np.zeros(worth.size)
    for coalition in range(1 << count):
        users, values = worth.among(sum(1 << k for i, k in enumerate(active) if coalition >> i & 1))
        sums = np.bincount(local[users], values, minlength=1 << count)
        size = sizes[coalition]
        for i, k in enumerate(active):
            if coalition >> i & 1:
                found[k] += sums @ gain[size, sizes]
            else:
                reached = (np.arange(1 << count) >> i & 1).astype(bool)
                found[k] -= sums[reached] @ loss[size, sizes[reached]]
    return found, np.zeros(worth.size), 1 << count


def _weights(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Shapley's weight of v(S) for a member and for another player, by |S| and the number of players."""
    gain, loss = np.zeros((count + 1, count + 1)), np.zeros((count + 1, count + 1))
    for n in range(count + 1):
        for size in range(n + 1):
            if size:
                gain[size, n] = factorial(size - 1) * factorial(n - size) / factorial(n)
            if size < n:
                loss[size, n] = factorial(size) * factorial(n - size - 1) / factorial(n)
    return gain, loss


def _sampled(worth: Coalitions, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, int]:
    """Along sampled orders of arrival; every order sums to v(N) − v(∅), and so does the mean."""
    active = np.array(worth.active)
    means, evaluated = [], 0
    for _ in range(_ROUNDS):
        order = rng.permuted(np.broadcast_to(active, (worth.users, len(active))), axis=1)
        both = np.zeros(worth.size)
        for arriving in (order.T, order.T[::-1]):
            present, before = np.zeros(worth.users, np.int64), worth.nothing
            for step, channel in enumerate(arriving):
                present = present | (np.int64(1) << channel)
                last = step == len(active) - 1
                after = worth.everything if last else worth.each(present)
                both += np.bincount(channel, after - before, minlength=worth.size) / 2
                before, evaluated = after, evaluated + 1
        means.append(both)
    return np.mean(means, axis=0), np.std(means, axis=0, ddof=1) / np.sqrt(_ROUNDS), evaluated


def _marginal(worth: Coalitions, simulation: Simulation, channel: int) -> tuple[float, float] | None:
    """Conversions per unit of money, and the standard error over users; None where nothing is spent."""
    world = simulation.world
    if not world.paid[channel]:
        return None
    spent = world.spend[channel] * worth.users
    lost = np.zeros(worth.users)
    for users, loss in worth.losses(channel):
        lost[users] += loss
    error = lost.std(ddof=1) * np.sqrt(worth.users) if worth.users > 1 else 0.0
    return float(lost.sum() / spent), float(error / spent)


def _row(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(v) for v in values)
