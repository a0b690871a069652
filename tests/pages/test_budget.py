"""The page Privacy budget in every state, and what leaves the tool after a private run."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import loaded, settings, workspace
from synth_core.generators.dp.accountant import smallest_epsilon
from synth_core.runs import Store
from synth_core.runs.model import Phase
from synth_core.tables import load_sample, set_target, table_from_frame
from synth_core.tasks import ledger
from synth_core.tasks.identity import identity_of
from tests.pages import stored_budget as stored
from tests.pages import stored_privacy
from tests.pages.opening import alt_texts, buttons, open_page, press, table, words
from tests.pages.stored import store_study, study


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))


@pytest.fixture
def dataset():
    return workspace.library().add(load_sample("travel"))


@pytest.fixture
def submitted(monkeypatch):
    """What a page submits, without a process behind it."""
    found = []

    def submit(self, task, spec, *, title, dataset):
        found.append((task, spec, title))
        return stored_privacy.store_run(self, task, spec, state="cancelled")

    monkeypatch.setattr(Store, "submit", submit)
    return found


def opened(dataset, **query) -> AppTest:
    return open_page("Budget", dataset=dataset, **query)


def typed(app: AppTest, dataset: str, epsilon: float) -> AppTest:
    app.number_input(key=f"epsilon-{dataset}").set_value(epsilon).run()
    assert not app.exception
    return app


def metrics(app: AppTest) -> dict[str, str]:
    return {m.label: m.value for m in app.metric}


def disabled(app: AppTest, label: str) -> bool:
    return next(b for b in app.button if b.label == label).disabled


def downloads(app: AppTest) -> list[str]:
    return [b.proto.label for b in app.get("download_button")]


# What ε buys


def test_without_a_table_the_page_leads_to_one():
    app = open_page("Budget")
    assert "No table yet" in words(app) and buttons(app) == {"Choose a table"}


@pytest.mark.parametrize(
    ("epsilon", "sure", "factor"),
    [(0.1, "52", "1.11"), (1.0, "73", "2.72"), (3.0, "95", "20"), (100.0, "> 99", "10⁴³")],
)
def test_epsilon_is_told_as_how_sure_an_attacker_can_become(dataset, epsilon, sure, factor):
    app = typed(opened(dataset), dataset, epsilon)
    text = words(app).replace("\N{NO-BREAK SPACE}", " ")
    assert f"at most **{sure} %** sure" in text and f"by a factor of at most {factor}." in text
    assert app.select_slider(key=f"epsilon-slider-{dataset}").value == epsilon


def test_the_slider_sets_what_is_typed(dataset):
    app = opened(dataset)
    assert app.number_input(key=f"epsilon-{dataset}").value == 1.0
    app.select_slider(key=f"epsilon-slider-{dataset}").set_value(0.3).run()
    assert app.number_input(key=f"epsilon-{dataset}").value == 0.3 and "**ε = 0.3:**" in words(app)


def test_large_epsilons_are_warned_of_twice(dataset):
    app = opened(dataset)
    assert not app.warning and not app.error
    assert "weak promise" in typed(app, dataset, 3.5).warning[0].value and not app.error
    assert "next to nothing" in typed(app, dataset, 10.5).error[0].value and not app.warning


def test_delta_is_a_chance(dataset):
    app = opened(dataset)
    assert "at most 1 in 1,000,000 (δ)" in words(app)
    app.select_slider(key=f"delta-{dataset}").set_value(1e-4).run()
    assert "at most 1 in 10,000 (δ)" in words(app)


def test_the_split_is_drawn_before_anything_is_spent(dataset):
    app = opened(dataset)
    (alt,) = alt_texts(app)
    assert alt.startswith("47 % of the budget goes to counts per pair")
    assert "No row is looked at" in words(app) and not list((workspace.workspace()).glob("ledger/*/*"))


def test_too_small_an_epsilon_is_refused_with_the_smallest_workable_one(monkeypatch, dataset):
    monkeypatch.setattr("pages.ui.budget_form.accountant.smallest_epsilon", lambda *a, **k: 0.05)
    monkeypatch.setattr("synth_core.generators.dp.accountant.smallest_epsilon", lambda *a, **k: 0.05)
    app = typed(opened(dataset), dataset, 0.02)
    assert "The smallest workable ε is 0.05." in app.error[0].value and disabled(app, "Make private rows")


def test_the_smallest_workable_epsilon_is_told(dataset):
    assert f"Smallest workable ε with 19 columns: {smallest_epsilon(19):g}" in words(opened(dataset))


# Spending it


def test_private_rows_are_a_generate_run(dataset, submitted):
    app = opened(dataset)
    app.number_input(key="private-rows").set_value(700)
    app.number_input(key="private-seed").set_value(5)
    press(typed(app, dataset, 0.7), "Make private rows")
    ((task, spec, title),) = submitted
    assert task == "generate" and title.startswith("700 rows by DP (MST), ε = 0.7 · ")
    assert spec == {
        "dataset": dataset,
        "generator": "dp_mst",
        "settings": {"epsilon": 0.7, "delta": 1e-6},
        "rows": 700,
        "seed": 5,
        "holdout": 0.2,
        "where": {},
    }


def test_a_person_may_have_several_rows(dataset, submitted):
    app = opened(dataset)
    assert app.selectbox(key=f"person-{dataset}").options == ["Each row is one person", "enquiry_id"]
    app.selectbox(key=f"person-{dataset}").select("enquiry_id").run()
    app.number_input(key=f"person-rows-{dataset}").set_value(3)
    press(app, "Make private rows")
    assert submitted[0][1]["settings"] == {"epsilon": 1.0, "delta": 1e-6, "person": "enquiry_id", "person_rows": 3}


def test_what_is_declared_goes_into_the_run_and_gives_its_share_back(dataset, submitted):
    app = opened(dataset)
    before = app.get("plotly_chart")[0].proto.spec
    names = list(app.dataframe[0].value["Column"])
    edits = {names.index("age"): {"Lowest": "18", "Highest": "45"}, names.index("device"): {"Categories": "a, b"}}
    app.session_state[f"declared-{dataset}-None"] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    app.run()
    assert not app.exception and not app.error
    assert app.get("plotly_chart")[0].proto.spec != before
    press(app, "Make private rows")
    assert submitted[0][1]["settings"]["declared"] == {
        "age": {"low": 18.0, "high": 45.0},
        "device": {"labels": ["a", "b"]},
    }


def test_a_declaration_that_cannot_be_read_is_a_sentence(dataset):
    app = opened(dataset)
    place = list(app.dataframe[0].value["Column"]).index("age")
    edits = {"edited_rows": {place: {"Lowest": "eighteen", "Highest": "99"}}, "added_rows": [], "deleted_rows": []}
    app.session_state[f"declared-{dataset}-None"] = edits
    app.run()
    assert "“age”: “eighteen” is not a number" in app.error[0].value and disabled(app, "Make private rows")


# The account


def test_an_unused_account_suggests_a_cap(dataset):
    app = opened(dataset)
    assert metrics(app) == {"Spent (sum of ε)": "0", "Left below the cap": "no cap", "Tighter bound": "0"}
    assert "No private rows have been made" in words(app) and "10 is a common upper limit" in words(app)


def test_every_expense_is_listed_with_what_is_left(dataset):
    ledger.set_cap(workspace.workspace(), identity_of(loaded.table(dataset)), 5.0)
    stored.spend(dataset, 1.5, time=1.7e9 + 60)
    stored.spend(dataset, 0.5, unit="enquiry_id", unit_rows=2, what="100 rows by DP (MST)")
    app = opened(dataset)
    assert metrics(app)["Spent (sum of ε)"] == "2" and metrics(app)["Left below the cap"] == "3"
    assert 1.5 <= float(metrics(app)["Tighter bound"]) <= 2
    found = table(app, "When")
    assert found["ε"].tolist() == ["1.5", "0.5"] and found["δ"].tolist() == ["1 in 1,000,000"] * 2
    assert found["What"].tolist() == ["4,000 rows by DP (MST)", "100 rows by DP (MST)"]
    assert found["Protects"].tolist() == ["one row", "enquiry_id: 2 rows each"]
    assert found["Run"].tolist() == ["deleted"] * 2, "entries outlive their runs"
    assert "do not protect the same unit" in app.warning[0].value


def test_studies_inside_the_tool_stand_apart_and_say_why(dataset):
    stored.spend(dataset, 9.0, exported=False, what="Lift study")
    app = opened(dataset)
    assert metrics(app)["Spent (sum of ε)"] == "0" and table(app, "When")["What"].tolist() == ["Lift study"]
    assert "Inside the tool, not counted (1)" in [e.label for e in app.expander]
    assert "outside the guarantee" in words(app) and "must not be handed out" in words(app)


def test_the_owner_sets_a_cap_and_takes_it_away(dataset):
    key = identity_of(loaded.table(dataset))
    app = opened(dataset)
    app.number_input(key=f"cap-{dataset}").set_value(4.0).run()
    assert not app.exception and ledger.read(workspace.workspace(), key).cap == 4.0
    assert metrics(app)["Left below the cap"] == "4"
    app.number_input(key=f"cap-{dataset}").set_value(None).run()
    assert ledger.read(workspace.workspace(), key).cap is None and metrics(app)["Left below the cap"] == "no cap"


def test_a_run_over_the_cap_cannot_be_started(dataset):
    stored.spend(dataset, 1.5)
    ledger.set_cap(workspace.workspace(), identity_of(loaded.table(dataset)), 2.0)
    app = opened(dataset)
    assert "would exceed the cap of 2 for this table: 1.5 is spent, 0.5 is left" in app.error[0].value
    assert disabled(app, "Make private rows")
    assert not disabled(typed(app, dataset, 0.5), "Make private rows") and not app.error


def test_another_target_keeps_the_account(dataset):
    stored.spend(dataset, 1.5)
    other = workspace.library().add(set_target(loaded.table(dataset), "channel", drop_missing_target=True))
    app = opened(other)
    assert metrics(app)["Spent (sum of ε)"] == "1.5"
    assert set(app.selectbox(key="pick-dataset").options) == {load_sample("travel").name}


def test_a_damaged_account_is_one_sentence(dataset):
    stored.spend(dataset)
    next(p for p in workspace.workspace().glob("ledger/*/*.json") if p.name != "rows.json").write_text("{", "utf-8")
    (error,) = opened(dataset).error
    assert "nobody can tell what is left" in error.value


# Usefulness against ε


def test_the_curve_is_a_run_of_its_own(dataset, submitted):
    app = opened(dataset)
    assert "beside Trees (no privacy)" in words(app)
    app.selectbox(key=f"person-{dataset}").select("enquiry_id").run()
    press(app, "Measure usefulness")
    ((task, spec, _),) = submitted
    assert task == "dp_curve" and spec["epsilons"] == [0.1, 0.3, 1.0, 3.0, 10.0, 100.0] and spec["repeats"] == 3
    assert (spec["dataset"], spec["holdout"], spec["settings"]) == (
        dataset,
        0.2,
        {"delta": 1e-6, "person": "enquiry_id", "person_rows": 1},
    )


def test_a_curve_shows_its_figures_marked_as_outside_the_guarantee(dataset):
    run = stored.store_curve(workspace.store(), stored.curve(), dataset)
    app = opened(dataset, run=run.id)
    assert app.warning[0].value.startswith("**Outside the guarantee:**")
    assert len(alt_texts(app)) == 4 and "at ε = 1: 0.120" in alt_texts(app)[1]
    found = table(app, "Rows")
    assert found["Rows"].tolist() == ["ε = 0.1", "ε = 1", "ε = 10", "Trees (no privacy)", "Independent columns"]
    assert found["Mean error of pairs"].iloc[1] == "0.120 (0.110 to 0.130)"
    assert "Measure again" in buttons(app)


def test_a_curve_leads_to_a_verdict_with_a_private_arm(dataset, submitted):
    run = stored.store_curve(workspace.store(), stored.curve(), dataset)
    app = opened(dataset)
    app.selectbox(key=f"verdict-epsilon-{run.id}").select(10.0).run()
    press(app, "Get a verdict at this ε")
    ((task, spec, title),) = submitted
    assert task == "lift" and spec["arms"] == ["trees", ["dp_mst", {"epsilon": 10.0, "delta": 1e-6}]]
    assert title.startswith("Verdict on Trees, DP (MST) (ε = 10)")


def test_without_a_target_there_is_no_verdict_and_a_reason(dataset):
    bare = table_from_frame(loaded.table(dataset).frame[["age", "nights"]])
    other = workspace.library().add(bare)
    stored.store_curve(workspace.store(), stored.without_target(), other)
    app = opened(other)
    assert "needs a target to predict" in words(app) and "ε = 0.01 is too small" in words(app)
    assert "Get a verdict at this ε" not in buttons(app)


def test_a_running_curve_can_be_cancelled(dataset, monkeypatch):
    run = stored_privacy.store_run(workspace.store(), "dp_curve", {"dataset": dataset})
    running = replace(run, state="running", phases=(Phase("curves", 7, 24, 30.0, {}),))
    monkeypatch.setattr(Store, "get", lambda self, run_id: running)
    monkeypatch.setattr(Store, "list", lambda self, *a, **k: [running])
    app = opened(dataset, run=run.id)
    assert "Cancel" in buttons(app) and "Measure again" not in buttons(app) and "Make private rows" in buttons(app)
    (bar,) = app.get("progress")
    assert "Curves · about 30 s left" in bar.proto.text


def test_a_failed_curve_says_why(dataset):
    stored_privacy.store_run(workspace.store(), "dp_curve", {"dataset": dataset}, error="The disk is full.",
                             state="failed")  # fmt: skip
    app = opened(dataset)
    assert app.error[0].value == "The disk is full." and {"Run again", "Measure again"} <= buttons(app)


def test_a_damaged_curve_is_one_sentence(dataset):
    run = stored.store_curve(workspace.store(), stored.curve(), dataset)
    (workspace.store().layout.published(run.id) / "dp_curve.json").write_text("{", "utf-8")
    assert "damaged, or an older version" in opened(dataset).error[0].value


def test_runs_opens_a_curve_on_its_table(dataset):
    run = stored.store_curve(workspace.store(), stored.curve(), dataset)
    assert open_page("Runs").dataframe[0].value["Open"][0].startswith("/Budget?run=")
    assert "Outside the guarantee" in " ".join(w.value for w in open_page("Budget", run=run.id).warning)


# Generate, and what leaves


def test_generate_asks_for_the_private_settings_and_says_what_they_spend(dataset):
    ledger.set_cap(workspace.workspace(), identity_of(loaded.table(dataset)), 2.0)
    app = open_page("Generate", dataset=dataset)
    app.selectbox(key="generator").select("dp_mst").run()
    assert not app.exception and not app.error
    assert "Spends ε = 1 of 2 left" in words(app)
    assert None is app.selectbox(key="dp_mst-person").value and app.number_input(key="dp_mst-epsilon").value == 1.0
    app.number_input(key="dp_mst-epsilon").set_value(2.5).run()
    assert "would exceed the cap" in app.error[0].value and disabled(app, "Generate")


def test_private_rows_leave_with_their_certificate_and_nothing_else(dataset):
    run = stored.store_private(workspace.store(), dataset)
    app = open_page("Generate", run=run.id)
    assert not app.error
    assert downloads(app) == [
        "Synthetic rows (CSV)",
        "Synthetic rows (Parquet)",
        "Certificate (Markdown)",
        "Certificate (JSON)",
    ]
    assert "ε = 2, δ = 1 in 1,000,000, protected is every single row" in app.info[0].value
    assert "would itself tell about the real rows" in words(app), "no comparison with real identifiers"


def test_what_is_outside_the_guarantee_needs_a_confirmation(dataset):
    run = stored.store_private(workspace.store(), dataset)
    app = open_page("Generate", run=run.id)
    app.checkbox(key=f"outside-{run.id}").check().run()
    assert not app.exception and not app.error
    assert {"Real + synthetic (CSV)", "Fidelity figures (JSON)"} < set(downloads(app))
    assert "**outside the guarantee**" in app.warning[0].value
    app.checkbox(key=f"outside-{run.id}").uncheck().run()
    assert "Real + synthetic (CSV)" not in downloads(app)


def test_the_protected_person_is_named(dataset):
    found = stored.release(unit="enquiry_id", unit_rows=3)
    run = stored.store_private(workspace.store(), dataset, found)
    app = open_page("Generate", run=run.id)
    assert r"protected is every “enquiry\_id” with at most 3 rows" in app.info[0].value


def test_a_verdict_on_private_rows_keeps_their_settings(dataset, submitted):
    run = stored.store_private(workspace.store(), dataset)
    settings.submit_study(run, loaded.table(dataset))
    assert submitted[0][1]["arms"][0] == ["dp_mst", {"epsilon": 2.0}]


@pytest.mark.parametrize("private", [True, False])
@pytest.mark.parametrize("name", ["Fidelity", "Privacy", "Lift"])
def test_figures_on_private_rows_are_marked_on_every_page(dataset, name, private):
    store, generator = workspace.store(), "dp_mst" if private else "trees"
    run = stored.store_private(store, dataset, generator=generator)
    if name == "Privacy":
        stored_privacy.store_report(store, stored_privacy.report(), run)
    if name == "Lift":
        run = store_study(store, study(), dataset, {"arms": ["smote", [generator, {}]]})
    app = open_page(name, run=run.id)
    assert not app.error and len(app.warning) == private
    assert all("**Outside the guarantee:**" in w.value for w in app.warning)


def test_open_runs_are_offered_as_before(dataset):
    run = stored.store_private(workspace.store(), dataset)
    (workspace.store().layout.published(run.id) / "release.json").unlink()
    app = open_page("Generate", run=run.id)
    assert "Real + synthetic (CSV)" in downloads(app) and "Certificate (JSON)" not in downloads(app)
    assert not app.checkbox
