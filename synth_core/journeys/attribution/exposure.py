"""What an additive hazard needs of the journeys: ages of touches, one by one at conversions, else in fine groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from synth_core.errors import JourneyError
from synth_core.journeys.attribution.matrix import per_path
from synth_core.journeys.observed import Journeys

#: Days that a touch is old at least when its path ends: a minute, so that a touch at the very moment of the conversion
#: has an effect that can be measured.
INSTANT = 1.0 / 1_440
#: Groups of ages; equal steps of log(age + 0.05 days), so that each is about a percent of the age wide.
GROUPS = 800


@dataclass(frozen=True, eq=False)
class Exposure:
    """Ages of the touches when their paths end.

    Attributes
    ----------
    rows : numpy.ndarray
        int64 (converting,); the paths that convert, with or without touches.
    slot : numpy.ndarray
        int64 (their touches,); place in the matrix (converting, channels), row by row.
    age : numpy.ndarray
        float64 (their touches,); days from the touch to the conversion.
    channel : numpy.ndarray
        int64 (their touches,).
    groups : scipy.sparse.csr_array
        (paths, channels × groups); touches in each group of ages.
    mean : numpy.ndarray
        float64 (channels, groups); mean age in each.
    days : numpy.ndarray
        float64 (paths,); observed.
    """

    rows: np.ndarray
    slot: np.ndarray
    age: np.ndarray
    channel: np.ndarray
    groups: csr_array
    mean: np.ndarray
    days: np.ndarray

    @property
    def channels(self) -> int:
        return len(self.mean)

    def counted(self, weights: np.ndarray) -> np.ndarray:
        """Touches in each group of ages when paths count ``weights`` (paths,) times; float64 (channels, groups)."""
        return (self.groups.T @ weights).reshape(self.mean.shape)

    def pull(self, decay: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Σ exp(−age / τ) per conversion and channel, and its slope in log τ; both float64 (converting, channels)."""
        scaled = self.age / decay[self.channel]
        raw = np.exp(-scaled)
        shape = (len(self.rows), self.channels)
        return tuple(
            np.bincount(self.slot, x, minlength=shape[0] * shape[1]).reshape(shape) for x in (raw, raw * scaled)
        )

    def compensator(self, counted: np.ndarray, decay: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """∫ Σ exp(−(t − t_j) / τ) dt until the paths end, per channel, and its slope in log τ; float64 (channels,)."""
        scaled = self.mean / decay[:, None]
        left = np.exp(-scaled)
        whole = decay * np.einsum("cg,cg->c", counted, 1.0 - left)
        return whole, whole - decay * np.einsum("cg,cg->c", counted, scaled * left)


def exposure(journeys: Journeys) -> Exposure:
    """Measure the ages.

    Raises
    ------
    JourneyError
        The times of touches are not known.
    """
    if journeys.time is None or journeys.begin is None or journeys.end is None:
        raise JourneyError("Hazards need the times of touches, and these journeys have none. Upload event rows.")
    size, paths = len(journeys.channels), len(journeys)
    path = journeys.path
    channel = journeys.channel.astype(np.int64)
    age = np.maximum(journeys.end[path] - journeys.time, INSTANT)
    # Touches before the path began belong to an earlier path of the same person.
    known = journeys.time >= journeys.begin[path]
    level = np.log(age + 0.05)
    low, high = np.log(INSTANT + 0.05), float(level.max(initial=0.0)) + 1e-9
    group = channel * GROUPS + ((level - low) * (GROUPS / max(high - low, 1e-9))).astype(np.int64).clip(0, GROUPS - 1)
    count = np.bincount(group, known, minlength=size * GROUPS)
    mean = np.bincount(group, age * known, minlength=size * GROUPS) / np.maximum(count, 1)
    groups = per_path(journeys, known, group, size * GROUPS)
    rows = np.flatnonzero(journeys.conversions > 0)
    place = np.full(paths, -1)
    place[rows] = np.arange(len(rows))
    kept = np.flatnonzero((place[path] >= 0) & known)
    return Exposure(
        rows, place[path[kept]] * size + channel[kept], age[kept], channel[kept], groups,
        mean.reshape(size, GROUPS), np.maximum(journeys.end - journeys.begin, INSTANT),
    )  # fmt: skip
