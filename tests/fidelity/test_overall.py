"""One number for a whole table, against small tables worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core import fidelity
from synth_core.fidelity.overall import two_way_error, worst_divergence
from synth_core.tables import Train, load_sample, table_from_frame


def train(**columns) -> Train:
    table = table_from_frame(pd.DataFrame(columns))
    return Train(table, np.arange(len(table)))


def test_levels_by_hand():
    real = train(a=list("xxyy") * 10, b=list("uvuv") * 10)
    made = pd.DataFrame({"a": list("xxxy"), "b": list("uuuv")})  # ¾ xu, ¼ yv against ¼ each
    assert two_way_error(real, made) == pytest.approx(0.5)


def test_numbers_are_cut_at_the_real_deciles_and_missing_is_a_cell():
    values = np.arange(1.0, 101.0)
    real = train(a=values + 0.5, b=["x", "y"] * 50)
    inside = pd.DataFrame({"a": values + 0.25, "b": ["x", "y"] * 50})
    assert two_way_error(real, inside) == pytest.approx(0, abs=0.011), "one value may cross an edge"
    gone = inside.assign(a=np.where(values <= 50, np.nan, inside["a"]))
    assert two_way_error(real, gone) == pytest.approx(0.5, abs=0.011)


def test_it_is_the_mean_over_pairs():
    real = train(a=list("xy") * 20, b=list("uv") * 20, c=list("st") * 20)
    made = real.frame.assign(c=real.frame["c"].to_numpy()[::-1])  # a and b as they were, both crossed with c
    assert two_way_error(real, made) == pytest.approx((0 + 1 + 1) / 3)


@pytest.mark.parametrize("columns", [{"a": list("xy") * 20}, {"a": list("xy") * 20, "b": list("uv") * 20}])
def test_nothing_to_compare_is_no_number(columns):
    real = train(**columns)
    assert np.isnan(two_way_error(real, real.frame.head(0 if len(columns) > 1 else 9)))


def test_columns_of_many_levels_are_counted_the_same():
    names = np.array([f"level {i}" for i in range(400)])
    real = train(a=np.repeat(names, 2), b=np.tile(names, 2))
    assert two_way_error(real, real.frame.sample(frac=1, random_state=1)) == 0
    assert two_way_error(real, real.frame.assign(b=np.roll(names, 7).repeat(2))) > 0.9


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15, deadline=None)
def test_it_lies_between_none_and_nothing_in_common_and_copies_have_none(seed):
    real = load_sample("travel").split(seed=1).train
    rng = np.random.default_rng(seed)
    rows = real.frame.iloc[rng.integers(0, len(real), rng.integers(1, 300))]
    assert 0 <= two_way_error(real, rows) <= 1
    assert two_way_error(real, real.frame) == 0


def test_the_worst_column_is_that_of_the_report():
    split = load_sample("travel").split(seed=1)
    rows = split.train.frame.head(300).assign(device="mobile")
    expected = max(f.synthetic.kl for f in fidelity.report(split.train, None, rows, seed=1).features)
    assert worst_divergence(split.train, rows) == pytest.approx(expected) and expected > 0.1
