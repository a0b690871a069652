"""The kinds of rules between columns: what each says, and which rows break it.

A missing cell never breaks a rule. A rule knows nothing of a table but the names of its columns (and what it has to
remember of them: decimals, combinations), so that it can be stored with the schema and tried on any rows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pandas as pd

#: Relative difference that is float arithmetic and not a broken rule.
FLOAT_NOISE = 1e-6


def comparable(values: pd.Series) -> np.ndarray:
    """Values that ``<`` compares: float64 with NaN, or datetime64[ns] with NaT; shape (n_rows,)."""
    if str(values.dtype).startswith("datetime64"):
        return values.to_numpy().astype("datetime64[ns]")
    return values.to_numpy(dtype="float64", na_value=np.nan)


def unit(decimals: int | None) -> float:
    """The step of a column with that many decimals; 0 where it has any number of them."""
    return 0.0 if decimals is None else 10.0**-decimals


class Rule(ABC):
    """What holds between columns of a table; subclasses are frozen dataclasses."""

    kind: ClassVar[str]
    columns: tuple[str, ...]  #: those it speaks of

    @property
    @abstractmethod
    def text(self) -> str:
        """The rule as one plain sentence, without a full stop."""

    @property
    @abstractmethod
    def short(self) -> str:
        """The rule in a few signs, for a list."""

    @abstractmethod
    def tested(self, frame: pd.DataFrame) -> np.ndarray:
        """The rows on which it can be tried, bool of shape (n_rows,)."""

    @abstractmethod
    def broken(self, frame: pd.DataFrame) -> np.ndarray:
        """The rows that break it, bool of shape (n_rows,)."""

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON-ready form; :func:`rule_from_dict` reads it back."""
        return {"kind": self.kind, **asdict(self)}


def _filled(frame: pd.DataFrame, columns: tuple[str, ...]) -> np.ndarray:
    return frame[list(columns)].notna().all(axis=1).to_numpy()


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
        return _filled(frame, self.columns)

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
        return _filled(frame, self.columns)

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
            return f"{self.column} is at least {_plain(self.low)}"
        if self.low is None:
            return f"{self.column} is at most {_plain(self.high)}"
        return f"{self.column} lies between {_plain(self.low)} and {_plain(self.high)}"

    @property
    def short(self) -> str:
        if self.high is None:
            return f"{self.column} ≥ {_plain(self.low)}"
        if self.low is None:
            return f"{self.column} ≤ {_plain(self.high)}"
        return f"{_plain(self.low)} ≤ {self.column} ≤ {_plain(self.high)}"

    def limits(self, dates: bool) -> tuple[Any, Any]:
        """Both ends as values that compare with the column's: floats (±inf if open) or datetime64 (NaT if open)."""
        if dates:
            return tuple(np.datetime64("NaT" if v is None else pd.Timestamp(v), "ns") for v in (self.low, self.high))
        return (-np.inf if self.low is None else float(self.low)), (np.inf if self.high is None else float(self.high))

    def tested(self, frame: pd.DataFrame) -> np.ndarray:
        return _filled(frame, self.columns)

    def broken(self, frame: pd.DataFrame) -> np.ndarray:
        values = comparable(frame[self.column])
        low, high = self.limits(values.dtype.kind == "M")
        return (values < low) | (values > high)


class Derived(Rule):
    """A rule that says what a column is, given others: such a column is never sampled, but computed."""

    @property
    @abstractmethod
    def derived(self) -> str:
        """The column that is computed."""

    @property
    @abstractmethod
    def inputs(self) -> tuple[str, ...]:
        """The columns it is computed from."""

    @abstractmethod
    def expected(self, frame: pd.DataFrame) -> np.ndarray:
        """What the column should hold, float64 of shape (n_rows,); NaN where it cannot be computed."""

    @abstractmethod
    def _tolerance(self, expected: np.ndarray) -> np.ndarray: ...

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.derived, *self.inputs)

    def tested(self, frame: pd.DataFrame) -> np.ndarray:
        return frame[self.derived].notna().to_numpy() & ~np.isnan(self.expected(frame))

    def broken(self, frame: pd.DataFrame) -> np.ndarray:
        expected = self.expected(frame)
        return np.abs(comparable(frame[self.derived]) - expected) > self._tolerance(expected)


