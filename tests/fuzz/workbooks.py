"""Workbooks with damage in their XML, and zip files that are not what they list."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import zipfile
import zlib

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from tests.fuzz import odd, spoil

Parts = list[tuple[str, bytes]]
_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a0 "' + "lol" * 50 + '">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 9))
    + "]>"
)  # fmt: skip
_OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a8 SYSTEM "{}">]>'


def workbook(rng: random.Random, rows: list[list[str]]) -> bytes:
    """The rows as a workbook, cells in the types that Excel has."""
    book = openpyxl.Workbook()
    sheet = book.active
    for number, row in enumerate(rows):
        sheet.append([_legal(cell) if number == 0 else _typed(rng, cell) for cell in row])
    for _ in range(rng.choice((0, 0, 1, 2))):
        other = book.create_sheet(rng.choice(("Notes", "Ünïcode", "2", "a" * 31)))
        other["B3"] = rng.choice((1, "x", None))
    if rng.random() < 0.1:
        sheet.merge_cells("A2:B3")
    if rng.random() < 0.05:
        book.create_chartsheet("Chart", 0)
    buffer = io.BytesIO()
    book.save(buffer)
    when = rb"\d{4}-\d\d-\d\dT[\d:]+Z"  # of saving: the same seed must make the same file
    return zipped([(n, re.sub(when, b"2024-01-01T00:00:00Z", c)) for n, c in unzip(buffer.getvalue())])


def _typed(rng: random.Random, cell: str) -> object:
    roll = rng.random()
    if roll < 0.03:
        return rng.choice((
            dt.datetime(1900, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59), dt.date(2024, 2, 29), dt.time(12, 30),
            dt.timedelta(days=400_000), True, False, 1e300, -0.0, 2**60, "=1+1", '=WEBSERVICE("http://x.invalid")',
            "=SUM(A1:A1048576)", "#REF!", None, "x" * 32_000,
        ))  # fmt: skip
    if roll < 0.7 and re.fullmatch(r"-?\d{1,15}(\.\d+)?", cell):
        return float(cell)
    return _legal(cell)


def _legal(cell: str) -> str:
    return re.sub(r"[\ufffe\uffff]", "", ILLEGAL_CHARACTERS_RE.sub("", cell))


def spoilt(rng: random.Random, data: bytes) -> bytes:
    """A workbook with one to three changes to its parts or to its zip entries."""
    parts = unzip(data)
    for _ in range(rng.choice((1, 1, 2, 3))):
        place = rng.randrange(len(parts))
        if rng.random() < 0.6:
            wanted = rng.choice(("sheet1", "sharedStrings", "workbook.xml", "styles", "rels", "Content_Types"))
            place = next((i for i, (name, _) in enumerate(parts) if wanted in name), place)
        parts = rng.choice(_CHANGES)(rng, parts, place)
        if not parts:
            break
    packed = zipped(
        parts, rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2))
    )
    return listed_otherwise(rng, packed) if rng.random() < 0.15 else packed


def _damaged(rng: random.Random, parts: Parts, at: int) -> Parts:
    return _with(parts, at, spoil.bytes_of(rng, parts[at][1]))


def _numbers(rng: random.Random, parts: Parts, at: int) -> Parts:
    """Numbers of the XML (indices, counts, styles) replaced by others."""
    text = parts[at][1].decode("utf-8", "replace")
    spots = list(re.finditer(r"\d+", text))
    for spot in sorted(rng.sample(spots, min(len(spots), rng.choice((1, 3, 20)))), key=lambda m: -m.start()):
        number = rng.choice(("0", "1", "-1", "99999999", "4294967296", "9" * 300, "1e999", "nan", "", "x", "0.5", "٣"))
        text = text[: spot.start()] + number + text[spot.end() :]
    return _with(parts, at, text.encode())


def _tags(rng: random.Random, parts: Parts, at: int) -> Parts:
    """Elements taken out, repeated, renamed, or of another type."""
    text = parts[at][1].decode("utf-8", "replace")
    spots = list(re.finditer(r"<[^>]+>", text))
    if not spots:
        return parts
    spot = rng.choice(spots)
    new = rng.choice((
        "", spot[0] * 2, spot[0] * 500, spot[0].replace("<", "<x"), re.sub(r't="\w+"', 't="e"', spot[0]),
        re.sub(r't="\w+"', 't="d"', spot[0]), re.sub(r't="\w+"', 't="zz"', spot[0]),
        re.sub(r'r="\w+"', 'r="XFD1048576"', spot[0]),
        re.sub(r'r="\w+"', 'r="A0"', spot[0]), re.sub(r'ref="[^"]+"', 'ref="A1:XFD1048576"', spot[0]), 
        "<![CDATA[", "&a8;",
        "&#x0;", "&undefined;", "<?php 1 ?>", "<f>1+1</f>", '<f t="shared" si="0" ref="A1:XFD1">A1</f>',
    ))  # fmt: skip
    return _with(parts, at, (text[: spot.start()] + new + text[spot.end() :]).encode())


def _entities(rng: random.Random, parts: Parts, at: int) -> Parts:
    """A document type with entities that grow, or that point outside, used in the part."""
    head = _BOMB if rng.random() < 0.6 else _OUTSIDE.format(rng.choice(("file:///etc/passwd", "http://x.invalid/a")))
    body = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", parts[at][1]).decode("utf-8", "replace")
    body = re.sub(r"(<(?:t|v|f)[^>/]*>)", r"\1&a8;", body, count=3)
    return _with(parts, at, (head + body).encode(rng.choice(("utf-8", "utf-16")), "replace"))


def _outside(rng: random.Random, parts: Parts, at: int) -> Parts:
    """Links to other files, and targets that climb out of the archive."""
    target = rng.choice(
        ("../../../etc/passwd", "file:///etc/passwd", "http://x.invalid/b.xlsx", "", "/", "xl\\a", "\x00")
    )
    out = []
    for name, content in parts:
        if name.endswith(".rels"):
            content = re.sub(rb'Target="[^"]*"', f'Target="{target}"'.encode(), content, count=rng.choice((0, 1)))
        out.append((name, content))
    link = b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    return [*out, ("xl/externalLinks/externalLink1.xml", link)]


def _entries(rng: random.Random, parts: Parts, at: int) -> Parts:
    """Entries missing, twice, in another order, or under a name that climbs out."""
    name, content = parts[at]
    kind = rng.randrange(5)
    if kind == 0:
        return [p for i, p in enumerate(parts) if i != at]
    if kind == 1:
        return [*parts, (name, spoil.bytes_of(rng, content))]
    if kind == 2:
        return rng.sample(parts, len(parts))
    if kind == 3:
        return [
            *parts,
            (rng.choice(("../../evil.xml", "/abs.xml", "a\\b.xml", "vbaProject.bin", "x" * 60_000)), content),
        ]
    return [*parts, *((f"xl/media/{i}.xml", b"") for i in range(rng.choice((10, 3_000))))]


def _swell(rng: random.Random, parts: Parts, at: int) -> Parts:
    """A part that unpacks to very much more than it takes up."""
    size = rng.choice((1, 8, 40)) * 2**20
    name, content = parts[at]
    if b"</sheetData>" in content:
        cell = rng.choice((b"<row><c><v>1</v></c></row>", b'<c t="inlineStr"><is><t>a</t></is></c>', b"<row/>", b" "))
        return _with(parts, at, content.replace(b"</sheetData>", cell * (size // len(cell) // 4) + b"</sheetData>"))
    if b"</sst>" in content:
        return _with(parts, at, content.replace(b"</sst>", b"<si><t>a</t></si>" * (size // 80) + b"</sst>"))
    return [*parts, (rng.choice(("xl/media/image1.png", "docProps/thumbnail", name)), b"0" * size)]


_CHANGES = (
    _damaged,
    _damaged,
    _numbers,
    _numbers,
    _tags,
    _tags,
    _tags,
    _entities,
    _outside,
    _entries,
    _entries,
    _swell,
)


def listed_otherwise(rng: random.Random, data: bytes) -> bytes:
    """A zip file whose directory states other sizes, sums, methods or offsets than its entries have."""
    out = bytearray(data)
    for mark, fields in ((b"PK\x01\x02", (8, 10, 16, 20, 24, 28, 42)), (b"PK\x03\x04", (6, 8, 14, 18, 22, 26))):
        spots = [m.start() for m in re.finditer(re.escape(mark), data)]
        for spot in rng.sample(spots, min(len(spots), rng.choice((0, 1, 2)))):
            at = spot + rng.choice(fields)
            new = rng.choice((0, 1, 99, 2**31 - 1, 2**32 - 1)).to_bytes(4, "little")
            width = min(rng.choice((2, 4)), len(out) - at)
            out[at : at + width] = new[:width]
    return bytes(out)


def unzip(data: bytes) -> Parts:
    """Entries of a well-formed zip file, in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [(i.filename, archive.read(i)) for i in archive.infolist()]


