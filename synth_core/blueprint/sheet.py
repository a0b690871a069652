"""A blueprint as the small tables in which it is edited, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from synth_core.blueprint import words
from synth_core.blueprint.records import column_from, record_of
from synth_core.blueprint.spec import Blueprint, Boolean, Category, ColumnSpec, Correlation, Number, TargetSpec
from synth_core.errors import BlueprintError

#: Header on screen → field of a record.
_SHEET = {
    "Column": "name",
    "Type": "type",
    "Low": "low",
    "Mean": "mean",
    "High": "high",
    "SD": "sd",
    "Distribution": "distribution",
    "Levels and shares": "levels",
    "Zeros": "zero",
    "Missing": "missing",
    "Description": "description",
}
_PERCENT = ("zero", "missing")
#: How a distribution left open is shown for a number, and for what has none.
AUTOMATIC, NONE = "automatic", "–"


def columns_sheet(blueprint: Blueprint) -> pd.DataFrame:
    """One row per column, every cell as text."""
    rows = []
    for column in blueprint.columns:
        record = record_of(column)
        if isinstance(column, Boolean):
            record["levels"] = words.levels_text(column.labels, (1 - column.share, column.share))
        elif isinstance(column, Category):
            record["levels"] = words.levels_text(column.levels, column.shares)
        record["distribution"] = record.get("distribution") or (AUTOMATIC if isinstance(column, Number) else NONE)
        record |= {k: f"{100 * record[k]:.10g} %" for k in _PERCENT if record.get(k)}
        rows.append({title: str(record.get(key, "")) for title, key in _SHEET.items()})
    return pd.DataFrame(rows, columns=list(_SHEET), dtype="object")


def columns_from_sheet(
    sheet: pd.DataFrame, base: Blueprint, computed: frozenset[str] = frozenset()
) -> tuple[ColumnSpec, ...]:
    """The columns that an edited sheet states; rows without a name are left out.

    What the sheet does not show (decimals, weekdays, months, prefixes) is taken from the column of the same name and
    type in ``base``. Of the columns in ``computed`` nothing but the type has to be stated.

    Raises
    ------
    BlueprintError
        With the row that is wrong.
    """
    columns = []
    for place, row in enumerate(sheet.to_dict("records"), 1):
        shown = {key: _cell(row.get(title)) for title, key in _SHEET.items()}
        if shown["distribution"] in (AUTOMATIC, NONE):
            shown["distribution"] = ""
        if not any(shown.values()):
            continue
        old = base.column(shown["name"])
        hidden = record_of(old) if old is not None else {}
        if hidden.get("type") != shown["type"]:
            hidden = {}
        hidden = {k: v for k, v in hidden.items() if k not in _SHEET.values() and k not in ("share", "labels")}
        try:
            columns.append(column_from(hidden | {k: v for k, v in shown.items() if v}, computed=computed))
        except BlueprintError as error:
            raise BlueprintError(f"Row {place}: {error}") from None
    return tuple(columns)


def drivers_sheet(target: TargetSpec | None) -> pd.DataFrame:
    """One row per driver, or per level of one: Column, Level (blank for numbers), Strength."""
    rows: list[tuple[str, str, float]] = []
    for name, strength in (target.drivers if target else {}).items():
        levels = strength.items() if isinstance(strength, Mapping) else [("", strength)]
        rows += [(name, level, float(value)) for level, value in levels]
    return pd.DataFrame(rows, columns=["Column", "Level", "Strength"]).astype({"Strength": "float64"})


def drivers_from_sheet(sheet: pd.DataFrame) -> dict[str, float | dict[str, float]]:
    """The drivers that an edited sheet states; rows without a column are left out.

    Raises
    ------
    BlueprintError
        The same driver twice.
    """
    drivers: dict[str, Any] = {}
    for row in sheet.to_dict("records"):
        name, level = _cell(row.get("Column")), _cell(row.get("Level"))
        strength = words.number(row.get("Strength"), "strength") or 0.0
        if not name:
            continue
        known = drivers.get(name)
        if known is not None and (not level or not isinstance(known, dict) or level in known):
            raise BlueprintError(f"The driver “{name}” is stated twice. Keep one row, or one row per level.")
        drivers[name] = {**(known or {}), level: strength} if level else strength
    return drivers


def correlations_sheet(blueprint: Blueprint) -> pd.DataFrame:
    """One row per pair: First, Second, Correlation."""
    rows = [(c.first, c.second, c.value) for c in blueprint.correlations]
    return pd.DataFrame(rows, columns=["First", "Second", "Correlation"]).astype({"Correlation": "float64"})


def correlations_from_sheet(sheet: pd.DataFrame) -> tuple[Correlation, ...]:
    """The pairs of an edited sheet; rows that do not name two columns are left out."""
    rows = [(_cell(r.get("First")), _cell(r.get("Second")), r.get("Correlation")) for r in sheet.to_dict("records")]
    return tuple(Correlation(a, b, words.number(v, "correlation") or 0.0) for a, b, v in rows if a and b)


def modelled_names(columns: Sequence[ColumnSpec]) -> list[str]:
    """Columns that may be correlated and drive the target."""
    return [c.name for c in Blueprint("", tuple(columns)).modelled]


def _cell(value: Any) -> str:
    return "" if value is None or value != value else str(value).strip()
