"""Tests and intervals for differences between arms on shared folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

EQUIVALENT = 0.01  #: differences below this are practically none


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

    def posterior(self, equivalent: float = EQUIVALENT) -> tuple[float, float, float]:
        """Probabilities that the true mean is below −``equivalent``, within ±``equivalent``, above it.

        The Bayesian correlated t with a flat prior: its posterior is a t around ``mean`` with the same error. Source:
        Corani & Benavoli, Machine Learning 2015; region of practical equivalence as in Benavoli et al., JMLR 2017.
        """
        if self.error == 0:
            return float(self.mean < -equivalent), float(abs(self.mean) <= equivalent), float(self.mean > equivalent)
        worse = float(stats.t.cdf(-equivalent, self.df, self.mean, self.error))
        better = float(stats.t.sf(equivalent, self.df, self.mean, self.error))
        return worse, max(0.0, 1 - worse - better), better

    def smallest_detectable(self, tests: int, alpha: float = 0.05, power: float = 0.8) -> float:
        """True mean that would be found with probability ``power`` at one-sided level ``alpha / tests``."""
        return (stats.t.ppf(1 - alpha / tests, self.df) + stats.t.ppf(power, self.df)) * self.error

    def _tail(self, mean: float) -> float:
        if self.error == 0:
            return 0.0 if mean > 0 else 1.0
        return float(stats.t.sf(mean / self.error, self.df))


def nadeau_bengio(differences: np.ndarray, ratio: float) -> Paired:
    """Corrected resampled t for differences over test folds whose training sets overlap.

    Source: Nadeau & Bengio, "Inference for the Generalization Error", Machine Learning 2003; for repeated
    cross-validation Bouckaert & Frank, PAKDD 2004.

    Parameters
    ----------
    differences : array of float, shape (folds × repeats,)
        NaN where a fold could not be scored.
    ratio : float
        Test rows over training rows: the variance is widened by it. 1 / (folds − 1) in a cross-validation.
    """
    differences = differences[~np.isnan(differences)]
    count = len(differences)
    if not count:
        return Paired(float("nan"), float("inf"), 1)
    variance = float(np.var(differences, ddof=1)) if count > 1 else float("inf")
    return Paired(float(np.mean(differences)), float(np.sqrt(variance * (1 / count + ratio))), max(count - 1, 1))


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
