"""Frames of odd columns, and the roles and targets that an analyst could ask for, as hypothesis strategies."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from synth_core.tables import Role

_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
_DAY = st.datetimes(dt.datetime(1700, 1, 1), dt.datetime(2250, 1, 1))


def _column(rows: int) -> st.SearchStrategy[pd.Series]:
    """One column of ``rows`` cells, of any kind that a frame can hold and the reader knows."""

    def of(cells: st.SearchStrategy, dtype: str | None = None) -> st.SearchStrategy[pd.Series]:
        listed = st.lists(st.one_of(st.none(), cells), min_size=rows, max_size=rows)
        return listed.map(lambda values: pd.Series(values, dtype=dtype or "object"))

    full = st.lists(st.sampled_from(["a", "b", "c"]), min_size=rows, max_size=rows)
    return st.one_of(
        of(st.floats(allow_nan=True, allow_infinity=True), "float64"),
        of(st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), "float64"),
        of(st.integers(-(2**53), 2**53), "Int64"),
        of(st.integers(0, 3), "Int64"),
        of(st.booleans(), "boolean"),
        of(_TEXT),
        of(st.sampled_from(["yes", "no"])),
        of(_DAY, "datetime64[ns]"),
        of(st.decimals(-1_000, 1_000, places=3, allow_nan=False)),
        of(st.one_of(st.integers(-5, 5), _TEXT)),
        full.map(lambda values: pd.Series(pd.Categorical(values))),
        st.just(pd.Series([None] * rows, dtype="object")),
        st.just(pd.Series(["same"] * rows)),
        st.just(pd.Series([f"{i:05d}" for i in range(rows)])),
        st.just(pd.Series(np.arange(rows) * 1.5)),
        st.just(pd.Series(pd.date_range("2024-01-01", periods=rows, freq="D"))),
    )


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """One to six columns of one to sixty rows under headers that may be blank, repeated or numbers."""
    rows = draw(st.sampled_from([1, 2, 3, 12, 60]))
    columns = draw(st.lists(_column(rows), min_size=1, max_size=6))
    header = st.one_of(_TEXT, st.sampled_from(["a", "a", "", "date", "id", "0", "is_synthetic"]), st.integers(0, 3))
    frame = pd.concat(columns, axis=1)
    frame.columns = [draw(header) for _ in columns]
    return frame


#: Edits: which column (counted round), and the role or None for the target.
edits = st.lists(st.tuples(st.integers(0, 5), st.one_of(st.none(), st.sampled_from(list(Role)))), max_size=3)
