"""The rows of a pack: written as an export, read back as the frame they were."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from synth_core.errors import PackError
from synth_core.tables import Kind, Schema
from synth_core.tables.columnar import MAX_PARQUET
from synth_core.tables.export import export_headers, flagged, to_csv_bytes, to_parquet_bytes
from synth_core.tables.table import DTYPES

_DAMAGED = "The rows in this hand-over pack are damaged or do not fit its columns. Ask for the pack again."
_FITS = {
    Kind.FLOAT: pa.types.is_float64,
    Kind.INTEGER: pa.types.is_int64,
    Kind.TEXT: lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind),
    Kind.DATE: lambda kind: pa.types.is_timestamp(kind) and kind.tz is None,
}


def written(synthetic: pd.DataFrame, schema: Schema) -> tuple[bytes, bytes]:
    """CSV and Parquet with original headers and, last, ``is_synthetic``; formulas in the CSV are neutralised."""
    rows = flagged(synthetic, schema)
    return to_csv_bytes(rows, schema), to_parquet_bytes(rows, schema)


def read(content: bytes, schema: Schema) -> pd.DataFrame:
    """The frame that :func:`written` made Parquet of: the schema's names, dtypes and order.

    Raises
    ------
    PackError
        No Parquet file, one of other columns, one that says of a row that it is real, or one that is too large.
    """
    try:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(content))
        meta, fields = file.metadata, list(file.schema_arrow)
        unpacked = sum(meta.row_group(i).total_byte_size for i in range(file.num_row_groups))
        if max(unpacked, 8 * meta.num_rows * max(meta.num_columns, 1)) > MAX_PARQUET:  # repeats are stored once
            raise PackError(f"The rows in this pack unpack to more than {MAX_PARQUET >> 20} MB: it is not opened.")
        expected = export_headers(schema)
        fits = len(fields) == len(expected) + 1 and [f.name for f in fields[:-1]] == expected
        if not fits or not all(_FITS[c.kind](f.type) for c, f in zip(schema, fields, strict=False)):
            raise PackError(_DAMAGED)
        table = file.read()
        flag = table.column(len(expected))
        if not pa.types.is_boolean(flag.type) or flag.null_count or flag.to_numpy().sum() != len(table):
            raise PackError(_DAMAGED)
        return pd.DataFrame({c.name: _values(table.column(i), c.kind) for i, c in enumerate(schema)})
    except (pa.ArrowException, OSError, ValueError, TypeError, OverflowError, MemoryError) as error:
        raise PackError(_DAMAGED) from error


def _values(column: pa.ChunkedArray, kind: Kind) -> pd.Series:
    if kind is Kind.INTEGER:
        return column.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get).reset_index(drop=True)
    if kind is Kind.TEXT:
        values = np.array(column.to_pylist(), dtype=object)
        return pd.Series(values, dtype="object")
    return column.to_pandas().astype(DTYPES[kind])
