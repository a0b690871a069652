"""A simulated world whose journeys look like a client's: moments matched by simulating, comparing and turning."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import brentq

from synth_core.errors import JourneyError
from synth_core.journeys import _assumed
from synth_core.journeys._likeness import LIMITS, Likeness, Turn
from synth_core.journeys._moments import (
    MEAN_LENGTH,
    RATE,
    VALUE,
    Figures,
    distance,
    kept,
    measure,
    noise,
    relative,
    touches_on,
)  # fmt: skip
from synth_core.journeys.observed import Journeys
from synth_core.journeys.results import Calibration, Moment
from synth_core.journeys.simulate import ORGANIC, Simulation, simulate
from synth_core.journeys.world import World
from synth_core.progress import SILENT, Progress

PATHS, CONVERSIONS = 30_000, 4_000  #: simulated in each round: at least, and as many as bring that many conversions
ROUNDS = 18
_LEAST_PATHS = 30  #: of the client; fewer say nothing about shares and rates
_MOST_USERS = 300_000
_SLOPES_EVERY = 4  #: rounds after which slopes are measured again
_RESOLUTION = 0.02  #: relative differences below this are not worth chasing
#: How far the world may go from its base before that counts like one standard error of a figure.
_PRIOR = {"targeting": 1.0, "again": 0.5, "intent": 1.0, "decay": 1.5}


@dataclass(eq=False)
class _State:
    """Where the search is: the turn, the mix of channels and the split between organic and media."""

    turn: Turn
    reach: np.ndarray
    organic: float
    users: int = PATHS
    seen: Figures | None = None
    share: float | None = None  # of conversions that no touch caused
    distance: float = np.inf


@dataclass(frozen=True, eq=False)
class _Target:
    """The client's figures, and how simulated ones are made comparable."""

    client: Figures
    likeness: Likeness
    converting: bool
    timed: bool
    share: float | None  # of conversions that no touch causes; None: cannot be kept
    seed: int
    names: list[str] = field(default_factory=list)  # figures that the turn is chosen by
    free: tuple[str, ...] = ()  # parts of the turn that may change

    def simulated(self, state: _State, *, seed: int | None = None) -> tuple[Figures, float | None, float]:
        """Figures, the organic share, and the share of users that could be compared."""
        world = self.likeness.turned(state.turn, state.reach, state.organic)
        found = simulate(world, state.users, seed=self.seed if seed is None else seed)
        keep = kept(found.observed, converting=self.converting)
        figures = measure(found.observed, keep, converting=self.converting, timed=self.timed)
        return figures, organic_share(found), float(keep.sum()) / state.users


def calibrate(
    journeys: Journeys,
    *,
    base: World,
    seed: int = 7,
    organic_share: float | None = None,
    rounds: int = ROUNDS,
    progress: Progress = SILENT,
) -> Calibration:
    """Fit ``base`` to a client's journeys.

    Matched are the touches per path on each channel, the distribution of path lengths, how often a step repeats the
    channel before, the conversion rate, over all and by path length, the times to conversion where they are known, and
    the value of a conversion. Only paths with a touch are compared, and of each person the path to the first
    conversion, on both sides. Each round simulates with the same seed, compares, corrects the mix of channels and the
    split between organic and media by ratios, and the other parameters by a damped least-squares step on the relative
    differences, weighted by their sampling error and held near the base where the journeys do not tell
    (Levenberg–Marquardt with measured slopes). The round with the smallest distance is taken, and its figures are
    measured anew on other random numbers.

    Parameters
    ----------
    journeys : Journeys
    base : World
        Gives everything that journeys cannot tell; see ``assumed`` of the result.
    seed : int
    organic_share : float, optional
        Share of the conversions of people with a touch that would have come without any, 0 to 1; the base's if left
        out.
    rounds : int
    progress : Progress
        Gets the smallest distance so far with each round.

    Raises
    ------
    JourneyError
        Fewer than 30 paths with a touch, none that converts, or an impossible organic share.
    """
    if organic_share is not None and not 0 < organic_share < 1:
        raise JourneyError(f"The organic share is {organic_share:g}; it must lie between 0 and 1, such as 0.4.")
    target = _target(journeys, base, seed, organic_share)
    best = state = _start(target)
    slopes: np.ndarray | None = None
    damping, failed = 0.1, 0
    for number in range(rounds):
        progress.report("fitting", number, rounds, distance=best.distance if number else "")
        state.seen, state.share, usable = target.simulated(state)
        state.distance = distance(target.client, state.seen)
        if number == 0 and (users := _users(target, usable)) != state.users:
            state.users = users
            continue  # the figures of so few would be noise
        if best.seen is None or state.distance <= best.distance:
            best, damping, failed = state, max(damping / 3, 0.001), 0
        else:
            damping, failed = min(damping * 3, 100.0), failed + 1
        if slopes is None or failed in (2, 5) or (failed == 0 and number % _SLOPES_EVERY == 0):
            slopes = _slopes(target, best)
        state = _turned(target, best, slopes, damping)
    progress.report("fitting", rounds, rounds, distance=best.distance)
    best.users = min(2 * best.users, _MOST_USERS)
    final, share, _ = target.simulated(best, seed=seed + 1)
    world = target.likeness.turned(best.turn, best.reach, best.organic)
    return Calibration(
        world=world,
        moments=tuple(Moment(n, v, final.values.get(n, 0.0)) for n, v in target.client.values.items()),
        distance=distance(target.client, final),
        rounds=rounds,
        assumed=_assumed.told(
            journeys, base, target.likeness, world, share=share, stated=organic_share is not None,
            converting=target.converting, timed=target.timed, valued=VALUE in target.client.values,
        ),
        seed=seed,
    )  # fmt: skip


