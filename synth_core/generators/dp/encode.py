"""Which cell of its axis each value of a column falls into."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_core.generators.dp.release import Axis
from synth_core.tables import Kind

_DAY = 86_400 * 10**9  # nanoseconds


def plain(values: pd.Series, kind: Kind, *, as_levels: bool) -> np.ndarray:
    """The values of a column, shape (n_rows,): text with None where missing, or float64 with NaN."""
    return _as_text(values, kind) if as_levels else _as_number(values, kind)


def _as_text(values: pd.Series, kind: Kind) -> np.ndarray:
    """Such as ``"1"``, ``"0.5"`` and dates in ISO 8601."""
    codes, found = pd.factorize(values)  # missing is −1, and so takes the None at the end
    if kind is Kind.INTEGER:
        found = [str(int(v)) for v in found]
    elif kind is Kind.FLOAT:
        found = [repr(float(v)) for v in found]
    elif kind is Kind.DATE:
        found = [pd.Timestamp(v).isoformat() for v in found]
    return np.array([*found, None], dtype=object)[codes]


def _as_number(values: pd.Series, kind: Kind) -> np.ndarray:
    """Dates as days since 1970; an infinity is the largest number there is."""
    if kind is Kind.DATE:
        numbers = values.to_numpy().astype("datetime64[ns]").astype("int64") / _DAY
        numbers[values.isna().to_numpy()] = np.nan
        return numbers
    return np.nan_to_num(values.to_numpy(dtype="float64", na_value=np.nan), nan=np.nan)


def cells_of(values: np.ndarray, axis: Axis) -> np.ndarray:
    """Cell of each value, int64, shape (n_rows,); what no cell holds goes to other, or to the nearest cell."""
    return _levels(values, axis) if axis.kind == "levels" else _numbers(values, axis)


def _levels(values: np.ndarray, axis: Axis) -> np.ndarray:
    codes, found = pd.factorize(values)
    place = {label: i for i, label in enumerate(axis.labels)}
    cells = [place.get(v, len(axis.labels)) for v in found]
    return np.array([*cells, axis.size - 1], dtype="int64")[codes]


def _numbers(values: np.ndarray, axis: Axis) -> np.ndarray:
    points, edges = np.sort(axis.points), np.array(axis.edges)
    missing = np.isnan(values)
    known = np.where(missing, 0.0, values)
    out = np.zeros(len(values), dtype="int64")
    beyond = np.full(len(values), np.inf)  # distance to the nearest interval
    if len(edges):
        out = len(points) + np.clip(np.searchsorted(edges, known, side="right") - 1, 0, len(edges) - 2)
        beyond = np.maximum(np.maximum(edges[0] - known, known - edges[-1]), 0.0)
    if len(points):
        nearest = np.searchsorted((points[:-1] + points[1:]) / 2, known)
        to_point = np.abs(points[nearest] - known) <= beyond
        out[to_point] = np.argsort(axis.points)[nearest[to_point]]
    out[missing] = axis.size - 1
    return out
