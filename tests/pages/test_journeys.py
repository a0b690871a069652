"""The page Journeys on results written by hand: every view and state, what is submitted, and bad input."""

from dataclasses import replace

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.ui import journeys_calibrate, journeys_credits, journeys_matrix, journeys_world, stored_runs, workspace
from pages.ui.frame import path_of
from synth_core.errors import JourneyError
from synth_core.journeys.attribution import MODELS
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.world import World
from synth_core.runs import Store
from tests.pages import stored_journeys as stored
from tests.pages.opening import alt_texts, buttons, open_page, press, said, words

PATHS = b"path,conversions,nulls\nSearch > Email,3,10\nEmail,1,20\nSearch > Display > Search,2,8\n"
CREDITS = "channel,credit\n" + "".join(f"{n},{10 + i}\n" for i, n in enumerate(stored.NAMES))
PARTS = ("Journeys", "Truth and models", "League table", "Money", "Grade a vendor")


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))


@pytest.fixture
def submitted(monkeypatch):
    """What the page submits, without a process behind it."""
    found = []

    def submit(self, task, spec, *, title, dataset):
        assert dataset is None
        found.append((task, spec, title))
        return stored.store_run(self, task, spec, state="cancelled")

    monkeypatch.setattr(Store, "submit", submit)
    return found


def show(found, part: str = "Journeys") -> AppTest:
    """The result page of ``found`` with that tab open."""
    run = stored.store_grades(workspace.store(), found)
    app = AppTest.from_file(str(path_of("Journeys")), default_timeout=60)
    app.query_params["run"] = run.id
    app.session_state["journeys-part"] = part
    app.run()
    assert not app.exception and not app.error
    return app


def everything(app: AppTest) -> str:
    """All that is said, without what keeps Markdown from reading it as markup."""
    return f"{words(app)} {said(app)}".replace("\\", "")


def upload(app: AppTest, key: str, name: str, content: bytes) -> AppTest:
    app.file_uploader(key=key).set_value((name, content, "text/csv")).run()
    assert not app.exception
    return app


def journeys() -> str:
    return workspace.journeys().add(PATHS, "client.csv")


# The form


def test_a_first_visit_is_one_click_from_a_graded_world(submitted):
    app = open_page("Journeys")
    assert "in the simulated world" in everything(app)
    press(app, "Simulate and grade")
    ((task, spec, title),) = submitted
    assert task == "journeys" and World.from_dict(spec["world"]) == PRESETS["full"]
    assert (spec["users"], spec["seeds"], spec["seed"]) == (20_000, 10, 7) and spec["models"] == list(MODELS)
    assert title == "Everything at once: 20,000 users × 10 seeds"
    assert app.query_params["run"] and app.query_params["view"] == "simulate"


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_described_and_comes_back_unchanged_from_the_grids(preset, submitted):
    app = open_page("Journeys")
    app.selectbox(key="journeys-world").select(preset).run()
    assert PRESETS[preset].about in everything(app)
    press(app, "Simulate and grade")
    assert World.from_dict(submitted[0][1]["world"]) == PRESETS[preset]


def test_a_changed_number_is_submitted_and_named(submitted):
    app = open_page("Journeys")
    app.number_input(key="world-baseline-full").set_value(0.01).run()
    press(app, "Simulate and grade")
    world = World.from_dict(submitted[0][1]["world"])
    assert world.baseline == 0.01 and world.name == "Everything at once (changed)"
    assert replace(world, baseline=PRESETS["full"].baseline, name="Everything at once") == PRESETS["full"]


def test_few_seeds_are_warned_of():
    app = open_page("Journeys")
    assert "standard errors are rough" not in said(app)
    app.number_input(key="journeys-seeds").set_value(2).run()
    assert "standard errors are rough" in said(app)


def test_no_model_closes_the_button():
    app = open_page("Journeys")
    app.multiselect(key="journeys-models").set_value([]).run()
    assert "Choose at least one model" in said(app)
    assert next(b for b in app.button if b.label == "Simulate and grade").disabled


def test_too_many_touches_are_refused_before_a_run(submitted):
    app = open_page("Journeys")
    app.number_input(key="journeys-users").set_value(2_000_000).run()
    press(app, "Simulate and grade")
    assert not submitted and "is the limit" in app.error[0].value


