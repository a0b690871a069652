"""How well predictions fit real outcomes: one main score, and others that never decide.

Predictions are P(positive) or the number itself, shape (n_rows,), or class probabilities, shape (n_rows, n_classes).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    f1_score,
    precision_recall_curve,
    r2_score,
    roc_auc_score,
    roc_curve,
)

from synth_core.lift.results import Scores
from synth_core.tables import Target, Task

#: Name of the main score of each kind of target.
METRIC: dict[Task, str] = {"binary": "AUC", "multiclass": "Macro AUC", "regression": "R²"}
PRECISION = 0.5  #: at which recall is read off
_POINTS = 200  #: most points kept of a curve
_BINS = 10  #: of equal numbers of rows, for calibration


def main_score(y: np.ndarray, p: np.ndarray, target: Target, classes: Sequence[int] = ()) -> float:
    """AUC; mean one-vs-rest AUC over ``classes`` (or all) that these rows can tell; R². NaN if none can."""
    if target.task == "binary":
        return float(roc_auc_score(y, p)) if 0 < y.sum() < len(y) else float("nan")
    if target.task == "regression":
        return float(r2_score(y, p)) if len(y) > 1 and np.ptp(y) > 0 else float("nan")
    found = [
        roc_auc_score(y == c, p[:, c]) for c in (classes or range(p.shape[1])) if 0 < (y == c).sum() < len(y)
    ]  # fmt: skip
    return float(np.mean(found)) if found else float("nan")


def scores(
    y: np.ndarray, p: np.ndarray, target: Target, *, threshold: float = 0.5, raw: np.ndarray | None = None,
    classes: Sequence[int] = (),
) -> Scores:  # fmt: skip
    """All scores of one set of rows.

    Parameters
    ----------
    y : array, shape (n_rows,)
        Outcomes as in :meth:`Target.codes`.
    p : array
        Predictions, with the class share corrected to that of the real training rows.
    threshold : float
        For ``f1_tuned``, two classes; tuned elsewhere, never on these rows.
    raw : array, optional
        Predictions as the model gave them, for ``f1_at_half``; ``p`` if left out.
    classes : sequence of int
        Those that the macro AUC averages over; all if empty.
    """
    main = main_score(y, p, target, classes)
    if target.task == "regression":
        return Scores(main, rmse=float(np.sqrt(np.mean((y - p) ** 2))))
    if target.task == "multiclass":
        hit = np.eye(p.shape[1])[y.astype(int)]
        called = p.argmax(axis=1)
        return Scores(
            main,
            brier=float(((p - hit) ** 2).sum(axis=1).mean()),
            ece=calibration_error((called == y).astype(float), p.max(axis=1)),
            f1_at_half=float(f1_score(y, called, average="macro", zero_division=0)),
        )
    raw = p if raw is None else raw
    return Scores(
        main,
        brier=float(brier_score_loss(y, p)),
        ece=calibration_error(y, p),
        average_precision=float(average_precision_score(y, p)),
        f1_at_half=float(f1_score(y, raw >= 0.5, zero_division=0)),
        f1_tuned=float(f1_score(y, p >= threshold, zero_division=0)),
        recall_at_precision=recall_at_precision(y, p),
        lift_top_decile=lift_in_top(y, p),
    )


def mean_scores(parts: list[Scores]) -> Scores:
    """Means over folds; None where a score does not apply."""
    means = {}
    for name in Scores.__dataclass_fields__:
        values = [v for s in parts if (v := getattr(s, name)) is not None]
        means[name] = float(np.nanmean(values)) if values else None
    return Scores(**means)


def best_threshold(y: np.ndarray, p: np.ndarray) -> float:
    """The threshold with the highest F1 on rows that are not the ones to be scored."""
    precision, recall, thresholds = precision_recall_curve(y, p)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return float(thresholds[f1[:-1].argmax()])


def correct_prior(p: np.ndarray, trained_on: np.ndarray, real: np.ndarray) -> np.ndarray:
    """Probabilities after a change of the class shares from ``trained_on`` to ``real``.

    Parameters
    ----------
    p : array, shape (n_rows,) or (n_rows, n_classes)
    trained_on, real : float or array, shape (n_classes,)
        Share of the positive class, or of every class.

    Notes
    -----
    Source: Saerens, Latinne & Decaestecker, Neural Computation 2002, equation 2.4.
    """
    if p.ndim == 2:
        ratio = np.divide(real, trained_on, out=np.zeros(len(real)), where=np.asarray(trained_on) > 0)
        up = p * ratio
        return up / np.maximum(up.sum(axis=1, keepdims=True), 1e-300)
    up, down = p * real / trained_on, (1 - p) * (1 - real) / (1 - trained_on)
    return up / np.maximum(up + down, 1e-300)


def calibration_points(y: np.ndarray, p: np.ndarray) -> tuple[tuple[float, float, int], ...]:
    """Mean prediction, share of positives and rows, in bins of about equal numbers of rows (ten at most)."""
    order = np.argsort(p, kind="stable")
    bins = np.array_split(order, min(_BINS, max(1, len(p) // 10)))
    return tuple((float(p[rows].mean()), float(y[rows].mean()), len(rows)) for rows in bins if len(rows))


def calibration_error(y: np.ndarray, p: np.ndarray) -> float:
    """Expected calibration error: mean distance of predicted and observed share over bins of equal numbers of rows.

    Source: Naeini, Cooper & Hauskrecht, AAAI 2015; equal-mass bins as in Nixon et al., CVPR workshops 2019.
    """
    return float(sum(n * abs(said - was) for said, was, n in calibration_points(y, p)) / len(y))


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


def recall_at_precision(y: np.ndarray, p: np.ndarray, least: float = PRECISION) -> float:
    """The largest share of positives found at any threshold whose precision is at least ``least``."""
    precision, recall, _ = precision_recall_curve(y, p)
    return float(recall[precision >= least].max())  # the last point has precision 1 and recall 0


def recall_in_top(y: np.ndarray, p: np.ndarray, share: float = 0.1) -> float:
    """Share of all positives among the ``share`` of rows with the highest probability."""
    top = np.argsort(-p, kind="stable")[: max(1, round(share * len(p)))]
    return float(y[top].sum() / max(y.sum(), 1))


def lift_in_top(y: np.ndarray, p: np.ndarray, share: float = 0.1) -> float:
    """Share of positives in the top ``share`` of rows, over the share of positives in all rows."""
    top = np.argsort(-p, kind="stable")[: max(1, round(share * len(p)))]
    return float(y[top].mean() / y.mean()) if y.any() else 0.0
