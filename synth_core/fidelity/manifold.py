"""Coverage and density: are synthetic rows where the real ones are, and everywhere they are?

Source: Naeem et al., "Reliable fidelity and diversity metrics for generative models", ICML 2020.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import pairwise_distances_chunked

from synth_core.fidelity.design import points
from synth_core.tables.alignment import Aligned

_NEIGHBOURS = 5
_MEMORY = 64  #: MiB for one chunk of distances
_ROUNDING = 1e-9  #: of a squared distance

ROWS = 2_500  #: per table
TOO_FEW = "needs a column and six rows of each kind"

COVERAGE_FORMULA = (
    "Share of real training rows with a synthetic row nearer than their fifth nearest training row, in samples of one "
    "size. Higher is better, up to what real rows reach: about 0.97, less where columns repeat few values. "
    "Source: Naeem et al., 2020."
)
DENSITY_FORMULA = (
    "Real training rows with a synthetic row nearer than their fifth nearest training row: mean over synthetic rows, a "
    "fifth of it. Should be near 1, as of real rows: much less means rows where few real ones are, much more crowding. "
    "Source: Naeem et al., 2020."
)


@dataclass(frozen=True)
class Manifold:
    """Coverage and density of the synthetic and of the holdout rows."""

    coverage: float
    density: float
    coverage_holdout: float | None
    density_holdout: float | None


def manifold(sample: Aligned) -> Manifold | None:
    """Of samples of equal size; None with fewer than six rows or no column."""
    if sample.train_rows <= _NEIGHBOURS or not sample.columns:
        return None
    real, synthetic, held = points(sample)
    radius = radii(real)
    return Manifold(
        *coverage_and_density(real, radius, synthetic),
        *(coverage_and_density(real, radius, held) if held is not None else (None, None)),
    )


def radii(real: np.ndarray) -> np.ndarray:
    """Squared distance of each row to its fifth nearest other row, shape (n_rows,)."""
    return np.concatenate([np.partition(d, _NEIGHBOURS, axis=1)[:, _NEIGHBOURS] for d in _distances(real, real)])


def coverage_and_density(real: np.ndarray, radius: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Both about rows ``other``, given the radii of the real rows; neither side empty."""
    covered = inside = start = 0
    for chunk in _distances(real, other):
        near = chunk <= radius[start : start + len(chunk), None] + _ROUNDING
        covered += int(near.any(axis=1).sum())
        inside += int(near.sum())
        start += len(chunk)
    return covered / len(real), inside / (_NEIGHBOURS * len(other))


def _distances(rows: np.ndarray, others: np.ndarray) -> Iterator[np.ndarray]:
    return pairwise_distances_chunked(rows, others, metric="sqeuclidean", working_memory=_MEMORY)
