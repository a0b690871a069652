"""Excel workbooks from anybody: no more is unpacked than their size explains, no entity grows, no formula runs."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from synth_core import zips
from synth_core.errors import SynthError

#: Most that the parts of a workbook may unpack to, in bytes and as a multiple of the file.
MAX_UNPACKED = 300 * 1024**2
MAX_RATIO = 100  #: a real sheet packs 5 to 30 fold
SMALL = 2 * 10**7  #: bytes that any workbook may unpack to
MAX_CELLS = 5_000_000  #: openpyxl reads some 300,000 a second
_MAX_ROWS = 2**20  #: of a sheet in Excel
_PROLOG = 64 * 1024  #: bytes of a part in which its first element must begin

#: What zipfile, the XML parser and openpyxl raise on damaged or foreign files.
DAMAGE = (
    *(*zips.DAMAGE, struct.error),
    *(KeyError, IndexError, TypeError, AttributeError, SyntaxError, AssertionError, ArithmeticError),
)
_DAMAGED = "This Excel file is damaged or not a workbook. Open it in Excel and save it again as .xlsx."


class _Begun(Exception):
    """The first element of a part began."""


def open_workbook(data: bytes) -> Any:
    """An openpyxl workbook, read-only, with the stored results of formulas.

    Raises
    ------
    SynthError
        Not a workbook, damaged, or unpacks to too much.
    """
    from openpyxl import load_workbook  # slow to import, and only Excel files need it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if unpacked > min(MAX_UNPACKED, max(SMALL, MAX_RATIO * len(data))):
                raise SynthError(
                    f"The Excel file of {len(data) / 1024**2:,.1f} MB unpacks to {unpacked / 1024**2:,.0f} MB: too "
                    "much to read safely. Save the sheet as CSV and upload that, or a sample of its rows."
                )
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")) and _has_doctype(archive, entry):
                    raise SynthError(
                        "This Excel file holds definitions (DOCTYPE) that no workbook has, and is not opened. Open it "
                        "in Excel and save it again as .xlsx, or save the sheet as CSV."
                    )
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except (*DAMAGE, InvalidFileException):
        raise SynthError(_DAMAGED) from None
    if not book.sheetnames:
        raise SynthError("This Excel file has no sheet. Open it in Excel and save it again as .xlsx.")
    return book


def rows(worksheet: Any) -> Iterator[tuple]:
    """The rows of a sheet as values, blank ones included; what the sheet says of its own size is not believed.

    Raises
    ------
    SynthError
        The sheet is a chart, damaged, or has too many cells.
    """
    title = worksheet.title
    if not hasattr(worksheet, "iter_rows"):
        raise SynthError(f"The sheet “{title}” is a chart. Pick a sheet with rows.")
    cells = 0
    try:
        worksheet.reset_dimensions()
        for number, row in enumerate(worksheet.iter_rows(values_only=True), 1):
            cells += len(row)
            if number > _MAX_ROWS:
                raise ValueError("more rows than Excel has")
            if cells > MAX_CELLS:
                raise SynthError(
                    f"The sheet “{title}” has more than {MAX_CELLS:,} cells. Save it as CSV and upload that: it is "
                    "read many times faster."
                )
            yield row
    except DAMAGE:
        raise SynthError(f"The sheet “{title}” is damaged. Open the file in Excel and save it again.") from None


def _has_doctype(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether the part has a document type, without which no entity can be defined; its first bytes are parsed."""
    found = False

    def doctype(*_: object) -> None:
        nonlocal found
        found = True
        raise _Begun

    def element(*_: object) -> None:
        raise _Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = element
    try:
        with archive.open(entry) as part:
            parser.Parse(part.read(_PROLOG), False)
    except (_Begun, expat.ExpatError, LookupError):
        return found
    return False
