"""Figures that a client's journeys and simulated ones are compared by: the same function for both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synth_core.journeys.observed import Journeys

FLOOR = 0.02  #: differences are relative to the client's figure, or to this where it is smaller
_RATES = (("1 touch", 1, 1), ("2 touches", 2, 2), ("3 or 4 touches", 3, 4), ("5 or more touches", 5, 10**9))
MEAN_LENGTH, REPEATS, RATE = "Touches per path", "Steps on the same channel as the one before", "Conversion rate"
LAST, FIRST = "Days from last touch to conversion, median", "Days from first touch to conversion, median"
VALUE = "Value of a conversion, mean"


def touches_on(channel: str) -> str:
    """Name of a channel's figure."""
    return f"Touches per path on {channel}"


@dataclass(frozen=True, eq=False)
class Figures:
    """Named figures with their standard errors.

    Attributes
    ----------
    values, errors : dict of str to float
    paths : float
        That they were measured on.
    """

    values: dict[str, float]
    errors: dict[str, float]
    paths: float


def kept(journeys: Journeys, *, converting: bool) -> np.ndarray:
    """Paths that can be compared; bool (paths,).

    Those with a touch, since tables of paths hold no others; each person's first only, since a simulated person has
    one; those that converted, where the client's table holds no others (``converting``).
    """
    keep = journeys.lengths > 0
    if journeys.user is not None and journeys.begin is not None:
        order = np.lexsort((journeys.begin, journeys.user))
        first = np.zeros(len(journeys), bool)
        first[order[np.unique(journeys.user[order], return_index=True)[1]]] = True
        keep &= first
    return keep & (journeys.conversions > 0) if converting else keep


def measure(journeys: Journeys, keep: np.ndarray, *, converting: bool, timed: bool) -> Figures:
    """Figures of the paths in ``keep``.

    Parameters
    ----------
    journeys : Journeys
    keep : numpy.ndarray
        bool (paths,); see :func:`kept`.
    converting : bool
        Leave out paths without conversion, and all rates.
    timed : bool
        Whether to measure times to conversion.
    """
    won, lost = journeys.conversions * keep, journeys.nulls * keep * (not converting)
    if journeys.timed:  # a path is one person, however much was bought at its end
        won = np.minimum(won, 1)
    weight, length = won + lost, journeys.lengths
    paths = float(weight.sum())
    values: dict[str, float] = {}
    errors: dict[str, float] = {}

    def mean(name: str, sample: np.ndarray, weights: np.ndarray) -> None:
        total = max(float(weights.sum()), 1e-12)
        average = float((sample * weights).sum() / total)
        values[name] = average
        errors[name] = float(np.sqrt((weights * (sample - average) ** 2).sum() / total / max(total - 1, 1)))

    for index, channel in enumerate(journeys.channels):
        mean(touches_on(channel), np.bincount(journeys.path[journeys.channel == index], minlength=len(length)), weight)
    mean(MEAN_LENGTH, length, weight)
    mean("Paths with 1 touch", length == 1, weight)
    mean("Paths with 5 or more touches", length >= 5, weight)
    again = np.flatnonzero((journeys.channel[1:] == journeys.channel[:-1]) & (journeys.path[1:] == journeys.path[:-1]))
    steps = np.maximum(length - 1, 0)
    share = np.bincount(journeys.path[again], minlength=len(length)) / np.maximum(steps, 1)
    if (weight * steps).sum() > 0:
        mean(REPEATS, share, weight * steps)
    if not converting:
        rate = won / np.maximum(weight, 1e-12)
        mean(RATE, rate, weight)
        errors[RATE] = _binomial(values[RATE], paths)
        for name, least, most in _RATES:
            inside = weight * ((length >= least) & (length <= most))
            if inside.sum() >= 50:
                mean(f"{RATE} at {name}", rate, inside)
                errors[f"{RATE} at {name}"] = _binomial(values[f"{RATE} at {name}"], float(inside.sum()))
    if timed and journeys.time is not None and journeys.end is not None:
        at = np.flatnonzero(won > 0)
        for name, touch in ((LAST, journeys.starts[at + 1] - 1), (FIRST, journeys.starts[at])):
            waits = journeys.end[at] - journeys.time[touch]
            values[name] = float(np.median(waits)) if len(waits) else 0.0
            errors[name] = float(1.25 * waits.std() / np.sqrt(len(waits))) if len(waits) else 0.0
    bought = journeys.conversions * keep
    if (journeys.value * keep).sum() > 0:
        values[VALUE] = float((journeys.value * keep).sum() / bought.sum())
        errors[VALUE] = 0.0
    return Figures(values, errors, paths)


def _binomial(rate: float, count: float) -> float:
    return float(np.sqrt(max(rate * (1 - rate), 1e-12) / max(count, 1)))


def relative(client: Figures, world: Figures, names: Sequence[str]) -> np.ndarray:
    """Relative differences, (names,)."""
    return np.array([
        (world.values.get(n, 0.0) - client.values[n]) / max(abs(client.values[n]), FLOOR) for n in names
    ])  # fmt: skip


def noise(client: Figures, world: Figures, names: Sequence[str]) -> np.ndarray:
    """Standard errors of :func:`relative`, (names,)."""
    return np.array([
        np.hypot(client.errors[n], world.errors.get(n, 0.0)) / max(abs(client.values[n]), FLOOR) for n in names
    ])  # fmt: skip


def distance(client: Figures, world: Figures) -> float:
    """Mean absolute relative difference of all figures of the client."""
    return float(np.abs(relative(client, world, list(client.values))).mean())
