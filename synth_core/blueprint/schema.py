"""Stated columns as columns of a table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from synth_core.blueprint.spec import (
    Blueprint,
    Boolean,
    Category,
    ColumnSpec,
    Date,
    Faked,
    Identifier,
    Modelled,
    Number,
)
from synth_core.tables import Column, Kind, Role, Schema
from synth_core.tables.export import as_text

_REASON = "as the blueprint states"
_DAY_FORMAT = "%Y-%m-%d"
_ROLES = {
    Category: Role.CATEGORICAL,
    Boolean: Role.BOOLEAN,
    Date: Role.DATE,
    Identifier: Role.IDENTIFIER,
    Faked: Role.SENSITIVE,
}


def column_of(column: ColumnSpec, values: pd.Series) -> Column:
    """The table's column for a stated one whose ``values`` were drawn."""
    kind = _kind(column, values)
    role = (Role.INTEGER if column.whole else Role.NUMERIC) if isinstance(column, Number) else _ROLES[type(column)]
    reason = f"{_REASON}: {column.description}" if column.description else _REASON
    observed = values.dropna()
    if not len(observed):
        role, reason = Role.EMPTY, "no value in any row"
    elif len(values) > 1 and observed.nunique() == 1:
        role, reason = Role.CONSTANT, f"the same value in every filled row ({observed.iloc[0]})"
    made = Column(
        column.name,
        column.name,
        kind,
        role,
        reason,
        format=_DAY_FORMAT if kind is Kind.DATE else None,
        decimals=column.decimals if kind is Kind.FLOAT else None,
    )
    examples = as_text(observed.drop_duplicates().head(3), made)
    return replace(made, examples=tuple(map(str, examples)))


def stated_schema(blueprint: Blueprint) -> Schema:
    """The schema of the table to come, as far as it is known before rows are drawn."""
    columns = []
    for column in blueprint.columns:
        number = isinstance(column, Number)
        role = (Role.INTEGER if column.whole else Role.NUMERIC) if number else _ROLES[type(column)]
        kind = _kind(column, pd.Series(dtype="object"))
        decimals = column.decimals if kind is Kind.FLOAT else None
        columns.append(Column(column.name, column.name, kind, role, decimals=decimals))
    if target := blueprint.target:
        columns.append(Column(target.name, target.name, Kind.TEXT, Role.TARGET))
    return Schema(tuple(columns), blueprint.target and blueprint.target.name)


def stored(column: Modelled, values: np.ndarray) -> pd.Series:
    """Drawn ``values`` (see :func:`synth_core.blueprint.marginals.quantile`; NaN = blank) in their storage dtype."""
    blank = np.isnan(values)
    if isinstance(column, Number):
        return pd.Series(values).astype("Int64") if column.whole else pd.Series(values, dtype="float64")
    if isinstance(column, Date):
        days = np.where(blank, 0, values).astype("int64").astype("datetime64[D]").astype("datetime64[ns]")
        days[blank] = np.datetime64("NaT")
        return pd.Series(days)
    levels = column.labels if isinstance(column, Boolean) else column.levels
    texts = np.array([*levels, None], dtype=object)
    return pd.Series(texts[np.where(blank, len(levels), values).astype("int64")], dtype="object")


def _kind(column: ColumnSpec, values: pd.Series) -> Kind:
    if isinstance(column, Number):
        return Kind.INTEGER if column.whole else Kind.FLOAT
    if isinstance(column, Date):
        return Kind.DATE
    return Kind.INTEGER if str(values.dtype) == "Int64" else Kind.TEXT
