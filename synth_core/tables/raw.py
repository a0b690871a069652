"""A file's cells as text, whatever the format they came from."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from synth_core.errors import TableError
from synth_core.tables import sniffing

MAX_COLUMNS = 2_000
MAX_CELLS = 60_000_000


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


def check_width(columns: int) -> None:
    """Refuse a table that is too wide (TableError)."""
    if columns > MAX_COLUMNS:
        raise TableError(
            f"The file has {columns:,} columns; at most {MAX_COLUMNS:,} are read. "
            "Keep the columns that matter for the outcome and upload again."
        )


def check_cells(rows: int, columns: int) -> None:
    """Refuse a table that does not fit into memory (TableError)."""
    if rows * columns > MAX_CELLS:
        raise TableError(
            f"The file has {rows:,} rows of {columns:,} columns; at most {MAX_CELLS // columns:,} such rows are read. "
            "Take a random sample of its rows, or leave out columns, and upload that."
        )


def with_header(columns: list[pa.Array], notes: list[str]) -> RawTable:
    """Tell whether the first row holds names, and how decimals are written."""
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


def skipped_note(lines: list[str]) -> list[str]:
    """What to say about lines above the header; empty when there were none."""
    if not lines:
        return []
    return [f"{len(lines)} line{'s' * (len(lines) > 1)} above the header left out: “{lines[0][:60]}”."]


def joined(column: pa.ChunkedArray) -> pa.Array:
    """One array from the chunks of a column."""
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())
