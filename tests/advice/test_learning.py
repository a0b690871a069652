"""The learning curve behind the advice: measured on training rows, and on nothing else."""

from __future__ import annotations

import json

import numpy as np
import pytest

from synth_core import advice
from synth_core.advice import Advice, advise, measure
from synth_core.errors import StudyError
from tests.advice import makers


@pytest.fixture(scope="module")
def split():
    return makers.table(makers.leads(700, 250, numbers=4, levels=2)).split(0.2, seed=7)


@pytest.fixture(scope="module")
def found(split):
    return measure(split.train, seed=3, n_jobs=1)


def test_points_rise_to_all_training_rows_of_a_fold(split, found):
    rows = [p.rows for p in found.points]
    assert rows == sorted(rows) and len(rows) >= 5 and found.rows == found.of == len(split.train)
    assert 0.75 * len(split.train) <= rows[-1] <= len(split.train)
    assert found.metric == "AUC" and 0.6 < found.score.mean < 0.95
    assert [w.rows for w in found.worth] == [500, found.rows, 4 * found.rows]
    assert {m.key for m in found.models} == {"R1", "R2", "W"}
    assert found.model(found.reference).score == max(m.score for m in found.models if m.key != "D")


def test_same_seed_same_curve(split, found):
    again = measure(split.train, seed=3, n_jobs=1)
    assert (again.points, again.worth, again.models) == (found.points, found.worth, found.models)
    assert measure(split.train, seed=4, n_jobs=1).points != found.points


def test_a_holdout_or_a_table_cannot_be_measured(split):
    for rows in (split.holdout, split.train.table, split):
        with pytest.raises(TypeError, match="Train rows"):
            measure(rows)


def test_the_worth_of_rows_comes_from_the_curve(found):
    """A line in 1/√rows: what as many again add over what four times as many add is fixed."""
    expected = (1 - 2**-0.5) / (1 - 5**-0.5)
    assert found.twice.mean / found.fivefold.mean == pytest.approx(expected)
    assert found.twice.low < found.twice.mean < found.twice.high


def test_a_table_without_signal_is_told_from_one_with(found):
    frame = makers.leads(700, 250, numbers=4, levels=2)
    frame["booked"] = np.random.default_rng(0).permutation(frame["booked"])
    table = makers.table(frame)
    noise = measure(table.split(0.2, seed=7).train, seed=3, n_jobs=1)
    assert noise.score.mean < 0.6 < found.score.mean
    assert advise(table, learning=noise).reasons[0].rule == "no signal"


def test_a_number_and_several_classes_can_be_measured():
    spending = makers.spending()
    number = measure(spending.split(0.2, seed=7).train, n_jobs=1, folds=2)
    assert number.metric == "R²" and {m.key for m in number.models} == {"R1", "R2"}
    assert all(m.f1_tuned is None for m in number.models)
    assert "R²" in advise(spending, learning=number).reasons[0].evidence[0]


def test_too_few_rows_of_the_outcome_are_a_sentence():
    train = makers.table(makers.leads(60, 3)).split(0.5, seed=7).train
    with pytest.raises(StudyError, match="rarer outcome"):
        measure(train, n_jobs=1)


def test_large_tables_are_measured_on_a_part(split, monkeypatch):
    monkeypatch.setattr(advice.learning, "MOST", 200)
    part = measure(split.train, n_jobs=1, folds=2)
    assert (part.rows, part.of) == (200, len(split.train)) and part.points[-1].rows <= 200
    reason = advise(makers.bookings(), learning=part).reasons[0]
    assert f"measured on 200 of {len(split.train)} training rows" in reason.evidence


def test_advice_survives_json(found):
    table = makers.fraud()
    for asked in ({"learning": found}, {}, {"goal": "share", "sensitive": True}):
        told = advise(table, **asked)
        assert Advice.from_dict(json.loads(json.dumps(told.to_dict()))) == told
    assert Advice.from_dict(json.loads(json.dumps(advise(None).to_dict()))) == advise(None)
