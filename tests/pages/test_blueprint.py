"""The Blueprint page: from an example to a stored, clearly simulated table."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import blueprint as editors
from pages.ui import current_table, workspace
from pages.ui.frame import ROOT
from synth_core.blueprint import draw
from tests.pages.opening import said


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))


@pytest.fixture
def app():
    found = AppTest.from_file(str(Path(ROOT) / "pages" / "Blueprint.py"), default_timeout=60).run()
    assert not found.exception and not found.error
    return found


def test_it_opens_with_an_example_and_its_best_auc(app):
    blueprint, _ = editors.example("Campaign leads")
    best = draw(blueprint, 500, seed=7).truth.best_auc
    (metric,) = app.metric
    assert (metric.label, metric.value) == ("Best possible AUC", f"{best:.3f}")
    assert "simulated" in said(app) and "a model that scores clearly higher has seen the answers" in said(app)


def test_use_this_table_stores_what_was_stated_and_says_that_it_is_simulated(app):
    version = app.session_state["blueprint-version"]
    app.number_input(key=f"blueprint-rows-{version}").set_value(700)
    app.number_input(key="blueprint-seed").set_value(3).run()
    app.button(key="use-blueprint").click().run()
    (stored,) = workspace.library().list()
    assert stored.name == "Campaign leads (simulated)" and stored.rows == 700
    assert stored.notes[0].startswith("Simulated from a blueprint (seed 3), not real data. Best possible AUC: 0.")
    table = workspace.library().get(stored.id)
    blueprint, _ = editors.example("Campaign leads")
    assert table.sha256() == draw(blueprint, 700, seed=3).table.sha256()
    assert table.is_binary and current_table.why_no_verdict(table) is None


def test_another_example_takes_its_place(app):
    app.button(key="example-A data dictionary").click().run()
    assert not app.exception and not app.error
    assert app.metric[0].value == "0.500" and "Nothing drives **cancelled** yet" in said(app)


def test_an_upload_takes_its_place_and_a_wrong_one_says_its_line():
    app = AppTest.from_file(str(Path(ROOT) / "pages" / "Blueprint.py"), default_timeout=60).run()
    good = "column,type,min,max\nage,integer,18,80\nspend,number,0,50\n"
    app.file_uploader(key="blueprint-upload").upload("client.csv", good.encode(), "text/csv").run()
    assert not app.exception and not app.error
    assert list(app.dataframe[-1].value.columns) == ["age", "spend"]
    wrong = good.replace("80", "old")
    app.file_uploader(key="blueprint-upload").upload("client.csv", wrong.encode(), "text/csv").run()
    assert [e.value for e in app.error] == ["Line 2: “age”: the high is “old”. Write a number, such as 12.5."]
    assert "example-Campaign leads" in {b.key for b in app.button}


def test_without_a_target_there_is_no_best_auc(app):
    version = app.session_state["blueprint-version"]
    app.toggle(key=f"blueprint-with-target-{version}").set_value(False).run()
    assert not app.exception and not app.error and not app.metric


def test_a_contradiction_is_one_sentence(app):
    version = app.session_state["blueprint-version"]
    app.text_input(key=f"blueprint-target-{version}").set_value("age").run()
    assert not app.exception
    assert [e.value for e in app.error] == ["Two columns are called “age”. Give each its own name."]
    assert "use-blueprint" not in {b.key for b in app.button}
