"""Every page in its empty, loaded, running and failed state, with no exception on screen."""

from dataclasses import replace

import pytest

from pages.ui import loaded, workspace
from pages.ui.frame import ICONS
from synth_core.runs import Store
from synth_core.runs.model import Phase
from synth_core.tables import load_sample, set_target
from tests.pages.opening import buttons, open_page, said

SPEC = {"generator": "trees", "settings": {}, "rows": 50, "seed": 7, "holdout": 0.2}
STUDY = {"arms": ["trees"], "labels": ["own"], "rows": 50, "folds": 5, "repeats": 1, "seed": 7, "holdout": 0.2}
PAGE = {"generate": "Generate", "lift": "Lift"}


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))


@pytest.fixture
def dataset():
    return workspace.library().add(load_sample("travel"))


def put_in_state(monkeypatch, run, state: str, error: str | None = None) -> None:
    changed = replace(run, state=state, error=error)
    monkeypatch.setattr(Store, "get", lambda self, run_id: changed)
    monkeypatch.setattr(Store, "list", lambda self, *a, **k: [changed])
    monkeypatch.setattr(Store, "reconcile", lambda self, *a, **k: None)


def submit(task: str, dataset: str):
    spec = {**(SPEC if task == "generate" else STUDY), "dataset": dataset}
    return workspace.store().submit(task, spec, title=f"{task} test", dataset=dataset)


@pytest.mark.parametrize("name", ICONS)
def test_an_empty_workspace_shows_what_to_do_next(name):
    app = open_page(name)
    assert not app.error
    assert app.button, "an empty page must offer a way on"


def test_start_offers_the_sample_first():
    app = open_page("Start")
    assert app.button[0].label == "Try the travel sample"


def test_data_shows_the_roles_and_the_class_balance(dataset):
    app = open_page("Data", dataset=dataset)
    assert not app.error
    assert {m.label for m in app.metric} >= {"Rows", "Columns", "Share positive"}
    assert "Generate synthetic rows" in buttons(app)


def test_an_unknown_dataset_is_one_sentence():
    app = open_page("Data", dataset="0" * 64)
    assert len(app.error) == 1 and "Something went wrong" not in app.error[0].value


def test_generate_starts_with_trees_and_4000_rows(dataset):
    app = open_page("Generate", dataset=dataset)
    assert app.selectbox(key="generator").value == "trees"
    assert app.number_input(key="rows").value == 4_000


def test_the_sampling_ratio_asks_for_rows_of_the_rarest_class_only(dataset):
    app = open_page("Generate", dataset=dataset)
    app.selectbox(key="generator").select("smotenc").run()
    app.selectbox(key="smotenc-classes").select("minority").run()
    assert not app.exception
    assert app.slider(key="sampling-ratio").value == 1.0
    assert "of the rarest class" in said(app)


@pytest.mark.parametrize("task", PAGE)
def test_a_running_run_can_be_cancelled_from_its_page(task, dataset, monkeypatch):
    run = submit(task, dataset)
    workspace.store().cancel(run.id)
    put_in_state(monkeypatch, run, "running")
    app = open_page(PAGE[task], dataset=dataset, run=run.id)
    assert "Cancel" in buttons(app) and not app.error


def test_a_search_shows_its_leaders_below_the_bars(dataset, monkeypatch):
    run = submit("lift", dataset)
    workspace.store().cancel(run.id)
    leaders = "0.8412  Trees, committee labels\n0.8391  Gaussian copula, curated"
    phase = Phase("searching", 20, 120, 430.0, {"candidates": 24, "leaderboard": leaders})
    put_in_state(monkeypatch, replace(run, phases=(phase,)), "running")
    app = open_page("Lift", dataset=dataset, run=run.id)
    assert app.table[0].value.to_numpy().tolist() == [
        ["0.8412", "Trees, committee labels"],
        ["0.8391", "Gaussian copula, curated"],
    ]
    (bar,) = app.get("progress")
    assert "Searching · about 1 min 40 s left" in bar.proto.text  # of its budget, whatever the pace so far says
    assert "Trees" not in bar.proto.text and "candidates 24" in bar.proto.text


@pytest.mark.parametrize("target", ["channel", "age"])
def test_generate_offers_smote_and_a_verdict_for_any_target(target, dataset):
    table = set_target(loaded.table(dataset), target, drop_missing_target=True)
    app = open_page("Generate", dataset=workspace.library().add(table))
    assert ("SMOTE" in app.selectbox(key="generator").options) == (table.task == "multiclass")
    assert f"target: {target}" in said(app)


@pytest.mark.parametrize("task", PAGE)
def test_a_failed_run_says_why_and_can_be_run_again(task, dataset, monkeypatch):
    run = submit(task, dataset)
    workspace.store().cancel(run.id)
    put_in_state(monkeypatch, run, "failed", "Column “age” has no values. Choose another target.")
    app = open_page(PAGE[task], dataset=dataset, run=run.id)
    assert "Column “age” has no values" in said(app)
    assert "Run again" in buttons(app)


@pytest.mark.parametrize("state", ["running", "failed", "cancelled", "interrupted"])
def test_runs_lists_every_state(state, dataset, monkeypatch):
    run = submit("generate", dataset)
    workspace.store().cancel(run.id)
    put_in_state(monkeypatch, run, state, "It failed." if state == "failed" else None)
    app = open_page("Runs")
    assert state in app.dataframe[0].value["State"].iloc[0]
    assert ("Cancel" in buttons(app)) == (state == "running")


def test_an_unexpected_error_shows_a_sentence_and_no_traceback(dataset, monkeypatch, caplog):
    def broken(self, *args):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Store, "list", broken)
    app = open_page("Runs")
    assert "Something went wrong" in app.error[0].value
    assert "secret detail" not in said(app)
    assert "secret detail" in caplog.text
