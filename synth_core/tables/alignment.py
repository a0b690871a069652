"""The columns of the real and the synthetic rows as arrays that can be compared."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from synth_core.records import Unavailable
from synth_core.tables import Column, Holdout, Kind, Role, Schema, Train
from synth_core.tables.schema import QUANTITIES
from synth_core.tables.target import MANY_VALUES

_SET_ASIDE = {
    Role.IDENTIFIER: "an identifier: no generator looks at it",
    Role.SENSITIVE: "sensitive: no generator looks at it",
    Role.FREE_TEXT: "free text: no generator looks at it",
    Role.CONSTANT: "one value only",
    Role.EMPTY: "no values",
}
_DAY = 86_400  #: seconds
_EXACT = 1e15  #: floats beyond this have no decimals to round


@dataclass(frozen=True, eq=False)
class Values:
    """One column of the three tables.

    A quantity is an array of float64, NaN = missing (dates as days since 1970). Levels are an array of integers, places
    in ``levels``, −1 = missing: those of the training rows come first, by falling frequency.

    Attributes
    ----------
    column : Column
    levels : tuple of str or None
        None for a quantity.
    real, synthetic : array, shape (n_rows,)
        Of the training and of the synthetic rows.
    holdout : array or None
    """

    column: Column
    levels: tuple[str, ...] | None
    real: np.ndarray
    synthetic: np.ndarray
    holdout: np.ndarray | None

    @property
    def name(self) -> str:
        return self.column.name

    def take(self, real: np.ndarray, synthetic: np.ndarray, holdout: np.ndarray) -> Values:
        """The rows at these positions."""
        held = None if self.holdout is None else self.holdout[holdout]
        return replace(self, real=self.real[real], synthetic=self.synthetic[synthetic], holdout=held)

    def rounded(self) -> Values:
        """Quantities with no more decimals than the real column has: whole numbers, whole days where those are."""
        if self.levels is not None:
            return self
        if self.column.kind is Kind.FLOAT:
            decimals = self.column.decimals
        else:
            decimals = 0 if self.column.kind is Kind.INTEGER or _whole(self.real) else None
        if decimals is None:
            return self
        held = None if self.holdout is None else _round(self.holdout, decimals)
        return replace(self, real=_round(self.real, decimals), synthetic=_round(self.synthetic, decimals), holdout=held)


@dataclass(frozen=True, eq=False)
class Aligned:
    """The columns that can be compared, the sizes of the tables (holdout 0 where there is none), and what cannot be."""

    columns: tuple[Values, ...]
    train_rows: int
    synthetic_rows: int
    holdout_rows: int
    unavailable: tuple[Unavailable, ...]


def is_quantity(values: np.ndarray) -> bool:
    """Floats are quantities, integers are codes of levels."""
    return values.dtype.kind == "f"


def is_missing(values: np.ndarray) -> np.ndarray:
    """Where there is no value, bool of shape (n_rows,)."""
    return np.isnan(values) if is_quantity(values) else values < 0


def known(values: np.ndarray) -> np.ndarray:
    """The values without the missing ones."""
    return values[~is_missing(values)]


def missing(values: np.ndarray) -> float:
    """Share of rows without a value; 0 without rows."""
    return float(is_missing(values).mean()) if len(values) else 0.0


def distinct(values: np.ndarray) -> int:
    """Number of different values."""
    return len(np.unique(known(values)))


def align(
    train: Train, holdout: Holdout | None, synthetic: pd.DataFrame, only: tuple[str, ...] | None = None
) -> Aligned:
    """Columns of ``synthetic`` (``only`` these, where given) in the terms of the training rows.

    Nothing raises: a column that is absent, or holds values of another kind, is listed with an example instead.
    """
    schema = train.schema
    if holdout is not None and not len(holdout):
        holdout = None
    places: dict[str, int] = {}
    for place, header in enumerate(synthetic.columns):
        places.setdefault(str(header), place)
    columns, problems = [], []
    for column in [c for c in schema if only is None or c.name in only]:
        if column.role in _SET_ASIDE:
            problems.append(Unavailable(column.name, _SET_ASIDE[column.role]))
        elif column.name not in places:
            problems.append(Unavailable(column.name, "the synthetic rows have no such column"))
        else:
            held = None if holdout is None else holdout.frame[column.name]
            found = _values(column, schema, train.frame[column.name], synthetic.iloc[:, places[column.name]], held)
            if isinstance(found, str):
                problems.append(Unavailable(column.name, found))
            else:
                columns.append(found[0])
                problems += [Unavailable(column.name, found[1])] if found[1] else []
    problems += [Unavailable(name, "the real table has no such column") for name in places if name not in schema.names]
    if len(places) < synthetic.shape[1]:
        twice = synthetic.columns[synthetic.columns.duplicated()].astype(str).unique()
        problems += [Unavailable(n, "a header that occurs twice: the first such column is compared") for n in twice]
    return Aligned(tuple(columns), len(train), len(synthetic), 0 if holdout is None else len(holdout), tuple(problems))


def _values(
    column: Column, schema: Schema, real: pd.Series, synthetic: pd.Series, holdout: pd.Series | None
) -> tuple[Values, str] | str:
    """The column and a remark (mostly empty); a reason where it cannot be compared."""
    tables = [real, synthetic, *([] if holdout is None else [holdout])]
    try:
        if _as_quantity(column, schema, real):
            arrays = [_floats(values, column) for values in tables]
            levels = None
        else:
            arrays, levels = _codes(tables)
    except _OtherKindError as problem:
        return str(problem)
    infinite = 0
    if levels is None:
        infinite = sum(int(np.isinf(a).sum()) for a in arrays)
        arrays = [np.where(np.isfinite(a), a, np.nan) for a in arrays]
    remark = f"{infinite:,} infinite value{'' if infinite == 1 else 's'} counted as missing" if infinite else ""
    return Values(column, levels, arrays[0], arrays[1], arrays[2] if holdout is not None else None), remark


def _as_quantity(column: Column, schema: Schema, real: pd.Series) -> bool:
    if column.role is not Role.TARGET:
        return column.role in QUANTITIES
    return schema.positive is None and (
        column.kind is Kind.DATE or (column.kind is not Kind.TEXT and real.nunique() > MANY_VALUES)
    )


class _OtherKindError(ValueError):
    """Values that cannot be compared with the real ones."""


def _floats(values: pd.Series, column: Column) -> np.ndarray:
    """Numbers as float64, dates as days; text is read where all of it can be."""
    given = values
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype(object)
    try:
        if column.kind is Kind.DATE:
            values = _dates(values, column)
        elif not pd.api.types.is_numeric_dtype(values.dtype):
            values = _numbers(values)
        lost = given[(values.isna() & given.notna()).to_numpy()]
        lost = lost[(lost.astype(str).str.strip() != "").to_numpy()]
        if not len(lost):
            return values.to_numpy(dtype="float64", na_value=np.nan) + 0.0  # −0 becomes 0
    except (TypeError, ValueError, OverflowError):
        lost = given[given.notna().to_numpy()]
    what = "dates" if column.kind is Kind.DATE else "numbers"
    raise _OtherKindError(f"holds {what} in the real table, but “{lost.iloc[0]}” in the synthetic rows")


def _numbers(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return pd.Series(np.nan, index=values.index)
    return pd.to_numeric(values.astype(object), errors="coerce")


def _dates(values: pd.Series, column: Column) -> pd.Series:
    """Days since 1970: of dates, or of text in the real column's format or ISO 8601; numbers are no dates."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        return pd.Series(np.nan, index=values.index)
    if not pd.api.types.is_datetime64_any_dtype(values.dtype):
        formats = [column.format, "ISO8601"] if "%" in (column.format or "") else ["ISO8601"]
        readings = [pd.to_datetime(values, format=f, errors="coerce") for f in formats]
        values = max(readings, key=lambda read: read.notna().sum())
    if values.dt.tz is not None:
        values = values.dt.tz_localize(None)  # what the clock on the wall said
    days = values.to_numpy().astype("datetime64[s]").astype("float64") / _DAY
    return pd.Series(np.where(values.isna().to_numpy(), np.nan, days), index=values.index)


