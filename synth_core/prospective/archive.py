"""Parts in one zip file, of which no byte can change unnoticed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import BinaryIO

from synth_core.errors import ScorerError
from synth_core.zips import DAMAGE

FORMAT = "synthetic-data-studio scorer"
VERSION = 1
MAX_BYTES = 256 * 2**20  #: of the file, and of all parts together, unpacked
MANIFEST = "manifest.json"
_SEAL = 64  #: hexadecimal SHA-256 of all bytes before it: the zip file's comment, which comes last
_FOREIGN = "This is not a file of a frozen scorer. Choose a .zip that came from “Freeze scorer”."
CHANGED = "This scorer file was changed or damaged after it was saved. Take the original file, or freeze it again."


def manifest(parts: dict[str, bytes]) -> bytes:
    """Names and SHA-256 of parts; its own SHA-256 is the scorer's id."""
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(parts.items())}
    return json.dumps({"format": FORMAT, "version": VERSION, "parts": hashes}, indent=1).encode()


def identity(parts: dict[str, bytes]) -> str:
    """The id of a scorer with these parts."""
    return hashlib.sha256(manifest(parts)).hexdigest()


def pack(parts: dict[str, bytes]) -> bytes:
    """The file: the same parts give the same bytes.

    Raises
    ------
    ScorerError
        The parts are too large.
    """
    if sum(map(len, parts.values())) > MAX_BYTES:
        raise ScorerError(f"The scorer is larger than {MAX_BYTES >> 20} MB: it cannot be saved.")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, MANIFEST: manifest(parts)}.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
        archive.comment = b"0" * _SEAL
    body = buffer.getvalue()[:-_SEAL]
    return body + _seal(body)


def unpack(source: str | Path | bytes | BinaryIO) -> dict[str, bytes]:
    """The parts of a file, the manifest left out.

    Raises
    ------
    ScorerError
        No such file, or a foreign, changed, damaged, too large or newer one.
    """
    content = _read(source)
    if not content.startswith(b"PK"):
        raise ScorerError(_FOREIGN)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            if MANIFEST not in [i.filename for i in listed]:
                raise ScorerError(_FOREIGN if content[-_SEAL:] != _seal(content[:-_SEAL]) else CHANGED)
            if content[-_SEAL:] != _seal(content[:-_SEAL]):
                raise ScorerError(CHANGED)
            if sum(i.file_size for i in listed) > MAX_BYTES:
                raise ScorerError(f"Unpacked, this file is larger than {MAX_BYTES >> 20} MB: it is not opened.")
            parts = {}
            for info in listed:
                with archive.open(info) as part:
                    parts[info.filename] = part.read(info.file_size)
            if len(parts) != len(listed):
                raise ScorerError(CHANGED)
    except DAMAGE as error:
        raise ScorerError(CHANGED) from error
    said = parts.pop(MANIFEST)
    _check_head(said)
    if said != manifest(parts):
        raise ScorerError(CHANGED)
    return parts


def _read(source: str | Path | bytes | BinaryIO) -> bytes:
    too_large = f"The file is larger than {MAX_BYTES >> 20} MB: no frozen scorer is. Choose another file."
    if isinstance(source, bytes | bytearray | memoryview):
        content = bytes(source)
    elif isinstance(source, str | Path):
        try:
            if Path(source).stat().st_size > MAX_BYTES:
                raise ScorerError(too_large)
            content = Path(source).read_bytes()
        except OSError as error:
            raise ScorerError(f"There is no readable file “{Path(source).name}” at this place.") from error
    else:
        content = source.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ScorerError(too_large)
    return content


def _seal(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def _check_head(content: bytes) -> None:
    try:
        head = json.loads(content)
        known, number = head["format"] == FORMAT, head["version"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ScorerError(_FOREIGN) from error
    if not known:
        raise ScorerError(_FOREIGN)
    if not isinstance(number, int) or number > VERSION:
        raise ScorerError("A newer version of this app froze this scorer. Update the app, or freeze it with this one.")