def zipped(parts: Parts, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip file of the parts, names as they are and twice where they are twice."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts:
            info = zipfile.ZipInfo(name or "x", (1980, 1, 1, 0, 0, 0))
            info.compress_type = method
            archive.writestr(info, content)
    return buffer.getvalue()


def gzip_bomb(rng: random.Random) -> bytes:
    """A few hundred kilobytes that unpack to as many megabytes: blanks, NULs, or rows of a table."""
    megabytes = rng.choice((2, 30, 300))
    piece = rng.choice((b"a,b\n", b"\x00", b" ", b"1;2;3\n", b'"', b"9")) * 2**18
    packer, out = zlib.compressobj(9, zlib.DEFLATED, 31), []
    for _ in range(megabytes * 2**20 // len(piece)):
        out.append(packer.compress(piece))
    return b"".join([*out, packer.flush()])


def _with(parts: Parts, at: int, content: bytes) -> Parts:
    return [(n, content if i == at else c) for i, (n, c) in enumerate(parts)]


def rows_of(rng: random.Random, text: str) -> list[list[str]]:
    """Rows for a workbook, a few cells odd."""
    rows = [line.split(",") for line in text.strip("\n").split("\n")][:60]
    rows = [row[:16_000] for row in rows]  # more than Excel takes
    for _ in range(rng.choice((0, 1, 5))):
        row = rng.choice(rows)
        row[rng.randrange(len(row))] = odd.cell(rng)[:32_000]
    return rows
