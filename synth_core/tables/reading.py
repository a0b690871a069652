"""From the bytes of a file to an all-text table: CSV/TSV (also gzipped), Excel and Parquet."""

from __future__ import annotations

import codecs
import datetime as dt
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from synth_core.errors import TableError
from synth_core.tables import sniffing

#: Largest file that is read, largest size it may unpack to, and most columns it may have.
MAX_BYTES = 200 * 1024**2
MAX_UNPACKED = 1024**3
MAX_COLUMNS = 2_000

MAX_XLSX_RATIO = 100  #: a real sheet packs 5 to 30 fold

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Starts of files that are no tables, though some of them are text.
_OTHERS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"SQLite format 3": "an SQLite database",
    b"<!doctype html": "a web page (HTML)",
    b"<html": "a web page (HTML)",
    b"<?xml": "an XML document",
    b"{\rtf": "a text document (RTF)",
}


@dataclass(frozen=True)
class RawTable:
    """A file's cells as text.

    Attributes
    ----------
    columns : list of pyarrow.Array
        One string array per column, blank = ``""``.
    headers : list of str or None
        As in the file; None when the file has no header row.
    decimal_comma : bool
    notes : list of str
    """

    columns: list[pa.Array]
    headers: list[str] | None
    decimal_comma: bool
    notes: list[str]


