"""The page Prospective in every state; models are a stand-in that adds up two columns."""

from dataclasses import replace

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import confirm, prospective_found, prospective_standing, workspace
from pages.ui.frame import ICONS
from pages.ui.stored_runs import PAGE_OF
from synth_core.errors import ScorerError
from synth_core.prospective import log as logs
from synth_core.prospective.results import OutcomeFile
from synth_core.runs import Store
from synth_core.tables import load_sample
from synth_core.tasks.places import write_json
from tests.pages import stored
from tests.pages import stored_prospective as kept
from tests.pages.opening import alt_texts, buttons, open_page, press, said, table, words
from tests.prospective import standin


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))
    standin.use(monkeypatch)


@pytest.fixture
def submitted(monkeypatch):
    """What the page submits, without a process behind it."""
    found = []

    def submit(self, task, spec, *, title, dataset):
        found.append((task, spec, title, dataset))
        return kept.store_run(self, task, spec, state="cancelled")

    monkeypatch.setattr(Store, "submit", submit)
    return found


@pytest.fixture
def test_id(tmp_path):
    """A test without leads."""
    path = tmp_path / "frozen.zip"
    path.write_bytes(b"scorer")
    return workspace.tests().create(path, name="Spring leads", id_column="id", date_column="day", now=standin.MONDAY)


def filled(test: str, weeks: int = 5, per_week: int = 80, outcomes: int | None = None, positive: int = 4):
    """Adds ``weeks`` files of leads and ``outcomes`` files of what became of them."""
    log = workspace.tests().get(test)
    for n in range(weeks):
        ids = [f"L{n}-{i}" for i in range(per_week)]
        day = (pd.Timestamp("2025-01-07") + pd.Timedelta(weeks=n)).date().isoformat()
        now = standin.MONDAY + (n + 1) * standin.WEEK
        log.add_leads(standin.leads_csv(ids, seed=n, day=day), label=f"week-{n + 1}.csv", now=now)
        if outcomes is None or n < outcomes:
            log.add_outcomes(kept.outcomes_csv(ids, positive), label=f"ended-{n + 1}.csv", now=now + standin.DAY)
    return log


def opened(view: str, **query) -> AppTest:
    return open_page("Prospective", view=view, **query)


def metrics(app: AppTest) -> dict[str, str]:
    return {m.label: m.value for m in app.metric}


def downloads(app: AppTest) -> list[str]:
    return [b.proto.label for b in app.get("download_button")]


# Freezing


def test_the_page_stands_after_lift_and_shows_its_runs():
    names = list(ICONS)
    assert names[names.index("Lift") + 1] == "Prospective"
    assert PAGE_OF["freeze"] == PAGE_OF["score"] == "Prospective"


def test_without_a_study_the_page_says_why_both_are_frozen_and_leads_to_one():
    app = open_page("Prospective")
    assert "what the synthetic rows were worth" in words(app) and "No finished study yet" in words(app)
    assert buttons(app) == {"Start a study"}


@pytest.mark.parametrize("view", ["leads", "standing", "score"])
def test_without_frozen_models_every_view_leads_to_freezing(view):
    assert buttons(opened(view)) == {"Freeze two models"}


@pytest.mark.parametrize(
    ("study", "reason"),
    [
        (stored.study("regression"), "has not two classes"),
        (stored.study("multiclass"), "has not two classes"),
        (replace(stored.study(), arms=stored.study().arms[:2]), "no model with synthetic rows"),
    ],
)
def test_a_study_that_cannot_be_tested_is_named_with_the_reason(study, reason):
    stored.store_study(workspace.store(), study, workspace.library().add(load_sample("travel")))
    app = open_page("Prospective")
    assert "a stored study" in words(app) and reason in words(app) and buttons(app) == {"Start a study"}


def test_freezing_submits_the_study_with_the_arm_it_looked_at(submitted):
    dataset = workspace.library().add(load_sample("travel"))
    run = stored.store_study(workspace.store(), stored.study(), dataset)
    app = open_page("Prospective", study=run.id)
    assert app.selectbox(key=f"prospective-arm-{run.id}").value == "trees/committee"
    app.text_input(key=f"prospective-name-{run.id}").set_value("Spring").run()
    press(app, "Freeze both models")
    assert submitted == [
        ("freeze", {"study": run.id, "arm": "trees/committee", "name": "Spring"}, "Freeze Spring", dataset)
    ]
    assert "This run was cancelled" in said(app)


