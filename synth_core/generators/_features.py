"""Variables as a matrix for trees: levels in an order that one threshold can split well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from synth_core.generators.prepare import Variable

#: Levels a split tells apart; rarer ones are one group for the split (a leaf still returns the exact level).
SPLIT_LEVELS = 30
_MOST = float(np.finfo(np.float32).max)


def matrix(
    predictors: Sequence[Variable], scores: Mapping[str, np.ndarray], data: Mapping[str, np.ndarray], rows: int
) -> np.ndarray:
    """Quantities as they are, levels as their scores, shape (rows, n_predictors), float32."""
    out = np.empty((rows, len(predictors)), dtype=np.float32)
    for j, predictor in enumerate(predictors):
        values = np.clip(np.asarray(data[predictor.key]), -_MOST, _MOST)
        out[:, j] = scores[predictor.key][values.astype(np.intp)] if predictor.levels else values
    return out


def split_groups(codes: np.ndarray, levels: int) -> np.ndarray:
    """The class each row has for splits: its level, or one common group of the rare levels, shape (n_rows,)."""
    counts = np.bincount(codes, minlength=levels)
    kept = np.sort(np.argsort(-counts, kind="stable")[:SPLIT_LEVELS])
    group = np.full(levels, len(kept))
    group[kept] = np.arange(len(kept))
    return group[codes]


def ranks(values: np.ndarray) -> np.ndarray:
    """A quantity as shares of rows at or below, which long tails do not distort."""
    return pd.Series(values).rank(pct=True).to_numpy()


def level_scores(predictor: Variable, codes: np.ndarray, response: np.ndarray, min_leaf: int) -> np.ndarray:
    """One number per level: its mean response, along the first principal axis where there are several classes.

    Ordering levels so makes splits on one number as good as splits on subsets (Wright & König, PeerJ 2019). Means
    are shrunk, and levels too rare for a leaf sit at the overall mean, so that a rare level cannot stand for its row.

    Parameters
    ----------
    codes : int array, shape (n_rows,)
    response : array, shape (n_rows,)
        Floats are a quantity, integers are classes.
    """
    codes = codes.astype(np.intp)
    counts = np.bincount(codes, minlength=predictor.levels)
    if response.dtype.kind == "f":
        sums, mean = np.bincount(codes, response, predictor.levels)[:, None], response.mean()
    else:
        width = int(response.max()) + 1
        sums = np.bincount(codes * width + response, minlength=predictor.levels * width).reshape(-1, width)
        mean = sums.sum(axis=0) / len(codes)
    centred = (sums - counts[:, None] * mean) / (counts + min_leaf)[:, None]
    centred[counts < min_leaf] = 0.0
    if centred.shape[1] == 1:
        return centred[:, 0]
    axis = np.linalg.eigh((centred * counts[:, None]).T @ centred)[1][:, -1]
    return centred @ axis
