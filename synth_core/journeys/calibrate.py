"""A simulated world whose journeys look like a client's: moments matched by simulating, comparing and turning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.optimize import brentq

from synth_core.errors import JourneyError
from synth_core.journeys import _assumed
from synth_core.journeys._likeness import LIMITS, Turn
from synth_core.journeys._moments import FLOOR, MEAN_LENGTH, RATE, VALUE, distance, touches_on
from synth_core.journeys._target import MOST_USERS, PRIOR, State, Target, target_of
from synth_core.journeys.observed import Journeys
from synth_core.journeys.results import Calibration, Moment
from synth_core.journeys.world import World
from synth_core.progress import SILENT, Progress

ROUNDS = 18
_PATIENCE = 7  #: rounds in a row without a better world after which the search ends
_SLOPES_EVERY = 4  #: rounds after which slopes are measured again
_MIX_RESOLUTION = 0.02  #: relative differences of a channel's share in the touches below this are not worth chasing


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
    conversion, on both sides. Each round simulates with the same seed, compares, corrects the mix of channels by
    ratios, and the other parameters by a damped least-squares step on the relative differences, weighted by their
    sampling error and held near the base where the journeys do not tell (Levenberg–Marquardt with measured slopes). The
    split of conversions between organic and media counts as one more figure to be kept. The best round is taken, and
    its figures are measured anew on other random numbers.

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
        At most; the search ends before when nothing better is found.
    progress : Progress
        Gets the smallest distance so far with each round.

    Raises
    ------
    JourneyError
        Fewer than 30 paths with a touch, none that converts, or an impossible organic share.
    """
    if organic_share is not None and not 0 < organic_share < 1:
        raise JourneyError(f"The organic share is {organic_share:g}; it must lie between 0 and 1, such as 0.4.")
    target = target_of(journeys, base, seed, organic_share)
    best = state = _start(target)
    slopes: np.ndarray | None = None
    damping, failed, number = 0.1, 0, 0
    for number in range(rounds):
        progress.report("fitting", number, rounds, distance=_distance(target, best))
        state.seen, state.share, usable = target.simulated(state)
        if number == 0 and (users := target.users(usable)) != state.users:
            state.users = users
            state.seen, state.share, _ = target.simulated(state)
        state.cost = _cost(target, state)
        if state.cost <= best.cost:
            best, damping, failed = state, max(damping / 3, 0.001), 0
        else:
            damping, failed = min(damping * 3, 100.0), failed + 1
        if failed == _PATIENCE:
            break
        if slopes is None or failed in (2, 5) or (failed == 0 and number % _SLOPES_EVERY == 0):
            slopes = _slopes(target, best)
        state = _turned(target, best, slopes, damping)
    progress.report("fitting", rounds, rounds, distance=_distance(target, best))
    best.users = min(2 * best.users, MOST_USERS)
    final, share, _ = target.simulated(best, seed=seed + 1)
    world = target.likeness.turned(best.turn, best.reach)
    return Calibration(
        world=world,
        moments=tuple(Moment(n, v, final.values.get(n, 0.0)) for n, v in target.client.values.items()),
        distance=distance(target.client, final),
        rounds=number + 1,
        assumed=_assumed.told(
            journeys, base, target.likeness, world, share=share if target.share else None,
            stated=organic_share is not None, converting=target.converting, timed=target.timed,
            valued=VALUE in target.client.values,
        ),
        seed=seed,
    )  # fmt: skip


def _start(target: Target) -> State:
    """Poisson lengths, and hazards that would give the client's rate if touches acted in full."""
    world, client = target.likeness.world, target.client
    per_path = np.array([client.values[touches_on(c)] for c in world.names])
    length = max(client.values[MEAN_LENGTH], 1.001)
    touches = brentq(lambda x: x / -np.expm1(-x) - length, 1e-6, 2 * length)
    reach = np.maximum(per_path / length * touches / world.horizon, 1e-9)
    turn = Turn(intent=world.intent)
    if not target.converting:
        mass = -np.log1p(-min(client.values[RATE], 0.95))
        share = 0.5 if target.share is None else target.share
        caused = float((per_path * world.of("effect") * world.of("decay")).sum())
        if caused > 0:
            turn = replace(turn, hazard=float(np.clip(np.log((1 - share) * mass / caused), *LIMITS["hazard"][:2])))
            if world.baseline > 0:
                organic = float(np.log(share * mass / (world.baseline * world.horizon)) - turn.hazard)
                turn = replace(turn, organic=float(np.clip(organic, *LIMITS["organic"][:2])))
        elif world.baseline > 0:
            turn = replace(turn, hazard=float(np.log(mass / (world.baseline * world.horizon))))
    return State(turn, reach)


def _distance(target: Target, state: State) -> float | str:
    """For the progress: nothing before the first round."""
    return distance(target.client, state.seen) if state.seen is not None else ""


def _cost(target: Target, state: State) -> float:
    """Sum of squared differences, of the figures, the mix of channels and from the base, each in its own unit."""
    assert state.seen is not None
    figures = target.off(state.seen, state.share) * target.weight(state.seen)
    theirs = np.array([target.client.values[touches_on(c)] for c in target.likeness.world.names])
    mix = (1 / target.mix(state.seen) - 1) * np.minimum(1, theirs / FLOOR) / _MIX_RESOLUTION
    return float((figures**2).sum() + (mix**2).mean() + (target.away(state.turn) ** 2).sum())


def _slopes(target: Target, state: State) -> np.ndarray:
    """Change of each difference with each free part of the turn; (figures, parts)."""
    assert state.seen is not None
    base = target.off(state.seen, state.share)
    columns = []
    for part in target.free:
        _, most, step, _ = LIMITS[part]
        now = getattr(state.turn, part)
        step = step if now + step <= most else -step
        there, share, _ = target.simulated(replace(state, turn=replace(state.turn, **{part: now + step})))
        columns.append((target.off(there, share) - base) / step)
    return np.column_stack(columns)


def _turned(target: Target, state: State, slopes: np.ndarray, damping: float) -> State:
    """The next state: ratios for the mix of channels, a damped least-squares step for the rest."""
    assert state.seen is not None
    weight, away = target.weight(state.seen), target.away(state.turn)
    steep = slopes * weight[:, None]
    size = np.maximum(np.linalg.norm(steep, axis=0), 1e-6)
    held = [1 / PRIOR.get(part, np.inf) for part in target.free]
    matrix = np.vstack([steep, np.diag(held), np.sqrt(damping) * np.diag(size)])
    wanted = np.concatenate([-target.off(state.seen, state.share) * weight, -away, np.zeros(len(size))])
    step = np.linalg.lstsq(matrix, wanted, rcond=None)[0]
    changes = {}
    for part, move in zip(target.free, step, strict=True):
        least, most, _, farthest = LIMITS[part]
        changes[part] = float(np.clip(getattr(state.turn, part) + np.clip(move, -farthest, farthest), least, most))
    reach = state.reach * np.clip(target.mix(state.seen), 0.25, 4) ** (0.8 / (1 + damping))
    return State(replace(state.turn, **changes), np.maximum(reach, 1e-9), state.users)
