"""A table with its schema: the one representation every other room works on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from synth_core.errors import SchemaError
from synth_core.tables.schema import Kind, Role, Schema
from synth_core.tables.target import Target, Task, task_of

if TYPE_CHECKING:
    from synth_core.tables.split import Split

DTYPES = {Kind.FLOAT: "float64", Kind.INTEGER: "Int64", Kind.TEXT: "object", Kind.DATE: "datetime64[ns]"}


@dataclass(frozen=True, eq=False)
class Table:
    """Real rows and what their columns mean.

    Attributes
    ----------
    frame : pandas.DataFrame, shape (n_rows, n_columns)
        Columns in ``schema`` order, dtypes by ``Kind`` (see ``DTYPES``), index 0…n−1. Treat as read-only.
    schema : Schema
    name : str
        For display only; never used as a path.
    notes : tuple of str
        Plain sentences about how the file was read (delimiter, tokens treated as missing, renamed headers …).
    """

    frame: pd.DataFrame
    schema: Schema
    name: str = "table"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if list(self.frame.columns) != self.schema.names:
            raise SchemaError("The columns of the data and of the schema differ.")
        for column in self.schema:
            if str(self.frame[column.name].dtype) != DTYPES[column.kind]:
                raise SchemaError(
                    f"Column “{column.name}” is stored as {self.frame[column.name].dtype}, "
                    f"but its kind “{column.kind}” needs {DTYPES[column.kind]}."
                )

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def target(self) -> str | None:
        return self.schema.target

    def sha256(self) -> str:
        """Hash of values, headers, roles, formats and rules; equal tables have equal hashes in every process."""
        digest = hashlib.sha256()
        columns = [(c.name, c.original, c.kind.value, c.role.value, c.format, c.decimals) for c in self.schema]
        digest.update(repr(columns).encode())
        digest.update(repr((self.schema.target, self.schema.positive)).encode())
        if releases := [(c.name, c.release.value) for c in self.schema if c.release]:
            digest.update(repr(releases).encode())
        if self.schema.rules:
            digest.update(json.dumps([r.to_dict() for r in self.schema.rules]).encode())
        digest.update(pd.util.hash_pandas_object(self.frame, index=False).to_numpy().tobytes())
        return digest.hexdigest()

    def take(self, rows: np.ndarray) -> Table:
        """The rows at positions ``rows`` (int array), in that order, with a fresh index.

        They keep the classes of the whole table, once it knows them: a part may lack a rare one.
        """
        taken = replace(self, frame=self.frame.iloc[rows].reset_index(drop=True))
        if "outcome" in self.__dict__:
            taken.__dict__["outcome"] = self.outcome
        return taken

    @cached_property
    def outcome(self) -> Target:
        """The column to predict, as models see it.

        Raises
        ------
        SchemaError
            No target, missing outcomes, or a target that no model here can predict.
        """
        return Target.of(self)

    @property
    def task(self) -> Task | None:
        """The kind of prediction, None where there is none."""
        return task_of(self)

    def labels(self) -> np.ndarray:
        """The two-class target as 0/1 integers, shape (n_rows,), 1 = ``schema.positive``.

        Raises
        ------
        SchemaError
            No target, or the target does not have exactly two classes, or has missing values.
        """
        if self.schema.target is not None and self.schema.positive is None:
            values = self.frame[self.schema.target]
            raise SchemaError(
                f"Target “{self.schema.target}” has {values.nunique()} different values; two classes are needed."
            )
        return self.outcome.codes(self.frame).astype(np.int8)

    @property
    def is_binary(self) -> bool:
        return self.schema.target is not None and self.schema.positive is not None

    def features(self) -> pd.DataFrame:
        """The columns a model may look at."""
        return self.frame[self.schema.features]

    def set_aside(self) -> dict[Role, list[str]]:
        """Columns no model looks at, by role."""
        roles = (Role.IDENTIFIER, Role.SENSITIVE, Role.FREE_TEXT, Role.CONSTANT, Role.EMPTY)
        return {r: names for r in roles if (names := self.schema.with_roles(r))}

    def split(self, holdout: float = 0.2, *, seed: int, by_date: str | None = None) -> Split:
        """Lock a holdout before anything else happens; see :func:`synth_core.tables.split.split`."""
        from synth_core.tables.split import split

        return split(self, holdout=holdout, seed=seed, by_date=by_date)
