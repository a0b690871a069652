"""One number for a whole table: the mean error of its pairs of columns, and its worst column."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from synth_core.fidelity import kl
from synth_core.tables import Train
from synth_core.tables.alignment import Values, align, is_missing, is_quantity, known

FORMULA = (
    "Mean over all pairs of columns of ½ Σ |real share − synthetic share| over the joint cells; numbers are cut at the "
    "deciles of the real training rows, missing has its own cell. 0 = the same, 1 = nothing in common."
)
_DECILES = np.linspace(0.1, 0.9, 9)


def two_way_error(train: Train, synthetic: pd.DataFrame) -> float:
    """Mean half L1 distance over all two-way marginals; features and the target.

    NaN with fewer than two columns to compare, or without rows.
    """
    columns = align(train, None, synthetic).columns
    if len(columns) < 2 or not len(synthetic):
        return float("nan")
    coded = [_codes(values) for values in columns]
    return float(np.mean([_half_l1(a, b) for a, b in combinations(coded, 2)]))


def worst_divergence(train: Train, synthetic: pd.DataFrame) -> float:
    """Largest KL(real ‖ synthetic) of any column, as on the page Fidelity; NaN without a column to compare."""
    found = []
    for values in align(train, None, synthetic).columns:
        cells = kl.cells(values.real, len(values.synthetic))
        found.append(kl.divergence(cells.count(values.real), cells.count(values.synthetic)))
    return max(found, default=float("nan"))


def _codes(values: Values) -> tuple[np.ndarray, np.ndarray]:
    """Cells of the real and of the synthetic rows, 0 = missing."""
    sides = (values.real, values.synthetic)
    if is_quantity(values.real):
        real = known(values.real)
        edges = np.unique(np.quantile(real, _DECILES)) if len(real) else np.empty(0)
        return tuple(np.where(is_missing(v), 0, 1 + np.searchsorted(edges, v, side="left")) for v in sides)
    return tuple(v + 1 for v in sides)


def _half_l1(first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]) -> float:
    width = 1 + max(int(side.max()) for side in second)
    real, made = (a.astype(np.int64) * width + b for a, b in zip(first, second, strict=True))
    size = 1 + int(max(real.max(), made.max()))
    if size > len(real) + len(made):  # columns of many levels: only the cells that any row fills
        filled = np.unique(np.concatenate([real, made]), return_inverse=True)[1]
        (real, made), size = np.split(filled, [len(real)]), 1 + int(filled.max())
    shares = [np.bincount(part, minlength=size) / len(part) for part in (real, made)]
    return float(np.abs(shares[0] - shares[1]).sum() / 2)
