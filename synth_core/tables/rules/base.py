"""What every rule between columns has, and how values are compared."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict
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


def filled(frame: pd.DataFrame, columns: tuple[str, ...]) -> np.ndarray:
    """The rows with a value in each of ``columns``, bool of shape (n_rows,)."""
    return frame[list(columns)].notna().all(axis=1).to_numpy()


def plain(value: float | str) -> str:
    """A number or a date as a sentence shows it."""
    return value if isinstance(value, str) else f"{value:,.10g}"