def load_bytes(source: str | Path | bytes) -> bytes:
    """The content of ``source`` (a path, or the bytes themselves), refused above ``MAX_BYTES`` before it is read.

    Raises
    ------
    TableError
        No such file, too large, or empty.
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        size, data = len(source), source
    else:
        path = Path(source)
        try:
            size, data = path.stat().st_size, None
        except OSError:
            raise TableError(f"The file “{path.name}” cannot be found. Check the path.") from None
    if size > MAX_BYTES:
        raise TableError(
            f"The file has {size / 1024**2:,.0f} MB; at most {MAX_BYTES // 1024**2} MB are read. "
            "Take a random sample of its rows and upload that."
        )
    if data is None:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise TableError(f"The file “{path.name}” cannot be read: {error.strerror}.") from None
    if not data:
        raise TableError("The file is empty. Export the table again, with a header row and at least one row of data.")
    return bytes(data)


def read_raw(data: bytes, sheet: str | None = None) -> RawTable:
    """Read every cell as text; the format is told by the content, not by the file's name.

    Raises
    ------
    TableError
        Not a table, damaged, no rows, ragged rows, nested values, or over a limit.
    """
    if data.startswith(b"\x1f\x8b"):
        data = _gunzip(data)
    if data.startswith(b"PAR1"):
        raw = _read_parquet(data)
    elif data.startswith(b"PK\x03\x04"):
        raw = _read_xlsx(data, sheet)
    elif data.startswith(_OLE):
        raise TableError(
            "This Excel file is protected by a password or in the old .xls format. "
            "Open it in Excel and save it as .xlsx without a password."
        )
    else:
        start = data[:100].removeprefix(codecs.BOM_UTF8).lstrip()
        for mark, what in _OTHERS.items():
            if start.lower().startswith(mark.lower()):
                raise TableError(f"This file is {what}, not a table. Save the table as CSV, .xlsx or Parquet first.")
        raw = _read_text(data)
    if not raw.columns or not len(raw.columns[0]):
        raise TableError("The file has a header but no rows. Export it again with at least one row of data.")
    return raw


def sheet_names(data: bytes) -> list[str]:
    """Names of the sheets of an Excel file, in order; empty for any other file."""
    if not data.startswith(b"PK\x03\x04"):
        return []
    return list(_workbook(data).sheetnames)


def _check_width(columns: int) -> None:
    if columns > MAX_COLUMNS:
        raise TableError(
            f"The file has {columns:,} columns; at most {MAX_COLUMNS:,} are read. "
            "Keep the columns that matter for the outcome and upload again."
        )


def _gunzip(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        out = unpacker.decompress(data, MAX_UNPACKED)
    except zlib.error:
        raise TableError("The compressed file is damaged. Compress it again, or upload it uncompressed.") from None
    if unpacker.unconsumed_tail:
        raise TableError(f"The file unpacks to more than {MAX_UNPACKED // 1024**2:,} MB. Upload a sample of its rows.")
    if not out:
        raise TableError("The compressed file holds nothing. Compress it again, or upload it uncompressed.")
    return out


def _read_text(data: bytes) -> RawTable:
    text, encoding = sniffing.decode(data)
    if not text.strip():
        raise TableError("The file is empty. Export the table again, with a header row and at least one row of data.")
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    text, separator = sniffing.named_delimiter(text)
    separator = separator or sniffing.delimiter(text)
    columns = _parse_csv(text, separator)
    notes = []
    if encoding not in ("utf-8", "utf-8-sig"):
        notes.append(f"The file was read with the encoding {encoding}.")
    if separator != "," and len(columns) > 1:
        notes.append(f"Columns are separated by {_DELIMITER_NAMES[separator]}.")
    return _with_header(columns, notes)


_DELIMITER_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def _with_header(columns: list[pa.Array], notes: list[str]) -> RawTable:
    head = [column[:300].to_pylist() for column in columns]
    rows = list(zip(*head, strict=True))
    header = sniffing.has_header(rows)
    comma = sniffing.uses_decimal_comma(rows[1:])
    if comma:
        notes.append("Numbers are written with a decimal comma.")
    if header:
        return RawTable([c[1:] for c in columns], list(rows[0]) if rows else [], comma, notes)
    notes.append("The first row holds values, not names: the columns were named column_1, column_2, …")
    return RawTable(columns, None, comma, notes)


def _parse_csv(text: str, separator: str) -> list[pa.Array]:
    width = sniffing.first_width(text, separator)
    _check_width(width)
    bad: list[pyarrow.csv.InvalidRow] = []

    def remember(row: pyarrow.csv.InvalidRow) -> str:
        bad.append(row)
        return "error"

    encoded = text.encode("utf-8", errors="replace")
    names = [f"f{i}" for i in range(width)]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(encoded),
            # Row numbers are only known without threads; one block, since a cell may not straddle two.
            read_options=pyarrow.csv.ReadOptions(
                use_threads=False, column_names=names, block_size=min(len(encoded) + 1, 2**31 - 1)
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=separator, newlines_in_values=True, invalid_row_handler=remember
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        if bad:
            row = bad[0]
            raise TableError(
                f"Row {row.number} has {row.actual_columns} cells, but the first row has {row.expected_columns}: "
                f"“{row.text[:80]}”. Put quotes around cells that contain the delimiter, or repair that row."
            ) from None
        raise TableError(
            f"The file cannot be read as a table ({str(error).splitlines()[0]}). Export it again as CSV."
        ) from None
    return [_combined(column) for column in table.columns]


def _workbook(data: bytes):
    import openpyxl  # slow to import, and only Excel files need it
    from openpyxl.utils.exceptions import InvalidFileException

    damaged = TableError("This Excel file is damaged or not a workbook. Open it in Excel and save it again as .xlsx.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > min(MAX_UNPACKED, max(2 * 10**7, MAX_XLSX_RATIO * len(data))):
            raise TableError(
                f"The Excel file of {len(data) / 1024**2:,.1f} MB unpacks to {unpacked / 1024**2:,.0f} MB: too much to "
                "read safely. Save the sheet as CSV and upload that, or a sample of its rows."
            )
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, TypeError, SyntaxError):
        raise damaged from None


def _read_xlsx(data: bytes, sheet: str | None) -> RawTable:
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
            cells = [_cell_text(v) for v in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                _check_width(len(cells))
                rows.append(cells)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, SyntaxError):
        raise TableError(f"The sheet “{chosen}” is damaged. Open the file in Excel and save it again.") from None
    if not rows:
        raise TableError(f"The sheet “{chosen}” is empty. Pick another sheet: {', '.join(names)}.")
    width = max(map(len, rows))
    columns = [pa.array([row[i] if i < len(row) else "" for row in rows], pa.string()) for i in range(width)]
    notes = [f"Read from the sheet “{chosen}” ({len(names)} sheets in the file)."] if len(names) > 1 else []
    return _with_header(columns, notes)


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return str(value)


def _read_parquet(data: bytes) -> RawTable:
    try:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(data))
        _check_width(len(file.schema_arrow))
        unpacked = sum(file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups))
        if unpacked > MAX_UNPACKED:
            raise TableError(f"The Parquet file unpacks to {unpacked / 1024**2:,.0f} MB. Upload a sample of its rows.")
        _check_nested(file.schema_arrow)
        table = file.read()
    except (pa.ArrowException, OSError, ValueError):
        raise TableError("This Parquet file is damaged. Write it again and upload the new file.") from None
    columns = [_as_text(name, table.column(i)) for i, name in enumerate(table.column_names)]
    return RawTable(columns, list(table.column_names), False, [])


def read_frame(frame: pd.DataFrame) -> RawTable:
    """The cells of a frame in memory as text.

    Raises
    ------
    TableError
        Nested or mixed values in a column.
    """
    columns = []
    for position, header in enumerate(frame.columns):
        try:
            values = pa.chunked_array([pa.Array.from_pandas(frame.iloc[:, position])])
        except (pa.ArrowException, TypeError):
            values = pa.chunked_array([pa.array([_cell_text(v) for v in frame.iloc[:, position]], pa.string())])
        if pa.types.is_nested(values.type):
            raise TableError(f"Column “{header}” holds nested values such as lists. Give each part its own column.")
        columns.append(_as_text(str(header), values))
    if not columns or not len(frame):
        raise TableError("The table has no rows. Load at least one row of data.")
    return RawTable(columns, [str(h) for h in frame.columns], False, [])


def _check_nested(schema: pa.Schema) -> None:
    for field in schema:
        if pa.types.is_nested(field.type):
            raise TableError(
                f"Column “{field.name}” holds nested values ({field.type}) such as lists. "
                "Give each part its own column, or drop the column."
            )


def _as_text(name: str, column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    try:
        if pa.types.is_boolean(kind):
            column = pc.if_else(column, "TRUE", "FALSE")
        elif pa.types.is_timestamp(kind):
            if kind.tz is not None:
                column = column.cast(pa.timestamp(kind.unit))  # the same instant, in UTC
            column = _shortest_stamp(column)
        text = column.cast(pa.string())
    except pa.ArrowException:
        raise TableError(
            f"Column “{name}” holds {kind} values, which cannot be read. Turn it into text or numbers, or drop it."
        ) from None
    return _combined(text.fill_null(""))


def _shortest_stamp(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whole days as dates, whole seconds without fractions."""
    for kind in (pa.date32(), pa.timestamp("s"), pa.timestamp("us")):
        try:
            return column.cast(kind)
        except pa.ArrowInvalid:
            continue
    return column


def _combined(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())