def test_a_study_on_lift_has_the_way_here():
    dataset = workspace.library().add(load_sample("travel"))
    label = "Freeze both models for a prospective test"
    run = stored.store_study(workspace.store(), stored.study(), dataset)
    assert label in buttons(open_page("Lift", run=run.id, dataset=dataset))
    other = stored.study("regression")
    other = replace(other, verdict=replace(other.verdict, sentence="Another."))
    run = stored.store_study(workspace.store(), other, dataset)
    assert label not in buttons(open_page("Lift", run=run.id, dataset=dataset))


@pytest.mark.parametrize(("state", "sentence"), [("failed", "The study was deleted."), ("cancelled", "was cancelled")])
def test_a_freeze_that_ended_says_why_and_can_be_run_again(state, sentence):
    run = kept.store_run(workspace.store(), "freeze", {"study": "0" * 32, "arm": None, "name": "x"}, state=state,
                         error="The study was deleted." if state == "failed" else None)  # fmt: skip
    app = open_page("Prospective", run=run.id)
    assert sentence in said(app) and "Run again" in buttons(app)


def test_frozen_models_have_their_card_and_files_and_start_a_test():
    run = kept.freeze_run()
    app = open_page("Prospective", run=run.id)
    assert "seed 1" in words(app) and downloads(app) == ["Both models (scorer.zip)", "Model card (Markdown)"]
    sides = app.table[0].value
    assert sides["Real rows only"].tolist() == ["Reference", "900", "0", "0.700"]
    assert sides["With synthetic rows"].tolist() == ["Trees", "900", "900", "0.720"]
    assert next(b for b in app.button if b.label == "Start the test").disabled, "the id column is not known"
    app.text_input(key=f"test-name-{run.id}").set_value("Autumn")
    app.text_input(key=f"test-id-{run.id}").set_value("lead")
    app.number_input(key=f"test-days-{run.id}").set_value(30).run()
    press(app, "Start the test")
    (info,) = workspace.tests().list()
    settings = workspace.tests().get(info.id).settings
    assert (settings.name, settings.id_column, settings.date_column) == ("Autumn", "lead", "")
    assert settings.maturity_days == 30 and app.query_params["view"] == "leads"
    assert "no outcome after 30 days counts as no" in said(app)


def test_damaged_frozen_models_are_refused_in_a_sentence(monkeypatch):
    run = kept.freeze_run()

    def load(path):
        raise ScorerError("This scorer was changed after it was frozen.")

    monkeypatch.setattr(logs.scorer, "load", load)
    app = open_page("Prospective", run=run.id)
    assert "was changed after it was frozen" in said(app) and "Start the test" not in buttons(app)


# Leads and outcomes


def test_a_test_without_leads_asks_for_the_first_file(test_id):
    app = opened("leads", test=test_id)
    assert "upload the first file of leads" in said(app) and not alt_texts(app)
    assert next(b for b in app.button if b.label == "Score and keep").disabled
    assert "No leads yet" in words(opened("standing", test=test_id))


def test_the_timeline_tells_what_every_file_brought(test_id):
    log = filled(test_id, weeks=2)
    log.add_outcomes(b"id,booked\nL0-0,no\nL0-1,no\nX,yes\nL1-2,perhaps\n", label="again.csv")
    found = table(opened("leads", test=test_id), "File")
    assert found["File"].tolist()[0] == "Outcomes · again.csv" and len(found) == 5
    brought = found["What it brought"][0]
    for part in (
        "4 rows",
        "1 said before",
        "1 conflicting",
        "1 with an id that was not scored",
        "1 neither yes nor no",
    ):
        assert part in brought
    assert found["What it brought"][4] == "80 leads scored, week of 2025-01-06; no drift"


def test_counts_of_nothing_are_not_told():
    assert prospective_found.in_words(OutcomeFile("f", 0.0, 1, 1, 0, 0, 0, 0)) == "1 row: 1 new outcome"


