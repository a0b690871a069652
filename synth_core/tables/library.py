"""Stored tables: one folder per table, named by its content, written whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from synth_core.errors import SchemaError, TableError
from synth_core.tables.loading import CHOSEN, set_roles, set_target
from synth_core.tables.release import set_releases
from synth_core.tables.rules import adopt, rule_from_dict
from synth_core.tables.schema import Release, Role, Schema
from synth_core.tables.table import DTYPES, Table

_ID = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Info:
    """What a list of stored tables shows."""

    id: str
    name: str
    rows: int
    columns: int
    target: str | None
    created: dt.datetime
    notes: tuple[str, ...]


class TableLibrary:
    """Tables in a folder, as Parquet and JSON.

    Parameters
    ----------
    folder : str or Path
        Created at the first ``add``.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def add(self, table: Table) -> str:
        """Store ``table`` and return its id, the sha256 of its content; storing the same table twice is harmless."""
        table_id = table.sha256()
        place = self.folder / table_id
        if place.exists():
            try:
                self.get(table_id)
                return table_id
            except TableError:
                self._bury(place)  # damaged from outside: store it anew
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=self.folder))
        try:
            # Neutral column names: Parquet gets no say in what a header may be.
            table.frame.set_axis([f"c{i}" for i in range(table.frame.shape[1])], axis=1).to_parquet(
                draft / "rows.parquet", index=False
            )
            _write_json(draft / "schema.json", table.schema.to_dict())
            meta = {
                "name": table.name,
                "notes": list(table.notes),
                "rows": len(table),
                "created": dt.datetime.now(dt.UTC).isoformat(),
            }
            _write_json(draft / "meta.json", meta)
            try:
                draft.rename(place)
            except OSError:
                if not place.exists():  # else another process has just stored the same content
                    raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return table_id

    def __contains__(self, table_id: object) -> bool:
        """Whether a table has this id; its files may be damaged."""
        return isinstance(table_id, str) and bool(_ID.fullmatch(table_id)) and (self.folder / table_id).is_dir()

    def get(self, table_id: str) -> Table:
        """The stored table.

        Raises
        ------
        TableError
            No table has this id, or its files are damaged.
        """
        place = self._place(table_id)
        try:
            return _load(place)
        except (OSError, ValueError, KeyError, TypeError):
            raise TableError(
                "The stored files of this table are damaged. Upload the table again; it will be stored anew."
            ) from None

    def list(self) -> Sequence[Info]:
        """Every stored table that can be read, newest first."""
        places = self.folder.iterdir() if self.folder.is_dir() else ()
        found = [info for place in places if _ID.fullmatch(place.name) and (info := _info(place)) is not None]
        return sorted(found, key=lambda info: info.created, reverse=True)

    def remove(self, table_id: str) -> None:
        """Forget a stored table, and what was chosen for it unless another one has the same headers.

        Raises
        ------
        TableError
            No table has this id.
        """
        place = self._place(table_id)
        self._forget_choices(place)
        self._bury(place)

    def remember(self, table: Table) -> None:
        """Keep the roles, target, rules and releases an analyst chose, for the next file with the same headers."""
        chosen = {c.name: c.role.value for c in table.schema if c.reason == CHOSEN}
        path = self._choices(table.schema)
        path.parent.mkdir(parents=True, exist_ok=True)
        rules = [r.to_dict() for r in table.schema.rules]
        releases = {c.name: c.release.value for c in table.schema if c.release}
        kept = {"roles": chosen, "target": table.target, "positive": table.schema.positive}
        _write_json(path, {**kept, "rules": rules, "releases": releases})

    def recalled(self, table: Table) -> Table:
        """``table`` with what was chosen for an earlier file with the same headers.

        A choice that does not fit this file's values is left as proposed; a note says which were taken over and
        which not. Without an earlier choice the table comes back unchanged.
        """
        try:
            stored = _read_json(self._choices(table.schema))
        except (OSError, ValueError):
            return table
        taken, refused = [], []
        for name, role in stored["roles"].items():
            try:
                table = set_roles(table, {name: Role(role)})
                taken.append(name)
            except SchemaError as error:
                refused.append(str(error))
        for name, release in stored.get("releases", {}).items():
            try:
                table = set_releases(table, {name: Release(release)})
                taken += [name] if name not in taken else []
            except SchemaError as error:
                refused.append(str(error))
        if stored["target"] is not None:
            try:
                table = set_target(table, stored["target"], stored["positive"])
                taken.append(stored["target"])
            except SchemaError as error:
                refused.append(str(error))
        table = adopt(table, map(rule_from_dict, stored.get("rules", ())))
        said = [f"Roles and target were taken over from an earlier file: {', '.join(taken)}."] if taken else []
        if table.schema.rules:
            rules = "; ".join(r.short for r in table.schema.rules)
            said.append(f"Rules were taken over from an earlier file: {rules}.")
        said += [f"An earlier choice was not taken over: {reason}" for reason in refused]
        return replace(table, notes=(*table.notes, *said))

    def _bury(self, place: Path) -> None:
        grave = Path(tempfile.mkdtemp(prefix=".draft-", dir=self.folder))
        place.rename(grave / "table")  # gone at once for readers, whatever happens to the files
        shutil.rmtree(grave, ignore_errors=True)

    def _forget_choices(self, place: Path) -> None:
        gone = self._choices_of(place)
        others = (p for p in self.folder.iterdir() if _ID.fullmatch(p.name) and p != place)
        if gone is not None and all(self._choices_of(other) != gone for other in others):
            gone.unlink(missing_ok=True)

    def _choices_of(self, place: Path) -> Path | None:
        try:
            return self._choices(Schema.from_dict(_read_json(place / "schema.json")))
        except (OSError, ValueError, KeyError, TypeError):  # damaged, or removed just now
            return None

    def _choices(self, schema: Schema) -> Path:
        headers = json.dumps([c.original for c in schema])
        return self.folder / "roles" / f"{hashlib.sha256(headers.encode()).hexdigest()}.json"

    def _place(self, table_id: str) -> Path:
        if table_id not in self:
            raise TableError("This table was not found. It may have been removed: pick another, or upload it again.")
        return self.folder / table_id


def _load(place: Path) -> Table:
    schema = Schema.from_dict(_read_json(place / "schema.json"))
    meta = _read_json(place / "meta.json")
    stored = pd.read_parquet(place / "rows.parquet")
    data = {}
    for position, column in enumerate(schema):
        values = stored[f"c{position}"].astype(DTYPES[column.kind])
        data[column.name] = values.where(values.notna(), None) if values.dtype == object else values
    return Table(pd.DataFrame(data, index=stored.index), schema, meta["name"], tuple(meta["notes"]))


def _info(place: Path) -> Info | None:
    """What a list shows of a stored table; None where its files cannot be read, or were removed just now."""
    try:
        schema, meta = _read_json(place / "schema.json"), _read_json(place / "meta.json")
        return Info(
            place.name,
            meta["name"],
            meta["rows"],
            len(schema["columns"]),
            schema["target"],
            dt.datetime.fromisoformat(meta["created"]),
            tuple(meta["notes"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _read_json(path: Path) -> dict:
    return json.loads(path.read_text("utf-8"))


def _write_json(path: Path, content: object) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    draft.replace(path)
