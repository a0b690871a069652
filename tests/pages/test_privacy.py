"""The Privacy page in every state, and on results written by hand: what is read is what the record holds."""

from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import loaded, workspace
from pages.ui.text import literal, score, share
from synth_core import privacy
from synth_core.runs import Store
from synth_core.runs.model import Phase
from synth_core.tables import load_sample, table_from_frame
from synth_core.tables.conform import only_columns
from tests.pages import stored_fidelity
from tests.pages import stored_privacy as stored
from tests.pages.opening import alt_texts, buttons, open_page, press, table, words


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))


@pytest.fixture
def dataset():
    return workspace.library().add(load_sample("travel"))


@pytest.fixture
def generated(dataset):
    return stored.store_generated(workspace.store(), dataset)


@pytest.fixture
def submitted(monkeypatch):
    """What the page submits, without a process behind it."""
    found = []

    def submit(self, task, spec, *, title, dataset):
        found.append((task, spec))
        return stored.store_run(self, task, spec, state="cancelled")

    monkeypatch.setattr(Store, "submit", submit)
    return found


def opened(run, **query: str) -> AppTest:
    app = open_page("Privacy", run=run.id, dataset=run.dataset or "", **query)
    assert not app.error, app.error[0].value
    return app


def shown(found, generated) -> AppTest:
    stored.store_report(workspace.store(), found, generated)
    return opened(generated)


def everything(app: AppTest) -> str:
    return " ".join([words(app), *(e.value for kind in (app.error, app.warning, app.success, app.info) for e in kind)])


def titles_of_meters(app: AppTest) -> list[str]:
    return [m.value for m in app.markdown if "</b>" in m.value]


# Before anything was checked


def test_a_table_without_rows_leads_to_generate(dataset):
    app = open_page("Privacy", dataset=dataset)
    assert "Nothing has been generated yet" in words(app) and buttons(app) == {"Generate"}


def test_rows_that_were_not_checked_have_a_form_and_a_test_of_the_meters(generated):
    app = opened(generated)
    assert {"Check privacy", "Test the meters"} <= buttons(app)
    box = app.selectbox(key=f"outsider-{generated.dataset}")
    first = privacy.presets(loaded.table(generated.dataset).schema)[0]
    assert box.options[0] == first.title and box.options[-1] == "My own choice"
    assert first.about in words(app)
    assert app.number_input(key=f"privacy-seed-{generated.id}").value == generated.spec["seed"]


def test_the_form_submits_what_was_chosen(generated, submitted):
    app = opened(generated)
    offered = privacy.presets(loaded.table(generated.dataset).schema)
    app.selectbox(key=f"outsider-{generated.dataset}").select(offered[-1].key).run()
    app.number_input(key=f"privacy-seed-{generated.id}").set_value(99).run()
    press(app, "Check privacy")
    assert submitted == [
        (
            "privacy",
            {
                "run": generated.id,
                "dataset": generated.dataset,
                "seed": 99,
                "known": list(offered[-1].known),
                "secret_columns": list(offered[-1].secret_columns),
            },
        )
    ]
    assert "This run was cancelled" in everything(app), "its state is shown at once"


def test_my_own_choice_needs_a_column_on_each_side(generated, submitted):
    app = opened(generated)
    app.selectbox(key=f"outsider-{generated.dataset}").select("own").run()
    check = next(b for b in app.button if b.label == "Check privacy")
    assert check.disabled and "Test the meters" not in buttons(app)
    app.multiselect(key=f"known-{generated.dataset}").select("age").run()
    app.multiselect(key=f"secret-{generated.dataset}").select("channel").run()
    press(app, "Check privacy")
    assert (submitted[0][1]["known"], submitted[0][1]["secret_columns"]) == (["age"], ["channel"])


def test_a_table_of_one_column_is_told_why_not():
    one = table_from_frame(pd.DataFrame({"age": [18 + i % 50 for i in range(90)]}), name="Ages")
    run = stored.store_generated(workspace.store(), workspace.library().add(one))
    app = opened(run)
    assert "at least two columns" in everything(app) and "Check privacy" not in buttons(app)