def test_fifty_features_with_long_names_and_markup(test_id, monkeypatch):
    monkeypatch.setattr(logs.leads, "check", lambda scorer, frame: kept.named_leads())
    filled(test_id, weeks=1)
    app = opened("leads", test=test_id)
    assert "12 features that differ most of 50" in alt_texts(app)[0]
    assert "\\<b\\>column" in said(app) and "<b>column" not in said(app)
    assert len(table(app, "Feature")) == 51


def test_missing_columns_are_warned_of(test_id, monkeypatch):
    monkeypatch.setattr(logs.leads, "read_leads", _lacking)
    filled(test_id, weeks=1)
    app = opened("leads", test=test_id)
    assert app.warning[0].value.startswith("1 feature is missing from this file.")
    assert "scored as missing\\: z." in said(app)


def _lacking(data, scorer, *, name):
    frame, *_ = standin.read_leads(data, scorer, name=name)
    return frame, ["Not in the file, so scored as missing: z."], ["z"], ["day"]


def test_uploaded_leads_are_scored_once(test_id):
    app = opened("leads", test=test_id)
    app.file_uploader(key=f"leads-{test_id}").upload("new.csv", standin.leads_csv(["a", "b"]), "text/csv").run()
    press(app, "Score and keep")
    assert app.success[0].value == "2 rows read and scored." and len(table(app, "File")) == 1
    assert next(b for b in app.button if b.label == "Score and keep").disabled
    assert len(workspace.tests().get(test_id).cohorts()) == 1


def test_a_wrong_file_of_leads_is_one_sentence(test_id):
    app = opened("leads", test=test_id)
    app.file_uploader(key=f"leads-{test_id}").upload("new.csv", b"x,z\n1,2\n", "text/csv").run()
    press(app, "Score and keep")
    assert "The leads have no column “id”" in app.error[0].value and "upload the first file" in said(app)


def test_a_conflict_is_told_and_the_same_file_can_be_added_as_a_correction(test_id):
    filled(test_id, weeks=1)
    app = opened("leads", test=test_id)
    app.file_uploader(key=f"outcomes-{test_id}").upload("late.csv", b"id,booked\nL0-0,no\n", "text/csv").run()
    press(app, "Add outcomes")
    assert "1 conflicting with what was said before" in app.success[0].value
    app.checkbox(key=f"correction-{test_id}").check().run()
    press(app, "Add outcomes")
    found = workspace.tests().get(test_id).joined().set_index("lead_id").loc["L0-0"]
    assert found["outcome"] == 0 and not found["conflicting"]


def test_files_of_the_inbox_are_taken_by_hand(test_id):
    folder = workspace.tests().get(test_id).folder / "inbox" / "leads"
    (folder / "mon.csv").write_bytes(standin.leads_csv(["a", "b"]))
    (folder / "bad.csv").write_bytes(b"nothing,here\n1,2\n")
    app = press(opened("leads", test=test_id), "Take the files now")
    assert "leads/mon.csv" in app.success[0].value and "leads/bad.csv" in app.error[0].value
    assert f"prospective/{test_id}/inbox/leads/" in app.code[0].value
    assert "There is no file in the inbox" in press(app, "Take the files now").success[0].value


def test_a_test_is_removed_only_after_a_question(test_id, monkeypatch):
    app = press(opened("leads", test=test_id), "Remove this test")
    assert "the scores and outcomes of its leads" in words(app) and workspace.tests().list()
    monkeypatch.setattr(confirm, "ask", lambda what, *, do, **_: do())  # the answer
    press(opened("leads", test=test_id), "Remove this test")
    assert not workspace.tests().list()


def test_an_address_of_a_removed_test_says_so(test_id):
    assert "was not found" in said(opened("standing", test="0" * 16))


def test_several_tests_have_a_select_box(test_id, tmp_path):
    workspace.tests().create(tmp_path / "frozen.zip", name="Autumn leads", id_column="id")
    app = opened("leads", test=test_id)
    assert app.selectbox(key="prospective-pick").value == test_id
    other = next(i.id for i in workspace.tests().list() if i.id != test_id)
    assert sorted(app.selectbox(key="prospective-pick").options) == ["Autumn leads", "Spring leads"]
    assert "**Spring leads**" in said(app) and "**Autumn leads**" in said(opened("leads", test=other))


