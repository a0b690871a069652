"""How much of a feature's range or levels comes back."""

from __future__ import annotations

import pandas as pd

FORMULA = "Numbers: share of the real range that synthetic values span. Categories: share of real levels that occur."


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
