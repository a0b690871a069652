"""Excel workbooks (.xlsx), cell by cell as text."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from synth_core import workbooks
from synth_core.errors import SynthError, TableError
from synth_core.tables import sniffing
from synth_core.tables.raw import RawTable, check_width, skipped_note, with_header


def sheet_names(data: bytes) -> list[str]:
    """Names of the sheets of an Excel file, in order; empty for any other file."""
    if not data.startswith(b"PK\x03\x04"):
        return []
    return list(_workbook(data).sheetnames)


def _workbook(data: bytes) -> Any:
    try:
        return workbooks.open_workbook(data)
    except SynthError as error:
        raise TableError(str(error)) from None


def read_xlsx(data: bytes, sheet: str | None) -> RawTable:
    """A sheet's cells as text; the first sheet if none is named."""
    book = _workbook(data)
    names = list(book.sheetnames)
    if sheet is not None and sheet not in names:
        raise TableError(f"There is no sheet called “{sheet}”. The sheets are: {', '.join(names)}.")
    chosen = sheet if sheet is not None else names[0]
    rows: list[list[str]] = []
    try:
        for row in workbooks.rows(book[chosen]):
            cells = [cell_text(v) for v in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                check_width(len(cells))
                rows.append(cells)
    except TableError:
        raise
    except SynthError as error:
        others = f" The sheets are: {', '.join(names)}." if len(names) > 1 else ""
        raise TableError(f"{error}{others}") from None
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
