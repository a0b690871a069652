"""Rows as points in a space of mixed columns."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from synth_core.tables import Column, Schema
from synth_core.tables.schema import QUANTITIES, Kind, Role

_ONE_HOT = 16  #: more levels than this get random directions instead of one dimension each

FORMULA = (
    "Distances are Euclidean over all columns. Two numbers differ by the share of real rows between them (0 to 1), two "
    "categories by 0 or 1, a value and a gap by at least 1."
)


class Points:
    """Several frames of one schema as points of the same space, column by column.

    Parameters
    ----------
    frames : dict of str to pandas.DataFrame
        All with the columns ``names``, as :func:`comparable` returns them.
    names : iterable of str
    real : iterable of str
        Keys of the frames that numbers are ranked among.
    """

    def __init__(self, frames: dict[str, pd.DataFrame], names: Iterable[str], real: Iterable[str]) -> None:
        self.names = tuple(names)
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


def comparable(frame: pd.DataFrame, schema: Schema, names: Iterable[str]) -> pd.DataFrame:
    """Quantities as float64 on the column's own grid (dates as days), levels as text; missing as NaN and None.

    Infinite numbers count as missing. A number finer than any real one is rounded: else a copy with one more decimal
    would be no copy.
    """
    values = {name: _values(frame[name], schema[name], is_quantity(schema, name)) for name in names}
    return pd.DataFrame(values, index=range(len(frame)))


def is_quantity(schema: Schema, name: str) -> bool:
    """Whether a column is compared as numbers: quantities, and a target that is a number without classes."""
    column = schema[name]
    number = column.kind in (Kind.FLOAT, Kind.INTEGER)
    return column.role in QUANTITIES or (column.role is Role.TARGET and schema.positive is None and number)


def _values(values: pd.Series, column: Column, quantity: bool) -> np.ndarray:
    if str(values.dtype).startswith("datetime64"):
        days = values.to_numpy().astype("datetime64[s]").astype("float64") / 86_400
        return np.where(values.isna().to_numpy(), np.nan, days)
    if quantity:
        numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
        numbers = np.where(np.isfinite(numbers), numbers, np.nan)
        return numbers if column.decimals is None else numbers.round(column.decimals)
    if column.kind is Kind.INTEGER:  # so that 1.0 and "1" are the level 1
        values = pd.to_numeric(values, errors="coerce").round().astype("Int64")
    codes, levels = pd.factorize(values)  # a gap has code −1
    return np.array([*levels.astype(str), None], dtype=object)[codes]


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
    codes, levels = pd.factorize(pd.concat(columns.values(), ignore_index=True))
    directions = np.eye(len(levels) + 1)
    if len(levels) > _ONE_HOT:
        # Random directions are nearly at right angles: different levels differ by 1 on average, equal ones by 0.
        directions = np.random.default_rng(0).normal(size=(len(levels) + 1, _ONE_HOT))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    points = directions[codes] / np.sqrt(2)  # a missing value has code −1 and so the last direction
    ends = np.cumsum([len(values) for values in columns.values()])
    return dict(zip(columns, np.split(points, ends[:-1]), strict=True))
