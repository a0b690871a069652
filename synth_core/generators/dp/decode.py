"""From cells back to values: nothing here has seen a real row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from synth_core.generators.dp.columns import is_whole
from synth_core.generators.dp.release import Axis
from synth_core.tables import Column, Kind, Release, Role, Schema
from synth_core.tables.release import Source, as_kind, chosen

_DAY = 86_400  # seconds
_NARROW = 1e-300  #: an interval for one number
_LISTED = 10_000  #: whole numbers of an interval that are listed before they are drawn


def decode(codes: np.ndarray, axes: Sequence[Axis], schema: Schema, seed: int) -> pd.DataFrame:
    """Table rows from cells, int64 of shape (rows, n_axes); exactly the schema's columns, dtypes and order.

    A cell of its own gives its label or number, an interval a number drawn from it evenly, other one of the labels.
    Columns without an axis come out as new ids (identifiers) or blank.
    """
    places = {axis.name: place for place, axis in enumerate(axes)}
    seeds = np.random.default_rng(seed).integers(2**31, size=len(schema.names))
    out = {}
    for column, own in zip(schema, map(int, seeds), strict=True):
        if column.name in places:
            place = places[column.name]
            out[column.name] = _values(codes[:, place], axes[place], column, schema, np.random.default_rng(own))
        else:
            out[column.name] = new_ids(column, len(codes), own)
    return pd.DataFrame(out, index=range(len(codes)), columns=schema.names)


def new_ids(column: Column, rows: int, seed: int) -> pd.Series:
    """A set-aside column: ids made without a look at the real ones, anything else blank."""
    wanted = column.role is Role.IDENTIFIER and chosen(column) is not Release.DROP
    if not wanted or not rows:
        return as_kind(np.full(rows, None, dtype=object), column.kind)
    text = column.kind is Kind.TEXT and chosen(column) is Release.FAKE
    # Numbers have 15 digits, so that one of them hardly ever equals a real id.
    source = Source(column.kind, Release.FAKE if text else Release.HASH, what="id" if text else None)
    return source.column(rows, seed=seed, layout=seed)


def _values(codes: np.ndarray, axis: Axis, column: Column, schema: Schema, rng: np.random.Generator) -> pd.Series:
    """One column; the last cell is missing."""
    if axis.kind == "levels":
        return as_kind(_labels(codes, axis, column.kind, rng), column.kind)
    numbers = _numbers(codes, axis, rng, whole=is_whole(column, schema))
    known = ~np.isnan(numbers)
    values = np.full(len(codes), None, dtype=object)
    if column.kind is Kind.DATE:
        values[known] = pd.to_datetime(np.rint(numbers[known] * _DAY).astype("int64"), unit="s")
    elif column.kind is Kind.INTEGER:
        values[known] = np.rint(numbers[known]).astype("int64")
    else:
        values[known] = numbers[known]
    return as_kind(values, column.kind)


def _labels(codes: np.ndarray, axis: Axis, kind: Kind, rng: np.random.Generator) -> np.ndarray:
    """Labels as the column stores them; other becomes a label as often as each came up, missing without any label."""
    count = len(axis.labels)
    values = np.full(axis.size, None, dtype=object)
    values[:count] = [of_label(label, kind) for label in axis.labels]
    others = axis.other & (codes == count)
    if count and others.any():
        shares = np.bincount(codes, minlength=axis.size)[:count] + 1.0 / count
        codes = codes.copy()
        codes[others] = rng.choice(count, int(others.sum()), p=shares / shares.sum())
    return values[codes]


def of_label(label: str, kind: Kind) -> object:
    """A level written as text, as its column stores it."""
    if kind is Kind.INTEGER:
        return int(float(label)) if "." in label or "e" in label.lower() else int(label)
    if kind is Kind.FLOAT:
        return float(label)
    return pd.Timestamp(label) if kind is Kind.DATE else label


def _numbers(codes: np.ndarray, axis: Axis, rng: np.random.Generator, *, whole: bool) -> np.ndarray:
    """Numbers, or days since 1970, NaN = missing."""
    points, edges = np.array(axis.points, dtype=float), np.array(axis.edges, dtype=float)
    numbers = np.full(len(codes), np.nan)
    own = codes < len(points)
    numbers[own] = points[codes[own]]
    for cell, (low, high) in enumerate(pairwise(edges), start=len(points)):
        rows = np.flatnonzero(codes == cell)
        if len(rows):
            even = (rng.permutation(len(rows)) + rng.random(len(rows))) / len(rows)  # in [0, 1), without clumps
            if whole:  # the last edge is a value of its own
                end = np.floor(high) + 1 if cell == axis.size - 2 else np.ceil(high)
                numbers[rows] = _whole(np.ceil(low), end, even, points)
            else:
                numbers[rows] = _fine(low, high, even, axis.kind)
    return numbers


def _whole(first: float, end: float, even: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Whole numbers from ``first`` to before ``end``, other than ``points``, by their places ``even`` in [0, 1)."""
    if end - first > _LISTED:
        return np.floor(first + even * (end - first))
    free = np.setdiff1d(np.arange(first, end), points)
    return free[(even * len(free)).astype(int)] if len(free) else np.full(len(even), first)


def _fine(low: float, high: float, even: np.ndarray, kind: str) -> np.ndarray:
    """Numbers of an interval; rounded to a grid that tells nothing but how wide the interval is."""
    drawn = low + even * (high - low)
    if high - low < _NARROW:
        return np.full(len(even), low)
    if kind == "date":  # rounded to seconds later
        return drawn
    digits = 3 - int(np.floor(np.log10(high - low)))
    return np.clip(np.round(drawn, digits), low, high)
