"""How a feature alone tells the outcome: marginals can be perfect while this is wrong."""

from __future__ import annotations

import numpy as np

from synth_core.tables.alignment import is_missing, is_quantity, known

FORMULA = (
    "AUC of the feature alone for the outcome: numbers as they are, categories by their positive share in the real "
    "training rows (for these rows themselves, in the other half of them). 0.5 tells nothing; it should equal that of "
    "the real rows."
)


class FeatureScore:
    """A score from one feature, fitted on the real training rows, applied to any rows.

    Parameters
    ----------
    values : array, shape (n_rows,)
        Not all missing.
    y : array of bool, shape (n_rows,)
    """

    def __init__(self, values: np.ndarray, y: np.ndarray) -> None:
        if is_quantity(values):
            self._rates, self._missing = None, float(np.median(known(values)))
        else:
            there = ~is_missing(values)
            counts = np.bincount(values[there])
            self._missing = float(y.mean())
            positives = np.bincount(values[there], y[there])
            self._rates = np.where(counts, positives / np.maximum(counts, 1), self._missing)

    def auc(self, values: np.ndarray, y: np.ndarray) -> float | None:
        """AUC of the score on rows that it was not fitted on; None if only one outcome is there."""
        return auc(self._of(values), y)

    def _of(self, values: np.ndarray) -> np.ndarray:
        if self._rates is None:
            return np.where(is_missing(values), self._missing, values)
        rates = np.append(self._rates, self._missing)  # the last for missing values and levels not seen
        return rates[np.where((values >= 0) & (values < len(self._rates)), values, len(self._rates))]


def auc_of_own_rows(values: np.ndarray, y: np.ndarray) -> float | None:
    """AUC of the feature on the rows that scores are fitted on.

    Each half of the rows is scored by the other one: a feature of many levels would else tell its own outcomes. The
    halves are every other row of each outcome.
    """
    if is_quantity(values):
        return FeatureScore(values, y).auc(values, y)
    if min(y.sum(), (~y).sum()) < 2:
        return None
    half = np.zeros(len(y), dtype=bool)
    for outcome in (y, ~y):
        half[np.flatnonzero(outcome)[::2]] = True
    return float(np.mean([FeatureScore(values[~p], y[~p]).auc(values[p], y[p]) for p in (half, ~half)]))


def change(real: float | None, other: float | None, y_real: np.ndarray, y: np.ndarray) -> str | None:
    """How the relation to the outcome changed, where it did clearly: by more than 0.05 and than chance."""
    if real is None or other is None:
        return None
    error = np.sqrt(sum((len(v) + 1) / (12 * v.sum() * (~v).sum()) for v in (y_real, y)))
    if abs(real - other) <= max(0.05, 4 * error):
        return None
    less = abs(other - 0.5) < abs(real - 0.5)
    return f"Tells {'less' if less else 'more'} about the target: AUC {other:.2f} alone (real {real:.2f})."


def auc(scores: np.ndarray, y: np.ndarray) -> float | None:
    """Share of pairs of a positive and a negative row that the score puts in order, ties half; None without a pair."""
    positive, negative = scores[y], np.sort(scores[~y])
    if not len(positive) or not len(negative):
        return None
    below = sum(np.searchsorted(negative, positive, side=side).sum(dtype=float) for side in ("left", "right"))
    return float(below / (2 * len(positive) * len(negative)))
