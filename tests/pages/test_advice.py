"""The adviser on page Data: every goal and state, and what the pages it leads to make of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pages.ui import workspace
from synth_core.advice import advise
from synth_core.runs import Store
from synth_core.runs.model import Phase
from tests.advice import makers
from tests.pages.opening import alt_texts, buttons, open_page, said, words
from tests.pages.stored_advice import SPEC, store_advice

MEASURE = "Measure the learning curve"


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))


@pytest.fixture(scope="module")
def bookings():
    return makers.bookings()


@pytest.fixture
def dataset(bookings):
    return workspace.library().add(bookings)


def verdict(app) -> str:
    return next(h.proto.body for h in app.get("html") if 'class="verdict"' in h.proto.body)


def test_a_table_gets_an_answer_with_its_figures_and_a_generator(dataset):
    app = open_page("Data", dataset=dataset)
    assert not app.error and "Worth a try" in verdict(app) and "4,000 rows by Trees" in verdict(app)
    assert "This table: 1,200 rows, 18 features" in words(app) and "Judged by:" in words(app)
    assert {"Generate with Trees", MEASURE} <= buttons(app) and not alt_texts(app)


@pytest.mark.parametrize(
    "goal, sensitive, word, button",
    [
        ("share", False, "Right tool", "Generate with Trees"),
        ("share", True, "Right tool", "Choose ε on page Budget"),
        ("explore", False, "Wrong tool", "Generate with Trees"),
    ],
)
def test_every_goal(dataset, goal, sensitive, word, button):
    app = open_page("Data", dataset=dataset)
    app.toggle(key=f"advice-sensitive-{dataset}").set_value(sensitive)
    app.segmented_control(key="advice-goal").set_value(goal).run()
    assert not app.exception and word in verdict(app)
    assert button in buttons(app) and MEASURE not in buttons(app)


def test_sensitive_columns_switch_the_question_on():
    app = open_page("Data", dataset=workspace.library().add(makers.patients(300)))
    (toggle,) = (t for t in app.toggle if t.label == "The data are sensitive")
    assert toggle.value is True


def test_a_measured_curve_changes_the_advice_and_is_drawn(dataset, bookings):
    store_advice(workspace.store(), advise(bookings, learning=makers.learning(0.05)), dataset)
    app = open_page("Data", dataset=dataset)
    assert "Not yet" in verdict(app) and "More real rows first" in verdict(app)
    assert MEASURE not in buttons(app)
    (alt,) = alt_texts(app)
    assert alt.startswith("500 more real rows would add about +0.026 AUC")
    assert "960 training rows in 5 folds, seed 7" in words(app)


def test_a_curve_of_one_table_is_not_shown_for_another(dataset, bookings):
    store_advice(workspace.store(), advise(bookings, learning=makers.learning(0.05)), dataset)
    other = workspace.library().add(makers.spending())
    app = open_page("Data", dataset=other)
    assert "Worth a try" in verdict(app) and MEASURE in buttons(app)


def test_measuring_starts_a_run_on_the_training_rows(dataset, monkeypatch):
    app = open_page("Data", dataset=dataset)
    app.button(key="advice-measure").click().run()
    (run,) = workspace.store().list()
    workspace.store().cancel(run.id)
    assert run.task == "advise" and run.spec == {**SPEC, "dataset": dataset}
    assert MEASURE not in buttons(app) and "Cancel" in buttons(app)


@pytest.mark.parametrize("state", ["running", "failed"])
def test_the_run_in_every_state(dataset, state, monkeypatch):
    run = workspace.store().submit("advise", {**SPEC, "dataset": dataset}, title="Learning curve", dataset=dataset)
    workspace.store().cancel(run.id)
    phases = (Phase("fitting", 0.4, 1.0, 10.0, {}),)
    changed = replace(run, state=state, error="It failed." if state == "failed" else None, phases=phases)
    monkeypatch.setattr(Store, "get", lambda self, run_id: changed)
    monkeypatch.setattr(Store, "list", lambda self, *a, **k: [changed])
    monkeypatch.setattr(Store, "reconcile", lambda self, *a, **k: None)
    app = open_page("Data", dataset=dataset)
    assert "Worth a try" in verdict(app), "the advice stands without a curve"
    assert (MEASURE in buttons(app)) == (state != "running")
    assert ("Cancel" in buttons(app)) == (state == "running")
    assert ("It failed." in said(app)) == (state == "failed")


def test_a_damaged_measurement_is_a_sentence(dataset, bookings):
    run = store_advice(workspace.store(), advise(bookings, learning=makers.learning(0.05)), dataset)
    (workspace.store().folder(run.id) / "advice.json").write_text("{}", "utf-8")
    app = open_page("Data", dataset=dataset)
    assert "damaged, or an older version" in said(app) and "Generate synthetic rows" in buttons(app)


@pytest.mark.parametrize("make, word", [(makers.ids_only, "Not yet"), (makers.text_only, "Wrong tool")])
def test_nothing_to_learn_from_offers_no_generator(make, word):
    app = open_page("Data", dataset=workspace.library().add(make()))
    assert word in verdict(app) and not any(b.startswith("Generate with") for b in buttons(app))


def test_too_few_rows_of_the_outcome():
    app = open_page("Data", dataset=workspace.library().add(makers.twelve()))
    assert "Not yet" in verdict(app) and "38 more rows" in words(app)
    assert "If you try it anyway: SMOTE-NC" in words(app)


def test_hostile_names_are_text():
    name = "<script>alert(1)</script> **x** [a](b)"
    frame = makers.leads().assign(**{name: [f"v{i % 700}" for i in range(1_200)]})
    app = open_page("Data", dataset=workspace.library().add(makers.table(frame)))
    assert not app.error and "<script>" not in verdict(app)
    shown = [m.value for m in app.markdown if "so many values" in m.value]
    assert shown and "<script>" not in shown[0] and "**x**" not in shown[0]


def test_an_empty_workspace_points_to_the_blueprint():
    app = open_page("Data")
    assert "No data yet?" in words(app)


def test_generate_opens_with_what_was_recommended(dataset):
    app = open_page("Generate", dataset=dataset, generator="smotenc", classes="minority")
    assert app.selectbox(key="generator").value == "smotenc"
    assert app.selectbox(key="smotenc-classes").value == "minority"
    app = open_page("Generate", dataset=dataset, generator="simulation", rows="2500")
    assert (app.selectbox(key="generator").value, app.number_input(key="rows").value) == ("simulation", 2_500)


@pytest.mark.parametrize("rows", ["-3", "9" * 30, "٣"])
def test_generate_survives_any_address(dataset, rows):
    app = open_page("Generate", dataset=dataset, generator="no such one", rows=rows)
    assert not app.error and app.selectbox(key="generator").value == "trees"
    assert 1 <= app.number_input(key="rows").value <= 1_000_000
