"""Stored journeys: one folder per upload, named by its content, written whole or not at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from synth_core.errors import JourneyError
from synth_core.journeys.observed import Journeys
from synth_core.journeys.reading import read_journeys
from synth_core.records import parse

_ID = re.compile(r"[0-9a-f]{64}")
_ARRAYS = ("starts", "channel", "conversions", "nulls", "value", "time", "begin", "end", "user")
_MOST_NAME = 120  #: characters of the name that is shown


@dataclass(frozen=True)
class Info:
    """What a list of stored journeys shows.

    Attributes
    ----------
    id, name : str
    paths, touches : int
    channels : tuple of str
    conversions : float
    timed : bool
    created : datetime.datetime
    notes : tuple of str
        Of the reading.
    """

    id: str
    name: str
    paths: int
    touches: int
    channels: tuple[str, ...]
    conversions: float
    timed: bool
    created: dt.datetime
    notes: tuple[str, ...]


class JourneyLibrary:
    """Journeys in a folder, as arrays and JSON. The name of an upload is shown, and never part of a path.

    Parameters
    ----------
    folder : str or Path
        Created at the first ``add``.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def add(
        self,
        data: bytes,
        name: str,
        columns: Mapping[str, str] | None = None,
        *,
        sheet: str | None = None,
        day_first: bool | None = None,
        separator: str | None = None,
    ) -> str:
        """Read an upload (see :func:`~synth_core.journeys.reading.read_journeys`), store it and return its id.

        Raises
        ------
        JourneyError
            The file cannot be read as journeys; nothing is stored then.
        """
        found = read_journeys(data, name=name, columns=columns, sheet=sheet, day_first=day_first, separator=separator)
        return self.keep(found, name)

    def keep(self, journeys: Journeys, name: str) -> str:
        """Store ``journeys`` and return their id, the sha256 of their content; storing them twice is harmless."""
        journeys_id = _hash(journeys)
        place = self.folder / journeys_id
        if place.exists():
            try:
                self.get(journeys_id)
                return journeys_id
            except JourneyError:
                self.remove(journeys_id)  # damaged from outside: store it anew
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=self.folder))
        try:
            np.savez_compressed(draft / "journeys.npz", **_arrays(journeys))
            meta = {
                "name": name[:_MOST_NAME],
                "paths": len(journeys),
                "touches": journeys.touches,
                "channels": list(journeys.channels),
                "conversions": float(journeys.conversions.sum()),
                "timed": journeys.timed,
                "notes": list(journeys.notes),
                "created": dt.datetime.now(dt.UTC).isoformat(),
            }
            (draft / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=1), "utf-8")
            try:
                draft.rename(place)
            except OSError:
                if not place.exists():  # else another process has just stored the same content
                    raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return journeys_id

    def get(self, journeys_id: str) -> Journeys:
        """The stored journeys.

        Raises
        ------
        JourneyError
            None have this id, or their files are damaged.
        """
        place = self._place(journeys_id)
        try:
            meta = parse((place / "meta.json").read_text("utf-8"))
            with np.load(place / "journeys.npz", allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in _ARRAYS if name in stored.files}
            found = Journeys(channels=tuple(meta["channels"]), **arrays, notes=tuple(meta["notes"]))
            whole = _hash(found) == journeys_id
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, EOFError):
            whole = False
        if not whole:
            raise JourneyError("The stored files of these journeys are damaged. Upload them again to store them anew.")
        return found

    def list(self) -> Sequence[Info]:
        """All that can be read, newest first."""
        places = self.folder.iterdir() if self.folder.is_dir() else ()
        found = [info for place in places if _ID.fullmatch(place.name) and (info := _info(place)) is not None]
        return sorted(found, key=lambda info: info.created, reverse=True)

    def remove(self, journeys_id: str) -> None:
        """Forget stored journeys.

        Raises
        ------
        JourneyError
            None have this id.
        """
        place = self._place(journeys_id)
        grave = Path(tempfile.mkdtemp(prefix=".draft-", dir=self.folder))
        place.rename(grave / "journeys")  # gone at once for readers, whatever happens to the files
        shutil.rmtree(grave, ignore_errors=True)

    def _place(self, journeys_id: str) -> Path:
        known = isinstance(journeys_id, str) and _ID.fullmatch(journeys_id)
        if not known or not (self.folder / journeys_id).is_dir():
            raise JourneyError(
                "These journeys were not found. They may have been removed: pick others, or upload them."
            )
        return self.folder / journeys_id


def _arrays(journeys: Journeys) -> dict[str, np.ndarray]:
    return {name: value for name in _ARRAYS if (value := getattr(journeys, name)) is not None}


def _hash(journeys: Journeys) -> str:
    """Of channels and arrays; not of the name and the notes."""
    digest = hashlib.sha256(json.dumps(journeys.channels).encode())
    for name, array in _arrays(journeys).items():
        digest.update(f"{name} {array.dtype} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _info(place: Path) -> Info | None:
    """None where the files cannot be read, or were removed just now."""
    try:
        meta = parse((place / "meta.json").read_text("utf-8"))
        return Info(
            place.name,
            meta["name"],
            meta["paths"],
            meta["touches"],
            tuple(meta["channels"]),
            meta["conversions"],
            meta["timed"],
            dt.datetime.fromisoformat(meta["created"]),
            tuple(meta["notes"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
