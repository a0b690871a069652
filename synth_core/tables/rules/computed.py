"""Rules that say what a column is, given others: totals and ratios."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from synth_core.tables.rules.base import FLOAT_NOISE, Rule, comparable, plain, unit


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
        times = "" if self.factor == 1 else f"{plain(self.factor)} × "
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
