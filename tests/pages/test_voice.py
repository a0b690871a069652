"""The page Voice on results written by hand: every view and state, what is submitted and stored, and bad input."""

import io
import json
import socket
import zipfile
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pages.ui import loaded, voice_lines, voice_profile, workspace
from pages.ui.frame import path_of
from synth_core.runs import Store
from synth_core.runs.model import Phase
from synth_core.voice.demo import demo
from synth_core.voice.gates.settings import GateSettings
from synth_core.voice.providers.registry import PROVIDERS
from synth_core.voice.records import Brief, Line
from tests.pages import stored_voice as stored
from tests.pages.opening import alt_texts, buttons, open_page, press, said, table, words

STEPS = ("brand", "voice", "write", "review", "export")
KEY = "sk-test-000111222333"


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))
    for info in PROVIDERS.values():
        monkeypatch.delenv(info.variable or "NOT_A_KEY", raising=False)


@pytest.fixture
def submitted(monkeypatch):
    """What the page submits, without a process behind it."""
    found = []

    def submit(self, task, spec, *, title, dataset, secrets=None):
        assert dataset is None
        found.append((task, spec, title, secrets))
        return stored.store_run(self, task, spec, state="cancelled")

    monkeypatch.setattr(Store, "submit", submit)
    return found


@pytest.fixture
def downloads(monkeypatch):
    """What the download buttons hold."""
    found = {}
    real = st.download_button
    monkeypatch.setattr(
        st, "download_button",
        lambda label, data, name, *a, **k: (found.update({name: data}), real(label, data, name, *a, **k))[1],
    )  # fmt: skip
    return found


def store_brand(**changes) -> str:
    """A stored brand; its id with the version."""
    found = workspace.brands()
    return found.exact(found.add(stored.brand(**changes)))


def store_batch(count: int = 12, *, kind: str = "recombined", **changes):
    """A brand and a batch of it; the run."""
    exact = store_brand()
    return stored.store_batch(workspace.store(), stored.batch(workspace.brands().get(exact), exact, count, kind=kind,
                                                              **changes))  # fmt: skip


def show(view: str, run=None, **query: str) -> AppTest:
    app = open_page("Voice", view=view, **({"run": run.id} if run else {}), **query)
    assert not app.error, [e.value for e in app.error]
    return app


def everything(app: AppTest) -> str:
    """All that is said, without what keeps Markdown from reading it as markup."""
    return f"{words(app)} {said(app)}".replace("\\", "")


def brand_now(app: AppTest):
    return workspace.brands().get(app.query_params["brand"][0] if isinstance(app.query_params["brand"], list)
                                  else app.query_params["brand"])  # fmt: skip


# Brand


def test_the_demo_brand_is_one_click_away():
    app = press(open_page("Voice"), "Try the demo brand")
    assert "**Ebb House** · version 1" in said(app) and "200 different lines" in everything(app)
    assert brand_now(app) == demo()
    assert "Next: what makes this voice" in buttons(app) and "Not saved yet" not in said(app)
    assert "Try the demo brand" not in buttons(app)


@pytest.mark.parametrize("view", STEPS)
def test_without_a_brand_every_step_leads_to_one(view):
    app = show(view)
    if view == "brand":
        assert "Try the demo brand" in buttons(app)
    else:
        assert "No brand yet" in said(app)
        press(app, "Choose a brand")
        assert app.query_params["view"] in ("brand", ["brand"]) and "Try the demo brand" in buttons(app)


def test_pasted_lines_are_counted_and_stored():
    app = open_page("Voice")
    app.text_input(key="voice-new-name").set_value("Mine").run()
    assert next(b for b in app.button if b.label == "Store this brand").disabled
    pasted = "- The lamp is on.\n- The lamp is on.\nThe bell rings twice.\nThe bell rings twice\n"
    app.text_area(key="voice-new-own-pasted").set_value(pasted).run()
    text = everything(app)
    assert "3 different lines" in text and "2 families (1 near-duplicate)" in text
    assert "1 line was there twice" in text and "below 50 every figure is provisional" in text
    app.text_input(key="voice-new-others-by").set_value("Rival").run()
    app.text_area(key="voice-new-others-pasted").set_value("Book now and save!").run()
    press(app, "Store this brand")
    found = brand_now(app)
    assert found.name == "Mine" and [x.text for x in found.approved][:2] == ["The lamp is on.", "The bell rings twice."]
    assert found.contrast == (Line("Book now and save!", "Rival"),)


