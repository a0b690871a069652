"""What synthetic rows will hold in a column, said before anything is made."""

from __future__ import annotations

import pandas as pd

from synth_core.tables.export import as_text
from synth_core.tables.release import examples
from synth_core.tables.schema import QUANTITIES, RELEASES, Column, Kind, Role

_SHOWN = 3  #: levels that are listed
_LEVELS = 20  #: a target of numbers with more values than this is a quantity


def outlook(column: Column, values: pd.Series) -> str:
    """What comes out of ``column``, in a few words with an example.

    Parameters
    ----------
    values : pandas.Series, shape (n_rows,)
        The stored values.
    """
    observed = values.dropna()
    if column.role is Role.EMPTY or not len(observed):
        return "blank"
    if column.role is Role.CONSTANT:
        return f"always {_text(column, observed.head(1))[0]}"
    if column.role in RELEASES:
        made = examples(column, values)
        return f"never a real value; such as {' · '.join(made)}" if made else "blank"
    said = _quantity(column, observed) if _is_quantity(column, observed) else _levels(column, observed)
    return f"{said}; some blank" if len(observed) < len(values) else said


def _is_quantity(column: Column, observed: pd.Series) -> bool:
    if column.role is Role.TARGET:
        return column.kind is not Kind.TEXT and observed.nunique() > _LEVELS
    return column.role in QUANTITIES


def _quantity(column: Column, observed: pd.Series) -> str:
    low, high = _text(column, pd.Series([observed.min(), observed.max()], dtype=observed.dtype))
    what = {Kind.DATE: "dates", Kind.INTEGER: "whole numbers"}.get(column.kind, "numbers")
    if column.kind is Kind.DATE:
        low, high = (str(d.date()) for d in (observed.min(), observed.max()))
    digits = f", {column.decimals} decimals" if column.kind is Kind.FLOAT and (column.decimals or 0) > 1 else ""
    return f"{what} from {low} to {high}{digits}"


def _levels(column: Column, observed: pd.Series) -> str:
    counts = observed.value_counts()
    shown = _text(column, pd.Series(counts.index[:_SHOWN], dtype=observed.dtype))
    more = " …" if len(counts) > len(shown) else ""
    return f"one of {len(counts):,} values: {' · '.join(shown)}{more}"


def _text(column: Column, values: pd.Series) -> list[str]:
    return as_text(values, column).tolist()
