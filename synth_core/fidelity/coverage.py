"""How much of a feature's range or levels comes back."""

from __future__ import annotations

import pandas as pd

FORMULA = (
    "Numbers: share of the real range that the values span. Categories: share of the real levels that occur. Missing "
    "values left out; 1 is all."
)
ADHERENCE_FORMULA = (
    "Numbers: share of values between the smallest and the largest real one. Categories: share of values that are real "
    "levels. Missing values left out; 1 is all."
)


def coverage(real: pd.Series, other: pd.Series) -> float | None:
    """Share of the real range (floats) or of the real levels (text) that ``other`` covers, 0…1; None if undefined.

    Source: SDMetrics ``RangeCoverage`` and ``CategoryCoverage``.
    """
    a, b = real.dropna(), other.dropna()
    if not len(a) or not len(b):
        return None
    if not pd.api.types.is_float_dtype(real.dtype):
        levels = set(a.unique())
        return len(levels & set(b.unique())) / len(levels)
    span = a.max() - a.min()
    if not span:
        return None
    low, high = max((b.min() - a.min()) / span, 0.0), max((a.max() - b.max()) / span, 0.0)
    return float(max(1 - low - high, 0.0))


def adherence(real: pd.Series, other: pd.Series) -> float | None:
    """Share of ``other``'s values inside the real range (floats) or among the real levels (text); None if undefined.

    Source: SDMetrics ``BoundaryAdherence`` and ``CategoryAdherence``.
    """
    a, b = real.dropna(), other.dropna()
    if not len(a) or not len(b):
        return None
    return float((b.between(a.min(), a.max()) if pd.api.types.is_float_dtype(real.dtype) else b.isin(set(a))).mean())
