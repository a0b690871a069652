"""Tests and intervals for differences between arms on shared folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Paired:
    """A corrected t for paired fold differences: ``mean`` ± ``error`` with ``df`` degrees of freedom."""

    mean: float
    error: float
    df: int

    @property
    def p_better(self) -> float:
        """One-sided p for a mean above zero."""
        return self._tail(self.mean)

    @property
    def p_worse(self) -> float:
        """One-sided p for a mean below zero."""
        return self._tail(-self.mean)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Two-sided interval of the mean."""
        half = stats.t.ppf((1 + level) / 2, self.df) * self.error
        return self.mean - half, self.mean + half

    def smallest_detectable(self, tests: int, alpha: float = 0.05, power: float = 0.8) -> float:
        """True mean that would be found with probability ``power`` at one-sided level ``alpha / tests``."""
        return (stats.t.ppf(1 - alpha / tests, self.df) + stats.t.ppf(power, self.df)) * self.error

    def _tail(self, mean: float) -> float:
        if self.error == 0:
            return 0.0 if mean > 0 else 1.0
        return float(stats.t.sf(mean / self.error, self.df))


def nadeau_bengio(differences: np.ndarray, folds: int) -> Paired:
    """Corrected resampled t for differences over ``folds × repeats`` test folds.

    The variance is widened by test size / training size, because training sets overlap. Source: Nadeau & Bengio,
    "Inference for the Generalization Error", Machine Learning 2003; for repeated cross-validation Bouckaert & Frank,
    PAKDD 2004.

    Parameters
    ----------
    differences : array of float, shape (folds × repeats,)
    folds : int
    """
    count = len(differences)
    variance = float(np.var(differences, ddof=1)) if count > 1 else float("inf")
    return Paired(
        float(np.mean(differences)), float(np.sqrt(variance * (1 / count + 1 / (folds - 1)))), max(count - 1, 1)
    )


def holm(p: Sequence[float], tests: int) -> list[float]:
    """Holm-adjusted p values, in the order given.

    Parameters
    ----------
    tests : int
        How many tests were made in all, those of earlier studies included; at least ``len(p)``. The p values of earlier
        ones are taken to be larger than any here, which makes a claim hardest.
    """
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(len(p))
    worst = 0.0
    for rank, index in enumerate(order):
        worst = max(worst, min(1.0, (tests - rank) * p[index]))
        adjusted[index] = worst
    return adjusted.tolist()
