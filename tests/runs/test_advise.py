"""The task behind “Measure the learning curve”, in a process of its own."""

from __future__ import annotations

import pytest

from synth_core.advice import advise, measure
from synth_core.errors import RunError
from synth_core.runs import Store
from synth_core.tables import TableLibrary
from synth_core.tasks import results
from tests.advice import makers
from tests.runs.conftest import ended

SPEC = {"seed": 7, "holdout": 0.2, "goal": "predict", "sensitive": False}


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture
def library(tmp_path):
    return TableLibrary(tmp_path / "datasets")


def go(store, dataset, **changes):
    spec = {**SPEC, "dataset": dataset, **changes}
    return ended(store, store.submit("advise", spec, title="Learning curve", dataset=dataset), 120)


def test_the_run_leaves_the_advice_with_the_curve_of_the_training_rows(store, library):
    table = makers.table(makers.leads(400, 150, numbers=3, levels=1))
    run = go(store, library.add(table))
    assert run.state == "succeeded", store.log(run.id)
    found = results.load_advice(store.folder(run.id))
    expected = measure(table.split(holdout=0.2, seed=7).train, seed=7, n_jobs=1)
    assert (found.measured.points, found.measured.models) == (expected.points, expected.models)
    assert found.reasons == advise(table, learning=expected).reasons
    assert [p.name for p in run.phases] == ["reading", "fitting", "curves"]
    assert all(p.step == pytest.approx(p.total) for p in run.phases)
    assert {p.name for p in store.folder(run.id).iterdir()} == {"advice.json"}


def test_what_cannot_be_measured_is_a_sentence(store, library):
    run = go(store, library.add(makers.untargeted()))
    assert run.state == "failed" and "No target column is chosen" in run.error


def test_a_damaged_result_is_a_sentence(tmp_path):
    (tmp_path / "advice.json").write_text('{"goal": "predict"}', "utf-8")
    with pytest.raises(RunError, match="damaged, or an older"):
        results.load_advice(tmp_path)
