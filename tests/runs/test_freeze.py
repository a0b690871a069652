"""Freezing a study's models end to end in its own process."""

import io
import json

import numpy as np
import pandas as pd
import pytest

from synth_core.errors import RunError, ScorerError
from synth_core.progress import SILENT
from synth_core.runs import Store
from synth_core.tables import TableLibrary, load_sample, travel_leads
from synth_core.tasks import freeze as freeze_task
from synth_core.tasks import results
from synth_core.tasks import score as score_task
from tests.runs.conftest import ended

STUDY = {
    "arms": [["trees", {"min_leaf": 20}]], "labels": ["own"], "rows": 300, "folds": 3, "repeats": 1, "seed": 7,
    "holdout": 0.25,
}  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def dataset(workspace):
    return TableLibrary(workspace / "datasets").add(load_sample("travel").take(np.arange(700)))


@pytest.fixture
def store(workspace):
    return Store(workspace)


def go(store, task, dataset, /, **spec):
    return ended(store, store.submit(task, spec, title=task, dataset=dataset), 120)


@pytest.fixture(scope="module")
def study(workspace, dataset):
    run = go(Store(workspace), "lift", dataset, **STUDY, dataset=dataset)
    assert run.state == "succeeded", run.error
    return run


def test_a_scorer_comes_from_a_study_with_settings_of_its_own(store, dataset, study):
    run = go(store, "freeze", dataset, study=study.id, arm=None, name="Spring leads")
    assert run.state == "succeeded", store.log(run.id)
    folder = store.folder(run.id)
    scorer, found = results.load_scorer(folder), results.load_study(store.folder(study.id))
    assert scorer.card == results.load_card(folder)
    assert scorer.card.study == study.id
    assert scorer.card.arm == found.holdout.arm == "trees(min_leaf=20)/own"
    assert scorer.card.auc_arm == found.holdout.scores_arm.main
    assert scorer.card.auc_reference == found.holdout.scores_reference.main
    assert sorted(p.name for p in folder.iterdir()) == ["card.json", "scorer.zip"]


def test_a_changed_file_is_not_loaded(store, dataset, study):
    run = go(store, "freeze", dataset, study=study.id, arm=None, name="Spring leads")
    path = store.folder(run.id) / "scorer.zip"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ScorerError, match="changed or damaged"):
        results.load_scorer(path.parent)
    (path.parent / "card.json").write_text(json.dumps({"id": 1}))
    with pytest.raises(RunError, match="damaged"):
        results.load_card(path.parent)


def test_what_cannot_be_frozen_is_said_in_words(store, dataset, study):
    run = go(store, "freeze", dataset, study=study.id, arm="R1", name="x")
    assert run.state == "failed"
    assert "“R1” is no arm with synthetic rows" in run.error
    run = go(store, "freeze", dataset, study="gone", arm=None, name="x")
    assert run.state == "failed"
    assert "has been deleted" in run.error


def test_a_run_whose_row_is_gone_is_missed(workspace, store, tmp_path):
    folder = workspace / "runs" / ".draft"
    (workspace / "runs" / "orphan").mkdir()
    (workspace / "runs" / "orphan" / "study.json").write_text("{}")
    with pytest.raises(RunError):
        freeze_task.run({"study": "orphan", "arm": None, "name": "x"}, folder, SILENT)


def test_a_file_is_scored_in_a_run_of_its_own_and_not_kept(workspace, store, dataset, study):
    frozen = go(store, "freeze", dataset, study=study.id, arm=None, name="Spring leads")
    leads = travel_leads(7, 1, 50)[0]
    spec = {"scorer": frozen.id, "label": "week.csv", "id_column": "enquiry_id"}
    spec["file"] = score_task.stage(workspace, io.BytesIO(leads.drop(columns="booked").to_csv(index=False).encode()))
    run = go(store, "score", dataset, **spec)
    assert run.state == "succeeded", store.log(run.id)
    scored = pd.read_csv(store.folder(run.id) / "scores.csv", float_precision="round_trip")
    expected = results.load_scorer(store.folder(frozen.id)).score(leads)
    assert scored["enquiry_id"].tolist() == leads["enquiry_id"].tolist()
    assert scored[["score_reference", "score_arm"]].equals(expected.reset_index(drop=True))
    found = results.load_leads(store.folder(run.id))
    assert found.rows == len(leads)
    assert not found.missing
    again = store.rerun(run.id)
    assert "“week.csv” is kept for one run only" in ended(store, again).error
