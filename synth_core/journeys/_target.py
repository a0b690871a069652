"""What a client's journeys ask of a simulated world, and how a world is held against it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from synth_core.errors import JourneyError
from synth_core.journeys._likeness import Likeness, Turn
from synth_core.journeys._moments import (
    MEAN_LENGTH,
    RATE,
    VALUE,
    Figures,
    kept,
    measure,
    noise,
    relative,
    touches_on,
)
from synth_core.journeys.observed import Journeys
from synth_core.journeys.simulate import ORGANIC, Simulation, simulate
from synth_core.journeys.world import World

PATHS, CONVERSIONS = 30_000, 4_000  #: simulated in each round: at least, and as many as bring that many conversions
MOST_USERS = 300_000
_RESOLUTION = 0.01  #: relative differences below this are not worth chasing
_SHARE_RESOLUTION = 0.05  #: the same of the organic share
#: How far the world may go from its base before that counts like one standard error of a figure.
PRIOR = {"targeting": 0.5, "again": 0.3, "intent": 0.5, "decay": 1.0}
_LEAST_PATHS = 30  #: of the client; fewer say nothing about shares and rates


@dataclass(eq=False)
class State:
    """Where the search is, and what was found there.

    Attributes
    ----------
    turn : Turn
    reach : numpy.ndarray
        (channels,); their mix.
    users : int
        To simulate.
    seen : Figures or None
    share : float or None
        Of the conversions of people with a touch, that no touch caused.
    cost : float
        What the search makes small.
    """

    turn: Turn
    reach: np.ndarray
    users: int = PATHS
    seen: Figures | None = None
    share: float | None = None
    cost: float = np.inf


@dataclass(frozen=True, eq=False)
class Target:
    """The client's figures, and how simulated ones are made comparable."""

    client: Figures
    likeness: Likeness
    converting: bool
    timed: bool
    share: float | None  # of conversions that no touch causes; None: cannot be kept
    seed: int
    names: tuple[str, ...]  # figures that the turn is chosen by
    free: tuple[str, ...]  # parts of the turn that may change

    def users(self, usable: float) -> int:
        """How many to simulate where the share ``usable`` can be compared."""
        rate = 1.0 if self.converting else max(self.client.values[RATE], 1e-3)
        return int(np.clip(max(PATHS, CONVERSIONS / rate) / max(usable, 1e-3), PATHS, MOST_USERS))

    def off(self, seen: Figures, share: float | None) -> np.ndarray:
        """Relative differences from the client's figures, and from the organic share to be kept; (figures,)."""
        found = relative(self.client, seen, self.names)
        return found if self.share is None else np.append(found, ((share or 0.0) - self.share) / self.share)

    def weight(self, seen: Figures) -> np.ndarray:
        """How much each difference counts: less, the less certain it is; (figures,)."""
        found = 1 / np.hypot(noise(self.client, seen, self.names), _RESOLUTION)
        return found if self.share is None else np.append(found, 1 / _SHARE_RESOLUTION)

    def away(self, turn: Turn) -> np.ndarray:
        """How far the free parts are from the base, in units of what goes without saying; (parts,)."""
        start = Turn(intent=self.likeness.world.intent)
        return np.array([(getattr(turn, p) - getattr(start, p)) / PRIOR.get(p, np.inf) for p in self.free])

    def mix(self, seen: Figures) -> np.ndarray:
        """Share of each channel in the client's touches ÷ that in the simulated ones; (channels,)."""
        names = [touches_on(c) for c in self.likeness.world.names]
        mine = np.array([max(seen.values[n], 1e-6) for n in names]) / max(seen.values[MEAN_LENGTH], 1e-6)
        theirs = np.array([self.client.values[n] for n in names]) / self.client.values[MEAN_LENGTH]
        return theirs / mine

    def simulated(self, state: State, *, seed: int | None = None) -> tuple[Figures, float | None, float]:
        """Figures, the organic share, and the share of users that could be compared."""
        world = self.likeness.turned(state.turn, state.reach)
        found = simulate(world, state.users, seed=self.seed if seed is None else seed)
        keep = kept(found.observed, converting=self.converting)
        figures = measure(found.observed, keep, converting=self.converting, timed=self.timed)
        return figures, organic_share(found), float(keep.sum()) / state.users


