"""Rows as points whose distances can be compared, and as a matrix for trees."""

from __future__ import annotations

import numpy as np

from synth_core.tables.alignment import Aligned, Values, is_missing, known

_INDICATORS = 20  #: most frequent levels with an indicator of their own; the others share one

Matrices = tuple[np.ndarray, np.ndarray, np.ndarray | None]


def points(aligned: Aligned) -> Matrices:
    """Training, synthetic and holdout rows in a space in which every column counts alike, float64.

    A quantity becomes its rank among the training rows, scaled to variance 1, so that no outlier decides; two rows of
    different levels are 1 apart. Missing is a level; a missing quantity lies in the middle and 1 apart from others.
    """
    return _stacked(aligned, _point)


def codes(aligned: Aligned) -> Matrices:
    """Training, synthetic and holdout rows for trees: one column each, levels as codes, NaN = missing, float64."""
    return _stacked(aligned, lambda values, table: np.where(is_missing(table), np.nan, table)[:, None])


def _stacked(aligned: Aligned, encode) -> Matrices:
    def matrix(of: str, rows: int) -> np.ndarray:
        return np.hstack([np.zeros((rows, 0)), *(encode(v, getattr(v, of)) for v in aligned.columns)])

    held = matrix("holdout", aligned.holdout_rows) if aligned.holdout_rows else None
    return matrix("real", aligned.train_rows), matrix("synthetic", aligned.synthetic_rows), held


def _point(values: Values, table: np.ndarray) -> np.ndarray:
    gaps = is_missing(table)
    if values.levels is not None:
        shown = min(len(values.levels), _INDICATORS + 1)
        places = np.where(gaps, shown, np.minimum(table, shown - 1))
        return np.eye(shown + 1)[places] / np.sqrt(2)
    ordered = np.sort(known(values.real))
    ranks = sum(np.searchsorted(ordered, table, side=side) for side in ("left", "right")) / max(2 * len(ordered), 1)
    return np.column_stack([np.where(gaps, 0.0, (ranks - 0.5) * np.sqrt(12)), gaps])