def organic_share(found: Simulation) -> float | None:
    """Share of the conversions of people with a touch before it that no touch caused; None without conversions."""
    shown = found.exposures
    before = shown.time < found.conversion[shown.user]
    touched = np.bincount(shown.user[before], minlength=shown.users) > 0
    converts = touched & np.isfinite(found.conversion)
    return float((found.cause[converts] == ORGANIC).mean()) if converts.any() else None


def _target(journeys: Journeys, base: World, seed: int, share: float | None) -> _Target:
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
    free += ["decay"] if timed else []
    each = {touches_on(c) for c in journeys.channels}
    names = [n for n in client.values if n not in each and n != VALUE]
    share = share if acts and share is not None and 0 < share < 1 else None
    return _Target(client, likeness, converting, timed, share, seed, names, tuple(free))


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


def _start(target: _Target) -> _State:
    """Poisson lengths, and hazards that would give the client's rate if touches acted in full."""
    world, client = target.likeness.world, target.client
    per_path = np.array([client.values[touches_on(c)] for c in world.names])
    length = max(client.values[MEAN_LENGTH], 1.001)
    touches = brentq(lambda x: x / -np.expm1(-x) - length, 1e-6, 2 * length)
    reach = np.maximum(per_path / length * touches / world.horizon, 1e-9)
    turn, organic = Turn(intent=world.intent), 0.0
    if not target.converting:
        mass = -np.log1p(-min(client.values[RATE], 0.95))
        share = 0.5 if target.share is None else target.share
        caused = float((per_path * world.of("effect") * world.of("decay")).sum())
        if caused > 0:
            turn = replace(turn, hazard=float(np.clip(np.log((1 - share) * mass / caused), *LIMITS["hazard"][:2])))
            if world.baseline > 0:
                organic = float(np.log(share * mass / (world.baseline * world.horizon)) - turn.hazard)
        elif world.baseline > 0:
            turn = replace(turn, hazard=float(np.log(mass / (world.baseline * world.horizon))))
    return _State(turn, reach, organic)


def _users(target: _Target, usable: float) -> int:
    """How many to simulate, so that enough can be compared."""
    rate = 1.0 if target.converting else max(target.client.values[RATE], 1e-3)
    return int(np.clip(max(PATHS, CONVERSIONS / rate) / max(usable, 1e-3), PATHS, _MOST_USERS))


def _slopes(target: _Target, state: _State) -> np.ndarray:
    """Change of each figure's relative difference with each free part of the turn; (figures, parts)."""
    here, _, _ = target.simulated(state)
    base = relative(target.client, here, target.names)
    columns = []
    for part in target.free:
        _, most, step, _ = LIMITS[part]
        now = getattr(state.turn, part)
        step = step if now + step <= most else -step
        moved = replace(state, turn=replace(state.turn, **{part: now + step}))
        there, _, _ = target.simulated(moved)
        columns.append((relative(target.client, there, target.names) - base) / step)
    return np.column_stack(columns)


def _turned(target: _Target, state: _State, slopes: np.ndarray, damping: float) -> _State:
    """The next state: ratios for channels and the organic share, a least-squares step for the rest."""
    assert state.seen is not None
    client, seen = target.client, state.seen
    off = relative(client, seen, target.names)
    weight = 1 / np.hypot(noise(client, seen, target.names), _RESOLUTION)
    start = Turn(intent=target.likeness.world.intent)
    held = np.array([1 / _PRIOR.get(part, np.inf) for part in target.free])
    away = np.array([getattr(state.turn, part) - getattr(start, part) for part in target.free])
    matrix = np.vstack([slopes * weight[:, None], np.diag(held), np.sqrt(damping) * np.diag(_size(slopes, weight))])
    wanted = np.concatenate([-off * weight, -held * away, np.zeros(len(held))])
    step = np.linalg.lstsq(matrix, wanted, rcond=None)[0]
    changes = {}
    for part, move in zip(target.free, step, strict=True):
        least, most, _, farthest = LIMITS[part]
        changes[part] = float(np.clip(getattr(state.turn, part) + np.clip(move, -farthest, farthest), least, most))
    names = [touches_on(c) for c in target.likeness.world.names]
    mine = np.array([max(seen.values[n], 1e-6) for n in names]) / seen.values[MEAN_LENGTH]
    theirs = np.array([client.values[n] for n in names]) / client.values[MEAN_LENGTH]
    reach = state.reach * np.clip(theirs / mine, 0.25, 4) ** max(0.8 / (1 + damping), 0.1)
    organic = state.organic
    if target.share is not None and state.share is not None and 0 < state.share < 1:
        odds = np.log(target.share / (1 - target.share)) - np.log(state.share / (1 - state.share))
        organic = float(np.clip(organic + odds * 0.8 / (1 + damping), -12, 12))
    return _State(replace(state.turn, **changes), np.maximum(reach, 1e-9), organic, state.users)


def _size(slopes: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Scale of each part for the damping: the length of its weighted slopes."""
    return np.maximum(np.linalg.norm(slopes * weight[:, None], axis=0), 1e-6)
