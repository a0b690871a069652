"""Which columns are measured and how, from what the analyst has confirmed and from no row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from synth_core.tables import Column, Kind, Role, Schema
from synth_core.tables.schema import LEVELS

FEW = 32  #: whole numbers between declared bounds that all get a cell
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

    @property
    def few(self) -> bool:
        """Whether every whole number between the bounds can have a cell of its own."""
        return self.low is not None and self.high is not None and self.high - self.low < FEW


def modelled(schema: Schema, unit: str | None = None) -> tuple[Column, ...]:
    """The columns that are measured; being constant or empty is no reason to leave one out, as rows tell that."""
    return tuple(c for c in schema if c.role not in _ASIDE and c.name != unit)


def kind_of(column: Column, schema: Schema) -> Literal["levels", "number", "integer", "date"]:
    """How a column is cut into cells; a target of two classes has levels, whatever they are called."""
    if column.role in LEVELS or (column.role is Role.TARGET and schema.positive is not None):
        return "levels"
    return _KINDS[column.kind]


def is_whole(column: Column, schema: Schema) -> bool:
    """Whether values are whole numbers, or days without a time of day; told by kind and format, not by the rows."""
    kind = kind_of(column, schema)
    if kind == "date":
        return "%" in (column.format or "") and not any(f"%{c}" in column.format for c in "HIMSf")
    return kind == "integer"


def searched(schema: Schema, columns: Sequence[Column], declared: Mapping[str, Declared]) -> tuple[Column, ...]:
    """The columns whose cells are found with budget: all but those with declared labels, or a few declared numbers.

    Between declared bounds, too, cells must lie where the rows are: without the search, equal steps were worse than
    undeclared bounds (ad_table_30k at ε = 1: an error of all pairs of 0.036 instead of 0.021).
    """
    return tuple(
        c for c in columns
        if c.name not in declared
        or not (kind_of(c, schema) == "levels" or (is_whole(c, schema) and declared[c.name].few))
    )  # fmt: skip


def classes(schema: Schema, columns: Sequence[Column]) -> int | None:
    """Position of the target among ``columns`` where it has classes, which every other column is counted with."""
    return next((i for i, c in enumerate(columns) if c.role is Role.TARGET and kind_of(c, schema) == "levels"), None)


def number_of_pairs(schema: Schema, columns: Sequence[Column]) -> int:
    """Pairs that are counted: a tree, and beside it the target's with every column where it has classes."""
    others = len(columns) - (classes(schema, columns) is not None)
    return max(others - 1, 0) + (others if others < len(columns) else 0)
