"""From table rows back to files: original headers, dates in their format, no live spreadsheet formulas."""

from __future__ import annotations

import io
import re

import numpy as np
import pandas as pd

from synth_core.errors import TableError
from synth_core.tables.dates import format_dates
from synth_core.tables.release import without_real_values
from synth_core.tables.schema import Column, Kind, Schema

#: Header of the column that tells real from synthetic rows.
FLAG = "is_synthetic"

_LINE_END = re.compile(r"\r\n?")
_FORMULA_START = re.compile(r"\s*[=+\-@|%＝＋－＠]|[\t\n]")  # also the full-width signs
_LONGEST = 100  #: characters of a number
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+|\d{1,3}(?:[,. ]\d{3})+(?:[.,]\d+)?|\d+,\d+)(?:[eE][-+]?\d+)?")


def as_text(values: pd.Series, column: Column) -> pd.Series:
    """Values as they would stand in a CSV file (object, missing = None)."""
    if column.kind is Kind.DATE:
        dates = format_dates(values, column.format)
        return dates.astype("object").map(str, na_action="ignore").where(values.notna(), None)
    if column.kind is Kind.FLOAT:
        pattern = "{!r}" if column.decimals is None else f"{{:.{column.decimals}f}}"
        text = [None if np.isnan(v) else pattern.format(float(v)) for v in values.to_numpy()]
        return pd.Series(text, index=values.index, dtype="object")
    if column.kind is Kind.INTEGER:
        return values.astype("object").map(str, na_action="ignore").where(values.notna(), None)
    return values


def to_export(frame: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Rows ready to be written: headers and dates as in the file, formulas in text cells made harmless.

    Parameters
    ----------
    frame : pandas.DataFrame
        The schema's columns, and the flag of :func:`combined` if it was made there.
    schema : Schema

    Returns
    -------
    pandas.DataFrame
        Numbers keep their type (Int64, float64); dates are text or Int64; missing values are blank. Repeated or blank
        headers keep the unique names they were given, since many tools refuse them.

    Raises
    ------
    TableError
        A column of the schema is not in ``frame``.
    """
    out: dict[str, pd.Series] = {}
    headers = export_headers(schema)
    for column, header in zip(schema, headers, strict=True):
        if column.name not in frame:
            raise TableError(f"The rows to export have no column “{column.name}”.")
        values = frame[column.name]
        if column.kind is Kind.DATE:
            values = format_dates(values, column.format)
        out[header] = neutralise(values) if column.kind is Kind.TEXT else values
    flag = _flag(schema)
    if flag in frame:
        out[_free(flag, headers)] = frame[flag]
    return pd.DataFrame(out, index=frame.index).reset_index(drop=True)


def export_headers(schema: Schema) -> list[str]:
    """Original headers where they are unique and not blank, else the table's own names; formulas neutralised."""
    originals = [c.original for c in schema]
    headers: list[str] = []
    for column in schema:
        keep = column.original.strip() and originals.count(column.original) == 1
        headers.append(column.original if keep else column.name)
    safe = neutralise(pd.Series(headers, dtype="object")).tolist()
    return safe if len(set(safe)) == len(safe) else [*neutralise(pd.Series(schema.names, dtype="object"))]


def neutralise(texts: pd.Series) -> pd.Series:
    """Put an apostrophe before text that a spreadsheet would run as a formula; plain numbers are left alone.

    Carriage returns become line feeds: the CSV writer would not quote them, and what follows would start a new row.
    """
    codes, levels = pd.factorize(texts.astype("object"))  # few distinct texts stand in most columns
    safe = np.array([*(_harmless(str(text)) for text in levels), None], dtype="object")
    return pd.Series(safe[codes], index=texts.index, name=texts.name, dtype="object")


def _harmless(text: str) -> str:
    text = _LINE_END.sub("\n", text)
    number = len(text) <= _LONGEST and _NUMBER.fullmatch(text.strip())
    return f"'{text}" if _FORMULA_START.match(text) and not number else text


def to_csv_bytes(frame: pd.DataFrame, schema: Schema) -> bytes:
    """The export as CSV (UTF-8), decimals as in the file."""
    exported = to_export(frame, schema)
    for column, header in zip(schema, export_headers(schema), strict=True):
        if column.kind is Kind.FLOAT:
            exported[header] = as_text(frame[column.name].reset_index(drop=True), column)
    return exported.to_csv(index=False).encode("utf-8")


def to_parquet_bytes(frame: pd.DataFrame, schema: Schema) -> bytes:
    """The export as Parquet; dates stay dates, and text stays as it is, since no spreadsheet runs it."""
    exported = to_export(frame, schema)
    for column, header in zip(schema, export_headers(schema), strict=True):
        if column.kind in (Kind.DATE, Kind.TEXT):
            exported[header] = frame[column.name].to_numpy()
    buffer = io.BytesIO()
    exported.to_parquet(buffer, index=False)
    return buffer.getvalue()


def combined(real: pd.DataFrame, synthetic: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Real rows, then synthetic rows, in the real rows' columns and a last one, ``is_synthetic`` (False, True).

    Real identifiers, sensitive values and free text come out as :func:`~synth_core.tables.release.without_real_values`
    makes them: blank, invented or hashed, as the schema says.

    Raises
    ------
    TableError
        The two have different columns.
    """
    if set(real.columns) != set(synthetic.columns):
        odd = sorted(set(real.columns) ^ set(synthetic.columns))[0]
        raise TableError(f"Column “{odd}” is in only one of the real and the synthetic rows: they cannot be combined.")
    real = without_real_values(real, schema, beside=synthetic)
    both = pd.concat([real, synthetic[list(real.columns)]], ignore_index=True)
    return both.assign(**{_free(FLAG, list(real.columns)): np.repeat([False, True], [len(real), len(synthetic)])})


def flagged(synthetic: pd.DataFrame, schema: Schema) -> pd.DataFrame:
    """Synthetic rows with a last column ``is_synthetic`` (True), named otherwise where a column has that name."""
    return synthetic.assign(**{_flag(schema): True})


def _flag(schema: Schema) -> str:
    return _free(FLAG, schema.names)


def _free(name: str, taken: list[str]) -> str:
    while name in taken:
        name += "_"
    return name
