"""Conversions that a coalition of channels would bring: what every truth is made of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from synth_core.journeys.exposures import Exposures
from synth_core.journeys.hazard import Hazard


class Coalitions:
    """Closed-form conversion probabilities of all users under parts of their exposures.

    Without a channel go its touches and all that were triggered by them, at any remove; rank and "seen earlier" are
    taken anew among those that stay. ``v(S) = 1 − exp(−b·T − Σ w(S))`` for each user.
    """

    def __init__(self, hazard: Hazard, shown: Exposures) -> None:
        self._hazard = hazard
        self.organic = hazard.organic(shown.intent) * hazard.world.horizon
        self.size = len(hazard.world.channels)
        keep = self._counts(shown)
        self._touches = shown if keep.all() else shown.only(keep)
        self._mass = hazard.full[self._touches.channel] * hazard.within(self._touches.channel, self._touches.time)

    @property
    def users(self) -> int:
        return len(self.organic)

    @cached_property
    def active(self) -> tuple[int, ...]:
        """Channels that can make a difference: those that act, change the effect of others or trigger them."""
        world = self._hazard.world
        acts = (world.of("effect") > 0) | np.array(world.triggers).any(axis=1) | np.array(world.synergy).any(axis=1)
        return tuple(int(k) for k in np.flatnonzero(acts))

    @cached_property
    def reached(self) -> np.ndarray:
        """Active channels that reached each user, as bits; int64 (users,)."""
        found = np.zeros(self.users, np.int64)
        held = np.flatnonzero(np.diff(self._touches.starts))
        if len(held):
            found[held] = np.bitwise_or.reduceat(self._touches.mask, self._touches.starts[held])
        return found

    @cached_property
    def everything(self) -> np.ndarray:
        """Conversion probability of each user with all channels; (users,)."""
        return self._probability(np.ones(len(self._touches), bool), np.ones(self.users, bool))

    @cached_property
    def nothing(self) -> np.ndarray:
        """Conversion probability of each user without any channel; (users,)."""
        return -np.expm1(-self.organic)

    def among(self, coalition: int) -> tuple[np.ndarray, np.ndarray]:
        """The users whom all channels of ``coalition`` reached, and their probabilities with these channels only.

        For everyone else some smaller coalition is the same, so that nothing is computed twice.
        """
        users = (self.reached & coalition) == coalition
        touches = users[self._touches.user] & ((self._touches.mask & ~coalition) == 0)
        return np.flatnonzero(users), self._probability(touches, users)

    def each(self, coalition: np.ndarray) -> np.ndarray:
        """Probabilities of all users, each with channels of their own: bits (users,); (users,)."""
        allowed = coalition[self._touches.user]
        return self._probability((self._touches.mask & ~allowed) == 0, np.ones(self.users, bool))

    def without(self, channel: int) -> tuple[np.ndarray, np.ndarray]:
        """The users that ``channel`` reached, and their probabilities without it."""
        users = (self.reached >> channel & 1) == 1
        touches = users[self._touches.user] & ((self._touches.mask >> channel & 1) == 0)
        return np.flatnonzero(users), self._probability(touches, users)

    def losses(self, channel: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """What each touch that ``channel`` starts is worth: users, and the probability they lose without it.

        One round takes the n-th such touch of every user who has as many, with all that it triggered.
        """
        own = self._started[self._touches.channel[self._started] == channel]
        users = self._touches.user[own]
        rank = np.arange(len(users)) - np.searchsorted(users, users)
        for n in range(int(rank.max()) + 1 if len(rank) else 0):
            chosen = rank == n
            out = np.full(self.users, -1, self._touches.root.dtype)
            out[users[chosen]] = self._touches.root[own[chosen]]
            concerned = out >= 0
            keep = concerned[self._touches.user] & (self._touches.root != out[self._touches.user])
            at = users[chosen]
            yield at, self.everything[at] - self._probability(keep, concerned)

    @cached_property
    def _started(self) -> np.ndarray:
        """The touches that channels start by themselves: the earliest of each root, as triggered ones come later."""
        root = self._touches.root
        first = np.full(int(root.max(initial=-1)) + 1, -1)
        first[root[::-1]] = np.arange(len(root))[::-1]
        return np.sort(first[first >= 0])

    def _probability(self, touches: np.ndarray, users: np.ndarray) -> np.ndarray:
        """Of the users marked in ``users``, with the touches marked in ``touches`` (theirs only)."""
        at = np.flatnonzero(touches)
        who = self._touches.user[at]
        mass = self._mass[at]
        factors = self._hazard.factors(who, self._touches.channel[at])
        if factors is not None:
            mass = mass * factors
        total = self.organic + np.bincount(who, mass, minlength=self.users)
        return -np.expm1(-total[users])

    def _counts(self, shown: Exposures) -> np.ndarray:
        """Touches that make a difference; those on channels which cannot are the same in all coalitions."""
        active = np.zeros(self.size, bool)
        active[list(self.active)] = True
        return active[shown.channel]