def test_only_the_columns_of_rows_made_elsewhere_can_be_chosen(dataset):
    table = only_columns(loaded.table(dataset), ["age", "nights", "channel"])
    run = stored_fidelity.store(workspace.store(), table, dataset, stored_fidelity.report(), task="audit")
    app = opened(run)
    app.selectbox(key=f"outsider-{dataset}").select("own").run()
    assert set(app.multiselect(key=f"known-{dataset}").options) == {"age", "nights", "channel"}


@pytest.mark.parametrize("state", ["running", "failed"])
def test_rows_that_are_still_being_made_or_failed_cannot_be_checked(generated, monkeypatch, state):
    changed = replace(generated, state=state, error="Column “age” has no values." if state == "failed" else None)
    monkeypatch.setattr(Store, "get", lambda self, run_id: changed)
    monkeypatch.setattr(Store, "list", lambda self, *a, **k: [changed])
    app = open_page("Privacy", run=generated.id, dataset=generated.dataset)
    assert "Check privacy" not in buttons(app)
    assert ("Cancel" if state == "running" else "Run again") in buttons(app)


# While and after a check


def test_a_running_check_can_be_cancelled(generated, monkeypatch):
    check = stored.store_report(workspace.store(), stored.report(), generated)
    phase = Phase("attacking", 2, 5, 8.0, {})
    running = replace(check, state="running", phases=(phase,), finished=None)
    real = Store.list
    monkeypatch.setattr(Store, "get", lambda self, run_id: running)
    monkeypatch.setattr(Store, "list", lambda self: [running if r.id == check.id else r for r in real(self)])
    app = opened(generated)
    assert "Cancel" in buttons(app) and "Check privacy" not in buttons(app)
    assert "Attacking · about 8 s left" in app.get("progress")[0].proto.text
    assert not alt_texts(app)


def test_a_failed_check_and_a_failed_test_say_why_side_by_side(generated):
    store = workspace.store()
    spec = {"run": generated.id, "dataset": generated.dataset, "seed": 1, "known": ["age"], "secret_columns": ["spend"]}
    stored.store_run(store, "privacy", spec, state="failed", error="“spend” is free text. Choose features.")
    stored.store_run(store, "self_test", spec, state="failed", error="Too few rows to divide.")
    app = open_page("Privacy", run=generated.id, dataset=generated.dataset)
    assert [e.value for e in app.error] == ["“spend” is free text. Choose features.", "Too few rows to divide."]
    assert [b.label for b in app.button].count("Run again") == 2
    assert "Check privacy" in buttons(app), "with other settings"


def test_every_number_of_a_report_is_on_the_page(generated):
    found = stored.report()
    app = shown(found, generated)
    text = everything(app)
    assert found.headline in text and "▲ High risk" in text
    assert "12 of 400 synthetic rows equal a training row, 5 of them a unique one" in text
    for meter in found.meters:
        assert literal(meter.title) in text and meter.sentence in text
        number = score if meter.unit == "AUC" else share
        assert f"{number(meter.value)} (95 % interval {number(meter.low)} to {number(meter.high)})" in text
        assert f"yardstick {number(meter.reference)}" in text
        assert (meter.advice in text) == meter.flagged
    assert text.count("397 attacks, 193 controls") == len(found.meters)
    assert "p 0.004 after Holm" in text and "risk 0.41 (0.37 to 0.45)" in text and "risk −0.02 (−0.06 to 0.02)" in text
    sizes = table(app, "Rows")
    assert sizes["All"].tolist() == ["800", "200", "400"] and sizes["Sampled"].tolist() == ["193", "191", "189"]
    assert sizes["Occur once"].tolist() == ["777", "193", "–"]
    assert "Seed 23" in text and "knows **age, channel** and would like to learn **income**" in text
    assert "**Linkability of groups**: too few rows share a group" in text
    assert "no proof of safety" in text and "a signal" in text


