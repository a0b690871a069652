"""Excel workbooks (.xlsx), cell by cell as text."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
import zlib

import pyarrow as pa

from synth_core.errors import TableError
from synth_core.tables import sniffing
from synth_core.tables.raw import RawTable, check_width, skipped_note, with_header

#: Most that the parts of a workbook may unpack to, in bytes and as a multiple of the file.
MAX_XLSX = 300 * 1024**2
MAX_XLSX_RATIO = 100  #: a real sheet packs 5 to 30 fold
#: What zipfile, the XML parser and openpyxl raise on damaged or foreign files.
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, RuntimeError),
    *(KeyError, IndexError, ValueError, TypeError, AttributeError, SyntaxError),
)


def sheet_names(data: bytes) -> list[str]:
    """Names of the sheets of an Excel file, in order; empty for any other file."""
    if not data.startswith(b"PK\x03\x04"):
        return []
    return list(_workbook(data).sheetnames)


def _workbook(data: bytes):
    import openpyxl  # slow to import, and only Excel files need it
    from openpyxl.utils.exceptions import InvalidFileException

    damaged = TableError("This Excel file is damaged or not a workbook. Open it in Excel and save it again as .xlsx.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > min(MAX_XLSX, max(2 * 10**7, MAX_XLSX_RATIO * len(data))):
            raise TableError(
                f"The Excel file of {len(data) / 1024**2:,.1f} MB unpacks to {unpacked / 1024**2:,.0f} MB: too much to "
                "read safely. Save the sheet as CSV and upload that, or a sample of its rows."
            )
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (*_DAMAGE, InvalidFileException):
        raise damaged from None


def read_xlsx(data: bytes, sheet: str | None) -> RawTable:
    """A sheet's cells as text; the first sheet if none is named."""
    book = _workbook(data)
    names = list(book.sheetnames)
    if sheet is not None and sheet not in names:
        raise TableError(f"There is no sheet called “{sheet}”. The sheets are: {', '.join(names)}.")
    chosen = sheet if sheet is not None else names[0]
    worksheet = book[chosen]
    if not hasattr(worksheet, "iter_rows"):
        raise TableError(f"The sheet “{chosen}” is a chart. Pick a sheet with rows: {', '.join(names)}.")
    worksheet.reset_dimensions()
    rows: list[list[str]] = []
    try:
        for row in worksheet.iter_rows(values_only=True):
            cells = [cell_text(v) for v in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                check_width(len(cells))
                rows.append(cells)
    except _DAMAGE:
        raise TableError(f"The sheet “{chosen}” is damaged. Open the file in Excel and save it again.") from None
    if not rows:
        raise TableError(f"The sheet “{chosen}” is empty. Pick another sheet: {', '.join(names)}.")
    skip = sniffing.preamble([len(row) for row in rows[:200]])
    skipped, rows = [row[0] for row in rows[:skip]], rows[skip:]
    width = max(map(len, rows))
    columns = [pa.array([row[i] if i < len(row) else "" for row in rows], pa.string()) for i in range(width)]
    notes = [f"Read from the sheet “{chosen}” ({len(names)} sheets in the file)."] if len(names) > 1 else []
    notes += skipped_note(skipped)
    return with_header(columns, notes)


def cell_text(value: object) -> str:
    """A cell as it would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value)
