"""What an analyst types about columns without looking at the rows, read into what a measurement takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.generators.dp.columns import Declared, kind_of, modelled
from synth_core.tables import Schema

_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Typed:
    """One line of the form: bounds of a quantity, or categories parted by commas; blank where nothing is known."""

    column: str
    low: str = ""
    high: str = ""
    labels: str = ""


_HAS = {"levels": "categories", "number": "numbers", "integer": "whole numbers", "date": "dates"}


def lines(schema: Schema, unit: str | None = None) -> list[tuple[str, str]]:
    """Columns that can be declared, and what they hold, in a word."""
    return [(c.name, _HAS[kind_of(c, schema)]) for c in modelled(schema, unit)]


def read(typed: Iterable[Typed], schema: Schema) -> dict[str, Declared]:
    """The columns of which something was typed.

    Raises
    ------
    GeneratorError
        Bounds of categories, categories of a number; one bound without the other, bounds that are no numbers or dates
        or in the wrong order; the text names the column.
    """
    found = {}
    for line in typed:
        _check_fits(line, schema)
        if kind_of(schema[line.column], schema) == "levels":
            labels = tuple(dict.fromkeys(t.strip() for t in line.labels.split(",") if t.strip()))
            if labels:
                found[line.column] = Declared(labels=labels)
        elif line.low.strip() or line.high.strip():
            dates = kind_of(schema[line.column], schema) == "date"
            low, high = (_bound(line.column, text.strip(), dates) for text in (line.low, line.high))
            if low >= high:
                raise GeneratorError(f"“{line.column}”: the lowest value {line.low} must be below {line.high}.")
            found[line.column] = Declared(low=low, high=high)
    return found


def _check_fits(line: Typed, schema: Schema) -> None:
    has = _HAS[kind_of(schema[line.column], schema)]
    if has == "categories" and (line.low + line.high).strip():
        raise GeneratorError(f"“{line.column}” has categories: list them, parted by commas, instead of bounds.")
    if has != "categories" and line.labels.strip():
        raise GeneratorError(f"“{line.column}” has {has}: give the lowest and the highest instead of categories.")


def to_dict(declared: Mapping[str, Declared]) -> dict[str, dict[str, Any]]:
    """JSON-ready form; :func:`from_dict` reads it back."""
    return {
        name: {"labels": list(d.labels)} if d.labels else {"low": d.low, "high": d.high}
        for name, d in declared.items()
    }  # fmt: skip


def from_dict(data: Mapping[str, Mapping[str, Any]]) -> dict[str, Declared]:
    return {n: Declared(tuple(d.get("labels", ())), d.get("low"), d.get("high")) for n, d in data.items()}


def _bound(column: str, text: str, dates: bool) -> float:
    """A number; of dates, days since 1970."""
    if not text:
        raise GeneratorError(f"“{column}”: give the lowest and the highest value, or neither.")
    try:
        value = (pd.Timestamp(text) - pd.Timestamp(0)) / _DAY if dates else float(text)
    except ValueError:
        value = float("nan")
    if not abs(value) < float("inf"):
        kind = "date such as 2024-12-31" if dates else "number such as 12.5"
        raise GeneratorError(f"“{column}”: “{text}” is not a {kind}.")
    return value