def test_an_impossible_world_is_a_sentence_and_closes_the_button(monkeypatch):
    edit = st.data_editor

    def feeding(data, *, key, **rest):
        found = edit(data, key=key, **rest)
        return found.assign(Effect=-1.0) if key.startswith("world-channels") else found

    monkeypatch.setattr(journeys_world.st, "data_editor", feeding)
    app = open_page("Journeys")
    assert "The effect of “Display” is" in app.error[0].value.replace("\\", "")
    assert next(b for b in app.button if b.label == "Simulate and grade").disabled


def test_a_world_comes_back_from_its_file(submitted):
    world = stored.world(("A", "B"), name="Mine")
    app = open_page("Journeys")
    upload(app, "journeys-world-upload", "world.json", world.to_json().encode())
    assert app.selectbox(key="journeys-world").value == "file"
    press(app, "Simulate and grade")
    assert World.from_dict(submitted[0][1]["world"]) == world


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"no json", "not JSON"), (b"[1]", "no world in it"), (b'{"name": "x", "colour": 1}', "“channels”")],
)
def test_a_file_that_holds_no_world_is_a_sentence(content, told):
    app = upload(open_page("Journeys"), "journeys-world-upload", "world.json", content)
    assert told in app.error[0].value.replace("\\", "")
    assert app.selectbox(key="journeys-world").value == "full"


# Grids


def test_grids_make_the_world_they_show():
    world = PRESETS["full"]
    matrices = {k: journeys_matrix.frame(world.names, getattr(world, k)) for k in journeys_matrix.KINDS}
    grid = journeys_world.channel_frame(world)
    assert journeys_world.world_of(world, grid, matrices, {}) == world
    grid.loc[1, "Reach"] = None
    with pytest.raises(JourneyError, match="Reach of “Social” is empty"):
        journeys_world.world_of(world, grid, matrices, {})


def test_matrices_follow_the_channels():
    last = journeys_matrix.frame(("A", "B", "C"), [[0, 1, 2], [3, 4, 5], [6, 7, 8]])
    assert journeys_matrix.resized(last, ("C", "A")).to_numpy().tolist() == [[8, 6], [2, 0]]
    more = journeys_matrix.resized(last, ("A", "B", "C", "D"))
    assert more.to_numpy()[:3, :3].tolist() == last.to_numpy().tolist() and not more["D"].any()
    renamed = journeys_matrix.resized(last, ("A", "X", "C"))
    assert renamed.to_numpy().tolist() == last.to_numpy().tolist() and list(renamed.columns) == ["A", "X", "C"]


def test_a_new_channel_gets_a_row_in_the_matrices(monkeypatch, submitted):
    edit = st.data_editor

    def adding(data, *, key, **rest):
        found = edit(data, key=key, **rest)
        if not key.startswith("world-channels"):
            return found
        return pd.concat([found, found.tail(1).assign(Channel="Podcast")], ignore_index=True)

    monkeypatch.setattr(journeys_world.st, "data_editor", adding)
    press(open_page("Journeys"), "Simulate and grade")
    world = World.from_dict(submitted[0][1]["world"])
    assert world.names == (*PRESETS["full"].names, "Podcast")
    assert tuple(row[:-1] for row in world.synergy[:-1]) == PRESETS["full"].synergy
    assert not any(world.triggers[-1])


# Results


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "found",
    [stored.grades(), stored.grades(stored.LONG, seeds=1), stored.grades(("A", "B"), seeds=1, paid=False),
     stored.nothing()],
    ids=["six", "twenty", "two", "nothing"],
)  # fmt: skip
def test_every_part_of_every_result_is_drawn(part, found):
    app = show(found, part)
    nothing = not found.seen.touches
    assert ("Nothing to grade" if nothing else "Closest to the truth") in words(app)
    assert "nan" not in everything(app).lower()
    assert all(alt_texts(app))


def test_figures_of_the_journeys_are_the_first_seeds():
    figures = {m.label: m.value for m in show(stored.grades()).metric}
    assert figures == {"Users recorded": "20,000", "Touches": "61,234", "Conversions": "1,041",
                       "Without any touch": "212 (20 %)"}  # fmt: skip


