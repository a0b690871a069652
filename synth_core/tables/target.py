"""What is to be predicted: two classes, several classes, or a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
import pandas as pd

from synth_core.errors import SchemaError
from synth_core.tables.schema import Kind

if TYPE_CHECKING:
    from synth_core.tables.table import Table

Task = Literal["binary", "multiclass", "regression"]

MANY_VALUES = 20  #: a target of numbers with more distinct values than this is a quantity, not a set of classes
MOST_CLASSES = 20


@dataclass(frozen=True)
class Target:
    """The column to predict, as models see it.

    Attributes
    ----------
    name : str
    task : {"binary", "multiclass", "regression"}
    classes : tuple of str
        ``(other, positive)`` for two classes; sorted by name for several; empty for a number.
    """

    name: str
    task: Task
    classes: tuple[str, ...] = ()

    @classmethod
    def of(cls, table: Table) -> Self:
        """The target of ``table``.

        Raises
        ------
        SchemaError
            No target, missing outcomes, a date, or more than 20 classes.
        """
        name = table.schema.target
        if name is None:
            raise SchemaError("No target column is chosen. Pick the column to predict on the Data page.")
        values = table.frame[name]
        if values.isna().any():
            raise SchemaError(
                f"Target “{name}” is missing in {int(values.isna().sum()):,} rows. "
                "Remove those rows or fill in the outcome."
            )
        task = task_of(table)
        if task is None:
            raise SchemaError(_why_not(name, table.schema[name].kind, values))
        if task == "binary":
            return cls(name, task, tuple(_labels(values, table.schema.positive)))
        return cls(name, task, tuple(sorted(values.astype(str).unique())) if task == "multiclass" else ())

    def codes(self, frame: pd.DataFrame) -> np.ndarray:
        """The outcomes of ``frame`` as float64, shape (n_rows,): positions in ``classes``, or the number itself.

        Raises
        ------
        SchemaError
            A value that is none of the classes.
        """
        if self.task == "regression":
            return frame[self.name].to_numpy(dtype="float64", na_value=np.nan)
        places = pd.Categorical(frame[self.name].astype(str), categories=list(self.classes)).codes
        if (places < 0).any():
            raise SchemaError(
                f"“{frame[self.name].iloc[int((places < 0).argmax())]}” is none of the classes of “{self.name}” in the "
                f"training rows: {', '.join(self.classes)}."
            )
        return places.astype(float)


def task_of(table: Table) -> Task | None:
    """The kind of prediction; None without a target, for a date, one class, or more classes than can be compared."""
    name = table.schema.target
    if name is None:
        return None
    if table.schema.positive is not None:
        return "binary"
    kind, distinct = table.schema[name].kind, table.frame[name].nunique()
    if kind is Kind.DATE or distinct < 2:
        return None
    if kind is not Kind.TEXT and distinct > MANY_VALUES:
        return "regression"
    return "multiclass" if distinct <= MOST_CLASSES else None


def strata(values: np.ndarray, task: Task) -> np.ndarray:
    """What a split keeps in proportion: classes, or fifths of a number. Integers, shape (n_rows,)."""
    if task != "regression":
        return values.astype(int)
    edges = np.unique(np.quantile(values, [0.2, 0.4, 0.6, 0.8]))
    return np.searchsorted(edges, values, side="right")


def _labels(values: pd.Series, positive: str) -> list[str]:
    """The other class first, then the positive one."""
    others = [c for c in values.astype(str).unique() if c != positive]
    return [others[0] if others else f"not {positive}", positive]


def _why_not(name: str, kind: Kind, values: pd.Series) -> str:
    if kind is Kind.DATE:
        return f"Target “{name}” is a date: choose a column with classes or a number to predict."
    return (
        f"Target “{name}” has {values.nunique():,} different values, such as “{values.iloc[0]}”: models are compared "
        f"on at most {MOST_CLASSES} classes, or on a number. Choose another column, or group its values."
    )
