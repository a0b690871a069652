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
import pyarrow as pa

from synth_core.errors import TableError
from synth_core.records import parse
from synth_core.tables.choices import DAMAGED, Choices
from synth_core.tables.schema import Schema
from synth_core.tables.table import DTYPES, Table

_ID = re.compile(r"[0-9a-f]{64}")
#: What reading damaged files raises.
_DAMAGE = (
    *(OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, ArithmeticError, MemoryError),
    *(NotImplementedError, pa.ArrowException),
)
_HASHED = ("schema.json", "rows.parquet")  #: files whose SHA-256 stands in meta.json


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
                "sha256": {part: _hash(draft / part) for part in _HASHED},
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
        except _DAMAGE:
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
        path = self._choices(table.schema)
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_json(path, Choices.of(table).to_dict())

    def recalled(self, table: Table) -> Table:
        """``table`` with what was chosen for an earlier file with the same headers.

        A choice that does not fit this file's values is left as proposed; a note says which were taken over and
        which not. Without an earlier choice the table comes back unchanged.
        """
        try:
            return Choices.from_dict(_read_json(self._choices(table.schema))).applied(table)
        except OSError:
            return table
        except ValueError:
            return replace(table, notes=(*table.notes, DAMAGED))

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
    meta = _read_json(place / "meta.json")
    hashes = meta.get("sha256")  # tables from before there were hashes have none
    if hashes is not None and any(_hash(place / part) != hashes[part] for part in _HASHED):
        raise ValueError("a file was changed")
    schema = Schema.from_dict(_read_json(place / "schema.json"))
    stored = pd.read_parquet(place / "rows.parquet")
    data = {}
    for position, column in enumerate(schema):
        values = stored[f"c{position}"].astype(DTYPES[column.kind])
        data[column.name] = values.where(values.notna(), None) if values.dtype == object else values
    info = _shown(place, meta, len(data), schema.target)
    return Table(pd.DataFrame(data, index=stored.index), schema, info.name, info.notes)


def _info(place: Path) -> Info | None:
    """What a list shows of a stored table; None where its files cannot be read, or were removed just now."""
    try:
        schema, meta = _read_json(place / "schema.json"), _read_json(place / "meta.json")
        return _shown(place, meta, len(schema["columns"]), schema["target"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _shown(place: Path, meta: dict, columns: int, target: str | None) -> Info:
    """Raises TypeError or ValueError where something is of another kind."""
    name, rows, notes = meta["name"], meta["rows"], tuple(meta["notes"])
    created = dt.datetime.fromisoformat(meta["created"])
    if not all(isinstance(t, str) for t in (name, *notes, target or "")) or not isinstance(rows, int):
        raise TypeError("text is expected in names and notes, and a number of rows")
    if created.tzinfo is None:
        raise ValueError("a time without a zone cannot be compared with others")
    return Info(place.name, name, rows, columns, target, created, notes)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_json(path: Path) -> dict:
    """Raises OSError, or ValueError where the file holds no JSON object."""
    found = parse(path.read_text("utf-8"))
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def _write_json(path: Path, content: object) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    draft.replace(path)