def test_rows_are_offered_where_the_run_left_them():
    run = stored.store_grades(workspace.store(), stored.grades())
    pd.DataFrame({"user": [1], "channel": ["Search"]}).to_parquet(workspace.store().folder(run.id) / "events.parquet")
    app = open_page("Journeys", run=run.id)
    labels = [b.proto.label for b in app.get("download_button")]
    assert {"Event rows (CSV)", "Event rows (Parquet)"} <= set(labels) and "Path rows (CSV)" not in labels


def test_truth_and_model_are_chosen_once_for_all_parts():
    app = show(stored.grades(), "Truth and models")
    assert app.selectbox(key="journeys-model").value == "last"
    assert "Last touch gives" in alt_texts(app)[0] and "has no row for them" in words(app)
    app.selectbox(key="journeys-truth").select("event").run()
    app.selectbox(key="journeys-model").select("additive_hazard").run()
    assert "has a row for them" in words(app) and "one cause" in words(app)
    app.session_state["journeys-part"] = "Money"
    app.run()
    assert "If budget followed Additive hazard (ours)" in words(app)
    app.session_state["journeys-part"] = "League table"
    app.run()
    assert app.selectbox(key="journeys-truth").value == "event" and "True cause of each conversion" in words(app)


def test_the_league_is_in_order_and_says_what_is_noise():
    app = show(stored.grades(), "League table")
    table = next(h.proto.body for h in app.get("html") if "Attribution models by distance" in h.proto.body)
    assert table.index("1. Additive hazard") < table.index("2. ") < table.index("7. ")
    assert "percentage points on average" in words(app) and "±" in table
    assert not app.warning


def losing() -> object:
    """The additive hazard with the shares of another model."""
    found = stored.grades()
    swap = {"additive_hazard": "linear", "linear": "additive_hazard"}

    def renamed(credits):
        key = swap.get(credits.model, credits.model)
        return replace(credits, model=key, name=stored.MODELS[key])

    samples = tuple(replace(s, credits=tuple(map(renamed, s.credits))) for s in found.samples)
    return replace(found, samples=samples)


def test_it_is_said_where_our_own_model_loses():
    app = show(losing(), "League table")
    assert "Our own model does not win here: Additive hazard (ours) comes" in app.warning[0].value
    assert "does not win here" in words(app)


def test_one_seed_has_no_standard_error():
    app = show(stored.grades(seeds=1), "League table")
    table = next(h.proto.body for h in app.get("html") if "Attribution models by distance" in h.proto.body)
    assert "±" not in table and "single seed nothing can be said about noise" in words(app)


def test_money_names_the_loss_the_best_budget_and_the_limit():
    app = show(stored.grades(), "Money")
    text = words(app).replace("\N{NO-BREAK SPACE}", " ")
    assert "you would lose 35 ± 1 of 1,045 conversions (3.3 %)" in text
    assert "more than 3 times" in text and len(alt_texts(app)) == 3


def test_without_paid_channels_there_is_no_money():
    app = show(stored.grades(paid=False), "Money")
    assert "no budget to move" in app.info[0].value and not alt_texts(app)
    assert "If the budget followed" not in words(app)


def test_notes_of_the_run_are_shown():
    assert "hardly any conversions" in show(stored.nothing()).info[0].value


# A vendor


def test_a_vendors_credits_are_graded_among_the_others():
    found = stored.grades()
    app = show(found, "Grade a vendor")
    run = app.query_params["run"]
    truth = found.samples[0].truth
    perfect = "channel,credit\n" + "".join(f"{n},{v}\n" for n, v in zip(truth.channels, truth.shapley, strict=True))
    upload(app, f"journeys-vendor-{run}", "Acme MTA.csv", perfect.encode())
    assert "Acme MTA comes 1 of 8: its shares are off by 0.0 percentage points" in words(app)
    table = next(h.proto.body for h in app.get("html") if "uploaded credits" in h.proto.body)
    assert "1. Acme MTA (uploaded)" in table and "2. Additive hazard" in table


@pytest.mark.parametrize(
    ("content", "told"),
    [(CREDITS.replace("Search", "Serch", 1), "Serch"), ("channel,credit\n", ""), (CREDITS.replace("10", "ten"), "ten")],
)
def test_credits_that_cannot_be_used_are_a_sentence(content, told):
    app = show(stored.grades(), "Grade a vendor")
    upload(app, f"journeys-vendor-{app.query_params['run']}", "vendor.csv", content.encode())
    assert told in app.error[0].value and "Something went wrong" not in app.error[0].value


