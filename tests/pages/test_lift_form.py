"""What the Lift form offers for each kind of table, and what it submits."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import workspace
from pages.ui.frame import ROOT
from synth_core.runs import Store
from synth_core.tables import Kind, load_sample, read_table, set_target
from synth_core.tables.table import Table
from tests.pages.opening import said


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))


@pytest.fixture
def submitted(monkeypatch):
    """Specs and titles of the runs that a page would have started; none is."""
    found = []

    def submit(self, task, spec, *, title, dataset):
        found.append((task, spec, title))
        raise RuntimeError("submitted")  # the page says one sentence and stays

    monkeypatch.setattr(Store, "submit", submit)
    return found


def simulated(rows: int = 400) -> Table:
    """Numbers, classes, a date, and targets of three kinds."""
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 80, rows),
            "city": rng.choice(["Łódź", "Porto", "Graz"], rows),
            "booked_on": pd.date_range("2024-01-01", periods=rows).strftime("%Y-%m-%d"),
            "tier": rng.choice(["gold", "silver", "basic"], rows),
            "price": rng.normal(900, 120, rows).round(2),
            "fraud": np.where(np.arange(rows) % 20 == 0, "yes", "no"),
        }
    )
    return read_table(frame.to_csv(index=False).encode(), name="simulated.csv")


def open_form(table: Table) -> AppTest:
    app = AppTest.from_file(str(Path(ROOT) / "pages" / "Lift.py"), default_timeout=60)
    app.query_params["dataset"] = workspace.library().add(table)
    app.run()
    assert not app.exception and not app.error
    return app


def control(app: AppTest, label: str):
    """The segmented control or pills called ``label``, or None."""
    return next((g for g in app.button_group if g.label == label), None)


def start(app: AppTest) -> None:
    app.button(key="start-study").click().run()
    assert not app.exception


def test_two_classes_get_a_study_by_default(submitted):
    app = open_form(load_sample("travel"))
    assert control(app, "Split") is None or control(app, "Split").value == "At random"
    start(app)
    ((task, spec, title),) = submitted
    assert task == "lift" and title.startswith("Verdict on Trees")
    assert spec["labels"] == ["own", "committee"]
    assert (spec["rows"], spec["folds"], spec["repeats"], spec["curves"]) == (4_000, 5, 5, True)
    assert (spec["learner"], spec["seed"], spec["holdout"]) == ("lightgbm", 7, 0.2)
    assert "budget" not in spec and "by_date" not in spec
    assert all(isinstance(a, str) for a in spec["arms"])


def test_several_classes_are_offered_smote_but_no_balancing():
    app = open_form(set_target(simulated(), "tier"))
    assert "SMOTE-NC" in app.multiselect[0].options
    assert all(t.label != "Also balance the classes" for t in app.toggle)
    assert "target: tier" in said(app)


def test_a_number_is_not_offered_smote(submitted):
    app = open_form(set_target(simulated(), "price"))
    assert not {"SMOTE", "SMOTE-NC", "ADASYN", "Borderline-SMOTE"} & set(app.multiselect[0].options)
    assert "Trees" in app.multiselect[0].options
    start(app)
    assert "trees" in submitted[0][1]["arms"] and "smotenc" not in submitted[0][1]["arms"]


def test_a_rare_outcome_is_balanced_unless_told_otherwise(submitted):
    app = open_form(set_target(simulated(), "fraud", "yes"))
    start(app)
    assert ["smotenc", {"classes": "minority"}] in submitted[0][1]["arms"]
    assert "(balanced)" in submitted[0][2]
    app.toggle(key="balance").set_value(False).run()
    start(app)
    assert all(isinstance(a, str) for a in submitted[1][1]["arms"])


def test_a_table_with_dates_can_be_split_by_date(submitted):
    table = set_target(simulated(), "fraud", "yes")
    assert table.schema["booked_on"].kind is Kind.DATE
    app = open_form(table)
    control(app, "Split").set_value("By date").run()
    assert control(app, "Folds") is None
    start(app)
    assert submitted[0][1]["by_date"] == "booked_on"


def test_a_split_that_cannot_be_made_is_one_sentence_and_no_run(submitted):
    frame = simulated().frame.assign(fraud=lambda f: np.where(f.index < 40, "yes", "no"))
    table = set_target(read_table(frame.to_csv(index=False).encode(), name="old.csv"), "fraud", "yes")
    app = open_form(table)
    control(app, "Split").set_value("By date").run()
    start(app)
    assert not submitted and "cannot be locked" in app.error[0].value


def test_autopilot_asks_for_a_budget_and_searches_all_labels(submitted):
    app = open_form(set_target(simulated(), "price"))
    control(app, "Two ways to an answer").set_value("Autopilot").run()
    assert not app.exception and "raises the bar for calling it a gain (Holm)" in said(app)
    assert all(n.label != "Synthetic rows per candidate" for n in app.number_input)
    control(app, "Time budget").set_value(5).run()
    start(app)
    ((task, spec, title),) = submitted
    assert task == "lift" and title == "Autopilot on simulated.csv"
    assert spec["budget"] == 300 and spec["labels"] == ["own", "committee", "curated"]
    assert (spec["folds"], spec["repeats"]) == (5, 5)
    assert not {"rows", "curves"} & set(spec)


def test_the_budget_survives_a_change_of_the_generators(submitted):
    app = open_form(load_sample("travel"))
    control(app, "Two ways to an answer").set_value("Autopilot").run()
    app.multiselect[0].set_value(["trees"]).run()
    start(app)
    assert submitted[0][1]["arms"] == ["trees"] and submitted[0][1]["budget"] == 120


@pytest.mark.parametrize("target", [None, "booked_on"])
def test_a_table_that_cannot_be_predicted_leads_to_its_target(target):
    table = simulated() if target is None else set_target(simulated(), target)
    app = open_form(table)
    assert [b.label for b in app.button] == ["Choose a target"]
    assert ("date" if target else "No target column") in said(app)
