"""Stored brands: one folder per brand, one file per version, none ever changed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from synth_core.errors import VoiceError
from synth_core.records import parse
from synth_core.voice.records import Brand

_ID = re.compile(r"([0-9a-f]{16})(?:@([1-9]\d{0,5}))?")
_VERSION = re.compile(r"v(\d{6})\.json")
_MOST_NAME = 80


@dataclass(frozen=True)
class Info:
    """What a list of stored brands shows.

    Attributes
    ----------
    id, name : str
    version : int
        The newest.
    approved, contrast : int
        Lines.
    created, changed : datetime.datetime
        Of the first and of the newest version.
    """

    id: str
    name: str
    version: int
    approved: int
    contrast: int
    created: dt.datetime
    changed: dt.datetime

    @property
    def exact(self) -> str:
        """Id with the version: what a run is given, so that a run again sees the same lines."""
        return f"{self.id}@{self.version}"


class BrandLibrary:
    """Brands in a folder. The name of a brand is shown, and never part of a path.

    An id alone means the newest version; ``id@3`` means the third.

    Parameters
    ----------
    folder : str or Path
        Created at the first ``add``.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def add(self, brand: Brand) -> str:
        """Store a new brand and return its id.

        Raises
        ------
        VoiceError
            It has no name, or another brand has it.
        """
        self._check(brand, None)
        self.folder.mkdir(parents=True, exist_ok=True)
        brand_id = secrets.token_hex(8)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=self.folder))
        try:
            _write(draft, 1, brand)
            draft.rename(self.folder / brand_id)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return brand_id

    def get(self, brand_id: str) -> Brand:
        """A stored brand, ``id`` or ``id@version``.

        Raises
        ------
        VoiceError
            There is none, or its file is damaged.
        """
        place, version = self._place(brand_id)
        try:
            return Brand.from_dict(_read(place, version)["brand"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise VoiceError("The stored file of this brand is damaged. Store the brand anew.") from error

    def exact(self, brand_id: str) -> str:
        """The id with its version.

        Raises
        ------
        VoiceError
            There is none.
        """
        place, version = self._place(brand_id)
        return f"{place.name}@{version}"

    def update(self, brand_id: str, brand: Brand) -> int:
        """Store a new version and return its number; the same content again is no new version.

        Raises
        ------
        VoiceError
            There is no such brand, or another one has the new name.
        """
        place, newest = self._place(brand_id.split("@")[0])
        self._check(brand, place.name)
        if self.get(place.name) == brand:
            return newest
        while True:
            newest += 1
            try:
                _write(place, newest, brand)
                return newest
            except FileExistsError:  # another session was faster
                continue

    def list(self) -> Sequence[Info]:
        """All brands that can be read, by name."""
        places = self.folder.iterdir() if self.folder.is_dir() else ()
        found = [info for place in places if _ID.fullmatch(place.name) and (info := _info(place)) is not None]
        return sorted(found, key=lambda info: (info.name.casefold(), info.id))

    def remove(self, brand_id: str) -> None:
        """Forget a brand with all its versions.

        Raises
        ------
        VoiceError
            There is none.
        """
        place, _ = self._place(brand_id.split("@")[0])
        grave = Path(tempfile.mkdtemp(prefix=".draft-", dir=self.folder))
        place.rename(grave / "brand")  # gone at once for readers, whatever happens to the files
        shutil.rmtree(grave, ignore_errors=True)

    def _check(self, brand: Brand, own: str | None) -> None:
        name = brand.name.strip()
        if not name or len(name) > _MOST_NAME:
            raise VoiceError(f"A brand needs a name of at most {_MOST_NAME} characters.")
        if any(info.name.casefold() == name.casefold() and info.id != own for info in self.list()):
            raise VoiceError(f"There is a brand “{name}” already. Choose another name, or change that one.")

    def _place(self, brand_id: str) -> tuple[Path, int]:
        match = _ID.fullmatch(brand_id) if isinstance(brand_id, str) else None
        versions = _versions(self.folder / match[1]) if match else []
        wanted = int(match[2]) if match and match[2] else max(versions, default=0)
        if not match or wanted not in versions:
            raise VoiceError("This brand was not found. It may have been removed: choose another, or store it anew.")
        return self.folder / match[1], wanted


def seed_hash(brand: Brand) -> str:
    """SHA-256 of the approved lines, their sources and briefs."""
    content = [[line.text, line.source, line.brief] for line in brand.approved]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _versions(place: Path) -> list[int]:
    names = (file.name for file in place.iterdir()) if place.is_dir() else ()
    return sorted(int(match[1]) for name in names if (match := _VERSION.fullmatch(name)))


def _read(place: Path, version: int) -> dict:
    return parse((place / f"v{version:06d}.json").read_text("utf-8"))


def _write(place: Path, version: int, brand: Brand) -> None:
    """Whole or not at all, and never over another version."""
    content = {"brand": brand.to_dict(), "created": dt.datetime.now(dt.UTC).isoformat()}
    handle, name = tempfile.mkstemp(prefix=".draft-", dir=place)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.link(name, place / f"v{version:06d}.json")
    finally:
        os.unlink(name)


def _info(place: Path) -> Info | None:
    """None where the files cannot be read, or were removed just now."""
    try:
        versions = _versions(place)
        newest, first = _read(place, versions[-1]), _read(place, versions[0])
        brand = newest["brand"]
        created, changed = (dt.datetime.fromisoformat(content["created"]) for content in (first, newest))
        return Info(
            place.name, brand["name"], versions[-1], len(brand["approved"]), len(brand["contrast"]), created, changed
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
