"""What touches do to the chance of a conversion, in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import gammainc, gammaincinv

from synth_core.journeys.world import World


@dataclass(frozen=True, eq=False)
class Hazard:
    """The parameters of ``world`` as arrays."""

    world: World

    @cached_property
    def full(self) -> np.ndarray:
        """Hazard that a first touch adds in all, whatever the horizon: β·τ; (channels,)."""
        return self.world.of("effect") * self.decay

    @cached_property
    def decay(self) -> np.ndarray:
        return self.world.of("decay")

    @cached_property
    def _log_saturation(self) -> np.ndarray:
        return np.log(self.world.of("saturation"))

    @cached_property
    def _synergy(self) -> np.ndarray:
        return np.array(self.world.synergy, float)

    @cached_property
    def repeats(self) -> bool:
        """Whether earlier touches on the same channel matter."""
        return bool(self._log_saturation.any())

    @cached_property
    def order(self) -> bool:
        """Whether earlier touches on other channels matter."""
        return bool(self._synergy.any())

    def organic(self, intent: np.ndarray) -> np.ndarray:
        """Hazard per day without any touch; (users,)."""
        spread = self.world.intent
        return self.world.baseline * np.exp(spread * intent - spread**2 / 2)

    def within(self, channel: np.ndarray, time: np.ndarray) -> np.ndarray:
        """Share of the effect of each touch that falls before the horizon; (touches,)."""
        left = (self.world.horizon - time) / self.decay[channel]
        return -np.expm1(-left) if self.world.delay == 1 else gammainc(self.world.delay, left)

    def until(self, share: np.ndarray, channel: np.ndarray) -> np.ndarray:
        """Days after which ``share`` of the effect of a touch is over: the inverse of :meth:`within`."""
        shape = self.world.delay
        return self.decay[channel] * (-np.log1p(-share) if shape == 1 else gammaincinv(shape, share))

    def factors(self, user: np.ndarray, channel: np.ndarray) -> np.ndarray | None:
        """Saturation × synergy of each touch (m); touches in order of user, then time. None where it is 1 throughout.

        Parameters
        ----------
        user : numpy.ndarray
            (touches,); numbers from zero.
        channel : numpy.ndarray
            (touches,).
        """
        if not (self.repeats or self.order) or not len(user):
            return None
        found = np.ones(len(user))
        users = int(user[-1]) + 1
        if self.repeats:
            for k in np.flatnonzero(self._log_saturation):
                at = np.flatnonzero(channel == k)
                found[at] = np.exp(self._log_saturation[k] * _earlier(user[at]))
        if self.order:
            position = np.arange(len(user))
            for by in np.flatnonzero(self._synergy.any(axis=1)):
                first = np.full(users, len(user))
                at = np.flatnonzero(channel == by)[::-1]
                first[user[at]] = at  # the last one written is the earliest
                seen = position > first[user]
                found[seen] *= 1 + self._synergy[by, channel[seen]]
        return found


def _earlier(user: np.ndarray) -> np.ndarray:
    """How many of the entries before have the same user; ``user`` is sorted."""
    position = np.arange(len(user))
    new = np.concatenate([[True], user[1:] != user[:-1]]) if len(user) else np.zeros(0, bool)
    return position - np.maximum.accumulate(np.where(new, position, 0))