# Runs that have no result


@pytest.mark.parametrize("task", ["journeys", "stress", "attribute", "calibrate"])
@pytest.mark.parametrize("state", ["failed", "cancelled", "interrupted"])
def test_runs_without_a_result_say_so_and_can_be_run_again(task, state):
    spec = {"journeys": journeys()} if task in ("attribute", "calibrate") else {}
    run = stored.store_run(workspace.store(), task, spec, state=state, error="No user converted.")
    app = open_page("Journeys", run=run.id)
    assert "Run again" in buttons(app) and (state in said(app) or "No user converted." in said(app))


def test_an_unknown_run_is_a_warning_and_the_form():
    app = open_page("Journeys", run="0" * 32)
    assert "not found" in app.warning[0].value and "Simulate and grade" in buttons(app)


def test_several_results_can_be_picked():
    first = stored.store_grades(workspace.store(), stored.grades())
    second = stored.store_grades(workspace.store(), stored.grades(("A", "B")))
    app = open_page("Journeys")
    assert app.query_params["run"] == second.id
    app.selectbox(key="pick-journeys-run").select(first.id).run()
    assert app.query_params["run"] == first.id and "6 channels" in said(app)


# Stress


def test_stress_takes_all_presets_and_models(submitted):
    press(open_page("Journeys", view="stress"), "Stress all presets")
    ((task, spec, _),) = submitted
    assert task == "stress" and spec["presets"] == list(PRESETS) and spec["models"] == list(MODELS)


def test_stress_is_a_heat_map_with_a_switch():
    run = stored.store_result(workspace.store(), "stress", "stress.json", stored.stress(), {})
    app = open_page("Journeys", run=run.id)
    assert app.query_params["view"] == "stress" and alt_texts(app)[0].startswith("Share MAE")
    app.session_state["stress-measure"] = "regret"
    app.run()
    assert alt_texts(app)[0].startswith("Budget regret")
    assert all(w.about in words(app) for w in PRESETS.values())


# Journeys of the client's


def test_without_uploads_the_view_explains_itself():
    app = open_page("Journeys", view="own")
    text = everything(app)
    assert "Nobody can say which of them is right" in text and "cannot be augmented or anonymised" in text
    assert app.get("file_uploader") and "Credit these journeys" not in buttons(app)


def test_an_upload_is_stored_shown_and_credited(submitted):
    app = upload(open_page("Journeys", view="own"), "journeys-upload", "client.csv", PATHS)
    (info,) = workspace.journeys().list()
    assert app.query_params["journeys"] == info.id
    assert "3 different paths" in said(app) and "order only" in said(app)
    press(app, "Credit these journeys")
    ((task, spec, title),) = submitted
    assert task == "attribute" and spec["journeys"] == info.id and spec["resamples"] == 200
    assert title == f"Credits of {len(MODELS)} models · client.csv"


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"", b"path,conversions\nA > B,-1\n"])
def test_an_upload_that_cannot_be_read_is_a_sentence(content):
    app = upload(open_page("Journeys", view="own"), "journeys-upload", "x.csv", content)
    assert len(app.error) == 1 and "Something went wrong" not in app.error[0].value
    assert not workspace.journeys().list()


def test_columns_can_be_stated():
    content = b"steps,yes,no\nSearch > Email,3,10\nEmail,1,20\n"
    app = upload(open_page("Journeys", view="own"), "journeys-upload", "x.csv", content)
    rows = next(b for b in app.get("button_group") if b.label == "What the rows are")
    rows.set_value("One row per path").run()
    assert next(b for b in app.button if b.label == "Read the file").disabled
    for part, column in (("path", "steps"), ("conversions", "yes"), ("nulls", "no")):
        app.selectbox(key=f"journeys-{part}-One row per path").select(column).run()
    press(app, "Read the file")
    (info,) = workspace.journeys().list()
    assert info.conversions == 4 and app.query_params["journeys"] == info.id


def test_credits_are_shown_with_what_could_not_be_used():
    spec = {"journeys": journeys()}
    run = stored.store_result(workspace.store(), "attribute", "attributed.json", stored.attributed(), spec)
    app = open_page("Journeys", run=run.id)
    assert "needs times" in app.info[0].value and "disagree most" in alt_texts(app)[0]
    frame = app.dataframe[0].value
    assert list(frame["Channel"]) == list(stored.NAMES) and "Last touch" in frame
    assert "Credits (CSV)" in [b.proto.label for b in app.get("download_button")]


