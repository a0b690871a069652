"""Difference of two AUCs measured on the same rows."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm, rankdata


def auc_difference(y: np.ndarray, p: np.ndarray, q: np.ndarray) -> tuple[float, float]:
    """AUC(p) − AUC(q) and its standard error.

    Parameters
    ----------
    y : array of int, shape (n_rows,)
        0/1, both present.
    p, q : arrays of float, shape (n_rows,)
        Two scores of the same rows.

    Notes
    -----
    Source: DeLong, DeLong & Clarke-Pearson, Biometrics 1988; by mid-ranks as in Sun & Xu, IEEE Signal Processing
    Letters 2014.
    """
    first, second = placements(y, p), placements(y, q)
    delta = first[0].mean() - second[0].mean()
    variance = sum(np.var(a - b, ddof=1) / len(a) for a, b in zip(first, second, strict=True) if len(a) > 1)
    return float(delta), float(np.sqrt(variance))


def p_value(delta: float, error: float) -> float:
    """Two-sided p for no difference."""
    if error == 0:
        return 1.0 if delta == 0 else 0.0
    return float(2 * norm.sf(abs(delta) / error))


def interval(delta: float, error: float, level: float = 0.95) -> tuple[float, float]:
    """Two-sided interval of the difference."""
    half = norm.ppf((1 + level) / 2) * error
    return float(delta - half), float(delta + half)


def placements(y: np.ndarray, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each positive row the share of negatives below it, for each negative row the share of positives above it."""
    positive, negative = p[y == 1], p[y == 0]
    ranks = rankdata(np.concatenate([positive, negative]))
    m, n = len(positive), len(negative)
    above = (ranks[:m] - rankdata(positive)) / n
    below = 1 - (ranks[m:] - rankdata(negative)) / m
    return above, below