def test_a_scorer_that_was_exchanged_is_refused_and_the_test_can_be_removed(test_id):
    (workspace.tests().get(test_id).folder / "scorer.zip").write_bytes(b"another")
    app = opened("standing", test=test_id)
    assert "not the one it started with" in said(app) and buttons(app) == {"Remove this test"}


# Standing


def test_leads_without_outcomes_wait(test_id):
    filled(test_id, weeks=2, outcomes=0)
    app = opened("standing", test=test_id)
    assert "No verdict" in words(app) and "waiting for their outcomes" in said(app) + app.info[0].value
    assert metrics(app)["Waiting for one"] == "160" and metrics(app)["Weeks still needed"] == "not known yet"
    assert len(alt_texts(app)) == 1, "only the drift can be drawn"


def test_outcomes_of_one_class_only_are_no_verdict(test_id):
    filled(test_id, weeks=2, positive=1)
    app = opened("standing", test=test_id)
    assert "No verdict" in words(app) and not app.exception
    assert any("before both outcomes" in alt for alt in alt_texts(app))


def test_a_standing_has_its_verdict_pictures_and_files(test_id):
    filled(test_id, weeks=6)
    app = opened("standing", test=test_id)
    banner = next(h.proto.body for h in app.get("html") if 'class="verdict"' in h.proto.body)
    assert any(w in banner for w in ("Helps", "Hurts", "No evidence")) and "however often you look" in banner
    assert "You may look every week" in said(app)
    assert len(alt_texts(app)) == 5 and all(alt_texts(app)) and downloads(app) == ["Scored leads (CSV)"]
    assert len(table(app, "Week")) == 6 and metrics(app)["Leads with an outcome"] == "480"


def test_scored_leads_are_taken_away_with_tenth_and_rank(test_id):
    log = workspace.tests().get(test_id)
    log.add_leads(standin.leads_csv(["=1+1", "b", "c"]), label="x")
    log.add_outcomes(b"id,booked\nb,yes\n", label="y")
    path = log.folder / "scored.csv"
    path.write_bytes(prospective_standing.scored_csv(log))
    found = pd.read_csv(path).set_index("id")
    assert sorted(found.index) == ["'=1+1", "b", "c"] and found.loc["b", "outcome"] == 1
    assert found["rank_arm"].tolist() == found["score_arm"].rank(ascending=False).astype(int).tolist()
    assert {"score_reference", "score_arm", "decile_reference", "rank_reference"} <= set(found)


@pytest.mark.parametrize("word", ["helps", "hurts", "no evidence", "no verdict"])
def test_the_words_look_as_on_lift(test_id, monkeypatch, word):
    filled(test_id, weeks=1)
    monkeypatch.setattr(prospective_standing, "standing", lambda joined, card: kept.standing(word=word))
    assert word.capitalize() in words(opened("standing", test=test_id)) and "A caution." in words(
        opened("standing", test=test_id)
    )


@pytest.mark.parametrize(("needed", "told"), [(0, "decided"), (14, "14"), (None, "> 2 years")])
def test_weeks_needed_are_told(test_id, monkeypatch, needed, told):
    filled(test_id, weeks=1)
    monkeypatch.setattr(prospective_standing, "standing", lambda joined, card: kept.standing(weeks_needed=needed))
    assert metrics(opened("standing", test=test_id))["Weeks still needed"] == told


# One file


def test_a_scored_file_is_offered_with_what_was_found_in_it():
    kept.freeze_run()
    store = workspace.store()
    run = kept.store_run(store, "score", {"scorer": "0", "file": "0", "label": "all leads.csv", "id_column": "id"})
    folder = store.layout.published(run.id)
    folder.mkdir(parents=True)
    (folder / "scores.csv").write_text("id\n1\n")
    write_json(folder / "leads.json", {**vars(kept.leads()), "drift": [vars(d) for d in kept.leads().drift],
                                       "drift_score": vars(kept.leads().drift_score)})  # fmt: skip
    app = open_page("Prospective", run=run.id)
    assert downloads(app) == ["Scores of 60 leads (CSV)"] and "age: strong" not in words(app)
    assert len(alt_texts(app)) == 1 and "Score the file" in buttons(app)
