"""How well probabilities fit real outcomes."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    f1_score,
    precision_recall_curve,
    roc_auc_score,
    roc_curve,
)

from synth_core.lift.results import Scores

_POINTS = 200  #: most points kept of a curve


def scores(y: np.ndarray, p: np.ndarray, threshold: float) -> Scores:
    """All scores of one set of rows.

    Parameters
    ----------
    y : array of int, shape (n_rows,)
        1 = positive class.
    p : array of float, shape (n_rows,)
        Probability of the positive class.
    threshold : float
        For ``f1_tuned``; tuned elsewhere, never on these rows.
    """
    return Scores(
        auc=float(roc_auc_score(y, p)),
        average_precision=float(average_precision_score(y, p)),
        brier=float(brier_score_loss(y, p)),
        f1_at_half=float(f1_score(y, p >= 0.5, zero_division=0)),
        f1_tuned=float(f1_score(y, p >= threshold, zero_division=0)),
    )


def mean_scores(parts: list[Scores]) -> Scores:
    """Means over folds."""
    return Scores(**{name: float(np.mean([getattr(s, name) for s in parts])) for name in Scores.__dataclass_fields__})


def best_threshold(y: np.ndarray, p: np.ndarray) -> float:
    """The threshold with the highest F1 on rows that are not the ones to be scored."""
    precision, recall, thresholds = precision_recall_curve(y, p)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return float(thresholds[f1[:-1].argmax()])


def correct_prior(p: np.ndarray, trained_on: float, real: float) -> np.ndarray:
    """Probabilities after a change of the class share from ``trained_on`` to ``real``.

    Source: Saerens, Latinne & Decaestecker, Neural Computation 2002, equation 2.4.
    """
    up, down = p * real / trained_on, (1 - p) * (1 - real) / (1 - trained_on)
    return up / np.maximum(up + down, 1e-300)


def roc_points(y: np.ndarray, p: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """False-positive and true-positive rates."""
    false, true, _ = roc_curve(y, p)
    return _thinned(false, true)


def pr_points(y: np.ndarray, p: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Recall and precision."""
    precision, recall, _ = precision_recall_curve(y, p)
    return _thinned(recall, precision)


def _thinned(x: np.ndarray, y: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    kept = np.unique(np.linspace(0, len(x) - 1, min(len(x), _POINTS)).round().astype(int))
    return tuple(x[kept].tolist()), tuple(y[kept].tolist())


def recall_in_top(y: np.ndarray, p: np.ndarray, share: float = 0.1) -> float:
    """Share of all positives among the ``share`` of rows with the highest probability."""
    top = np.argsort(-p, kind="stable")[: max(1, round(share * len(p)))]
    return float(y[top].sum() / max(y.sum(), 1))
