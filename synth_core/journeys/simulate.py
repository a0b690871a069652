"""Simulated journeys in continuous time: every touch and the organic hazard compete to be the cause of a conversion."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from synth_core.errors import JourneyError
from synth_core.journeys import exposures
from synth_core.journeys.exposures import Exposures
from synth_core.journeys.hazard import Hazard
from synth_core.journeys.observed import Journeys
from synth_core.journeys.world import World

ORGANIC, NONE = -1, -2  #: causes that are no channel


@dataclass(frozen=True, eq=False)
class Simulation:
    """What happened, and what a tracking tool saw of it.

    Attributes
    ----------
    world : World
    exposures : Exposures
        All touches to the horizon, whether or not a conversion came first.
    conversion : numpy.ndarray
        float64 (users,); day of the conversion, infinite where there was none.
    cause : numpy.ndarray
        int16 (users,); the channel whose touch caused it, :data:`ORGANIC`, or :data:`NONE`.
    value : numpy.ndarray
        float64 (users,); value of the conversion, zero where there was none.
    observed : Journeys
        Cut off at the conversion, with what tracking loses.
    """

    world: World
    exposures: Exposures
    conversion: np.ndarray
    cause: np.ndarray
    value: np.ndarray
    observed: Journeys

    @cached_property
    def hazard(self) -> Hazard:
        return Hazard(self.world)


def simulate(world: World, users: int, *, seed: int) -> Simulation:
    """Simulate ``users`` people over the horizon of ``world``.

    Parameters
    ----------
    world : World
    users : int
    seed : int
        Same world, users and seed: the same journeys.

    Raises
    ------
    JourneyError
        No user, or more touches than fit in memory.
    """
    if users < 1:
        raise JourneyError(f"{users} users cannot be simulated. Take at least one; 20,000 give steady figures.")
    reached, happened, tracked = np.random.default_rng(seed).spawn(3)
    shown = exposures.draw(world, users, reached)
    hazard = Hazard(world)
    conversion, cause = _conversions(hazard, shown, happened)
    converts = np.isfinite(conversion)
    value = np.zeros(users)
    value[converts] = world.value * np.exp(
        world.value_spread * happened.standard_normal(int(converts.sum())) - world.value_spread**2 / 2
    )
    return Simulation(world, shown, conversion, cause, value, _track(world, shown, conversion, value, tracked))


def _conversions(hazard: Hazard, shown: Exposures, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The earliest of the organic conversion and those by each touch, by inversion of each hazard."""
    spontaneous = hazard.organic(shown.intent)
    best = np.full(shown.users, np.inf)
    acting = spontaneous > 0
    best[acting] = rng.exponential(1.0, int(acting.sum())) / spontaneous[acting]
    cause = np.full(shown.users, ORGANIC, np.int16)
    mass = hazard.full[shown.channel]
    factors = hazard.factors(shown.user, shown.channel)
    if factors is not None:
        mass *= factors
    drawn = rng.exponential(1.0, len(mass))
    hit = np.flatnonzero(drawn < mass)
    when = shown.time[hit] + hazard.until(drawn[hit] / mass[hit], shown.channel[hit])
    order = np.argsort(-when, kind="stable")  # the earliest is written last
    at, when = hit[order], when[order]
    who = shown.user[at]
    earliest = np.full(shown.users, np.inf)
    earliest[who] = when
    by = np.full(shown.users, ORGANIC, np.int16)
    by[who] = shown.channel[at]
    caused = earliest < best
    best[caused], cause[caused] = earliest[caused], by[caused]
    late = best > hazard.world.horizon
    best[late], cause[late] = np.inf, NONE
    return best, cause


def _track(
    world: World, shown: Exposures, conversion: np.ndarray, value: np.ndarray, rng: np.random.Generator
) -> Journeys:
    keep = shown.time < conversion[shown.user]
    if world.lost:
        keep &= rng.random(len(shown)) >= world.lost
    user, channel, time = shown.user[keep], shown.channel[keep], shown.time[keep]
    person, converts = np.arange(shown.users), np.isfinite(conversion)
    if world.split:
        user, person, converts = _split(world, shown.users, user, converts, rng)
        order = np.argsort(user, kind="stable")
        user, channel, time = user[order], channel[order], time[order]
    starts = np.concatenate([[0], np.cumsum(np.bincount(user, minlength=len(person)))])
    return Journeys(
        channels=world.names,
        starts=starts,
        channel=channel,
        conversions=converts.astype(float),
        nulls=(~converts).astype(float),
        value=np.where(converts, value[person], 0.0),
        time=time,
        begin=np.zeros(len(person)),
        end=np.where(converts, conversion[person], world.horizon),
        user=np.arange(len(person)),
    )


def _split(
    world: World, users: int, user: np.ndarray, converts: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Some users are recorded under two ids; each touch, and the conversion, falls to either with equal chance.

    Returns the id of each touch, the person behind each id, and whether the id converts.
    """
    two = np.flatnonzero(rng.random(users) < world.split)
    second = np.full(users, -1)
    second[two] = users + np.arange(len(two))
    moved = (second[user] >= 0) & (rng.random(len(user)) < 0.5)
    ids = np.where(moved, second[user], user)
    person = np.concatenate([np.arange(users), two])
    on_second = rng.random(len(two)) < 0.5
    first = converts.copy()
    first[two] &= ~on_second
    return ids, person, np.concatenate([first, converts[two] & on_second])
