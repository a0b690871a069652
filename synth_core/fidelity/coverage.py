"""How much of a feature's range or levels comes back, and what comes that the real rows do not have."""

from __future__ import annotations

import numpy as np

from synth_core.tables.alignment import is_missing, is_quantity, known

FORMULA = (
    "Numbers: share of the real range that the values span. Categories: share of the real levels that occur. Missing "
    "values left out. Higher is better; 1 is all."
)
ADHERENCE_FORMULA = (
    "Numbers: share of values between the smallest and the largest real one. Categories: share of values that are real "
    "levels. Missing values are no fault where the real column has some too. Higher is better; 1 is all. "
    "Source: SDMetrics."
)


def coverage(real: np.ndarray, other: np.ndarray) -> float | None:
    """Share of the real range (quantities) or of the real levels that ``other`` covers, 0…1; None if undefined.

    Source: SDMetrics ``RangeCoverage`` and ``CategoryCoverage``.
    """
    a, b = known(real), known(other)
    if not len(a) or not len(b):
        return None
    if not is_quantity(real):
        levels = np.unique(a)
        return len(np.intersect1d(levels, b)) / len(levels)
    with np.errstate(over="ignore", invalid="ignore"):
        span = a.max() - a.min()
        if not span or not np.isfinite(span):
            return None
        low, high = max((b.min() - a.min()) / span, 0.0), max((a.max() - b.max()) / span, 0.0)
    return float(max(1 - low - high, 0.0))


def adherence(real: np.ndarray, other: np.ndarray) -> float | None:
    """Share of ``other``'s values inside the real range (quantities) or among the real levels; None if undefined.

    Missing values where the real column has none are outside. Where it has some, they are left out (quantities) or
    count as a level. Source: SDMetrics ``BoundaryAdherence`` and ``CategoryAdherence``.
    """
    a, gaps = known(real), is_missing(other)
    has_missing = len(a) < len(real)
    if is_quantity(real) and has_missing:
        other, gaps = other[~gaps], gaps[~gaps]
    if not len(a) or not len(other):
        return None
    inside = (other >= a.min()) & (other <= a.max()) if is_quantity(real) else np.isin(other, np.unique(a))
    return float((inside | gaps if has_missing else inside).mean())
