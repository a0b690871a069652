"""The shared layer's place in a private generator: all it knows of the rows is what a release says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Self

import numpy as np
import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.generators._outside import Outside
from synth_core.generators.dp.decode import decode, new_ids, of_label
from synth_core.generators.dp.release import Release
from synth_core.generators.prepare import Variable
from synth_core.tables import Release as Comes
from synth_core.tables import Role, Schema

_NAMED = 8  #: values named in a refusal


class Released:
    """Has the methods of :class:`~synth_core.generators.prepare.Preparer` that generators and rows need.

    Attributes
    ----------
    release : Release
    variables : tuple of Variable
        One for each axis; every cell is a level.
    """

    def __init__(self, release: Release, schema: Schema) -> None:
        self.outside = Outside()  # nothing can lie outside: every value is drawn within a measured cell
        self.release, self._schema = release, public(schema, release.unit)
        self._rows = max(round(release.rows), 0)
        self.variables = tuple(
            Variable(f"v{place}", axis.name, axis.size, axis.name == schema.target)
            for place, axis in enumerate(release.axes)
        )

    def code(self, column: str, value: object) -> tuple[str, int] | None:
        """Key and cell of a value with a cell of its own; None for a number that may lie in an interval.

        Raises
        ------
        GeneratorError
            No noisy count stands for this value.
        """
        for variable, axis in zip(self.variables, self.release.axes, strict=True):
            if axis.name != column:
                continue
            own = [of_label(label, self._schema[column].kind) for label in axis.labels] or list(axis.points)
            if value in own:
                return variable.key, own.index(value)
            if not axis.edges:
                named = ", ".join(map(str, own[:_NAMED])) + (", …" if len(own) > _NAMED else "")
                raise GeneratorError(
                    f"“{value}” is not among the values of “{column}” that the noisy counts tell: {named or 'none'}. "
                    "Choose one of them, or a larger ε, which lets rarer values through."
                )
        return None

    def restore(self, generated: pd.DataFrame, rows: int, *, seed: int) -> pd.DataFrame:
        """Table rows from cells by variable key; exactly the training columns, dtypes and order."""
        keys = [v.key for v in self.variables]
        codes = generated[keys].to_numpy(dtype="int64").reshape(rows, len(keys))
        return decode(codes, self.release.axes, self._schema, seed)

    def renew_aside(self, rows: pd.DataFrame, *, seed: int) -> pd.DataFrame:
        """The rows with their columns without an axis made anew, for rows put together from several samples."""
        modelled = {axis.name for axis in self.release.axes}
        aside = [c for c in self._schema if c.name not in modelled]
        seeds = np.random.default_rng([seed, 1]).integers(2**31, size=len(aside))
        new = {c.name: new_ids(c, len(rows), int(s)).set_axis(rows.index) for c, s in zip(aside, seeds, strict=True)}
        return rows.assign(**new)

    def _state(self) -> dict[str, Any]:
        return {"release": self.release.to_dict(), "schema": self._schema.to_dict()}

    @classmethod
    def _from_state(cls, state: dict[str, Any]) -> Self:
        return cls(Release.from_dict(state["release"]), Schema.from_dict(state["schema"]))


def public(schema: Schema, unit: str | None) -> Schema:
    """What of a schema the analyst confirmed: names, order, kinds, roles, target; nothing that was read off the rows.

    The person column ``unit`` is an identifier, whatever its role was; sensitive columns and free text come out blank,
    since words that occur in none of the real values cannot be told without reading them.
    """
    columns = []
    for column in schema:
        known = replace(column, reason="", examples=(), decimals=None, missing_tokens=())
        if column.role in (Role.SENSITIVE, Role.FREE_TEXT):
            known = replace(known, release=Comes.DROP)
        elif column.name == unit:
            known = replace(known, role=Role.IDENTIFIER)
        columns.append(known)
    return Schema(tuple(columns), schema.target, schema.positive)
