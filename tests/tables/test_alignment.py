"""Odd tables: nothing crashes, what cannot be compared is listed with its reason, the rest is compared."""

import json
import warnings
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core import fidelity
from synth_core.tables.alignment import align
from tests.fidelity.makers import held, rows

N = 60
RNG = np.random.default_rng(0)
REAL = pd.DataFrame(
    {
        "amount": RNG.gamma(2, 20, N).round(2),
        "visits": RNG.poisson(3, N),
        "day": pd.date_range("2024-01-01", periods=N).astype(str),
        "city": RNG.choice(["rome", "bonn", "oslo"], N),
        "code": RNG.choice([1, 2, 3], N).astype(str),
        "booked": np.where(np.arange(N) % 3 == 0, "yes", "no"),
    }
)
TRAIN = rows(REAL, "booked")
GOOD = TRAIN.frame.sample(frac=1, random_state=0).reset_index(drop=True)


def report(synthetic: pd.DataFrame, train=TRAIN, holdout=None) -> fidelity.FidelityReport:
    found = fidelity.report(train, holdout, synthetic, seed=1)
    text = json.dumps(found.to_dict(), allow_nan=False)
    assert fidelity.FidelityReport.from_dict(json.loads(text)) == found
    return found


def reasons(found: fidelity.FidelityReport) -> dict[str, str]:
    return {u.name: u.reason for u in found.unavailable}


def measured(found: fidelity.FidelityReport, name: str) -> fidelity.FeatureFidelity:
    return next(f for f in found.features if f.name == name)


def test_codes_that_mean_a_number_are_the_same_level_in_any_dtype():
    wanted = align(TRAIN, None, GOOD)
    numbers = pd.to_numeric(GOOD["code"])
    given_as = [numbers, numbers.astype(float), numbers.astype("Int64"), numbers.astype("category"), GOOD["code"]]
    for code in given_as:
        found = align(TRAIN, None, GOOD.assign(code=code))
        assert [v.levels for v in found.columns] == [v.levels for v in wanted.columns]
        for ours, theirs in zip(found.columns, wanted.columns, strict=True):
            assert np.array_equal(ours.synthetic, theirs.synthetic, equal_nan=True)


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.assign(amount=f["amount"].astype(str)),
        lambda f: f.assign(amount=f["amount"].astype("Float64"), visits=f["visits"].astype(float)),
        lambda f: f.assign(amount=f["amount"].map(lambda v: Decimal(str(v)))),
        lambda f: f.assign(visits=f["visits"].astype(int).astype("category"), city=f["city"].astype("category")),
        lambda f: f.assign(city=f["city"].astype("string"), booked=f["booked"].astype("string")),
        lambda f: f.assign(day=f["day"].dt.tz_localize("Asia/Tokyo")),
        lambda f: f.assign(day=f["day"].dt.strftime("%Y-%m-%d")),
        lambda f: f.assign(day=f["day"].dt.date),
        lambda f: f.set_axis(np.zeros(len(f), dtype=int)),
        lambda f: f.set_axis(pd.MultiIndex.from_product([[1], range(len(f))])),
        lambda f: f[f.columns[::-1]],
    ],
)
def test_another_storage_of_the_same_values_changes_nothing(change):
    assert report(change(GOOD)).features == report(GOOD).features


@pytest.mark.parametrize(
    ("column", "values", "words"),
    [
        ("amount", ["12.5", "many"] * 30, "holds numbers in the real table, but “many” in the synthetic rows"),
        ("visits", pd.date_range("2024-01-01", periods=N), "holds numbers in the real table, but “2024-01-01"),
        ("visits", [[1]] * N, "holds numbers in the real table, but “[1]”"),
        ("day", np.arange(N), "holds dates in the real table, but “0”"),
        ("day", ["2024-01-01", "soon"] * 30, "holds dates in the real table, but “soon”"),
        ("city", [["rome"]] * N, "which is no text and no number"),
        ("city", [{"rome": 1}] * N, "which is no text and no number"),
    ],
)
def test_values_of_another_kind_are_listed_with_an_example(column, values, words):
    found = report(GOOD.assign(**{column: values}))
    assert words in reasons(found)[column]
    assert {f.name for f in found.features} == set(GOOD) - {column}


