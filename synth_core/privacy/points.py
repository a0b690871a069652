"""Rows as points in a space of mixed columns."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

_ONE_HOT = 16  #: more levels than this get random directions instead of one dimension each

FORMULA = (
    "Distances are Euclidean over all columns. Two numbers differ by the share of real rows between them (0 to 1), two "
    "categories by 0 or 1, a value and a gap by at least 1."
)


class Points:
    """Several frames with the same columns as points of one space, column by column.

    Parameters
    ----------
    frames : dict of str to pandas.DataFrame
        Floats are quantities, integers codes of levels; missing is NaN and −1.
    real : iterable of str
        Keys of the frames that numbers are ranked among.
    """

    def __init__(self, frames: dict[str, pd.DataFrame], real: Iterable[str]) -> None:
        self.names = tuple(next(iter(frames.values())))
        self._blocks: dict[str, dict[str, np.ndarray]] = {key: {} for key in frames}
        for name in self.names:
            columns = {key: frame[name] for key, frame in frames.items()}
            if pd.api.types.is_float_dtype(columns[next(iter(columns))].dtype):
                blocks = _ranks(columns, real)
            else:
                blocks = _levels(columns)
            for key, block in blocks.items():
                self._blocks[key][name] = block

    def of(self, key: str, names: Iterable[str] | None = None) -> np.ndarray:
        """Points of frame ``key`` in the subspace of ``names`` (all by default), shape (n_rows, n_dimensions)."""
        return np.hstack([self._blocks[key][name] for name in (self.names if names is None else names)])


def _ranks(columns: dict[str, pd.Series], real: Iterable[str]) -> dict[str, np.ndarray]:
    known = np.sort(np.concatenate([columns[key].dropna().to_numpy() for key in real]))
    out = {}
    for key, values in columns.items():
        numbers = values.to_numpy()
        missing = np.isnan(numbers)
        below = np.searchsorted(known, numbers, side="left") + np.searchsorted(known, numbers, side="right")
        ranks = below / (2 * max(len(known), 1))
        out[key] = np.column_stack([np.where(missing, 0.5, ranks), missing.astype(float)])
    return out if any(block[:, 1].any() for block in out.values()) else {key: b[:, :1] for key, b in out.items()}


def _levels(columns: dict[str, pd.Series]) -> dict[str, np.ndarray]:
    count = 1 + max(int(codes.max(initial=-1)) for codes in map(pd.Series.to_numpy, columns.values()))
    directions = np.eye(count + 1)
    if count > _ONE_HOT:
        # Random directions are nearly at right angles: different levels differ by 1 on average, equal ones by 0.
        directions = np.random.default_rng(0).normal(size=(count + 1, _ONE_HOT))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    directions /= np.sqrt(2)
    return {key: directions[codes.to_numpy()] for key, codes in columns.items()}  # −1 is the last direction
