"""Which lead a row of a file is, and which week it belongs to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from synth_core.errors import ScorerError
from synth_core.prospective.lead_files import LeadFile
from synth_core.prospective.outcomes import column as cells
from synth_core.tables import Kind, Schema, values


def first_of_each(ids: pd.Series, notes: list[str]) -> np.ndarray:
    """Where a lead stands for the first time in a file, bool of shape (n_rows,); rows without an id are left out.

    Parameters
    ----------
    ids : Series of str
    notes : list of str
        What is to be said is added.

    Raises
    ------
    ScorerError
        No row has an id.
    """
    blank = (ids == "").to_numpy()
    if blank.all():
        raise ScorerError("No lead has an id, so no outcome could ever be matched. Fill in the column of ids.")
    if blank.any():
        notes.append(f"{counted(int(blank.sum()))} without an id left out: no outcome could be matched.")
    twice = ids.duplicated().to_numpy() & ~blank
    if twice.any():
        notes.append(f"{counted(int(twice.sum()))} stood in the file before: the first row of a lead counts.")
    return ~blank & ~twice


def dates(file: LeadFile, column: str, rows: int, now: float, schema: Schema) -> tuple[pd.Series, list[str]]:
    """The day of every row (datetime64[ns], none missing), and what is to be said about it.

    Parameters
    ----------
    column : str
        Header; empty = all rows have the day of ``now``.
    rows : int
        Of the file.
    now : float
        Unix time; also of rows without a readable date.
    schema : Schema
        Of the training table: where it has the column, its format goes first, as 3.4. is not told from 4.3. by a
        file of a few days.
    """
    today = pd.Timestamp(now, unit="s").normalize()
    if not column:
        return pd.Series(today, index=range(rows)), []
    written = cells(file, column)
    if written is None:
        return pd.Series(today, index=range(rows)), [
            f"There is no column “{column}”: the leads count for the week in which they were scored."
        ]
    stamps = _read(written, (schema[column].format if column in schema else None) or "")
    unread = stamps.isna()
    if not unread.any():
        return stamps, []
    example = f" such as “{written[unread].iloc[0]}”" if written[unread].iloc[0] else ""
    told = f"{counted(int(unread.sum()))} without a readable date in “{column}”{example}: "
    return stamps.fillna(today), [f"{told}they count for the week in which they were scored."]


def _read(written: pd.Series, pattern: str) -> pd.Series:
    """Dates in ``pattern``, or in a format that fits more of the values."""
    known = pd.Series(pd.NaT, index=written.index, dtype="datetime64[ns]")
    if "%" in pattern:
        known = pd.to_datetime(written, format=pattern, errors="coerce").astype("datetime64[ns]")
        if known.notna().sum() == (written != "").sum():
            return known
    parsed = values.parse("date", values.Texts.of(pa.array(written.tolist(), pa.string())))
    if parsed.kind is not Kind.DATE or parsed.values.notna().sum() <= known.notna().sum():
        return known
    return parsed.values.astype("datetime64[ns]").set_axis(written.index)


def monday(dates: pd.Series) -> pd.Series:
    """The Monday of each date's week, as an ISO date."""
    return (dates - pd.to_timedelta(dates.dt.weekday, unit="D")).dt.strftime("%Y-%m-%d").astype("object")


def counted(leads: int) -> str:
    return f"{leads:,} lead{'' if leads == 1 else 's'}"
