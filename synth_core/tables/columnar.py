"""Parquet files and frames in memory, column by column as text."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from synth_core.errors import TableError
from synth_core.tables.excel import cell_text
from synth_core.tables.raw import RawTable, check_cells, check_width, joined

MAX_PARQUET = 1024**3  #: bytes a Parquet file may unpack to
_DAMAGED = "This Parquet file is damaged. Write it again and upload the new file."
_DAMAGE = (pa.ArrowException, OSError, ValueError, KeyError, IndexError, NotImplementedError, OverflowError)
_SMALL, _MAX_RATIO = 64 * 1024**2, 100  #: bytes that any file may unpack to, and how many times its size
_PART = 65_536  #: rows that are unpacked at once
_WINDOW = 2**28  #: bytes that a part of texts which share their beginnings may grow to


def read_parquet(data: bytes) -> RawTable:
    """A Parquet file's cells as text."""
    file = open_parquet(io.BytesIO(data))
    try:
        unpacked = sum(file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups))
        unpacked = max(unpacked, 8 * file.metadata.num_rows * file.metadata.num_columns)  # repeats are stored once
    except _DAMAGE:
        raise TableError(_DAMAGED) from None
    limit = min(MAX_PARQUET, max(_SMALL, _MAX_RATIO * len(data)))
    if unpacked > limit:
        raise _too_large(unpacked)
    check_cells(file.metadata.num_rows, file.metadata.num_columns)
    names, total, found = list(file.schema_arrow.names), 0, []
    for batch in parquet_parts(file, range(len(names))):
        total += sum(map(_expanded, batch))
        if total > limit:
            raise _too_large(total)
        found.append(batch)
    kinds = [field.type for field in file.schema_arrow]
    columns = [
        as_text(name, pa.chunked_array([batch[i] for batch in found], None if found else kinds[i]))
        for i, name in enumerate(names)
    ]
    return RawTable(columns, names, False, [])


def open_parquet(source: io.BytesIO | str | Path) -> pyarrow.parquet.ParquetFile:
    """A Parquet file whose columns can be read; texts are left as levels and codes.

    Raises
    ------
    TableError
        Damaged, too wide, or with nested values.
    """
    try:
        file = pyarrow.parquet.ParquetFile(source)
        check_width(len(file.schema_arrow))
        _check_nested(file.schema_arrow)
        texts = [f.name for f in file.schema_arrow if pa.types.is_string(f.type) or pa.types.is_binary(f.type)]
        if texts and not _front_coded(file):
            if isinstance(source, io.BytesIO):
                source.seek(0)
            file = pyarrow.parquet.ParquetFile(source, read_dictionary=texts)
    except _DAMAGE:
        raise TableError(_DAMAGED) from None
    return file


def parquet_parts(
    file: pyarrow.parquet.ParquetFile, wanted: Sequence[int], rows: int = _PART
) -> Iterator[list[pa.Array]]:
    """The columns at the places ``wanted``, at most ``rows`` rows at a time, and no more than memory allows.

    Raises
    ------
    TableError
        Damaged, or a part unpacks to too much.
    """
    names = list(file.schema_arrow.names)
    try:
        if _front_coded(file):
            chunks = [file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups)]
            rows = min(rows, max(16, _WINDOW // max(1, *chunks)))
        for batch in file.iter_batches(rows, columns=list(dict.fromkeys(names[i] for i in wanted)), use_threads=False):
            placed = list(batch.columns) if len(batch.columns) == len(names) == len(wanted) else None
            part = placed or [batch.column(batch.schema.get_all_field_indices(names[i])[0]) for i in wanted]
            size = sum(map(_expanded, part))
            if size > MAX_PARQUET:
                raise _too_large(size)
            yield part
    except _DAMAGE:
        raise TableError(_DAMAGED) from None


def _front_coded(file: pyarrow.parquet.ParquetFile) -> bool:
    """Whether texts are stored by what they share with the one before: these grow without a trace in the footer."""
    meta = file.metadata
    return any(
        "DELTA_BYTE_ARRAY" in meta.row_group(i).column(j).encodings
        for i in range(meta.num_row_groups)
        for j in range(meta.num_columns)
    )


def _expanded(column: pa.Array) -> int:
    """Bytes that a column takes up once its levels are written out in every row."""
    if not pa.types.is_dictionary(column.type):
        return column.nbytes
    levels = column.dictionary
    if not (pa.types.is_string(levels.type) or pa.types.is_binary(levels.type)):
        return 8 * len(column)
    return (pc.sum(pc.take(pc.binary_length(levels), column.indices)).as_py() or 0) + 4 * len(column)


def _too_large(size: int) -> TableError:
    return TableError(f"The Parquet file unpacks to {size / 1024**2:,.0f} MB. Upload a sample of its rows.")


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
            values = pa.chunked_array([pa.array([cell_text(v) for v in frame.iloc[:, position]], pa.string())])
        if pa.types.is_nested(values.type):
            raise TableError(f"Column “{header}” holds nested values{_example(values)}. Give each part its own column.")
        columns.append(as_text(str(header), values))
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


def as_text(name: str, column: pa.ChunkedArray) -> pa.Array:
    """The cells of one column as text, blank where there is none (TableError where they cannot be)."""
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
        text.validate(full=True)  # a damaged file may hold bytes that are no text
    except pa.ArrowException:
        raise TableError(
            f"Column “{name}” holds {kind} values{_example(column)}, which cannot be read. Turn it into text or "
            "numbers, or drop it."
        ) from None
    return joined(text.fill_null(""))


def _example(values: pa.ChunkedArray) -> str:
    """A value of ``values`` to show, cut to a few words; nothing where there is none that Python can hold."""
    try:
        first = next(repr(v.as_py()) for v in values if v.is_valid)
    except (StopIteration, *_DAMAGE):
        return ""
    return f", for example “{first[:40]}…”" if len(first) > 40 else f", for example “{first}”"


def _shortest_stamp(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whole days as dates, whole seconds without fractions."""
    days = column.cast(pa.date32())  # drops the time of day without a word, hence the comparison
    if pc.all(pc.equal(days.cast(column.type), column)).as_py() is not False:
        return days
    for unit in ("s", "us"):
        try:
            return column.cast(pa.timestamp(unit))
        except pa.ArrowInvalid:
            continue
    return column
