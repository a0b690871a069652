"""How alike two samples of one feature are: KS and TV complements, Jensen–Shannon and Wasserstein distances."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import jensenshannon
from scipy.stats import wasserstein_distance

from synth_core.tables.alignment import is_quantity, known

FORMULA = (
    "Numbers: 1 − the largest gap between the two cumulative distributions (KSComplement). Categories: 1 − half the "
    "sum of differences in share (TVComplement). Missing values left out. Higher is closer; 1 is equal. "
    "Source: SDMetrics."
)
JENSEN_SHANNON_FORMULA = (
    "Jensen–Shannon distance over the same cells as KL (base 2, root). Lower is closer; 0 is equal, 1 is disjoint."
)
WASSERSTEIN_FORMULA = (
    "How far values must be moved on average, in interquartile ranges of the real column. Lower is closer; 0 is equal."
)


def ks_complement(real: np.ndarray, other: np.ndarray) -> float | None:
    """1 − the Kolmogorov–Smirnov statistic of two quantities, missing values left out; None if a side is empty.

    Source: SDMetrics ``KSComplement``.
    """
    a, b = np.sort(known(real)), np.sort(known(other))
    if not len(a) or not len(b):
        return None
    both = np.concatenate([a, b])
    gap = np.searchsorted(a, both, side="right") / len(a) - np.searchsorted(b, both, side="right") / len(b)
    return 1 - float(np.abs(gap).max())


def tv_complement(real: np.ndarray, other: np.ndarray) -> float | None:
    """1 − total variation distance of level shares, missing values left out; None if a side is empty.

    Source: SDMetrics ``TVComplement``, without the millionth of a row that it adds to levels the real side lacks.
    """
    a, b = known(real), known(other)
    if not len(a) or not len(b):
        return None
    size = max(a.max(), b.max()) + 1
    return shares_alike(np.bincount(a, minlength=size), np.bincount(b, minlength=size))


def shares_alike(real: np.ndarray, other: np.ndarray) -> float:
    """1 − total variation distance of two sets of rows per cell, neither empty."""
    return 1 - float(np.abs(real / real.sum() - other / other.sum()).sum()) / 2


def complement(real: np.ndarray, other: np.ndarray) -> float | None:
    """KS complement of quantities, TV complement of levels."""
    return (ks_complement if is_quantity(real) else tv_complement)(real, other)


def jensen_shannon(real: np.ndarray, other: np.ndarray) -> float | None:
    """Jensen–Shannon distance (base 2, root; 0…1) of rows per cell; None if a side is empty."""
    return float(jensenshannon(real, other, base=2)) if real.sum() and other.sum() else None


def wasserstein(real: np.ndarray, other: np.ndarray) -> float | None:
    """Wasserstein-1 distance in units of the real interquartile range; None for levels or an empty side."""
    a, b = known(real), known(other)
    if not is_quantity(real) or not len(a) or not len(b):
        return None
    with np.errstate(all="ignore"):  # numbers near the end of what floats can hold
        spread = float(np.subtract(*np.quantile(a, [0.75, 0.25])))
        moved = float(wasserstein_distance(a, b)) / spread if spread else np.nan
    return moved if np.isfinite(moved) else None