@dataclass(frozen=True)
class Sum(Derived):
    """``total`` is the sum of ``parts``, to the total's own rounding."""

    kind: ClassVar[str] = "sum"

    total: str
    parts: tuple[str, ...]
    decimals: int | None = None

    @property
    def derived(self) -> str:
        return self.total

    @property
    def inputs(self) -> tuple[str, ...]:
        return self.parts

    @property
    def text(self) -> str:
        return f"{self.total} is the sum of {', '.join(self.parts[:-1])} and {self.parts[-1]}"

    @property
    def short(self) -> str:
        return f"{self.total} = {' + '.join(self.parts)}"

    def expected(self, frame: pd.DataFrame) -> np.ndarray:
        return np.sum([comparable(frame[p]) for p in self.parts], axis=0)

    def _tolerance(self, expected: np.ndarray) -> np.ndarray:
        # Each part may have been rounded by half a unit too; whole numbers add up exactly.
        rounded = 1 + len(self.parts) if self.decimals else 1
        return unit(self.decimals) / 2 * rounded + FLOAT_NOISE * np.maximum(np.abs(expected), unit(self.decimals))


@dataclass(frozen=True)
class Ratio(Derived):
    """``column`` is ``factor`` × ``numerator`` / ``denominator`` (CTR, CPC, CPM …), to the column's own rounding.

    Where the denominator is 0 the column is blank or 0.
    """

    kind: ClassVar[str] = "ratio"

    column: str
    numerator: str
    denominator: str
    factor: float = 1.0
    decimals: int | None = None

    @property
    def derived(self) -> str:
        return self.column

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.numerator, self.denominator)

    @property
    def text(self) -> str:
        return f"{self.column} is {self._formula}"

    @property
    def short(self) -> str:
        return f"{self.column} = {self._formula}"

    @property
    def _formula(self) -> str:
        times = "" if self.factor == 1 else f"{_plain(self.factor)} × "
        return f"{times}{self.numerator} / {self.denominator}"

    def zero_denominator(self, frame: pd.DataFrame) -> np.ndarray:
        """The rows in which the ratio does not exist, bool of shape (n_rows,)."""
        return comparable(frame[self.denominator]) == 0

    def expected(self, frame: pd.DataFrame) -> np.ndarray:
        below = comparable(frame[self.denominator])
        return self.factor * comparable(frame[self.numerator]) / np.where(below == 0, np.nan, below)

    def broken(self, frame: pd.DataFrame) -> np.ndarray:
        values = comparable(frame[self.column])
        undefined = self.zero_denominator(frame) & ~np.isnan(values) & (values != 0)
        return super().broken(frame) | undefined

    def _tolerance(self, expected: np.ndarray) -> np.ndarray:
        # One unit of the last decimal: reports cut off as well as round, and divide amounts before rounding them.
        return unit(self.decimals) + FLOAT_NOISE * np.maximum(np.abs(expected), unit(self.decimals))


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.10g}"


KINDS: dict[str, type[Rule]] = {c.kind: c for c in (Inequality, FixedCombinations, Range, Sum, Ratio)}


def rule_from_dict(data: dict[str, Any]) -> Rule:
    """The rule of which ``Rule.to_dict`` made ``data``.

    Raises
    ------
    KeyError, TypeError
        ``data`` is no rule's.
    """
    values = {k: _as_tuple(v) for k, v in data.items() if k != "kind"}
    return KINDS[data["kind"]](**values)


def _as_tuple(value: Any) -> Any:
    return tuple(map(_as_tuple, value)) if isinstance(value, list | tuple) else value
