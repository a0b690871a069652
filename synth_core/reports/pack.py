"""A hand-over pack as a file: its parts in one ZIP, with a manifest of their hashes; read with suspicion."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synth_core.errors import PackError
from synth_core.records import parse
from synth_core.reports.pack_names import plain
from synth_core.zips import DAMAGE

FORMAT = "synthetic-data-studio pack"
VERSION = 1
MAX_BYTES = 200 * 2**20  #: of the file
MAX_UNPACKED = 768 * 2**20  #: of all parts together
MAX_JSON = 64 * 2**20  #: of one stored result
MANIFEST = "manifest.json"
README, CSV, PARQUET, REPORT = "README.txt", "synthetic.csv", "synthetic.parquet", "report.html"
CARD_JSON, CARD_MARKDOWN = "data_card.json", "data_card.md"
CERTIFICATE_JSON, CERTIFICATE_MARKDOWN = "certificate.json", "certificate.md"
RUN = "run.json"
#: Task → the files of its run that a pack may hold.
RESULTS = {
    "generate": ("schema.json", "summary.json", "fidelity.json", "release.json"),
    "privacy": ("privacy.json",),
    "lift": ("study.json",),
}
_NEEDED = frozenset(
    {
        README,
        CSV,
        PARQUET,
        CARD_JSON,
        CARD_MARKDOWN,
        *(f"runs/generate/{n}" for n in (RUN, "schema.json", "summary.json")),
    }
)
_KNOWN = _NEEDED | {REPORT, CERTIFICATE_JSON, CERTIFICATE_MARKDOWN}
_KNOWN |= {f"runs/{task}/{name}" for task, names in RESULTS.items() for name in (RUN, *names)}
_FOREIGN = "This is not a hand-over pack. Choose a .zip that came from “Make pack”, as it was downloaded."
_CUT = "This is not a hand-over pack, or not all of one. Take the file as it was downloaded, or download it again."
_CHANGED = "This hand-over pack was changed or damaged after it was made. Take the original file, or ask for a new one."
_END, _END_64, _END_SIZE = b"PK\x05\x06", b"PK\x06\x07", 22
_MAX_DIRECTORY = 64 * 2**10  #: bytes that list the parts; thousands of entries need more


@dataclass(frozen=True)
class Pack:
    """What an opened pack holds.

    Attributes
    ----------
    id : str
        SHA-256 of the manifest, so of everything.
    product : str
        Version of the app that made it.
    parts : dict
        Name → content, the manifest left out.
    """

    id: str
    product: str
    parts: dict[str, bytes]

    def json(self, name: str) -> Any:
        """A part as JSON.

        Raises
        ------
        PackError
            It is none, or it is missing or too large.
        """
        content = self.parts.get(name)
        if content is None or len(content) > MAX_JSON:
            raise PackError(_CHANGED)
        return _json(content)


def sealed(parts: Mapping[str, bytes], *, product: str) -> bytes:
    """The file: the same parts give the same bytes.

    Raises
    ------
    PackError
        The parts are too large together.
    """
    if sum(map(len, parts.values())) > MAX_UNPACKED or any(
        len(content) > MAX_JSON for name, content in parts.items() if name.startswith("runs/")
    ):
        raise PackError(f"This pack would be larger than {MAX_UNPACKED >> 20} MB. Make fewer rows, then pack them.")
    everything = {**parts, MANIFEST: _manifest(parts, product)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(everything.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    if buffer.tell() > MAX_BYTES:
        raise PackError(f"This pack would be larger than {MAX_BYTES >> 20} MB. Make fewer rows, then pack them.")
    return buffer.getvalue()


def opened(content: bytes) -> Pack:
    """Read a pack and check all of it against its manifest; nothing in it is executed or written anywhere.

    Raises
    ------
    PackError
        A foreign, changed, incomplete, too large or newer file; the text says which.
    """
    if len(content) > MAX_BYTES:
        raise PackError(f"The file is larger than {MAX_BYTES >> 20} MB: no hand-over pack is. Choose another file.")
    if not content.startswith(b"PK"):
        raise PackError(_FOREIGN)
    _check_end(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            _check_listed(listed)
            parts = {info.filename: _part(archive, info) for info in listed}
    except DAMAGE as error:
        raise PackError(_CHANGED) from error
    said = parts.pop(MANIFEST)
    product = _check_manifest(_json(said), parts)
    if missing := sorted(_NEEDED - set(parts)):
        raise PackError(f"This hand-over pack is not complete: “{missing[0]}” is missing. Ask for the pack again.")
    return Pack(hashlib.sha256(said).hexdigest(), product, parts)


def to_json(content: Any) -> bytes:
    """JSON as it stands in a pack."""
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _manifest(parts: Mapping[str, bytes], product: str) -> bytes:
    files = {n: {"sha256": hashlib.sha256(c).hexdigest(), "bytes": len(c)} for n, c in parts.items()}
    return to_json({"format": FORMAT, "version": VERSION, "product": product, "files": files})


def _check_end(content: bytes) -> None:
    """See that the file ends as ours do and lists no more parts than a pack can have, before the list is read."""
    end = content[-_END_SIZE:]
    if not end.startswith(_END) or end[-2:] != b"\0\0" or content[-_END_SIZE - 20 :].startswith(_END_64):
        raise PackError(_CUT)
    if int.from_bytes(end[12:16], "little") > _MAX_DIRECTORY:
        raise PackError("This file lists far more parts than a hand-over pack has. It is not opened.")


def _check_listed(listed: list[zipfile.ZipInfo]) -> None:
    names = [info.filename for info in listed]
    if MANIFEST not in names:
        raise PackError(_FOREIGN)
    if odd := sorted(set(names) - _KNOWN - {MANIFEST}):
        raise PackError(f"This file holds “{plain(odd[0], 60)}”, which no hand-over pack does. It is not opened.")
    if len(names) != len(set(names)):
        raise PackError("This file holds two parts of one name, which no hand-over pack does. It is not opened.")
    for info in listed:
        if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
            raise PackError(f"“{info.filename}” is a link or a folder in this file, which no hand-over pack has.")
        if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise PackError(f"“{info.filename}” is encrypted or packed in an unknown way. Take the original file.")
    if sum(info.file_size for info in listed) > MAX_UNPACKED:
        raise PackError(f"Unpacked, this file is larger than {MAX_UNPACKED >> 20} MB: it is not opened.")


def _part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """No more of a part than it says it has; whether that is all of it, its checksum tells."""
    with archive.open(info) as part:
        content = part.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise PackError(_CHANGED)
    return content


def _check_manifest(manifest: Any, parts: Mapping[str, bytes]) -> str:
    """See that it is ours and that every part is as it says; returns the version that made it."""
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise PackError(_FOREIGN)
    version = manifest.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise PackError(_FOREIGN)
    if version > VERSION:
        raise PackError("A newer version of this app made this hand-over pack. Update the app, then open it again.")
    files, product = manifest.get("files"), manifest.get("product")
    if not isinstance(files, dict) or not isinstance(product, str):
        raise PackError(_CHANGED)
    if missing := sorted(set(files) - set(parts)):
        raise PackError(f"This hand-over pack is not complete: “{plain(missing[0], 60)}” is missing. Ask for it again.")
    for name, content in parts.items():
        if files.get(name) != {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}:
            raise PackError(f"“{name}” is not as it was when this pack was made. {_CHANGED}")
    return plain(product, 40)


def _json(content: bytes) -> Any:
    try:
        return parse(content.decode("utf-8"))
    except ValueError as error:
        raise PackError(_CHANGED) from error
