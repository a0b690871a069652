"""The page Report in every state: nothing to report, what is chosen, what is submitted, and a finished report."""

import json

import pytest

from pages.ui import report_result, workspace
from synth_core.progress import SILENT
from synth_core.reports import Branding, branding, printing
from synth_core.runs import Run, Store
from synth_core.tables import load_sample
from synth_core.tasks import report
from tests.pages import stored, stored_fidelity, stored_privacy
from tests.pages.opening import buttons, open_page, press, said

CLIENT = "<script>alert(1)</script> \u202e=cmd() {{7*7}} `x`"


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))
    monkeypatch.setattr(printing, "browser", lambda: None)


@pytest.fixture
def runs():
    """Rows, their check and a study of the travel sample."""
    table, store = load_sample("travel"), workspace.store()
    dataset = workspace.library().add(table)
    rows = stored_fidelity.store(store, table, dataset, stored_fidelity.report())
    check = stored_privacy.store_report(store, stored_privacy.report(), rows)
    return {"generate": rows, "privacy": check, "lift": stored.store_study(store, stored.study(), dataset)}


@pytest.fixture
def submitted(monkeypatch):
    """What the page submits, without a process behind it."""
    found = []

    def submit(self, task, spec, *, title, dataset):
        found.append((task, spec, title, dataset))
        return stored_privacy.store_run(self, task, {**spec, "dataset": dataset}, state="cancelled")

    monkeypatch.setattr(Store, "submit", submit)
    return found


def finished(runs: dict[str, Run], client: str) -> Run:
    """A report that was really written."""
    spec = {"runs": [runs["lift"].id], "client": client, "title": ""}
    run = stored_privacy.store_run(workspace.store(), "report", {**spec, "dataset": runs["lift"].dataset})
    folder = workspace.store().layout.published(run.id)
    folder.mkdir(exist_ok=True)
    report.run(spec, folder, SILENT)
    return run


def test_nothing_to_report_leads_to_generate():
    app = open_page("Report")
    assert "Nothing to report yet" in said(app) and "Generate" in buttons(app)


def test_a_table_brings_its_results_and_the_report_is_submitted(runs, submitted):
    app = open_page("Report", run=runs["lift"].id, dataset=runs["lift"].dataset)
    assert not app.error and set(app.multiselect[0].value) == {r.id for r in runs.values()}
    next(t for t in app.text_input if t.label == "Client").set_value(CLIENT)
    press(app, "Make the report")
    ((task, spec, title, dataset),) = submitted
    assert task == "report" and set(spec["runs"]) == {r.id for r in runs.values()} and spec["client"] == CLIENT
    assert dataset == runs["lift"].dataset and title.startswith("Report for")


def test_a_finished_report_is_offered_under_a_plain_name(runs):
    run = finished(runs, CLIENT)
    app = open_page("Report", run=run.id)
    assert not app.error and "Report (HTML)" in {d.proto.label for d in app.get("download_button")}
    assert "No Chromium" in said(app)
    facts = json.loads((workspace.store().folder(run.id) / "report.json").read_text("utf-8"))
    name = report_result.stem(run, facts)
    assert name.isascii() and len(name) < 100 and not set(name) - set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_damaged_settings_are_told_and_do_not_stop_the_page(runs):
    (workspace.workspace() / branding.FILE).write_text('accent = "red"')
    app = open_page("Report", run=runs["lift"].id, dataset=runs["lift"].dataset)
    assert "#RRGGBB" in said(app).replace("\\", "") and "Make the report" in buttons(app)


def test_the_client_of_the_settings_is_filled_in(runs):
    branding.write(Branding(client="Acme"), workspace.workspace())
    app = open_page("Report", run=runs["lift"].id, dataset=runs["lift"].dataset)
    assert next(t for t in app.text_input if t.label == "Client").value == "Acme"


def test_a_run_that_is_gone_is_told(runs):
    assert "was not found" in said(open_page("Report", run="f" * 32))
