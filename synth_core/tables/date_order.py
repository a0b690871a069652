"""Dates such as 01/02/2024 that can be read with the day or with the month first: which columns, and the other way."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pandas as pd

from synth_core.errors import SchemaError
from synth_core.tables.dates import format_dates
from synth_core.tables.rules.edit import refit
from synth_core.tables.schema import Column, Kind
from synth_core.tables.table import Table

#: End of ``Column.reason`` where an analyst said which comes first.
ORDERED = "comes first, chosen by you)"
_EITHER = re.compile(r"%([dm])([/\-.])%([dm])\2%([yY])")


@dataclass(frozen=True)
class Reading:
    """One way to read a column of dates, as ISO days."""

    day_first: bool
    first: str
    last: str


def ambiguous(table: Table) -> list[str]:
    """Columns whose every date is one with day and month exchanged, too."""
    return [c.name for c in table.schema if _is_ambiguous(c, table.frame[c.name])]


def readings(table: Table, name: str) -> tuple[Reading, Reading]:
    """Both ways to read an ambiguous column, the present one first."""
    column, values = table.schema[name], table.frame[name]
    now, other = _day_first(column), _exchanged(values)
    return _reading(now, values), _reading(not now, other)


def set_day_first(table: Table, orders: dict[str, bool]) -> Table:
    """The table with the day (True) or the month (False) first in each of these columns, and the choice noted.

    Raises
    ------
    SchemaError
        No such column, or its dates can be read in one order only, which is another.
    """
    frame, schema = table.frame, table.schema
    for name, day_first in orders.items():
        column = schema[name]
        format_, order = column.format, "day" if day_first else "month"
        if not _is_ambiguous(column, frame[name]):
            if _has_order(column) and _day_first(column) == day_first:
                continue
            raise SchemaError(f"“{name}” cannot be read with the {order} first: {_why_not(column, frame[name])}")
        if _day_first(column) != day_first:
            frame = frame.assign(**{name: _exchanged(frame[name])})
            format_ = _swapped(format_)
        read = _reading(day_first, frame[name])
        reason = f"dates from {read.first} to {read.last} (the {order} {ORDERED}"
        if name == schema.target:
            reason = column.reason
        schema = schema.replace_column(name, format=format_, reason=reason)
    return table if schema == table.schema else refit(replace(table, frame=frame, schema=schema))


def chosen_orders(table: Table) -> dict[str, bool]:
    """What an analyst said of the table's columns: column → the day comes first."""
    return {c.name: _day_first(c) for c in table.schema if c.kind is Kind.DATE and c.reason.endswith(ORDERED)}


def _is_ambiguous(column: Column, values: pd.Series) -> bool:
    if not _has_order(column):
        return False
    observed = values.dropna()
    days, months = observed.dt.day, observed.dt.month
    return bool((days <= 12).all() and (days != months).any())


def _has_order(column: Column) -> bool:
    return column.kind is Kind.DATE and _EITHER.match(column.format or "") is not None


def _day_first(column: Column) -> bool:
    return bool(column.format) and column.format.startswith("%d")


def _swapped(pattern: str) -> str:
    return _EITHER.sub(lambda m: f"%{m[3]}{m[2]}%{m[1]}{m[2]}%{m[4]}", pattern, count=1)


def _exchanged(values: pd.Series) -> pd.Series:
    """The same with day and month exchanged; the time of day stays."""
    days = pd.to_datetime({"year": values.dt.year, "month": values.dt.day, "day": values.dt.month})
    return (days + (values - values.dt.normalize())).astype("datetime64[ns]")


def _reading(day_first: bool, values: pd.Series) -> Reading:
    return Reading(day_first, str(values.min().date()), str(values.max().date()))


def _why_not(column: Column, values: pd.Series) -> str:
    if not _has_order(column):
        return "it holds no dates such as 01/02/2024."
    return f"for example “{format_dates(values.dropna().iloc[:1], column.format).iloc[0]}” is no such date."
