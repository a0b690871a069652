"""The Lift page on stored studies of every kind."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import workspace
from pages.ui.frame import ROOT
from pages.ui.text import literal
from synth_core.lift.results import RareClass, Verdict
from synth_core.tables import load_sample
from tests.pages import stored
from tests.pages.opening import alt_texts, words


@pytest.fixture
def show(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))
    dataset = workspace.library().add(load_sample("travel"))

    def opened(study) -> AppTest:
        run = stored.store_study(workspace.store(), study, dataset)
        app = AppTest.from_file(str(Path(ROOT) / "pages" / "Lift.py"), default_timeout=60)
        app.query_params["run"] = run.id
        app.query_params["dataset"] = dataset
        app.run()
        assert not app.exception and not app.error
        return app

    return opened


def tabs(app: AppTest) -> list[str]:
    return [t.label for t in app.tabs]


def table(app: AppTest, first_column: str):
    """The shown table that starts with ``first_column``."""
    return next(d.value for d in app.dataframe if d.value.columns[0] == first_column)


def columns_of_arms(app: AppTest) -> list[str]:
    return list(next(d.value for d in app.dataframe if "Role" in d.value.columns).columns)


def test_a_study_of_two_classes_has_its_pictures_and_all_scores(show):
    app = show(stored.study())
    assert tabs(app)[:3] == ["Verdict", "Rows and holdout", "All arms"]
    assert len(alt_texts(app)) == 6 and all(alt_texts(app))
    assert {"AUC", "AP", "Brier", "ECE", "F1 tuned", "Recall at 50 % precision", "Lift in the top tenth"} <= set(
        columns_of_arms(app)
    )
    assert "RMSE" not in columns_of_arms(app)
    assert "Weight" in columns_of_arms(app)


def test_the_banner_has_the_posterior_in_words(show):
    assert "probability of a gain above 0.01: 71 %" in words(show(stored.study()))


def test_the_gain_is_taken_apart_in_one_sentence(show):
    text = words(show(stored.study()))
    assert "+0.012 AUC with the new rows" in text
    assert "+0.004 without new rows, by the committee's labels alone (arm C)" in text
    assert "−0.040 by the new rows alone" in text


def test_what_repeats_the_study_and_how_far_its_repeats_lie_apart_is_on_the_page(show):
    app = show(stored.study())
    text = words(app)
    assert "2 folds × 5" in text and "seed 11" in text  # each repeat divides the rows anew
    assert "holdout abc123" in text and "800 training and 200 holdout rows" in text
    arms = next(d.value for d in app.dataframe if "Role" in d.value.columns)
    assert arms.loc[arms["95 % interval"] == "–", "Role"].tolist() == ["measured against"]


def test_curves_stand_side_by_side_where_they_were_measured(show):
    app = show(stored.study(curves=stored.curves()))
    assert "More rows" in words(app)
    assert len(alt_texts(app)) == 8


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_other_targets_have_a_sentence_instead_of_curves(show, task):
    app = show(stored.study(task, positives=60, negatives=940))
    assert len(alt_texts(app)) == 3
    assert stored.METRIC[task] in columns_of_arms(app) and "AUC" not in columns_of_arms(app)
    assert "Rare outcome" not in tabs(app)
    expected = "RMSE: 12,346 with synthetic rows" if task == "regression" else "Macro F1: 0.55 with synthetic rows"
    assert expected in words(app)
    assert f"{stored.METRIC[task]} 0.810 with synthetic rows, 0.800 without" in words(app)


def test_a_rare_outcome_has_a_tab_of_its_own(show):
    app = show(stored.study(positives=60, negatives=940))
    assert "Rare outcome" in tabs(app)
    assert len(alt_texts(app)) == 8
    found = next(d.value for d in app.dataframe if "Inflation" in d.value.columns)
    assert list(found.columns) == [
        "Arm", "F1 at 0.5", "F1 tuned", "Recall at 50 % precision", "AP", "Inflation",
    ]  # fmt: skip


def test_an_autopilot_lists_what_it_tried_and_its_pick(show):
    app = show(stored.with_trials())
    found = table(app, "Gain")
    assert len(found) == 14 and list(found.columns) == ["Gain", "Folds scored", "Candidate"]
    text = words(app)
    assert "Autopilot's pick: **Trees, committee labels**" in text and "14 candidates" in text
    assert literal("Autopilot: 2 folds × 5") in text


def test_an_autopilot_may_pick_the_real_rows(show):
    study = stored.with_trials()
    arms = tuple(replace(a, delta=-0.01) if a.role == "candidate" else a for a in study.arms)
    assert "real rows only (LightGBM, small trees)" in words(show(replace(study, arms=arms)))


def test_a_split_by_date_is_on_record(show):
    text = words(show(stored.study(by_date="booked_on", cutoff="2025-03-01")))
    assert r"split by “booked\_on”, holdout from 2025-03-01" in text


def test_no_verdict_claims_nothing(show):
    none = Verdict("no verdict", "No verdict: only 30 rows.", reference="R2", advice=("Collect more rows.",))
    rare = (RareClass("R2", "LightGBM, small trees", (0.3, 0.2, 0.4), (0.5, 0.3, 0.7)),)
    app = show(stored.study(verdict=none, holdout=None, rare=rare))
    assert "No verdict" in words(app) and not alt_texts(app) and not tabs(app)
    assert len(table(app, "Arm")) == 1


def test_no_verdict_on_a_number_has_its_reasons_only(show):
    none = Verdict("no verdict", "No verdict: only 80 rows.", reference="R2", advice=("Collect more rows.",))
    app = show(stored.study("regression", verdict=none, holdout=None))
    assert "Collect more rows." in words(app) and not app.dataframe
