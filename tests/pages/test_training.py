"""Neural generators on the Generate page: the estimate, the live curve, and the curve of a finished run."""

import json
import time
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import loaded, workspace
from synth_core.generators import budget
from synth_core.generators.training import Training
from synth_core.runs import Store
from synth_core.runs.model import Phase
from synth_core.tables import load_sample
from tests.pages.opening import open_page

SPEC = {"generator": "tvae", "settings": {"steps": 60}, "rows": 100, "seed": 7, "holdout": 0.2}


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))


@pytest.fixture
def dataset():
    return workspace.library().add(load_sample("travel"))


def opened(**query: str) -> AppTest:
    app = open_page("Generate", **query)
    assert not app.error
    return app


def captions(app: AppTest) -> str:
    return " ".join(c.value for c in app.caption)


@pytest.mark.parametrize("name", ["ctgan", "tvae"])
def test_width_updates_time_and_memory_are_shown_before_the_start(name, dataset):
    app = opened(dataset=dataset)
    assert "columns wide" not in captions(app)
    app.selectbox(key="generator").select(name).run()
    app.number_input(key=f"{name}-steps").set_value(400).run()
    assert "at most 400 updates" in captions(app) and "GB of memory" in captions(app)


def test_what_does_not_fit_is_one_sentence(dataset, monkeypatch):
    monkeypatch.setattr(budget, "free_gigabytes", lambda: 0.01)
    app = opened(dataset=dataset)
    app.selectbox(key="generator").select("ctgan").run()
    app.number_input(key="ctgan-steps").set_value(777).run()
    assert not app.exception and len(app.error) == 1
    assert "GB are free" in app.error[0].value


def test_the_distance_is_drawn_while_it_runs_and_losses_are_not_shown(dataset, monkeypatch):
    run = workspace.store().submit("generate", {**SPEC, "dataset": dataset}, title="rows", dataset=dataset)
    workspace.store().cancel(run.id)
    curve = Training(1_000, 50, 0, (25, 50), (0.4, 0.3), {"loss": (3.0, 2.0)})
    metrics = {"updates": 50, "distance": 0.3, "loss": 2.0, "curve": json.dumps(curve.to_dict())}
    changed = replace(run, state="running", phases=(Phase("fitting", 50, 1_000, 9.0, metrics),))
    monkeypatch.setattr(Store, "get", lambda self, run_id: changed)
    app = opened(dataset=dataset, run=run.id)
    (bar,) = app.get("progress")
    assert "distance 0.3" in bar.proto.text and "loss" not in bar.proto.text and "planned" not in bar.proto.text
    assert len(app.get("plotly_chart")) == 1
    assert "Distance from the training rows after 50 of 1,000 updates: 0.300" in captions(app).replace("\\", "")


def test_a_finished_run_keeps_its_curve(dataset):
    store = workspace.store()
    run = store.submit("generate", {**SPEC, "dataset": dataset}, title="rows", dataset=dataset)
    deadline = time.monotonic() + 150
    while store.get(run.id).state in ("queued", "running"):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert store.get(run.id).state == "succeeded", store.get(run.id).error
    app = opened(dataset=dataset, run=run.id)
    assert "How the training went" in {e.label for e in app.expander}
    assert "was kept" in captions(app) and "after 60 of 60 updates" in captions(app)
    found = loaded.generated(store.get(run.id)).training
    assert found.made == 60 and len(found.updates) == len(found.distances) > 3