def _codes(tables: list[pd.Series]) -> tuple[list[np.ndarray], tuple[str, ...]]:
    """Places of the values in the levels of all tables, and those levels."""
    levels: dict[str, int] = {}
    same_number: dict[float, int] = {}
    labels: list[str] = []
    arrays = []
    for values in tables:
        try:
            places, found = pd.factorize(values)
        except TypeError as error:
            odd = next(v for v in values if getattr(v, "__hash__", None) is None)
            raise _OtherKindError(f"holds “{odd}” in the synthetic rows, which is no text and no number") from error
        for level in _by_frequency(places, found) if not labels else found:
            text = str(level)
            if text in levels:
                continue
            number = _number(level)
            if number in same_number:  # 1.0 or True in one table is 1 in the other
                levels[text] = same_number[number]
                continue
            levels[text] = len(labels)
            labels.append(text)
            if number is not None and values is tables[0]:
                same_number[number] = levels[text]
        arrays.append(np.array([*(levels[str(level)] for level in found), -1], dtype=np.int64)[places])
    return arrays, tuple(labels)


def _by_frequency(places: np.ndarray, found: np.ndarray) -> list:
    counts = np.bincount(places[places >= 0], minlength=len(found))
    return [found[i] for i in np.argsort(-counts, kind="stable")]


def _number(value: object) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _whole(values: np.ndarray) -> bool:
    return bool((known(values) % 1 == 0).all())


def _round(values: np.ndarray, decimals: int) -> np.ndarray:
    with np.errstate(invalid="ignore", over="ignore"):
        return np.where(np.abs(values) < _EXACT, np.round(values, decimals), values)
