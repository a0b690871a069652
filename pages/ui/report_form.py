"""What goes into a report: which table, which of its finished runs, for whom."""

from __future__ import annotations

import streamlit as st

from pages.ui import stored_runs, text, workspace
from pages.ui.frame import empty
from synth_core.reports.branding import LONGEST, Branding
from synth_core.runs import Run
from synth_core.tasks import report_choice
from synth_core.tasks.places import tests_of

_NONE = "–"  #: in place of a table's id
_NAMES = {
    "lift": "Verdict", "generate": "Rows and their fidelity", "audit": "Audited rows", "privacy": "Privacy check",
    "self_test": "Test of the meters", "journeys": "Graded models", "attribute": "Credits", "voice_check": "Voice",
    "voice": "New lines",
}  # fmt: skip
_PRIVATE = (
    "**Private rows and figures from real rows in one report.** Only the certificate may go with private rows; what "
    "was computed from real rows without noise is outside the guarantee, and the report says so. Make one report of "
    "the private rows alone, and one for your own eyes."
)


def form(look: Branding, asked: Run | None) -> None:
    """Choose and submit; an empty state where nothing has finished."""
    runs = workspace.store().list()
    found, tests = report_choice.reportable(runs), _stored_tests()
    if not found and not tests:
        empty("Nothing to report yet. Make synthetic rows, or get a verdict, first.", button="Generate", to="Generate")
    subject = _subject(found, asked, tests)
    dataset = None if subject == _NONE else subject
    mine = [r for r in found if r.dataset == dataset]
    names = stored_runs.distinct({r.id: f"{_NAMES[r.task]}: {r.title} · {text.when(r.finished)}" for r in mine})
    about = asked if asked in mine else None
    start = [] if "test" in st.query_params else report_choice.proposed(runs, dataset, about)
    key = f"report-runs-{subject}-{asked.id if asked else ''}"
    chosen = st.multiselect("Results in the report", list(names), start, key=key, format_func=names.get,
                            placeholder="Choose at least one result")  # fmt: skip
    follow = _tests(tests) if tests else []
    _warn(chosen, runs)
    left, right = st.columns(2)
    client = left.text_input("Client", look.client, max_chars=LONGEST, key="report-client",
                             placeholder="Name on the first page")  # fmt: skip
    title = right.text_input("Title", max_chars=LONGEST, key="report-title", placeholder="Synthetic data report")
    if st.button("Make the report", type="primary", icon=":material/description:", key="make-report",
                 disabled=not chosen and not follow):  # fmt: skip
        spec = {"runs": chosen, "tests": follow, "client": client, "title": title.strip()}
        run = workspace.store().submit("report", spec, title=_title(client, title, names, chosen), dataset=dataset)
        st.query_params.clear()
        st.query_params["run"] = run.id
        st.rerun()


def _subject(found: list[Run], asked: Run | None, tests: dict[str, str]) -> str:
    """A table, or what belongs to none."""
    tables = {info.id: info.name for info in workspace.library().list()}
    subjects = {}
    for run in sorted(found, key=lambda r: r.dataset is None):  # tables first, the newest on top
        if run.dataset is None:
            subjects[_NONE] = "Journeys and voice"
        else:
            imported = run.spec.get("imported", {}).get("name", "a removed table")
            subjects[run.dataset] = tables.get(run.dataset, imported)
    if tests and _NONE not in subjects:
        subjects[_NONE] = "Without a table"
    start = _NONE if "test" in st.query_params else st.session_state.get("dataset")
    if asked is not None:
        start = asked.dataset or _NONE
    options = list(subjects)
    if len(options) == 1:
        return options[0]
    names = stored_runs.distinct(subjects)
    return st.selectbox("What it is about", options, options.index(start) if start in options else 0,
                        format_func=names.get, key=f"report-subject-{start}")  # fmt: skip


def _stored_tests() -> dict[str, str]:
    if not tests_of(workspace.workspace()).is_dir():  # most have none, and the list needs LightGBM
        return {}
    return {info.id: info.name for info in workspace.tests().list()}


def _tests(tests: dict[str, str]) -> list[str]:
    asked = st.query_params.get("test")
    names = stored_runs.distinct(tests)
    return st.multiselect("Prospective tests in the report", list(names), [asked] if asked in names else [],
                          key=f"report-tests-{asked or ''}", format_func=names.get, placeholder="None")  # fmt: skip


def _warn(chosen: list[str], runs: list[Run]) -> None:
    picked = [r for r in runs if r.id in chosen]
    alone = [r for r in picked if r.task == "generate" and report_choice.is_private(r, runs)]
    if alone and len(alone) < len(picked):
        st.warning(_PRIVATE, icon=":material/gpp_maybe:")


def _title(client: str, title: str, names: dict[str, str], chosen: list[str]) -> str:
    about = title.strip() or (names[chosen[0]].split(" · ")[0] if len(chosen) == 1 else f"{len(chosen)} results")
    return f"Report{' for ' + client.strip() if client.strip() else ''}: {about}"
