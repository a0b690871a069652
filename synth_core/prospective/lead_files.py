"""Files of leads as cells of text, part by part, whatever their format, delimiter and encoding."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from synth_core.errors import ScorerError, TableError
from synth_core.tables import reading, sniffing
from synth_core.tables.columnar import as_text, open_parquet, parquet_parts, read_frame
from synth_core.tables.raw import RawTable, check_width

PART = 65_536  #: rows of a part, at most
_HEAD = 1 << 20  #: characters by which delimiter and header are told
_BLOCK = 1 << 20  #: bytes of a text file that are parsed at once; a row must fit into it
_ROWS = 300

Source = bytes | str | Path | pd.DataFrame
#: Columns by their place → parts of rows, each with one array of text per column.
Parts = Callable[[Sequence[int]], Iterator[list[pa.Array]]]


@dataclass(frozen=True)
class LeadFile:
    """A file of leads that is read part by part.

    Attributes
    ----------
    headers : list of str
    parts : callable
    decimal_comma : bool
        Whether the first rows speak for a decimal comma.
    notes : list of str
    """

    headers: list[str]
    parts: Parts
    decimal_comma: bool = False
    notes: list[str] = field(default_factory=list)


def open_leads(source: Source) -> LeadFile:
    """Look at the beginning of a file; the format is told by the content, not by its name.

    Raises
    ------
    TableError
        No such file, not a table, damaged, or without rows.
    """
    if isinstance(source, pd.DataFrame):
        return _in_memory(read_frame(source))
    start = _start(source)
    if start.startswith(b"PAR1"):
        return _parquet(source)
    if start.startswith(b"\x1f\x8b"):
        packed = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
        return _text(lambda: gzip.open(_plain(source)), max(reading.SMALL, reading.MAX_RATIO * packed))
    if start.startswith(b"PK\x03\x04") or not _is_text(start):
        return _in_memory(reading.read_raw(reading.load_bytes(source)))
    return _text(lambda: _plain(source))


def _plain(source: bytes | str | Path) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else Path(source).open("rb")


def _start(source: bytes | str | Path) -> bytes:
    try:
        with _plain(source) as file:
            start = file.read(512)
    except OSError:
        raise TableError(f"The file “{Path(source).name}” cannot be found. Check the path.") from None
    if not start:
        raise TableError("The file is empty. Export the leads again, with a header row and at least one row of data.")
    return start


def _is_text(start: bytes) -> bool:
    """False for what ``read_raw`` can only refuse: it says what the file is."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return b"\x00" not in start and not start.lstrip(codecs.BOM_UTF8 + b" \n").startswith((b"<", b"%PDF", b"{\\rtf"))


def _in_memory(raw: RawTable) -> LeadFile:
    if raw.headers is None:  # told by values alone; whoever knows the columns may know better
        headers = [c[0].as_py() for c in raw.columns]
        columns = [c[1:] for c in raw.columns]
    else:
        headers, columns = raw.headers, raw.columns

    def parts(wanted: Sequence[int]) -> Iterator[list[pa.Array]]:
        for first in range(0, len(columns[0]), PART):
            yield [columns[i][first : first + PART] for i in wanted]

    notes = [n for n in raw.notes if "first row holds values" not in n]
    return LeadFile(headers, parts, raw.decimal_comma, notes)


def _parquet(source: bytes | str | Path) -> LeadFile:
    file = open_parquet(io.BytesIO(source) if isinstance(source, bytes) else source)
    names = list(file.schema_arrow.names)

    def parts(wanted: Sequence[int]) -> Iterator[list[pa.Array]]:
        for part in parquet_parts(file, wanted, PART):
            yield [as_text(names[i], pa.chunked_array([c])) for i, c in zip(wanted, part, strict=True)]

    return LeadFile(names, parts)


def _text(opened: Callable[[], BinaryIO], most: float = math.inf) -> LeadFile:
    try:
        encoding, odd_quotes = _scan(opened, most)
        with opened() as file:
            head = codecs.getreader(encoding)(file, errors="replace").read(_HEAD)
    except (zlib.error, OSError, EOFError, gzip.BadGzipFile):
        raise TableError("The compressed file is damaged. Compress it again, or upload it uncompressed.") from None
    head = head.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in head:
        raise TableError("This file is not a table: it holds binary data. Upload a CSV, TSV, .xlsx or Parquet file.")
    text = head.lstrip("\n")
    text, separator = sniffing.named_delimiter(text)
    separator = separator or sniffing.delimiter(text)
    text, above = sniffing.without_preamble(text, separator)
    text = text.lstrip("\n")
    rows = _first_rows(text, separator)
    if not rows:
        raise TableError("The file is empty. Export the leads again, with a header row and at least one row of data.")
    check_width(len(rows[0]))
    skipped = head[: len(head) - len(text)].count("\n")
    notes = []
    if above:
        notes.append(f"{len(above)} line{'s' * (len(above) > 1)} above the header left out: “{above[0][:60]}”.")
    if encoding != "utf-8":
        notes.append(f"The file was read with the encoding {encoding}.")
    parts = _csv_parts(opened, encoding, separator, skipped, len(rows[0]), odd_quotes)
    return LeadFile(rows[0], parts, sniffing.uses_decimal_comma(rows[1:]), notes)


def _scan(opened: Callable[[], BinaryIO], most: float) -> tuple[str, bool]:
    """The encoding, and whether the number of quotes is odd.

    UTF-8 if every byte fits; else what the first bytes that do not fit look like.
    """
    encoding, quotes, before, size = "", 0, b"", 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opened() as file:
        while block := file.read(_BLOCK):
            size += len(block)
            if size > most:
                raise TableError(
                    f"The compressed file unpacks to more than {most / 1024**2:,.0f} MB, over {reading.MAX_RATIO} "
                    "times its size. Upload it uncompressed."
                )
            if not before and block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                encoding, decoder = "utf-16", codecs.getincrementaldecoder("utf-16")(errors="replace")
            if encoding == "utf-16":
                quotes += decoder.decode(block).count('"')
            elif not encoding:
                try:
                    decoder.decode(block)
                except UnicodeDecodeError as error:
                    odd = len(before) + max(0, error.start)
                    encoding = sniffing.decode((before + block)[max(0, odd - 100_000) : odd + 100_000])[1]
            if encoding != "utf-16":  # in all other encodings that are told, a quote is this one byte
                quotes += block.count(b'"')
            before = block[-100_000:]
    return encoding or "utf-8", quotes % 2 == 1


def _first_rows(text: str, separator: str) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if row:
                rows.append(row)
            if len(rows) > _ROWS:
                break
    except csv.Error:  # a cell over the csv module's limit; the rows before it are enough
        pass
    return rows[:-1] if len(rows) > 1 and len(text) >= _HEAD else rows  # the last one may be cut off


def _csv_parts(
    opened: Callable[[], BinaryIO], encoding: str, separator: str, skipped: int, width: int, odd_quotes: bool
) -> Parts:
    names = [str(i) for i in range(width)]

    def parts(wanted: Sequence[int]) -> Iterator[list[pa.Array]]:
        bad: list[Any] = []

        def remember(row: pa.csv.InvalidRow) -> str:
            bad.append(row)
            return "error"

        chosen = list(dict.fromkeys([*(names[i] for i in wanted), *([names[-1]] if odd_quotes else [])]))
        last = ""
        with opened() as file:
            try:
                reader = pyarrow.csv.open_csv(
                    file,
                    read_options=pyarrow.csv.ReadOptions(
                        use_threads=False, block_size=_BLOCK, column_names=names, skip_rows=skipped,
                        skip_rows_after_names=1, encoding="utf8" if encoding == "utf-8" else encoding,
                    ),
                    parse_options=pyarrow.csv.ParseOptions(
                        delimiter=separator, newlines_in_values=True, invalid_row_handler=remember
                    ),
                    convert_options=pyarrow.csv.ConvertOptions(
                        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False,
                        include_columns=chosen,
                    ),
                )  # fmt: skip
                for batch in reader:
                    if odd_quotes and len(batch):
                        last = batch.column(names[-1])[-1].as_py()
                    for first in range(0, len(batch), PART):
                        part = batch.slice(first, PART)
                        yield [part.column(names[i]) for i in wanted]
            except (pa.ArrowException, UnicodeDecodeError) as error:
                raise _unreadable(error, bad) from None
            except (zlib.error, EOFError, OSError):
                raise TableError("The file is damaged or not complete. Export it again.") from None
        if "\n" in last:
            raise _open_quote(last)

    return parts


def _open_quote(text: str) -> TableError:
    return TableError(
        f"A quote is opened but never closed, so the rest of the file became one cell: “{text.strip()[:40]}…”. "
        'Put a second " at the end of that cell, or write "" for a quote inside it.'
    )


def _unreadable(error: Exception, bad: list[Any]) -> TableError | ScorerError:
    if bad:
        row = bad[0]
        if "\n" in row.text and row.text.count('"') % 2:
            return _open_quote(row.text)
        return TableError(
            f"Row {row.number} has {row.actual_columns} cell{'s' * (row.actual_columns != 1)}, but the header has "
            f"{row.expected_columns}: “{row.text[:80]}”. Put quotes around cells that contain the delimiter, or repair "
            "that row."
        )
    if "straddl" in str(error):
        return TableError(
            f"A row is longer than {_BLOCK >> 20} MB, so a quote is probably opened and never closed. Put a second "
            '" at the end of that cell, or write "" for a quote inside it.'
        )
    if "Empty CSV" in str(error):
        return TableError("The file has a header but no rows. Export it again with at least one lead.")
    return TableError(f"The file cannot be read as a table ({str(error).splitlines()[0]}). Export it again as CSV.")