def target_of(journeys: Journeys, base: World, seed: int, share: float | None) -> Target:
    """Measure the client's journeys and give the base world their channels.

    Raises
    ------
    JourneyError
        Too few paths with a touch, or none of them converts.
    """
    converting = not journeys.nulls[journeys.lengths > 0].any()
    keep = kept(journeys, converting=converting)
    used = np.unique(journeys.channel[keep[journeys.path]])
    journeys = _of_channels(journeys, used)
    won = keep & (journeys.conversions > 0)
    waits = None
    if journeys.time is not None and journeys.end is not None and won.any():
        waits = journeys.end[won] - journeys.time[journeys.starts[np.flatnonzero(won) + 1] - 1]
    # Conversions noted on the row of a touch say nothing about how long the effect takes.
    timed = waits is not None and float(np.median(waits)) > 1e-6
    client = measure(journeys, keep, converting=converting, timed=timed)
    if client.paths < _LEAST_PATHS:
        raise JourneyError(
            f"Only {client.paths:,.0f} paths have a touch; at least {_LEAST_PATHS} are needed to fit a world to them. "
            "Upload more journeys, or choose a world by hand."
        )
    if not won.any():
        raise JourneyError("No path with a touch converts, so no conversion rate can be fitted. Upload more journeys.")
    likeness = Likeness.of(base, journeys.channels, **_stated(journeys, keep, base, client))
    if share is None:
        share = organic_share(simulate(base, PATHS, seed=seed))
    acts = any(c.effect > 0 for c in likeness.world.channels) and likeness.world.baseline > 0
    free = ["reach", "targeting", "again", "intent"]
    free += [] if converting else ["hazard"]
    each = {touches_on(c) for c in journeys.channels}
    names = [n for n in client.values if n not in each and n != VALUE]
    share = share if acts and share is not None and 0 < share < 1 else None
    free += ["organic"] * (share is not None) + ["decay"] * timed
    return Target(client, likeness, converting, timed, share, seed, tuple(names), tuple(free))


def _of_channels(journeys: Journeys, used: np.ndarray) -> Journeys:
    """Without channels that no compared path has."""
    if len(used) == len(journeys.channels):
        return journeys
    of = np.full(len(journeys.channels), -1)
    of[used] = np.arange(len(used))
    inside = of[journeys.channel] >= 0
    counts = np.bincount(journeys.path[inside], minlength=len(journeys))
    return replace(
        journeys,
        channels=tuple(journeys.channels[i] for i in used),
        starts=np.concatenate([[0], np.cumsum(counts)]),
        channel=of[journeys.channel[inside]].astype("int16"),
        time=None if journeys.time is None else journeys.time[inside],
    )


def _stated(journeys: Journeys, keep: np.ndarray, base: World, client: Figures) -> dict[str, float]:
    """What the journeys tell directly: the horizon, and the value of a conversion with its spread."""
    found = {}
    if journeys.begin is not None and journeys.end is not None:
        found["horizon"] = float(np.clip(journeys.end.max() - journeys.begin.min(), 0.1, 3_650))
    if VALUE in client.values:
        found["value"] = min(client.values[VALUE], 1e9)
        single = journeys.value[keep & (journeys.conversions == 1) & (journeys.value > 0)]
        found["value_spread"] = float(min(np.log(single).std(), 3)) if len(single) >= 30 else base.value_spread
    return found


def organic_share(found: Simulation) -> float | None:
    """Share of the conversions of people with a touch before it that no touch caused; None without conversions."""
    shown = found.exposures
    before = shown.time < found.conversion[shown.user]
    touched = np.bincount(shown.user[before], minlength=shown.users) > 0
    converts = touched & np.isfinite(found.conversion)
    return float((found.cause[converts] == ORGANIC).mean()) if converts.any() else None
