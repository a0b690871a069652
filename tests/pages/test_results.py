"""The pages on real finished runs: what an analyst reads, and that every chart has its takeaway as alt text."""

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.frame import ROOT
from synth_core.runs import Store
from synth_core.tables import TableLibrary, load_sample, set_roles
from synth_core.tables.schema import Role
from tests.pages.opening import alt_texts, words

GENERATE = {"generator": "trees", "settings": {}, "rows": 300, "seed": 11, "holdout": 0.2}
STUDY = {"arms": ["trees"], "labels": ["own"], "rows": 100, "folds": 2, "repeats": 1, "seed": 11, "holdout": 0.2}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A workspace with three finished runs: rows, a study, and a study with too few positives."""
    folder = tmp_path_factory.mktemp("workspace")
    library, store = TableLibrary(folder / "datasets"), Store(folder)
    travel = load_sample("travel")
    labels = travel.labels()
    few = travel.take([*labels.nonzero()[0][:30], *(labels == 0).nonzero()[0][:300]])
    ids = {"travel": library.add(travel), "few": library.add(few)}
    runs = {
        "rows": store.submit("generate", {**GENERATE, "dataset": ids["travel"]}, title="rows", dataset=ids["travel"]),
        "study": store.submit("lift", {**STUDY, "dataset": ids["travel"]}, title="study", dataset=ids["travel"]),
        "few": store.submit("lift", {**STUDY, "dataset": ids["few"]}, title="few", dataset=ids["few"]),
    }
    deadline = time.monotonic() + 150
    while any(store.get(r.id).state in ("queued", "running") for r in runs.values()):
        assert time.monotonic() < deadline, [store.get(r.id) for r in runs.values()]
        time.sleep(0.2)
    runs = {name: store.get(r.id) for name, r in runs.items()}
    assert {r.state for r in runs.values()} == {"succeeded"}, [r.error for r in runs.values()]
    return folder, runs


@pytest.fixture
def show(finished, monkeypatch):
    folder, runs = finished
    monkeypatch.setenv("STUDIO_WORKSPACE", str(folder))

    def opened(page: str, run: str) -> AppTest:
        app = AppTest.from_file(str(Path(ROOT) / "pages" / f"{page}.py"), default_timeout=60)
        app.query_params["run"] = runs[run].id
        app.query_params["dataset"] = runs[run].dataset
        app.run()
        assert not app.exception and not app.error
        return app

    return opened


def test_generate_shows_requested_and_delivered_rows_and_the_seed(show):
    app = show("Generate", "rows")
    assert "300 of 300 requested rows made by Trees, seed 11" in words(app)
    labels = [b.proto.label for b in app.get("download_button")]
    assert labels[:3] == ["Synthetic rows (CSV)", "Synthetic rows (Parquet)", "Real + synthetic (CSV)"]


@pytest.mark.parametrize("view", ["Overview", "Columns", "Pairs", "Target and map"])
def test_fidelity_has_its_headline_and_two_pictures_in_each_view(show, view):
    app = show("Fidelity", "rows")
    app.session_state["fidelity-view"] = view
    app.run()
    assert not app.exception and not app.error
    assert "columns" in words(app)
    assert len(alt_texts(app)) == 2 and all(alt_texts(app))


def test_lift_shows_the_verdict_its_conditions_and_its_pictures(show):
    app = show("Lift", "study")
    text = words(app)
    assert any(word in text for word in ("Helps", "Hurts", "No evidence"))
    assert "95 % interval" in text and "after Holm" in text and "locked holdout" in text
    assert "seed 11" in text
    assert len(alt_texts(app)) == 6 and all(alt_texts(app))
    arms = next(d.value for d in app.dataframe if "Role" in d.value.columns)
    assert {"LightGBM, default", "LightGBM, small trees", "Trees, its own labels"} <= set(arms["Arm"])


def test_lift_gives_no_verdict_under_50_positives(show):
    app = show("Lift", "few")
    assert "No verdict" in words(app) and "only 30 rows" in words(app)
    assert list(app.dataframe[0].value.columns) == ["Arm", "Average precision", "Recall in the top tenth"]


def test_runs_lists_all_three_as_succeeded(show):
    app = show("Runs", "rows")
    assert list(app.dataframe[0].value["State"]) == ["✓ succeeded"] * 3


def test_generate_links_to_what_was_made_before(show, finished):
    _, runs = finished
    app = AppTest.from_file(str(Path(ROOT) / "pages" / "Generate.py"), default_timeout=60)
    app.query_params["dataset"] = runs["rows"].dataset
    app.run()
    assert not app.exception and "Made from this table" in words(app)


def test_a_role_can_be_changed_without_losing_the_table(finished):
    folder, runs = finished
    library = TableLibrary(folder / "datasets")
    table = library.get(runs["rows"].dataset)
    changed = library.add(set_roles(table, {"channel": Role.IDENTIFIER}))
    assert changed != runs["rows"].dataset
    assert library.get(runs["rows"].dataset).schema["channel"].role is Role.CATEGORICAL
