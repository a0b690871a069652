"""What can be said when one outcome has too few rows for a verdict."""

from __future__ import annotations

from collections.abc import Sequence

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
        key,
        title,
        _with_interval(average_precision_score(y, p), _average_precisions(y, p, draws)),
        _with_interval(recall_in_top(y, p), [recall_in_top(y[d], p[d]) for d in draws]),
    )


def _with_interval(value: float, drawn: Sequence[float]) -> tuple[float, float, float]:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(value), float(low), float(high)


def _average_precisions(y: np.ndarray, p: np.ndarray, draws: list[np.ndarray]) -> list[float]:
    """scikit-learn's average precision of every draw; one sort for all, as its checks take a millisecond a draw."""
    order = np.argsort(-p)
    last = np.flatnonzero(np.append(np.diff(p[order]) != 0, True))  # of the rows that share a score
    positive, found = y[order], []
    for draw in draws:
        count = np.bincount(draw, minlength=len(y))[order]
        above, right = np.cumsum(count)[last], np.cumsum(count * positive)[last]
        found.append(np.sum(np.diff(right, prepend=0) * right / np.maximum(above, 1)) / right[-1])
    return found
