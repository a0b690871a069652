"""Parquet files and frames in memory, column by column as text."""

from __future__ import annotations

import io

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from synth_core.errors import TableError
from synth_core.tables.excel import cell_text
from synth_core.tables.raw import RawTable, check_width, joined

MAX_PARQUET = 1024**3  #: bytes a Parquet file may unpack to


def read_parquet(data: bytes) -> RawTable:
    """A Parquet file's cells as text."""
    try:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(data))
        check_width(len(file.schema_arrow))
        unpacked = sum(file.metadata.row_group(i).total_byte_size for i in range(file.num_row_groups))
        unpacked = max(unpacked, 8 * file.metadata.num_rows * file.metadata.num_columns)  # repeats are stored once
        if unpacked > MAX_PARQUET:
            raise TableError(f"The Parquet file unpacks to {unpacked / 1024**2:,.0f} MB. Upload a sample of its rows.")
        _check_nested(file.schema_arrow)
        table = file.read()
    except (pa.ArrowException, OSError, ValueError):
        raise TableError("This Parquet file is damaged. Write it again and upload the new file.") from None
    columns = [as_text(name, table.column(i)) for i, name in enumerate(table.column_names)]
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
            values = pa.chunked_array([pa.array([cell_text(v) for v in frame.iloc[:, position]], pa.string())])
        if pa.types.is_nested(values.type):
            raise TableError(f"Column “{header}” holds nested values such as lists. Give each part its own column.")
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
    except pa.ArrowException:
        raise TableError(
            f"Column “{name}” holds {kind} values, which cannot be read. Turn it into text or numbers, or drop it."
        ) from None
    return joined(text.fill_null(""))


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
