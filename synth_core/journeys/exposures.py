"""Who is reached by what and when, over the whole horizon, whether or not a conversion comes first."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from synth_core.errors import JourneyError
from synth_core.journeys.world import World

MOST_TOUCHES = 60_000_000  # about 3 GB of exposures; more would not fit beside the truth on a small machine


@dataclass(frozen=True, eq=False)
class Exposures:
    """Touches in order of user, then time; user i owns ``starts[i]:starts[i + 1]``.

    Attributes
    ----------
    intent : numpy.ndarray
        float64 (users,); standard normal.
    starts : numpy.ndarray
        int64 (users + 1,).
    channel : numpy.ndarray
        int16 (touches,).
    time : numpy.ndarray
        float64 (touches,); days.
    mask : numpy.ndarray
        int64 (touches,); bit k is set when channel k is the touch's own or one of those that led to it by triggers.
    root : numpy.ndarray
        int32 (touches,); number of the touch that a channel started by itself and this one goes back to, unique over
        all users.
    """

    intent: np.ndarray
    starts: np.ndarray
    channel: np.ndarray
    time: np.ndarray
    mask: np.ndarray
    root: np.ndarray

    @property
    def users(self) -> int:
        return len(self.intent)

    def __len__(self) -> int:
        return len(self.channel)

    @cached_property
    def user(self) -> np.ndarray:
        """int32 (touches,); the user each touch belongs to."""
        return np.repeat(np.arange(self.users, dtype=np.int32), np.diff(self.starts))

    def only(self, keep: np.ndarray) -> Exposures:
        """The touches marked in ``keep`` (touches,), of all users."""
        starts = np.concatenate([[0], np.cumsum(np.bincount(self.user[keep], minlength=self.users))])
        return Exposures(self.intent, starts, self.channel[keep], self.time[keep], self.mask[keep], self.root[keep])


def draw(world: World, users: int, rng: np.random.Generator) -> Exposures:
    """Exposures of ``users`` people.

    Raises
    ------
    JourneyError
        There would be more touches than fit in memory.
    """
    intent = rng.standard_normal(users)
    expected = users * world.horizon * world.of("reach").sum()
    expected *= 1 / (1 - max(abs(np.linalg.eigvals(np.array(world.triggers, float)))))
    if expected > MOST_TOUCHES:
        raise JourneyError(
            f"{users:,} users would be reached about {expected:,.0f} times: more than the {MOST_TOUCHES:,} that fit in "
            "memory. Take fewer users, a shorter horizon or a smaller reach."
        )
    batches = [_roots(world, intent, rng)]
    while len(batches[-1][0]):
        batches.append(_triggered(world, batches[-1], rng))
    user, channel, time, mask, root = (np.concatenate(column) for column in zip(*batches, strict=True))
    order = np.argsort(user * world.horizon + time)
    starts = np.concatenate([[0], np.cumsum(np.bincount(user, minlength=users))])
    return Exposures(intent, starts, channel[order], time[order], mask[order], root[order])


Batch = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # user, channel, time, mask, root


def _roots(world: World, intent: np.ndarray, rng: np.random.Generator) -> Batch:
    users, channels = [], []
    everyone = np.arange(len(intent), dtype=np.int32)
    for k, channel in enumerate(world.channels):
        rate = channel.reach * world.horizon
        if channel.targeting:
            counts = rng.poisson(rate * np.exp(channel.targeting * intent - channel.targeting**2 / 2))
            users.append(np.repeat(everyone, counts))
        else:  # the same distribution, without a draw for each user
            users.append(rng.integers(0, len(intent), rng.poisson(rate * len(intent)), dtype=np.int32))
        channels.append(np.full(len(users[-1]), k, np.int16))
    user, channel = np.concatenate(users), np.concatenate(channels)
    time = rng.random(len(user)) * world.horizon
    return user, channel, time, np.int64(1) << channel.astype(np.int64), np.arange(len(user), dtype=np.int32)


def _triggered(world: World, parents: Batch, rng: np.random.Generator) -> Batch:
    """One generation of touches that those in ``parents`` bring about."""
    user, channel, time, mask, root = parents
    found = []
    for by, line in enumerate(world.triggers):
        if not any(line):
            continue
        at = np.flatnonzero(channel == by)
        for k, mean in enumerate(line):
            if mean:
                chosen = at[rng.integers(0, len(at), rng.poisson(mean * len(at)))] if len(at) else at
                when = time[chosen] + rng.exponential(1.0, len(chosen))
                chosen, when = chosen[when < world.horizon], when[when < world.horizon]
                kind = np.full(len(chosen), k, np.int16)
                found.append((user[chosen], kind, when, mask[chosen] | (1 << k), root[chosen]))
    if not found:
        return user[:0], channel[:0], time[:0], mask[:0], root[:0]
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))
