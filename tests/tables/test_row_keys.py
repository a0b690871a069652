"""Equal rows have equal keys, whatever the bits of their numbers."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.tables import table_from_frame
from synth_core.tables.row_keys import row_keys
from synth_core.tables.split import duplicate_groups

CELLS = st.sampled_from([0.0, -0.0, 1.5, -1.5, np.nan, -np.nan, np.inf])


def key_by_key(row: tuple) -> tuple:
    """What pandas' own joins take for equal."""
    return tuple("missing" if isinstance(v, float) and np.isnan(v) else v for v in row)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, st.sampled_from(["a", "b", None]), st.integers(-1, 1)), min_size=1, max_size=30))
def test_rows_have_the_same_key_exactly_where_they_are_equal(rows):
    keys = row_keys(pd.DataFrame(rows, columns=["x", "y", "z"]))
    groups = [key_by_key(r) for r in rows]
    assert pd.factorize(keys)[0].tolist() == pd.factorize(pd.Series(groups, dtype=object))[0].tolist()


def test_minus_zero_does_not_separate_duplicates_before_the_split():
    rows = table_from_frame(pd.DataFrame({"x": [0.0, -0.0, 2.5, 2.5, 3.5], "y": [1, 1, 2, 2, 2]}))
    assert duplicate_groups(rows).tolist() == [0, 0, 1, 1, 2]
