"""From the bytes of a file to an all-text table: CSV/TSV (also gzipped), Excel and Parquet."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from synth_core.errors import TableError
from synth_core.tables import sniffing
from synth_core.tables.columnar import read_parquet
from synth_core.tables.excel import read_xlsx
from synth_core.tables.raw import RawTable, check_cells, check_width, joined, skipped_note, with_header

#: Largest file that is read, packed or not.
MAX_BYTES = 200 * 1024**2

MAX_RATIO = 100  #: most that a compressed file may grow by
SMALL = 20 * 1024**2  #: bytes that any compressed file may unpack to

_GZIP = b"\x1f\x8b"
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
    b"{\\rtf": "a text document (RTF)",
}


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
    if data.startswith(_GZIP):
        data = _gunzip(data)
    if data.startswith(b"PAR1"):
        raw = read_parquet(data)
    elif data.startswith(b"PK\x03\x04"):
        raw = read_xlsx(data, sheet)
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
    check_cells(len(raw.columns[0]), len(raw.columns))
    return raw


def _gunzip(data: bytes) -> bytes:
    limit = most_unpacked(len(data))
    try:
        with gzip.open(io.BytesIO(data)) as unpacker:
            out = unpacker.read(limit + 1)
    except (zlib.error, OSError, EOFError):
        raise TableError("The compressed file is damaged. Compress it again, or upload it uncompressed.") from None
    if len(out) > limit:
        raise TableError(
            f"The file of {len(data) / 1024**2:,.1f} MB unpacks to more than {limit // 1024**2:,} MB. Upload it "
            "uncompressed, or a sample of its rows."
        )
    if not out:
        raise TableError("The compressed file holds nothing. Compress it again, or upload it uncompressed.")
    if out.startswith(_GZIP):
        raise TableError("The file was compressed twice. Compress it once, or upload it uncompressed.")
    return out


def most_unpacked(packed: int) -> int:
    """Bytes to which a compressed file of ``packed`` bytes may unpack: real tables pack 3 to 30 fold."""
    return min(MAX_BYTES, max(SMALL, MAX_RATIO * packed))


def _read_text(data: bytes) -> RawTable:
    text, encoding = sniffing.decode(data)
    if not text.strip():
        raise TableError("The file is empty. Export the table again, with a header row and at least one row of data.")
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    text, separator = sniffing.named_delimiter(text)
    separator = separator or sniffing.delimiter(text)
    text, skipped = sniffing.without_preamble(text, separator)
    columns = _parse_csv(text, separator)
    notes = skipped_note(skipped)
    if encoding not in ("utf-8", "utf-8-sig"):
        notes.append(f"The file was read with the encoding {encoding}.")
    if separator != "," and len(columns) > 1:
        notes.append(f"Columns are separated by {_DELIMITER_NAMES.get(separator, 'a control character')}.")
    return with_header(columns, notes)


_DELIMITER_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def _parse_csv(text: str, separator: str) -> list[pa.Array]:
    width = sniffing.first_width(text, separator)
    check_width(width)
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
                f"Row {row.number} has {row.actual_columns} cell{'s' * (row.actual_columns != 1)}, "
                f"but the first row has {row.expected_columns}: "
                f"“{row.text[:80]}”. Put quotes around cells that contain the delimiter, or repair that row."
            ) from None
        raise TableError(
            f"The file cannot be read as a table ({str(error).splitlines()[0]}). Export it again as CSV."
        ) from None
    columns = [joined(column) for column in table.columns]
    last = next((c[-1].as_py() for c in columns if len(c) and "\n" in c[-1].as_py()), None)
    if last is not None and text.count('"') % 2:
        raise TableError(
            f"A quote is opened but never closed, so the rest of the file became one cell: “{last[:40]}…”. "
            'Put a second " at the end of that cell, or write "" for a quote inside it.'
        )
    return columns
