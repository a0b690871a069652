"""Which columns are measured and how, from what the analyst has confirmed and from no row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from synth_core.tables import Column, Kind, Role, Schema
from synth_core.tables.schema import LEVELS

_ASIDE = frozenset({Role.IDENTIFIER, Role.SENSITIVE, Role.FREE_TEXT})
_KINDS: dict[Kind, Literal["levels", "number", "integer", "date"]] = {
    Kind.TEXT: "levels", Kind.FLOAT: "number", Kind.INTEGER: "integer", Kind.DATE: "date",
}  # fmt: skip


@dataclass(frozen=True)
class Declared:
    """What is known about a column without looking: the ``labels`` of levels, or ``low`` and ``high`` of a quantity.

    Dates are days since 1970.
    """

    labels: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


def modelled(schema: Schema, unit: str | None = None) -> tuple[Column, ...]:
    """The columns that are measured; being constant or empty is no reason to leave one out, as rows tell that."""
    return tuple(c for c in schema if c.role not in _ASIDE and c.name != unit)


def kind_of(column: Column, schema: Schema) -> Literal["levels", "number", "integer", "date"]:
    """How a column is cut into cells; a target of two classes has levels, whatever they are called."""
    if column.role in LEVELS or (column.role is Role.TARGET and schema.positive is not None):
        return "levels"
    return _KINDS[column.kind]


def classes(schema: Schema, columns: Sequence[Column]) -> int | None:
    """Position of the target among ``columns`` where it has classes, which every other column is counted with."""
    return next((i for i, c in enumerate(columns) if c.role is Role.TARGET and kind_of(c, schema) == "levels"), None)


def number_of_pairs(schema: Schema, columns: Sequence[Column]) -> int:
    """Pairs that are counted: a tree, and beside it the target's with every column where it has classes."""
    others = len(columns) - (classes(schema, columns) is not None)
    return max(others - 1, 0) + (others if others < len(columns) else 0)
