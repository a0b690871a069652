"""The columns no generator sees: constants, empty columns, and those whose real values never leave."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd

from synth_core.tables import Column, Kind, Release, Role, Table
from synth_core.tables.release import Source, as_kind
from synth_core.tables.schema import RELEASES

#: What a note says of columns of a role that come out as …
_SAYINGS = {
    (Role.IDENTIFIER, Release.DROP): "left blank",
    (Role.IDENTIFIER, Release.FAKE): "new ids are made, none of the real ones",
    (Role.SENSITIVE, Release.DROP): "left blank so that no real value is repeated",
    (Role.SENSITIVE, Release.FAKE): "invented values, none of the real ones",
    (Role.FREE_TEXT, Release.DROP): "left blank so that no real text is repeated",
    (Role.FREE_TEXT, Release.FAKE): "invented text, none of the real",
}
_HASHED = "random codes, like the ones that stand for the real values"


class Aside:
    """Learned from a table, makes its set-aside columns anew.

    Attributes
    ----------
    notes : list of str
        What comes out, in plain sentences.
    """

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._sources: dict[str, Source] = {}
        self._constants: dict[str, tuple[Any, float]] = {}  # column -> its value, share missing
        self._leaders: dict[str, str] = {}  # column -> the first whose values stand in the same rows

    def fit(self, table: Table) -> Aside:
        groups: dict[tuple[Role, Release], list[str]] = {}
        layouts: dict[bytes, str] = {}
        for column in table.schema:
            values = table.frame[column.name]
            if column.role in RELEASES:
                source = self._sources[column.name] = Source.of(column, values)
                groups.setdefault((column.role, source.release), []).append(column.name)
                if source.release is not Release.DROP:
                    layout = hashlib.sha256(pd.factorize(values)[0].tobytes()).digest()
                    self._leaders[column.name] = layouts.setdefault(layout, column.name)
            elif column.role is Role.CONSTANT and values.notna().any():
                self._constants[column.name] = (values.dropna().iloc[0], float(values.isna().mean()))
        for (role, release), names in groups.items():
            self.notes.append(f"{', '.join(names)} ({role}): {_SAYINGS.get((role, release), _HASHED)}.")
        if names := table.schema.with_roles(Role.EMPTY):
            self.notes.append(f"{', '.join(names)} (empty): kept empty.")
        if names := [n for n, s in self._sources.items() if s.repeats and s.release is not Release.DROP]:
            self.notes.append(
                f"{', '.join(names)}: a new value stands in as many rows as the real ones do; which rows is drawn at "
                "random."
            )
        return self

    def restore(self, column: Column, rows: int, *, seeds: dict[str, int]) -> pd.Series:
        """The column anew, shape (rows,), in its storage dtype; ``seeds`` has one for each set-aside column."""
        seed = seeds[column.name]
        if column.name in self._sources:
            leader = self._leaders.get(column.name, column.name)
            return self._sources[column.name].column(rows, seed=seed, layout=seeds[leader])
        values = np.full(rows, None, dtype=object)
        if column.name in self._constants:
            value, missing = self._constants[column.name]
            values[np.random.default_rng(seed).random(rows) >= missing] = value
        return as_kind(values, column.kind)

    def to_plain(self, kinds: dict[str, Kind]) -> dict[str, Any]:
        """Plain form; :meth:`from_plain` reads it back. Of a constant column the value is kept, of others none."""
        return {
            "notes": self.notes,
            "leaders": self._leaders,
            "sources": {n: s.to_dict() for n, s in self._sources.items()},
            "constants": {n: [to_plain(v, kinds[n]), missing] for n, (v, missing) in self._constants.items()},
        }

    @classmethod
    def from_plain(cls, data: dict[str, Any], kinds: dict[str, Kind]) -> Aside:
        new = cls()
        new.notes = list(data["notes"])
        new._sources = {n: Source.from_dict(d) for n, d in data["sources"].items()}
        new._leaders = dict(data["leaders"])
        new._constants = {n: (from_plain(v, kinds[n]), float(missing)) for n, (v, missing) in data["constants"].items()}
        return new


def to_plain(value: Any, kind: Kind) -> Any:
    """A value of a table, None = missing, for JSON; dates as nanoseconds."""
    if value is None:
        return None
    if kind is Kind.DATE:
        return int(pd.Timestamp(value).value)
    return value.item() if isinstance(value, np.generic) else value


def from_plain(value: Any, kind: Kind) -> Any:
    """What :func:`to_plain` was given."""
    return pd.Timestamp(value) if value is not None and kind is Kind.DATE else value
