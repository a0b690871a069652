"""How alike two samples of one feature are: KS and TV complements, Jensen–Shannon and Wasserstein distances."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial.distance import jensenshannon
from scipy.stats import ks_2samp, wasserstein_distance

FORMULA = (
    "Numbers: 1 − the largest gap between the two cumulative distributions (KSComplement). Categories: 1 − half the "
    "sum of differences in share (TVComplement). Missing values left out; 1 is equal."
)
JENSEN_SHANNON_FORMULA = (
    "Jensen–Shannon distance over the same cells as KL (base 2, root). Lower is closer; 0 is equal, 1 is disjoint."
)
WASSERSTEIN_FORMULA = (
    "How far values must be moved on average, in interquartile ranges of the real column. Lower is closer; 0 is equal."
)


def ks_complement(real: pd.Series, other: pd.Series) -> float | None:
    """1 − the Kolmogorov–Smirnov statistic, missing values left out; None if a side is empty.

    Source: SDMetrics ``KSComplement``.
    """
    a, b = real.dropna(), other.dropna()
    return 1 - float(ks_2samp(a, b, method="asymp").statistic) if len(a) and len(b) else None


def tv_complement(real: pd.Series, other: pd.Series) -> float | None:
    """1 − total variation distance of level shares, missing values left out; None if a side is empty.

    Source: SDMetrics ``TVComplement``.
    """
    a, b = real.dropna().value_counts(normalize=True), other.dropna().value_counts(normalize=True)
    return 1 - float(a.sub(b, fill_value=0).abs().sum()) / 2 if len(a) and len(b) else None


def complement(real: pd.Series, other: pd.Series) -> float | None:
    """KS complement of floats, TV complement of text."""
    return (ks_complement if pd.api.types.is_float_dtype(real.dtype) else tv_complement)(real, other)


def jensen_shannon(real: np.ndarray, other: np.ndarray) -> float | None:
    """Jensen–Shannon distance (base 2, root; 0…1) of rows per cell; None if a side is empty."""
    return float(jensenshannon(real, other, base=2)) if real.sum() and other.sum() else None


def wasserstein(real: pd.Series, other: pd.Series) -> float | None:
    """Wasserstein-1 distance in units of the real interquartile range; None for levels or an empty side."""
    a, b = real.dropna(), other.dropna()
    if not pd.api.types.is_float_dtype(real.dtype) or not len(a) or not len(b):
        return None
    spread = float(np.subtract(*np.quantile(a, [0.75, 0.25])))
    return float(wasserstein_distance(a, b)) / spread if spread else None