def test_an_uploaded_table_tells_its_columns_and_they_can_be_changed():
    app = open_page("Voice")
    app.text_input(key="voice-new-name").set_value("Mine").run()
    rows = "id,headline,internal note\n" + "".join(f"{i},Line {i} of tea.,note {i} is longer here\n" for i in range(9))
    app.file_uploader(key="voice-new-own-file").set_value(("lines.csv", rows.encode(), "text/csv")).run()
    assert "lines from “headline”" in everything(app)
    box = next(s for s in app.selectbox if s.label == "Column: lines")
    box.select("internal note").run()
    press(app, "Store this brand")
    assert brand_now(app).approved[0].text == "note 0 is longer here"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\x00\x01\x02", "not a text file"),
        (b"headline,x\n,\n", "No line of copy"),
        (b"PK\x03\x04junk", "Excel file is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(content, told):
    app = open_page("Voice")
    app.file_uploader(key="voice-new-own-file").set_value(("lines.csv", content, "text/csv")).run()
    assert not app.exception and told in " ".join(e.value for e in app.error)


def test_a_second_brand_of_the_same_name_is_refused():
    store_brand(name="Mine")
    app = open_page("Voice")
    app.text_input(key="voice-new-name").set_value("mine").run()
    app.text_area(key="voice-new-own-pasted").set_value("One line.").run()
    press(app, "Store this brand")
    assert "There is a brand “mine” already" in app.error[0].value and len(workspace.brands().list()) == 1


def test_every_field_changes_the_brand_and_makes_a_version():
    exact = store_brand()
    app = show("brand")
    app.text_area(key=f"voice-about-{exact}").set_value("New about.").run()
    app.selectbox(key=f"voice-channel-{exact}").select("social").run()
    app.text_area(key=f"voice-products-{exact}").set_value("tea\n\ntea\n cake ").run()
    app.text_area(key=f"voice-claims-{exact}").set_value("best").run()
    app.text_area(key=f"voice-own-more-{exact}-pasted").set_value("A line that is new.").run()
    assert "20 to 280 characters" in everything(app) and "Not saved yet" in said(app)
    press(app, "Save changes")
    assert "Stored as version 2" in app.success[0].value
    old, new = workspace.brands().get(exact), brand_now(app)
    assert new.brief == Brief("New about.", "social", ("tea", "cake"), facts=("nine rooms",))
    assert new.compliance == replace(old.compliance, claims=("best",))
    assert new.approved == (*old.approved, Line("A line that is new.", old.name)) and new.contrast == old.contrast


def test_an_old_version_comes_back_as_a_new_one():
    exact = store_brand()
    first = workspace.brands().get(exact)
    workspace.brands().update(exact, replace(first, approved=first.approved[:20]))
    app = show("brand")
    assert "version 2" in said(app)
    press(app, "Bring this version back")
    assert brand_now(app) == first and "stored as version 3" in app.success[0].value


def test_a_brand_is_not_removed_without_a_question():  # the answer is given in tests/browser/test_voice.py
    store_brand()
    app = press(show("brand"), "Remove")
    assert len(workspace.brands().list()) == 1 and "Test House with its lines, brief and rules" in said(app)
    assert app.button(key="confirm-delete").label == "Remove"


def test_a_grid_gives_back_what_it_shows_and_leaves_out_empty_and_repeated_rows(monkeypatch):
    lines = (Line("One.", "A", "x"), Line("Two.", "B"))
    monkeypatch.setattr(st, "data_editor", lambda frame, **_: frame)
    assert voice_lines.grid(lines, "k", authors=True, source="C") == lines

    def edited(frame, **_):
        frame = frame.copy()
        frame.loc[2] = ["  New   line. ", None, None]
        frame.loc[3] = ["two.", "", ""]
        frame.loc[4] = ["—", "", ""]
        return frame

    monkeypatch.setattr(st, "data_editor", edited)
    assert voice_lines.grid(lines, "k", authors=True, source="C") == (*lines, Line("New line.", "C"))


def test_unknown_brand_in_the_address_is_told():
    store_brand()
    assert "brand in this address was not found" in said(open_page("Voice", view="brand", brand="0" * 16))


# Voice


def test_the_check_is_submitted_for_this_version(submitted):
    exact = store_brand()
    press(show("voice"), "Check this voice")
    assert submitted == [("voice_check", {"brand": exact, "seed": 7}, "Voice of Test House", None)]


def test_a_profile_tells_traits_and_every_measure():
    exact = store_brand()
    run = stored.store_profile(workspace.store(), stored.profile(workspace.brands().get(exact)), exact)
    app = show("voice", run)
    text = everything(app)
    assert "60" in text and "Rival 0 (20), Rival 1 (20)" in text
    assert "Told of trait 0." in text and "+0.90" in text
    assert text.count("✓ met") == 3 and text.count("✕ not met") == 2
    assert "not<br>measured" in text and "Only one source." in text and "0.882" in text
    assert "None of them says that a line makes sense" in text
    assert "No contrast" not in text and "Provisional" not in text and len(alt_texts(app)) == 1


def test_no_contrast_and_few_lines_are_warned_of():
    exact = store_brand(approved=12, contrast=0)
    run = stored.store_profile(workspace.store(), stored.profile(workspace.brands().get(exact)), exact)
    text = everything(show("voice", run))
    assert "**No contrast.**" in text and "**Provisional.** There are 12 approved lines" in text
    assert "**Trait 0**: Told of trait 0. For example: “The lamp waits on day 0.”" in text


def test_a_profile_of_an_older_version_says_so():
    exact = store_brand()
    found = workspace.brands().get(exact)
    run = stored.store_profile(workspace.store(), stored.profile(found), exact)
    workspace.brands().update(exact, replace(found, contrast=()))
    assert "made of version 1; the brand is at version 2" in said(show("voice", run))


def test_met_knows_all_three_kinds_of_target():
    measure = stored.profile(stored.brand()).measures[0]
    for better, value, high, met in (
        ("higher", 0.92, None, True), ("higher", 0.91, None, False), ("lower", 0.92, None, True),
        ("lower", 0.93, None, False), ("inside", 0.95, 0.96, True), ("inside", 0.97, 0.96, False),
    ):  # fmt: skip
        assert voice_profile.met(replace(measure, better=better, value=value, target_high=high)) is met


# Write


def test_offline_is_the_default_and_honest(submitted):
    exact = store_brand()
    app = show("write")
    text = everything(app)
    assert "It recombines your own lines and does not write." in text and PROVIDERS["embedded"].about in text
    assert "None of them knows whether a line makes sense" in text
    press(app, "Write and check")
    ((task, spec, title, secrets),) = submitted
    assert task == "voice" and title == "200 lines for Test House · Recombination (offline)" and secrets is None
    assert spec == {"brand": exact, "provider": {"key": "embedded", "model": "", "base_url": ""}, "count": 200,
                    "seed": 7, "gates": GateSettings().to_dict(), "judge": None, "template": None}  # fmt: skip


def test_a_model_needs_a_key_which_goes_to_the_process_alone(submitted, tmp_path):
    store_brand()
    app = show("write")
    app.selectbox(key="voice-provider").select("anthropic").run()
    assert next(b for b in app.button if b.label == "Write and check").disabled
    app.text_input(key="voice-key-anthropic-write").set_value(KEY).run()
    app.number_input(key="voice-count-written").set_value(40).run()
    app.number_input(key="voice-rate").set_value(30).run()
    press(app, "Write and check")
    ((_, spec, title, secrets),) = submitted
    assert secrets == {"ANTHROPIC_API_KEY": KEY} and KEY not in json.dumps(spec) + title
    assert spec["provider"] == {"key": "anthropic", "model": PROVIDERS["anthropic"].model,
                                "base_url": PROVIDERS["anthropic"].base_url}  # fmt: skip
    assert (spec["count"], spec["rate"], spec["per_request"], spec["concurrency"]) == (40, 30.0, 10, 4)
    assert KEY not in everything(app)
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or KEY.encode() not in path.read_bytes()
    press(app, "Run again")  # the key of the session goes along
    assert submitted[-1][3] == {"ANTHROPIC_API_KEY": KEY}


def test_a_key_of_the_environment_is_named_not_shown(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    store_brand()
    app = show("write")
    app.selectbox(key="voice-provider").select("openai").run()
    assert not next(b for b in app.button if b.label == "Write and check").disabled
    assert "there is one" in everything(app)
    assert KEY not in everything(app) + str(app.text_input(key="voice-key-openai-write"))


def test_the_estimate_counts_requests_and_costs_what_the_prices_say():
    store_brand()
    app = show("write")
    app.selectbox(key="voice-provider").select("local").run()
    assert "100 requests" in everything(app) and "Enter the provider's prices" in everything(app)
    app.number_input(key="voice-price-in").set_value(1.0).run()
    app.number_input(key="voice-price-out").set_value(2.0).run()
    assert "At your prices: $0." in everything(app)
    app.number_input(key="voice-per-request").set_value(20).run()
    assert "50 requests" in everything(app)


def test_the_template_is_checked_and_submitted(submitted, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    store_brand()
    app = show("write")
    app.selectbox(key="voice-provider").select("openai").run()
    app.text_area(key="voice-user").set_value("Write {number} lines.").run()
    assert "unknown placeholder “{number}”" in app.error[0].value.replace("\\", "")
    assert next(b for b in app.button if b.label == "Write and check").disabled
    app.text_area(key="voice-user").set_value("Write {count} lines.").run()
    press(app, "Write and check")
    assert submitted[0][1]["template"]["user"] == "Write {count} lines."


def test_limits_gates_and_a_judge_are_submitted(submitted, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    store_brand()
    app = show("write")
    app.number_input(key="voice-gate-max_chars").set_value(60).run()
    app.number_input(key="voice-gate-rejects").set_value(20.0).run()
    app.multiselect(key="voice-gate-off").select("grammar").run()
    assert "Lines that only these gates would stop come through" in said(app)
    app.selectbox(key="voice-judge").select("openai").run()
    app.slider(key="voice-judge-minimum").set_value(4.0).run()
    press(app, "Write and check")
    spec = submitted[0][1]
    found = GateSettings.from_dict(spec["gates"])
    assert found == GateSettings(off=("grammar",), max_chars=60, false_rejects=0.2, judge_minimum=4.0)
    assert spec["judge"]["key"] == "openai" and spec["judge"]["minimum"] == 4.0


def test_impossible_limits_close_the_button():
    store_brand()
    app = show("write")
    app.number_input(key="voice-gate-min_chars").set_value(500).run()
    assert "no line could pass" in app.error[0].value
    assert next(b for b in app.button if b.label == "Write and check").disabled


@pytest.mark.parametrize("kind", ["recombined", "written"])
def test_a_result_shows_funnel_reasons_voice_and_variety(kind):
    run = store_batch(kind=kind)
    app = show("write", run)
    assert {m.label: m.value for m in app.metric} == {
        "Asked for": "12",
        "Came": "12",
        "Passed all gates": "8",
        "Share": "67 %",
    }
    text = everything(app)
    assert "A note of the run." in text and ("**recombined**" in text) is (kind == "recombined")
    assert len(alt_texts(app)) == 2 and "8 of 12 lines passed" in alt_texts(app)[0]
    assert len(table(app, "Line")) == 4 and "Next: review 8 lines" in buttons(app)
    app.selectbox(key="voice-stopped-by").select("voice").run()
    assert table(app, "Line")["Reason"].tolist() == ["Stopped by voice because of “number 5”."]


def test_nothing_passed_nothing_came():
    exact = store_brand()
    found = stored.batch(workspace.brands().get(exact), exact)
    only = tuple(v for v in found.verdicts if not v.passed)
    empty = replace(found, verdicts=only, funnel=stored.funnel(only), accepted=replace(found.accepted, lines=0))
    run = stored.store_batch(workspace.store(), empty)
    assert "No line passed" in said(show("write", run))
    assert "nothing to read" in said(show("review", run)) and "nothing to export" in said(show("export", run))
    nothing = replace(empty, verdicts=(), funnel=stored.funnel(()))
    run = stored.store_batch(workspace.store(), nothing)
    assert {m.label: m.value for m in show("write", run).metric}["Came"] == "0"


@pytest.mark.parametrize("state", ["failed", "cancelled", "interrupted"])
@pytest.mark.parametrize(("task", "views"), [("voice", STEPS[2:]), ("voice_check", STEPS[1:2])])
def test_runs_without_a_result_offer_another_try(state, task, views):
    exact = store_brand()
    run = stored.store_run(workspace.store(), task, {"brand": exact, "seed": 7}, state=state, error="It broke.")
    for view in views:
        app = open_page("Voice", view=view, run=run.id)
        assert "Run again" in buttons(app) and ("It broke." in said(app)) is (state == "failed")


@pytest.mark.parametrize("view", STEPS[2:])
def test_a_damaged_result_is_a_sentence(view):
    run = store_batch()
    (workspace.store().folder(run.id) / "batch.json").write_text("{")
    app = open_page("Voice", view=view, run=run.id)
    assert "The stored result of this run is damaged" in app.error[0].value


def test_while_a_run_is_under_way_no_second_one_can_be_started(monkeypatch):
    run = stored.store_run(workspace.store(), "voice", {"brand": store_brand(), "seed": 7})
    phases = (Phase("writing", 12, 20, 30.0, {"accepted": 120, "failed": 0}),)
    running = replace(run, state="running", phases=phases)
    monkeypatch.setattr(Store, "get", lambda self, run_id: running)
    monkeypatch.setattr(Store, "list", lambda self, *a, **k: [running])
    app = open_page("Voice", view="write", run=run.id)
    assert "Cancel" in buttons(app) and "Write and check" not in buttons(app)
    labels = " ".join(bar.proto.text for bar in app.get("progress"))
    assert "lines 120" in labels and "failed" not in labels


def test_a_run_in_the_address_opens_its_step_and_brand():
    first = store_brand(name="Zed")
    run = store_batch()
    app = open_page("Voice", run=run.id, brand=first.split("@")[0])
    assert app.query_params["view"] in ("write", ["write"])
    assert app.selectbox(key="voice-pick-brand").value == run.spec["brand"].split("@")[0]


# Review


def decisions(run):
    return workspace.reviews().decisions(run.id)


def current(app: AppTest) -> str:
    """The line on the card."""
    body = next(e.proto.body for e in app.get("html") if 'role="status"' in e.proto.body)
    return body.split(">", 1)[1].split("</p>")[0]


def test_the_least_certain_line_comes_first_and_decisions_are_stored_at_once():
    run = store_batch()
    passed = [v for v in loaded.result(run).verdicts if v.passed]
    first = min(passed, key=lambda v: abs(v.percentile - 10))
    app = show("review", run)
    assert current(app) == first.candidate.text and "0 of 8 decided" in app.get("progress")[0].proto.text
    text = everything(app)
    assert "Put together from" in text and "approved lines (the gate stops below 10)" in text
    press(app, "Keep")
    assert decisions(run)[first.candidate.id].verdict == "keep"
    assert current(app) != first.candidate.text and "1 of 8 decided · 1 kept" in app.get("progress")[0].proto.text
    assert "1 of 8 decided" in show("review", run).get("progress")[0].proto.text  # survives a new session


def test_buttons_have_their_keys():
    app = show("review", store_batch())
    keys = {b.label: b.proto.shortcut for b in app.button if b.proto.shortcut}
    assert {k: v.lower() for k, v in keys.items()} == {
        "Keep": "k",
        "Edit": "e",
        "Reject": "x",
        "Later": "l",
        "Undo": "u",
    }


def test_rejecting_takes_a_reason():
    run = store_batch()
    app = show("review", run)
    line = current(app)
    press(app, "Reject")
    assert not decisions(run)
    press(app, "Makes no sense")
    ((decision,),) = (tuple(decisions(run).values()),)
    assert (decision.verdict, decision.reason) == ("reject", "Makes no sense") and current(app) != line
    press(app, "Reject")
    app.text_input[-1].set_value("Too long for us")
    press(app, "Reject for this reason")
    assert "Too long for us" in {d.reason for d in decisions(run).values()}
    press(app, "Reject")
    press(app, "Back")
    assert len(decisions(run)) == 2


def test_an_edit_is_checked_by_the_gates_and_may_overrule_them():
    run = store_batch()
    app = show("review", run)
    press(app, "Edit")
    app.text_area[-1].set_value("The boat floats, and so do we.")
    press(app, "Save edit")
    assert [(d.verdict, d.text) for d in decisions(run).values()] == [("edit", "The boat floats, and so do we.")]
    press(app, "Edit")
    app.text_area[-1].set_value("A luxury boat for the two of us.")
    press(app, "Save edit")
    assert "A gate would stop this text" in said(app) and "luxury" in said(app) and len(decisions(run)) == 1
    press(app, "Save it nevertheless")
    assert "A luxury boat for the two of us." in {d.text for d in decisions(run).values()}
    press(app, "Edit")
    app.text_area[-1].set_value("   ")
    press(app, "Save edit")
    assert "The text is empty" in said(app) and len(decisions(run)) == 2
    press(app, "Back")
    press(app, "Edit")
    press(app, "Save edit")  # unchanged: kept
    assert sorted(d.verdict for d in decisions(run).values()) == ["edit", "edit", "keep"]


def test_undo_brings_the_last_line_back():
    run = store_batch()
    app = show("review", run)
    assert next(b for b in app.button if b.label == "Undo").disabled
    line = current(app)
    press(app, "Keep")
    press(app, "Undo")
    assert current(app) == line and not decisions(run)


def test_later_puts_a_line_to_the_end():
    run = store_batch(count=3)  # two lines pass
    app = show("review", run)
    first = current(app)
    press(app, "Later")
    second = current(app)
    assert second != first
    press(app, "Keep")
    assert current(app) == first
    press(app, "Later")
    assert current(app) == first  # nothing else is left


def test_when_all_is_decided_the_export_is_next():
    run = store_batch(count=3)
    app = press(press(show("review", run), "Keep"), "Keep")
    assert "Every line has been decided on." in app.success[0].value
    press(app, "Undo")
    assert len(decisions(run)) == 1
    press(press(app, "Keep"), "Next: export")
    assert app.query_params["view"] in ("export", ["export"])


def test_the_table_holds_every_decision():
    run = store_batch()
    app = press(show("review", run), "Keep")
    found = table(app, "Decision")
    assert len(found) == 8 and found["Decision"].value_counts().to_dict() == {"– open": 7, "✓ kept": 1}


def test_lines_with_markup_are_shown_as_they_are():
    exact = store_brand()
    found = stored.batch(workspace.brands().get(exact), exact)
    odd = tuple(
        replace(v, candidate=replace(v.candidate, text=f"{stored.MARKUP} {i}")) for i, v in enumerate(found.verdicts)
    )
    run = stored.store_batch(workspace.store(), replace(found, verdicts=odd))
    assert "&lt;b&gt;*bold* &amp;amp; $x$" in current(show("review", run))


def test_a_review_goes_on_without_its_brand():
    run = store_batch()
    brand_id = run.spec["brand"].split("@")[0]
    workspace.brands().add(stored.brand(name="Other"))
    workspace.brands().remove(brand_id)
    app = open_page("Voice", view="review", run=run.id)
    assert "removed" in everything(app) and "Keep" in buttons(app)


# Export


def decide(run, verdict: str = "keep", leave: int = 0):
    passed = [v.candidate.id for v in loaded.result(run).verdicts if v.passed]
    for line in passed[: len(passed) - leave]:
        workspace.reviews().decide(run.id, line, verdict)


def unpacked(downloads) -> tuple[dict, set[str]]:
    ((name, data),) = downloads.items()
    assert name.startswith("voice-test-house-") and name.endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        return json.loads(files.read("manifest.json")), set(files.namelist())


def test_unread_lines_close_the_export_until_somebody_says_why(downloads):
    run = store_batch()
    decide(run, leave=3)
    app = show("export", run)
    assert "3 lines have not been read" in said(app) and not downloads
    app.text_input(key=f"voice-override-{run.id}").set_value("trial run (A. Reader)").run()
    assert not app.exception and not app.error
    manifest, _ = unpacked(downloads)
    assert manifest["review"]["override"] == "trial run (A. Reader)" and manifest["review"]["unreviewed"] == 3
    assert "3 lines were not read by anybody" in said(app)


def test_a_reviewed_batch_is_exported_with_its_split(downloads):
    run = store_batch()
    decide(run)
    exact = run.spec["brand"]
    stored.store_profile(workspace.store(), stored.profile(workspace.brands().get(exact)), exact)
    app = show("export", run)
    manifest, files = unpacked(downloads)
    split = {m.label: m.value for m in app.metric}
    assert split["In both"] == "0" and int(split["Training"]) == manifest["split"]["train"]
    assert (
        manifest["review"]["override"] == "" and manifest["classifier"]["approved"] == 60 and manifest["run"] == run.id
    )
    assert "No preference pairs yet" in everything(app) and not any(f.startswith("preferences/") for f in files)
    assert {"openai/train.jsonl", "alpaca/train.json", "sharegpt/train.json", "parquet/README.md"} <= files
    downloads.clear()
    for key in ("openai", "alpaca", "sharegpt", "preferences"):
        app.checkbox(key=f"voice-format-{key}").uncheck()
    app.checkbox(key="voice-with-approved").uncheck().run()
    manifest, files = unpacked(downloads)
    assert not any(f.startswith("openai/") for f in files) and "approved" not in manifest["examples"]
    downloads.clear()
    app.checkbox(key="voice-format-parquet").uncheck().run()
    assert "Tick at least one format" in said(app) and not downloads


def test_an_edited_line_makes_a_preference_pair(downloads):
    run = store_batch()
    decide(run, leave=1)
    last = [v for v in loaded.result(run).verdicts if v.passed][-1]
    workspace.reviews().decide(run.id, last.candidate.id, "edit", text="The boat floats, and so do we.")
    assert "No preference pairs yet" not in everything(show("export", run))
    _, files = unpacked(downloads)
    assert any(f.startswith("preferences/") for f in files)


def test_nothing_kept_is_told(downloads):
    run = store_batch()
    decide(run, "reject")
    app = open_page("Voice", view="export", run=run.id)
    assert "No new line is left to export" in app.error[0].value and not downloads


def test_a_removed_brand_closes_the_export():
    run = store_batch()
    workspace.brands().add(stored.brand(name="Other"))
    workspace.brands().remove(run.spec["brand"].split("@")[0])
    app = open_page("Voice", view="export", run=run.id)
    assert "has been removed" in everything(app) and "Fine-tuning set" not in str(buttons(app))


# Network


def test_no_step_asks_the_network_for_anything(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the page wanted to go online")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    run = store_batch()
    for view in STEPS:
        show(view, run if view in STEPS[2:] else None)
    app = show("write", run)
    for provider in ("openai", "anthropic", "local"):
        app.selectbox(key="voice-provider").select(provider).run()
        assert not app.exception and not app.error


# Sizes


@pytest.mark.parametrize("view", STEPS)
def test_two_thousand_lines(view):
    exact = store_brand(approved=2_000, contrast=2_000)
    found = workspace.brands().get(exact)
    stored.store_profile(workspace.store(), stored.profile(found), exact)
    run = stored.store_batch(workspace.store(), stored.batch(found, exact, 2_000))
    show(view, run if view in STEPS[2:] else None)


@pytest.mark.parametrize("view", STEPS)
def test_five_lines(view):
    exact = store_brand(approved=5, contrast=0)
    found = workspace.brands().get(exact)
    stored.store_profile(workspace.store(), stored.profile(found, traits=()), exact)
    run = stored.store_batch(workspace.store(), stored.batch(found, exact, 2))
    show(view, run if view in STEPS[2:] else None)


def test_the_page_is_one_of_the_app():
    assert path_of("Voice").is_file()
    app = press(open_page("Start"), "Write in a brand's voice")
    assert not app.exception