def test_absent_extra_and_repeated_columns_are_listed():
    found = report(GOOD.drop(columns=["city", "booked"]).assign(note="x"))
    told = reasons(found)
    assert "no such column" in told["city"] and "no such column" in told["booked"] and "no such column" in told["note"]
    assert "Relation to the target" in told and len(found.features) == 4
    twice = pd.concat([GOOD, GOOD[["city"]]], axis=1)
    assert "occurs twice" in reasons(report(twice))["city"]
    nothing = report(pd.DataFrame({"other": [1]}))
    assert not nothing.features and nothing.headline == "No column could be compared."


def test_infinite_values_count_as_missing_and_are_listed():
    found = report(GOOD.assign(amount=GOOD["amount"].mask(GOOD.index < 6, np.inf)))
    assert "6 infinite values" in reasons(found)["amount"]
    assert measured(found, "amount").synthetic.missing == 0.1


def test_unseen_levels_are_compared():
    found = report(GOOD.assign(city="paris"))
    assert measured(found, "city").synthetic.adherence == 0 and measured(found, "city").synthetic.coverage == 0
    assert "Always “paris”" in measured(found, "city").sentence


def test_a_constant_column_is_a_red_flag_and_its_correlations_are_listed():
    found = report(GOOD.assign(amount=1.5))
    assert measured(found, "amount").sentence == "Always 1.5 (real: 60 different values)."
    assert measured(found, "amount").synthetic.distinct == 1
    assert any("amount: fewer than two values" in u.reason for u in found.unavailable if u.name == "Pairs")


@pytest.mark.parametrize("value", [np.nan, None])
def test_a_column_without_values_is_compared_by_its_missing_rate(value):
    for name in ("amount", "city", "day"):
        found = report(GOOD.assign(**{name: pd.Series([value] * N, dtype=object)}))
        assert measured(found, name).synthetic.missing == 1 and measured(found, name).synthetic.shape is None
        assert "only missing rates" in reasons(found)[name]


@pytest.mark.parametrize("count", [0, 1, 2, 5, 6])
def test_hardly_any_rows_on_any_side(count):
    few = TRAIN.only(np.arange(N) < count)
    holdout = held(GOOD.head(count), TRAIN)
    for synthetic, train in ((GOOD.head(count), TRAIN), (GOOD, few), (GOOD.head(count), few)):
        found = report(synthetic, train, holdout)
        assert found.synthetic_rows == len(synthetic) and found.train_rows == len(train)
        if count < 6:
            assert "Coverage and density" in reasons(found)
    assert report(GOOD.iloc[:0]).features[0].sentence == "No synthetic rows to compare."


def test_codes_of_booleans_and_of_levels_that_no_row_holds():
    real = rows(pd.DataFrame({"flag": ["1", "0"] * 30, "x": np.arange(60) % 7}))
    flags = pd.Series([True, False] * 30)
    for given_as in (
        flags,
        flags.astype("boolean"),
        flags.astype(int).astype("category").cat.set_categories([0, 1, 2]),
    ):
        found = report(pd.DataFrame({"flag": given_as, "x": np.arange(60) % 7}), real)
        assert measured(found, "flag").synthetic.kl < 0.01 and measured(found, "flag").synthetic.adherence == 1


def test_numbers_near_the_end_of_what_floats_hold():
    real = pd.DataFrame({"x": [1e308, -1e308, 0.0, 1e-308] * 15, "y": np.arange(60.0)})
    report(rows(real).frame.sample(frac=1, random_state=0), rows(real))


CELLS = (
    st.floats(width=32),
    st.one_of(st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.text(max_size=3)),
    st.sampled_from([pd.NaT, pd.Timestamp("1700-01-01"), pd.Timestamp("2024-05-05")]),
    st.sampled_from([None, (1, 2), b"x", frozenset({1}), 1 + 2j, pd.Timedelta("1D")]),
    st.just(0.5),
)
SERIES = st.one_of(*(st.lists(cell, min_size=N, max_size=N) for cell in CELLS))


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(GOOD)), SERIES, min_size=1, max_size=3), st.integers(0, N))
def test_any_frame_is_compared_or_listed(columns, count):
    frame = GOOD.assign(**{name: pd.Series(values) for name, values in columns.items()}).head(count)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = report(frame)
    assert {f.name for f in found.features} | set(reasons(found)) >= set(GOOD)
