"""Rows that meet conditions such as ``region = West``: aimed at where the generator can, else picked from many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.progress import Progress
from synth_core.tables import Kind, Role, Schema

if TYPE_CHECKING:
    from synth_core.generators.base import Generator

_FIRST = 1_000  #: rows made at least at a time
_MOST = 200_000  #: rows made at most at a time
_ROUNDS = 25


@dataclass(frozen=True)
class Conditions:
    """Columns and the stored value each must have."""

    values: dict[str, Any]

    @classmethod
    def of(cls, where: Mapping[str, Any], schema: Schema) -> Self:
        """Check columns and values; texts such as ``"1"`` are read as the column's kind.

        Raises
        ------
        GeneratorError
            An unknown column, one that is no category, or a value that does not fit its kind.
        """
        found = {}
        for name, value in where.items():
            if name not in schema:
                raise GeneratorError(f"There is no column “{name}” to set a condition on.")
            column = schema[name]
            if column.role not in (Role.CATEGORICAL, Role.BOOLEAN, Role.TARGET):
                raise GeneratorError(
                    f"“{name}” is {column.role}: a condition such as “{name} = {value}” needs a category, a yes/no "
                    "column or the target."
                )
            try:
                found[name] = {Kind.INTEGER: int, Kind.FLOAT: float}.get(column.kind, str)(value)
            except (TypeError, ValueError):
                raise GeneratorError(f"“{value}” is no value of “{name}”, which holds numbers.") from None
        return cls(found)

    def met(self, frame: pd.DataFrame) -> np.ndarray:
        """Rows that meet them all, bool, shape (n_rows,)."""
        out = np.ones(len(frame), dtype=bool)
        for name, value in self.values.items():
            out &= frame[name].eq(value).fillna(False).to_numpy(dtype=bool)
        return out

    def text(self) -> str:
        return " and ".join(f"{name} = {value}" for name, value in self.values.items())


def conditional_rows(
    generator: Generator, rows: int, conditions: Conditions, *, seed: int, progress: Progress
) -> pd.DataFrame:
    """Exactly ``rows`` rows that meet ``conditions``.

    Raises
    ------
    GeneratorError
        The conditions were never seen in training, or so few rows meet them that the search was given up.
    """
    given: dict[str, int] | None = {}
    for name, value in conditions.values.items():
        place = generator._preparer.code(name, value) if generator.aims else None
        given = None if place is None or given is None else {**given, place[0]: place[1]}
    parts, got, made = [generator._made_rows(0, seed=seed, progress=progress)], 0, 0
    rate = 1.0 if given else 0.5
    for number in range(_ROUNDS):
        if got >= rows:
            break
        want = int(np.clip((rows - got) / rate, min(_FIRST, rows) if given else _FIRST, _MOST))
        batch = generator._made_rows(want, seed=seed + number, progress=progress, given=given)
        if generator._constraints:
            batch = generator._keep_rules(batch, seed=seed + number, progress=progress)
        kept = batch[conditions.met(batch)]
        parts.append(kept)
        got, made = got + len(kept), made + want
        rate = max(got / made, 1 / (4 * made))
        progress.report("sampling", min(got, rows), rows, accepted=f"{got:,} of {made:,}")
    if got < rows:
        raise GeneratorError(
            f"{got:,} of {made:,} rows made had {conditions.text()}; {rows:,} were asked for. "
            + ("Ask for fewer conditions or rows, or use Trees, which aims at them." if not generator.aims else
               "Ask for fewer conditions or rows.")
        )  # fmt: skip
    note = f"Every row has {conditions.text()}."
    if not given:
        note += f" {generator.title} cannot aim at it: {made:,} rows were made and {got:,} of them fitted."
    generator.notes = [n for n in generator.notes if not n.startswith("Every row has ")] + [note]
    together = pd.concat(parts, ignore_index=True).head(rows)
    return generator._preparer.renew_aside(together, seed=seed)  # ids of several samples may be the same
