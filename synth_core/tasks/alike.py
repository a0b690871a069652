"""The real rows that synthetic ones are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from synth_core.generators import Conditions
from synth_core.tables import Holdout, Schema, Split, Table, Train
from synth_core.tables.conform import only_columns


def compared(table: Table, spec: Mapping[str, Any], schema: Schema) -> tuple[Train, Holdout | None]:
    """The real rows that the generator of a run saw, and those it did not, in the columns of its synthetic rows.

    Parameters
    ----------
    table : Table
        The stored table of the run.
    spec : mapping
        Of a ``generate`` or ``audit`` run.
    schema : Schema
        Of the synthetic rows; a table made elsewhere may lack columns.
    """
    if spec.get("saw") == "all":
        train, holdout = Train(table, np.arange(len(table))), None
    else:
        train, holdout = alike(table.split(holdout=spec["holdout"], seed=spec["seed"]), spec.get("where"))
    return _part(train, schema), _part(holdout, schema) if holdout is not None else None


def alike(split: Split, where: Mapping[str, Any] | None) -> tuple[Train, Holdout | None]:
    """The real rows that meet the conditions of the synthetic ones; no holdout where none of its rows does."""
    conditions = Conditions.of(where or {}, split.train.schema)
    held = split.holdout.only(conditions.met(split.holdout.frame))
    return split.train.only(conditions.met(split.train.frame)), held if len(held) else None


def _part(rows: Any, schema: Schema) -> Any:
    return replace(rows, table=only_columns(rows.table, schema.names))