def test_the_formula_of_every_meter_is_its_tooltip(generated):
    app = shown(stored.report(), generated)
    helps = [m.help for m in app.markdown if m.help]
    assert len(helps) == 5 and all("Formula of" in h and r"a \* b" in h for h in helps)


def test_meters_stand_highest_first_with_a_word_for_their_grade(generated):
    app = shown(stored.report(), generated)
    blocks = titles_of_meters(app)
    assert [b.split("** · ")[0] for b in blocks] == [f"**{literal(m.title)}" for m in stored.report().meters]
    assert ["▲ High risk" in b for b in blocks] == [True, False, False, False, False]
    assert ["● No signal" in b for b in blocks] == [False, False, True, True, True]


def test_pictures_have_their_takeaway_as_alternative_text(generated):
    alts = alt_texts(shown(stored.report(), generated))
    assert len(alts) == 3 and all(alts)
    assert "2 of 5 meters see more" in alts[0]


def test_ratios_of_distances_stand_beside_those_of_unseen_rows(generated):
    text = everything(shown(stored.report(), generated))
    assert "5 % are under 0.00 (0.21 for unseen rows), half of them under 0.62 (0.83)" in text


def test_guesses_stand_beside_those_about_unseen_rows(generated):
    secrets = table(shown(stored.report(), generated), "Secret column")
    assert secrets["Right, training rows"].tolist() == ["31 %", "44 %"]
    assert secrets["95 % interval"].tolist() == ["27 % to 36 %", "40 % to 49 %"]
    assert secrets["Right, unseen rows"].tolist() == ["22 %", "45 %"]
    assert secrets["A guess is right"].tolist() == [s.rule for s in stored.report().secrets]


def test_a_clean_report_promises_nothing(generated):
    text = everything(shown(stored.clean(), generated))
    assert "● No signal" in text and "no proof of safety" in text and "What to do" not in text


def test_one_quiet_meter_is_no_all_clear(generated):
    found = stored.without_holdout()
    text = everything(shown(replace(found, meters=(stored.meter("matches", 0.0),)), generated))
    assert "○ Not measured" in text and "**● No signal" not in text
    assert text.count("no unseen real rows to compare with") >= 5


def test_one_loud_meter_is_enough_to_warn(generated):
    found = stored.without_holdout()
    assert "▲ High risk" in everything(shown(replace(found, meters=(stored.meter("matches", 0.9, "high"),)), generated))


def test_real_values_among_the_synthetic_ones_fail_the_check_before_download(generated):
    stored.store_report(workspace.store(), stored.leaking(), generated)
    app = open_page("Privacy", run=generated.id, dataset=generated.dataset)
    (error,) = app.error
    assert error.value.startswith("**Identifiers and sensitive values: fail.**")
    assert "“email” (sensitive) in 3 rows; “customer\\_id” (identifier) in 1 row" in error.value
    assert "phone" not in error.value


def test_compared_columns_without_a_real_value_pass(generated):
    overlaps = tuple(replace(o, rows=0) for o in stored.leaking().overlaps)
    app = shown(stored.report(overlaps=overlaps), generated)
    (passed,) = app.success
    assert (
        passed.value.startswith("**Identifiers and sensitive values: pass.**")
        and r"email, customer\_id, phone" in passed.value
    )


def test_without_a_holdout_there_are_reasons_instead_of_meters(generated):
    app = shown(stored.without_holdout(), generated)
    text = everything(app)
    assert "○ Not measured" in text and not [b for b in app.get("html") if "meter-" in str(b.proto)]
    assert "no unseen real rows to compare with" in text


def test_names_with_markup_are_shown_as_they_stand(generated):
    app = shown(stored.crowded(), generated)
    blocks = titles_of_meters(app)
    assert len(blocks) == 30 and all(r"\<b\>meter\</b\>" in b for b in blocks)


def test_the_latest_check_is_shown_unless_the_address_names_another(generated):
    store = workspace.store()
    old = stored.store_report(store, stored.report(headline="The old one."), generated)
    stored.store_report(store, stored.report(headline="The new one."), generated)
    assert "The new one." in everything(opened(generated))
    assert "The old one." in everything(opened(generated, check=old.id))
    assert "The old one." in everything(opened(old)), "as the page Runs opens it"


