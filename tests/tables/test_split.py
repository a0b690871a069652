"""The locked holdout and the folds: stratified, reproducible, no duplicate on both sides, types that do not mix."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import StudyError, TableError
from synth_core.tables import (
    FoldTest,
    Holdout,
    Role,
    Table,
    Train,
    load_sample,
    require_train,
    set_roles,
    set_target,
    table_from_frame,
)
from synth_core.tables.split import duplicate_groups


def table_of(a, b, y):
    return set_target(table_from_frame(pd.DataFrame({"a": a, "b": b, "y": y})), "y", 1)


@st.composite
def tables_with_twins(draw):
    """30 to 90 rows over few feature values, so that twins (also with unlike labels) are common."""
    rows = draw(st.integers(30, 90))
    seed = draw(st.integers(0, 10**6))
    values = draw(st.integers(3, 30))
    rng = np.random.default_rng(seed)
    y = (rng.random(rows) < draw(st.floats(0.2, 0.8))).astype(int)
    y[:2], y[-2:] = 0, 1
    return table_of(rng.integers(0, values, rows), rng.choice(["u", "v"], rows), y)


@settings(max_examples=60, deadline=None)
@given(tables_with_twins(), st.integers(0, 1000), st.sampled_from([0.1, 0.2, 0.35]))
def test_no_duplicate_crosses_the_holdout_and_no_row_is_lost(table, seed, holdout):
    try:
        split = table.split(holdout, seed=seed)
    except TableError as error:
        assert "class is left with one distinct row" in str(error)
        return
    groups = duplicate_groups(table)
    assert not set(groups[split.train.row_ids]) & set(groups[split.holdout.row_ids])
    assert sorted([*split.train.row_ids, *split.holdout.row_ids]) == list(range(len(table)))
    assert split.duplicates == table.frame[["a", "b"]].duplicated().sum()
    pd.testing.assert_frame_equal(
        split.holdout.frame, table.frame.iloc[split.holdout.row_ids].reset_index(drop=True), check_dtype=True
    )


@settings(max_examples=30, deadline=None)
@given(tables_with_twins(), st.integers(0, 1000))
def test_no_duplicate_crosses_a_fold(table, seed):
    train = Train(table, np.arange(len(table)))
    if train.rarest_groups() < 3:
        with pytest.raises(StudyError, match="distinct training rows in the rarer class"):
            next(train.folds(folds=3, repeats=1, seed=seed))
        return
    folds = list(train.folds(folds=3, repeats=2, seed=seed))
    assert [(f.repeat, f.number) for f in folds] == [(r, n) for r in range(2) for n in range(3)]
    for repeat in range(2):
        tested = np.concatenate([f.test.row_ids for f in folds if f.repeat == repeat])
        assert sorted(tested) == list(range(len(table)))
    for fold in folds:
        assert not set(train.groups[fold.train.row_ids]) & set(train.groups[fold.test.row_ids])
        assert isinstance(fold.train, Train)
        assert type(fold.test) is FoldTest


@pytest.fixture(scope="module")
def travel():
    return load_sample("travel")


def test_same_seed_same_rows_and_another_seed_others(travel):
    first, again, other = (travel.split(seed=s) for s in (7, 7, 8))
    assert first.holdout.fingerprint() == again.holdout.fingerprint() != other.holdout.fingerprint()
    assert np.array_equal(first.train.row_ids, again.train.row_ids)
    folds, repeated = ([f.test.row_ids.tolist() for f in s.train.folds(seed=3)] for s in (first, again))
    assert folds == repeated
    assert len({tuple(f) for f in folds}) == 25


def test_holdout_and_folds_keep_the_class_balance(travel):
    split = travel.split(0.2, seed=1)
    assert len(split.holdout) == 240
    assert split.holdout.labels().mean() == pytest.approx(travel.labels().mean(), abs=0.005)
    for fold in split.train.folds(folds=5, repeats=1, seed=1):
        assert fold.test.labels().mean() == pytest.approx(travel.labels().mean(), abs=0.01)


def test_only_train_rows_may_be_fitted_on(travel):
    split = travel.split(seed=1)
    assert require_train(split.train) is split.train
    fold = next(split.train.folds(seed=1))
    assert isinstance(require_train(fold.train), type(split.train))
    for rows in (split.holdout, fold.test, travel, travel.frame, None):
        with pytest.raises(TypeError, match=f"takes Train rows, not {type(rows).__name__}"):
            require_train(rows)
    assert type(split.holdout) is Holdout


def test_a_sample_of_train_rows_is_train_and_keeps_their_ids(travel):
    train = travel.split(seed=1).train
    some = train.sample_rows(100, seed=2)
    assert require_train(some) is some
    assert len(some) == 100
    assert set(some.row_ids) <= set(train.row_ids)
    assert train.sample_rows(10_000, seed=2) is train


def test_identifiers_do_not_hide_duplicates():
    frame = pd.DataFrame(
        {"id": [f"A-{i:03d}" for i in range(40)], "x": [i // 2 for i in range(40)], "y": [0, 0, 1, 1] * 10}
    )
    split = set_target(table_from_frame(frame), "y").split(seed=1)
    assert split.duplicates == 20


def test_bad_shares_and_tiny_tables_are_refused(travel):
    with pytest.raises(TableError, match="A holdout of 70% is not useful: choose between 5 % and 50 %"):
        travel.split(0.7, seed=1)
    with pytest.raises(TableError, match="The table has 9 rows; at least 10 are needed"):
        travel.take(np.arange(9)).split(seed=1)
    with pytest.raises(TableError, match=r"Target “y” has 1 row\(s\) in its rarer class"):
        table_of(range(20), ["u"] * 20, [1] + [0] * 19).split(seed=1)


def test_a_table_without_target_can_be_split():
    table = table_from_frame(pd.DataFrame({"a": [7 * i % 50 for i in range(50)], "b": [1.5, 2.5] * 25}))
    assert len(table.split(seed=1).holdout) == 10


def dated(rows: int = 400, seed: int = 0, **columns) -> Table:
    """A table with a date column, several rows a day, and a two-class target."""
    rng = np.random.default_rng(seed)
    days = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 200, rows)), unit="D")
    frame = pd.DataFrame(
        {
            "booked_on": days.strftime("%Y-%m-%d"),
            "x": rng.normal(size=rows).round(4),
            "y": rng.choice(["no", "yes"], rows),
        }
    ).assign(**columns)
    frame = frame.sample(frac=1, random_state=seed).reset_index(drop=True)
    return set_target(table_from_frame(frame), "y", "yes")


def test_by_date_the_last_period_is_locked():
    split = dated().split(0.25, seed=1, by_date="booked_on")
    assert split.train.frame["booked_on"].max() < split.holdout.frame["booked_on"].min()
    assert str(split.holdout.frame["booked_on"].min().date()) == split.cutoff
    assert len(split.holdout) / 400 == pytest.approx(0.25, abs=0.03)


def test_by_date_every_fold_trains_on_the_past_only():
    train = dated().split(seed=1, by_date="booked_on").train
    folds = list(train.folds(folds=5, repeats=5, seed=1))
    assert len(folds) == 10
    scored = np.concatenate([f.test_rows for f in folds])
    assert len(np.unique(scored)) == len(scored)
    for fold in folds:
        assert fold.train.frame["booked_on"].max() < fold.test.frame["booked_on"].min()
        assert fold.train.by_date == "booked_on"
    sizes = [len(f.train_rows) for f in folds]
    assert sizes == sorted(sizes) and sizes[0] >= 0.4 * len(train)


def test_by_date_a_twin_from_the_past_goes_to_the_later_side():
    """Rows that repeat each other but for a date that no model sees must not sit on both sides."""
    table = set_roles(dated(x=np.tile(np.arange(80) / 7, 5).round(4)), {"booked_on": Role.IDENTIFIER})
    split = table.split(0.2, seed=1, by_date="booked_on")
    assert not set(split.train.frame["x"]) & set(split.holdout.frame["x"])


def test_by_date_periods_of_one_outcome_are_joined_to_the_next():
    late = np.where(np.arange(400) % 25 == 0, "yes", "no")  # ten periods of 16 rows: some have no “yes”
    days = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(400) // 2, unit="D")
    frame = pd.DataFrame({"booked_on": days.strftime("%Y-%m-%d"), "x": np.arange(400) * 0.5, "y": late})
    split = set_target(table_from_frame(frame), "y", "yes").split(0.2, seed=1, by_date="booked_on")
    folds = list(split.train.folds(folds=5, repeats=2, seed=1))
    assert 2 <= len(folds) < 10
    for fold in folds:
        assert len(np.unique(fold.test.labels())) == 2


@pytest.mark.parametrize(
    ("column", "words"),
    [("x", "“x” is not a date column"), ("booked_on", "has no date in 3 rows, first in row")],
)
def test_by_date_bad_columns_are_named(column, words):
    table = dated()
    frame = table.frame.copy()
    frame.loc[[5, 9, 70], "booked_on"] = pd.NaT
    with pytest.raises(TableError, match=words):
        replace(table, frame=frame).split(seed=1, by_date=column)


def test_several_classes_keep_their_shares_and_rare_ones_do_not_stand_in_the_way():
    rng = np.random.default_rng(3)
    classes = np.array(["a"] * 200 + ["b"] * 150 + ["c"] * 49 + ["d"])
    frame = pd.DataFrame({"x": rng.normal(size=400).round(5), "y": rng.permutation(classes)})
    table = set_target(table_from_frame(frame), "y")
    split = table.split(0.2, seed=1)
    for part in (split.train, split.holdout):
        shares = part.frame["y"].value_counts(normalize=True)
        assert shares["a"] == pytest.approx(0.5, abs=0.02) and shares["c"] == pytest.approx(0.12, abs=0.02)
    assert split.holdout.outcomes().max() <= 3 and len(list(split.train.folds(folds=5, repeats=1, seed=1))) == 5


def test_a_number_keeps_its_spread_in_every_fold():
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"x": rng.normal(size=300).round(5), "price": rng.lognormal(3, 1, 300).round(4)})
    split = set_target(table_from_frame(frame), "price").split(seed=1)
    low, high = np.quantile(split.train.outcomes(), [0.2, 0.8])
    for fold in split.train.folds(folds=5, repeats=1, seed=1):
        y = fold.test.outcomes()
        assert (y < low).mean() == pytest.approx(0.2, abs=0.03) and (y > high).mean() == pytest.approx(0.2, abs=0.03)