def test_the_credits_file_has_a_row_for_each_model_and_channel():
    found = stored.attributed()
    rows = journeys_credits.table(found)
    assert len(rows) == len(stored.MODELS) * len(stored.NAMES) + 1  # and the organic row of one model
    line = rows[(rows["model"] == "Linear") & (rows["channel"] == "Email")].iloc[0]
    place = stored.NAMES.index("Email")
    credits = next(c for c in found.credits if c.model == "linear")
    assert (line["credit"], line["share"]) == (credits.credit[place], credits.share[place])
    assert line["share_low"] < line["share"] < line["share_high"]


def test_calibration_is_submitted_with_its_base_and_what_is_known(submitted):
    journeys()
    app = open_page("Journeys", view="own")
    app.selectbox(key="calibrate-base").select("high_organic").run()
    app.number_input(key="calibrate-organic").set_value(40.0).run()
    press(app, "Calibrate")
    ((task, spec, _),) = submitted
    assert task == "calibrate" and World.from_dict(spec["base"]) == PRESETS["high_organic"]
    assert spec["organic_share"] == 0.4


def test_a_calibrated_world_can_be_graded_in(submitted):
    found = stored.calibration()
    spec = {"journeys": journeys()}
    run = stored.store_result(workspace.store(), "calibrate", "calibration.json", found, spec)
    app = open_page("Journeys", run=run.id)
    assert "off by **11 %** on average over 7 figures" in everything(app) and found.assumed[0] in everything(app)
    press(app, "Grade models in this world")
    assert app.query_params["world"] == run.id and app.query_params["view"] == "simulate"
    assert app.selectbox(key="journeys-world").value == run.id
    press(app, "Simulate and grade")
    assert World.from_dict(submitted[0][1]["world"]) == found.world


def test_differences_have_a_sign():
    assert [journeys_calibrate._apart(*pair) for pair in ((2.0, 3.0), (2.0, 1.0), (2.0, 2.0), (0.0, 1.0))] == [
        "+50.0 %", "−50.0 %", "0.0 %", "–",
    ]  # fmt: skip


def test_an_address_that_names_no_calibration_is_a_warning():
    run = stored.store_grades(workspace.store(), stored.grades())
    for asked in ("0" * 32, run.id):
        app = open_page("Journeys", world=asked)
        assert "calibrated world in this address was not found" in app.warning[0].value


@pytest.mark.parametrize(
    ("task", "name", "found"),
    [("attribute", "attributed.json", stored.attributed()), ("calibrate", "calibration.json", stored.calibration())],
)
def test_a_result_outlives_its_journeys(task, name, found):
    asked = journeys()
    run = stored.store_result(workspace.store(), task, name, found, {"journeys": asked})
    workspace.journeys().remove(asked)
    app = open_page("Journeys", run=run.id)
    assert "have been removed" in app.warning[0].value and app.dataframe
    press(app, "Back to your journeys")
    assert "run" not in app.query_params and app.get("file_uploader")


def test_removing_journeys_asks_first():
    journeys()
    app = press(open_page("Journeys", view="own"), "Remove")
    assert "cannot be undone" in words(app) and workspace.journeys().list()


# The rest of the app


def test_runs_lists_them_and_leads_back():
    run = stored.store_grades(workspace.store(), stored.grades())
    frame = open_page("Runs").dataframe[0].value
    assert frame["Open"][0] == f"/Journeys?run={run.id}&dataset=" and frame["Table"][0] == "–"


def test_views_forget_each_others_runs():
    stored.store_grades(workspace.store(), stored.grades())
    app = open_page("Journeys")
    assert "run" in app.query_params
    next(b for b in app.get("button_group") if b.label == "View").set_value("own").run()
    assert app.query_params["view"] == "own" and "run" not in app.query_params


def test_entries_of_a_select_box_are_told_apart():
    assert stored_runs.distinct({"a": "x", "b": "x", "c": "y", "d": "x"}) == {
        "a": "x (3)", "b": "x (2)", "c": "y", "d": "x",
    }  # fmt: skip
    assert len(set(stored_runs.distinct({"a": "x (2)", "b": "x", "c": "x"}).values())) == 3
