"""The single look at the locked holdout."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.stats import rankdata

from synth_core.lift.results import HoldoutResult
from synth_core.lift.scores import pr_points, roc_points, scores

_DRAWS = 2_000


def compare(
    y: np.ndarray,
    arm: str,
    reference: str,
    probabilities: Mapping[str, np.ndarray],
    thresholds: Mapping[str, float],
    *,
    seed: int,
    look: int,
) -> HoldoutResult:
    """Both arms on the same holdout rows.

    Parameters
    ----------
    y : array of int, shape (n_holdout,)
    probabilities, thresholds
        By arm key; thresholds come from out-of-fold training scores.
    """
    p_arm, p_reference = probabilities[arm], probabilities[reference]
    low, high = _paired_interval(y, p_arm, p_reference, np.random.default_rng(seed))
    scores_arm, scores_reference = scores(y, p_arm, thresholds[arm]), scores(y, p_reference, thresholds[reference])
    return HoldoutResult(
        arm=arm,
        reference=reference,
        auc_arm=scores_arm.auc,
        auc_reference=scores_reference.auc,
        delta=scores_arm.auc - scores_reference.auc,
        low=low,
        high=high,
        scores_arm=scores_arm,
        scores_reference=scores_reference,
        roc_arm=roc_points(y, p_arm),
        roc_reference=roc_points(y, p_reference),
        pr_arm=pr_points(y, p_arm),
        pr_reference=pr_points(y, p_reference),
        look=look,
    )


def _paired_interval(y: np.ndarray, p: np.ndarray, q: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """95 % percentile bootstrap of AUC(p) − AUC(q); outcome classes are resampled separately, rows stay paired."""
    positives, negatives = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    differences = np.empty(_DRAWS)
    for draw in range(_DRAWS):
        rows = np.concatenate([rng.choice(positives, len(positives)), rng.choice(negatives, len(negatives))])
        differences[draw] = _auc(p[rows], len(positives)) - _auc(q[rows], len(positives))
    low, high = np.quantile(differences, [0.025, 0.975])
    return float(low), float(high)


def _auc(p: np.ndarray, positives: int) -> float:
    """AUC (Mann–Whitney) where the first ``positives`` rows are the positive ones."""
    negatives = len(p) - positives
    return (rankdata(p)[:positives].sum() - positives * (positives + 1) / 2) / (positives * negatives)
