"""The kinds of rules between columns: what each says, and which rows break it.

A missing cell never breaks a rule. A rule knows nothing of a table but the names of its columns (and what it has to
remember of them: decimals, combinations), so that it can be stored with the schema and tried on any rows.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from math import isfinite
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from synth_core.tables.rules.base import Rule, comparable, filled, plain
from synth_core.tables.rules.computed import Ratio, Sum


@dataclass(frozen=True)
class Inequality(Rule):
    """``low`` is at most ``high`` (below it, where ``strict``); numbers or dates."""

    kind: ClassVar[str] = "inequality"

    low: str
    high: str
    strict: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.low, self.high)

    @property
    def text(self) -> str:
        return f"{self.low} is always below {self.high}" if self.strict else f"{self.low} never exceeds {self.high}"

    @property
    def short(self) -> str:
        return f"{self.low} {'<' if self.strict else '≤'} {self.high}"

    def tested(self, frame: pd.DataFrame) -> np.ndarray:
        return filled(frame, self.columns)

    def broken(self, frame: pd.DataFrame) -> np.ndarray:
        low, high = comparable(frame[self.low]), comparable(frame[self.high])
        return low >= high if self.strict else low > high


@dataclass(frozen=True)
class FixedCombinations(Rule):
    """``columns`` occur together only as in ``allowed``: the combinations of the real table.

    Attributes
    ----------
    columns : tuple of str
    allowed : tuple of tuple
        One tuple of values (text or numbers, none missing) per combination.
    """

    kind: ClassVar[str] = "combinations"

    columns: tuple[str, ...]
    allowed: tuple[tuple, ...]

    @property
    def text(self) -> str:
        names = " and ".join([", ".join(self.columns[:-1]), self.columns[-1]])
        return f"{names} occur only in the {len(self.allowed):,} combinations of the real table"

    @property
    def short(self) -> str:
        return f"{' + '.join(self.columns)} as in the real table"

    @cached_property
    def _codes(self) -> tuple[list[dict], np.ndarray]:
        """A code for each value of each column, and the codes of the allowed combinations."""
        levels = [{v: i for i, v in enumerate(dict.fromkeys(values))} for values in zip(*self.allowed, strict=True)]
        codes = np.array([[level[v] for level, v in zip(levels, row, strict=True)] for row in self.allowed])
        return levels, self._keys(codes, levels)

    @staticmethod
    def _keys(codes: np.ndarray, levels: list[dict]) -> np.ndarray:
        key = np.zeros(len(codes), dtype="int64")
        for j, level in enumerate(levels):
            key = key * len(level) + codes[:, j]
        return key

    def tested(self, frame: pd.DataFrame) -> np.ndarray:
        return filled(frame, self.columns)

    def broken(self, frame: pd.DataFrame) -> np.ndarray:
        levels, allowed = self._codes
        mapped = [frame[c].astype("object").map(level) for c, level in zip(self.columns, levels, strict=True)]
        codes = np.column_stack([m.to_numpy(dtype="float64", na_value=-1) for m in mapped]).astype("int64")
        unknown = (codes < 0).any(axis=1)
        return self.tested(frame) & (unknown | ~np.isin(self._keys(codes, levels), allowed))


@dataclass(frozen=True)
class Range(Rule):
    """``column`` lies between ``low`` and ``high`` (either may be open); dates as ISO text."""

    kind: ClassVar[str] = "range"

    column: str
    low: float | str | None = None
    high: float | str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.column,)

    @property
    def text(self) -> str:
        if self.high is None:
            return f"{self.column} is at least {plain(self.low)}"
        if self.low is None:
            return f"{self.column} is at most {plain(self.high)}"
        return f"{self.column} lies between {plain(self.low)} and {plain(self.high)}"

    @property
    def short(self) -> str:
        if self.high is None:
            return f"{self.column} ≥ {plain(self.low)}"
        if self.low is None:
            return f"{self.column} ≤ {plain(self.high)}"
        return f"{plain(self.low)} ≤ {self.column} ≤ {plain(self.high)}"

    def limits(self, dates: bool) -> tuple[Any, Any]:
        """Both ends as values that compare with the column's: floats (±inf if open) or datetime64 (NaT if open)."""
        if dates:
            return tuple(np.datetime64("NaT" if v is None else pd.Timestamp(v), "ns") for v in (self.low, self.high))
        return (-np.inf if self.low is None else float(self.low)), (np.inf if self.high is None else float(self.high))

    def tested(self, frame: pd.DataFrame) -> np.ndarray:
        return filled(frame, self.columns)

    def broken(self, frame: pd.DataFrame) -> np.ndarray:
        values = comparable(frame[self.column])
        low, high = self.limits(values.dtype.kind == "M")
        return (values < low) | (values > high)


KINDS: dict[str, type[Rule]] = {c.kind: c for c in (Inequality, FixedCombinations, Range, Sum, Ratio)}


def rule_from_dict(data: dict[str, Any]) -> Rule:
    """The rule of which ``Rule.to_dict`` made ``data``.

    Raises
    ------
    KeyError, TypeError
        ``data`` is no rule's.
    """
    if not isinstance(data, dict):
        raise TypeError("a rule is a mapping")
    kind = KINDS[data["kind"]]
    values = {k: _as_tuple(v) for k, v in data.items() if k != "kind"}
    allowed = {f.name: _ALLOWED[str(f.type)] for f in fields(kind)}
    if bad := [k for k, v in values.items() if not allowed[k](v)]:
        raise TypeError(f"{bad[0]} of a rule is of another type")
    return kind(**values)


def _is_names(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and all(isinstance(v, str) for v in value)


def _is_rows(value: Any) -> bool:
    """Combinations: rows of equally many plain values."""
    if not isinstance(value, tuple) or not all(isinstance(row, tuple) and len(row) == len(value[0]) for row in value):
        return False
    return all(isinstance(v, str | int | float) for row in value for v in row)


#: What a stored field of a rule may hold, by the field's type.
_ALLOWED = {
    "str": lambda v: isinstance(v, str),
    "bool": lambda v: isinstance(v, bool),
    "int | None": lambda v: v is None or (isinstance(v, int) and not isinstance(v, bool) and 0 <= v <= 15),
    "float": lambda v: isinstance(v, int | float) and not isinstance(v, bool) and isfinite(v),
    "float | str | None": lambda v: v is None or isinstance(v, str | int | float),
    "tuple[str, ...]": _is_names,
    "tuple[tuple, ...]": _is_rows,
}


def _as_tuple(value: Any) -> Any:
    return tuple(map(_as_tuple, value)) if isinstance(value, list | tuple) else value