def test_a_check_of_other_rows_is_not_shown(generated):
    other = stored.store_generated(workspace.store(), generated.dataset)
    check = stored.store_report(workspace.store(), stored.report(), other)
    app = opened(generated, check=check.id)
    assert "Check privacy" in buttons(app) and not alt_texts(app)


def test_a_check_outlives_the_rows_it_was_about(generated):
    check = stored.store_report(workspace.store(), stored.report(), generated)
    workspace.store().remove(generated.id)
    app = opened(check)
    assert "have been deleted" in app.warning[0].value
    assert len(alt_texts(app)) == 3


def test_a_damaged_result_is_one_sentence(generated):
    check = stored.store_report(workspace.store(), stored.report(), generated)
    (workspace.store().layout.published(check.id) / "privacy.json").write_text("{", "utf-8")
    app = open_page("Privacy", run=generated.id, dataset=generated.dataset)
    assert [e.value for e in app.error] == [
        "The stored result of this run is damaged, or an older version made it. Run it again."
    ]


# The test of the meters


def test_the_meters_are_tested_with_the_outsider_of_the_check(generated, submitted):
    stored.store_report(workspace.store(), stored.report(), generated)
    press(opened(generated), "Test the meters")
    assert submitted == [
        (
            "self_test",
            {
                "dataset": generated.dataset,
                "holdout": 0.2,
                "seed": 23,
                "known": ["age", "channel"],
                "secret_columns": ["income"],
            },
        )
    ]


def test_a_self_test_shows_what_was_expected_and_found(generated):
    found = stored.self_test()
    stored.store_self_test(workspace.store(), found, generated.dataset)
    app = opened(generated)
    text = everything(app)
    assert found.headline in text and "✓ Can be trusted" in text
    for scenario, reads in zip(found.scenarios, ("bad", "bad", "neutral"), strict=True):
        assert f"**{scenario.title}**: must read {reads}" in text and scenario.sentence in text
    reads = [m.value for m in app.markdown if "Reads **" in m.value]
    assert reads == [":material/check: Reads **bad**"] * 2 + [":material/check: Reads **neutral**"]
    assert len(alt_texts(app)) == 1 and "Test them again" in buttons(app)


def test_meters_that_miss_a_copy_are_called_so(generated):
    stored.store_self_test(workspace.store(), stored.blind_self_test(), generated.dataset)
    app = opened(generated)
    text = everything(app)
    assert "! Take care" in text and "60 rows are too few" in text and "Only 3 of 5 meters flag it" in text
    assert ":material/close: Reads **only partly bad**" in text


@pytest.mark.parametrize(("scenario", "reads"), [(0, "Reads **neutral**"), (2, "Reads **bad**")])
def test_a_scenario_that_reads_the_other_way_is_called_so(generated, scenario, reads):
    found = stored.self_test()
    turned = replace(found.scenarios[scenario], meters=found.scenarios[2 - scenario].meters, passed=False)
    scenarios = tuple(turned if i == scenario else s for i, s in enumerate(found.scenarios))
    stored.store_self_test(workspace.store(), replace(found, scenarios=scenarios), generated.dataset)
    assert f":material/close: {reads}" in everything(opened(generated))


def test_a_scenario_without_meters_could_not_be_read(generated):
    found = stored.self_test()
    scenarios = tuple(replace(s, meters=(), passed=False) for s in found.scenarios)
    stored.store_self_test(workspace.store(), replace(found, scenarios=scenarios), generated.dataset)
    assert everything(opened(generated)).count(":material/close: Could not be read") == 3


def test_runs_opens_a_self_test_on_the_rows_of_its_table(generated):
    test = stored.store_self_test(workspace.store(), stored.self_test(), generated.dataset)
    assert "✓ Can be trusted" in everything(opened(test))
    links = open_page("Runs").dataframe[0].value["Open"]
    assert links[0].startswith("/Privacy?run=")
