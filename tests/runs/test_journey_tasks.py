"""Attribution and calibration as runs: which journeys they take, and what is read back."""

import pandas as pd
import pytest

from synth_core.errors import JourneyError, RunError
from synth_core.journeys import export
from synth_core.journeys.attribution import MODELS, attribute
from synth_core.journeys.calibrate import calibrate
from synth_core.journeys.library import JourneyLibrary
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.simulate import simulate
from synth_core.journeys.study import study
from synth_core.progress import SILENT
from synth_core.runs import Store
from synth_core.tasks import attribute as attribute_task
from synth_core.tasks import calibrate as calibrate_task
from synth_core.tasks import places, results
from tests.runs.conftest import ended


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return tmp_path_factory.mktemp("workspace")


@pytest.fixture(scope="module")
def library(workspace):
    return JourneyLibrary(workspace / "journeys")


@pytest.fixture(scope="module")
def uploaded(library):
    log = export.events(simulate(PRESETS["high_organic"], 3_000, seed=4).observed)
    return library.add(log.to_csv(index=False).encode(), "log.csv")


@pytest.fixture
def store(workspace):
    return Store(workspace)


def go(store, task, spec):
    return ended(store, store.submit(task, spec, title=task, dataset=None), 120)


def test_uploads_lie_in_the_workspace_of_the_run(workspace, library, uploaded):
    assert places.journeys(workspace / "runs" / "x").folder.resolve() == library.folder.resolve()
    assert [info.id for info in library.list()] == [uploaded]


@pytest.mark.parametrize("models", [None, ["last", "markov1"]])
def test_attribution_is_that_of_the_stored_journeys(store, library, uploaded, models):
    spec = {"journeys": uploaded, "models": models, "resamples": 20, "seed": 3}
    run = go(store, "attribute", spec)
    assert run.state == "succeeded", store.log(run.id)
    found = results.load_attributed(store.folder(run.id))
    assert found == attribute(library.get(uploaded), models, resamples=20, seed=3)
    assert len(found.credits) == (2 if models else len(MODELS))
    assert {p.name for p in run.phases} == {"reading", "attributing"}
    assert all(p.step == p.total for p in run.phases)
    assert {p.name for p in store.folder(run.id).iterdir()} == {"attributed.json"}, "no journey is copied"


def test_calibration_is_that_of_the_stored_journeys(store, library, uploaded):
    base = PRESETS["clean"]
    run = go(store, "calibrate", {"journeys": uploaded, "base": base.to_dict(), "seed": 3})
    assert run.state == "succeeded", store.log(run.id)
    found = results.load_calibration(store.folder(run.id))
    assert found == calibrate(library.get(uploaded), base=base, seed=3)
    assert {p.name for p in run.phases} == {"reading", "fitting"}
    assert all(p.step == p.total for p in run.phases)


def test_a_calibration_can_be_cancelled(store, uploaded):
    spec = {"journeys": uploaded, "base": PRESETS["full"].to_dict(), "seed": 1}
    run = store.submit("calibrate", spec, title="calibrate", dataset=None)
    store.cancel(run.id)
    assert ended(store, run, 60).state == "cancelled"


def test_what_was_removed_or_is_no_world_is_told(tmp_path, uploaded, workspace):
    for task, spec in (
        (attribute_task, {"models": None, "resamples": 0}),
        (calibrate_task, {"base": PRESETS["clean"].to_dict()}),
    ):
        with pytest.raises(JourneyError, match="not found"):
            task.run({**spec, "journeys": "0" * 64, "seed": 1}, tmp_path / "runs" / "draft", SILENT)
    folder = workspace / "runs" / "draft"
    with pytest.raises(JourneyError, match="not a saved world"):
        calibrate_task.run({"journeys": uploaded, "base": {"name": "x"}, "seed": 1}, folder, SILENT)
    with pytest.raises(JourneyError, match="no attribution model “magic”"):
        attribute_task.run({"journeys": uploaded, "models": ["magic"], "resamples": 0, "seed": 1}, folder, SILENT)


@pytest.mark.parametrize("name", ["attributed", "calibration"])
def test_a_damaged_result_is_a_sentence(tmp_path, name):
    (tmp_path / f"{name}.json").write_text('{"world": {"channels": []}}', "utf-8")
    with pytest.raises(RunError, match="damaged, or an older"):
        getattr(results, f"load_{name}")(tmp_path)


def test_models_are_graded_in_a_stated_world_and_its_journeys_can_be_taken_away(store):
    spec = {"world": PRESETS["clean"].to_dict(), "users": 900, "seeds": 2, "seed": 5, "models": ["last", "linear"],
            "resamples": 4}  # fmt: skip
    run = go(store, "journeys", spec)
    assert run.state == "succeeded", store.log(run.id)
    graded = results.load_grades(store.folder(run.id))
    assert graded == study(PRESETS["clean"], users=900, seeds=2, seed=5, models=["last", "linear"], resamples=4)
    events = pd.read_parquet(store.folder(run.id) / "events.parquet")
    first = simulate(PRESETS["clean"], 900, seed=5).observed
    assert events["channel"].notna().sum() == first.touches
    paths = pd.read_parquet(store.folder(run.id) / "paths.parquet")
    assert paths["total_conversions"].sum() == first.conversions.sum()


def test_all_presets_are_graded_in_one_run(store):
    spec = {"presets": ["clean", "delayed"], "users": 900, "seeds": 2, "seed": 5, "models": ["last", "linear"]}
    run = go(store, "stress", spec)
    assert run.state == "succeeded", store.log(run.id)
    found = results.load_stress(store.folder(run.id))
    assert [key for key, _ in found.presets] == ["clean", "delayed"] and len(found.cells) == 4


def test_an_impossible_world_fails_in_a_sentence(store):
    broken = {**PRESETS["clean"].to_dict(), "baseline": -1}
    run = go(store, "journeys", {"world": broken, "users": 10, "seeds": 1, "seed": 1, "models": [], "resamples": 0})
    assert run.state == "failed" and "baseline hazard per day is -1" in run.error
