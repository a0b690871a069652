"""What can be said when one outcome has too few rows for a verdict."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sklearn.metrics import average_precision_score

from synth_core.lift.results import RareClass
from synth_core.lift.scores import recall_in_top

_DRAWS = 1_000


def rare_class(key: str, title: str, y: np.ndarray, p: np.ndarray, seed: int) -> RareClass:
    """Average precision and recall in the top 10 % of out-of-fold scores, with 95 % bootstrap intervals.

    Parameters
    ----------
    y, p : arrays, shape (n_train,)
        Outcomes, and out-of-fold probabilities averaged over repeats. Outcome classes are resampled separately.
    """
    rng = np.random.default_rng(seed)
    positives, negatives = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    draws = [
        np.concatenate([rng.choice(positives, len(positives)), rng.choice(negatives, len(negatives))])
        for _ in range(_DRAWS)
    ]
    return RareClass(
        key, title, _with_interval(average_precision_score, y, p, draws), _with_interval(recall_in_top, y, p, draws)
    )


def _with_interval(
    score: Callable[[np.ndarray, np.ndarray], float], y: np.ndarray, p: np.ndarray, draws: list[np.ndarray]
) -> tuple[float, float, float]:
    low, high = np.quantile([score(y[d], p[d]) for d in draws], [0.025, 0.975])
    return float(score(y, p)), float(low), float(high)
