"""Which part of the page Prospective is shown, for which test and run; all three are in the address."""

from __future__ import annotations

import streamlit as st

from pages.ui import confirm, loaded, stored_runs, text, views, workspace
from synth_core.errors import ScorerError
from synth_core.lift.results import Study
from synth_core.runs import Run

VIEWS = {"freeze": "1 Freeze", "leads": "2 Leads", "standing": "3 Standing", "score": "Score a file"}
TASKS = {"freeze": "freeze", "score": "score"}
_PICK = "prospective-pick"


def pick() -> str:
    """The chosen view; a run in the address comes with its own, and so does a test."""
    run, view = run_asked(), st.query_params.get("view")
    if run is not None:
        view = TASKS[run.task]
    if view not in VIEWS:
        stored = "study" not in st.query_params and bool(workspace.tests().list())
        view = "standing" if "test" in st.query_params else "leads" if stored else "freeze"
    return views.choose("Step", VIEWS, view, key="prospective-view", show=show)


def show(view: str, **params: str) -> None:
    """Make the address name ``view`` with ``params`` and the test, and nothing else of this page."""
    views.address(view, ("run", "study", "dataset"), params)


def go(label: str, view: str, *, key: str, primary: bool = True, **params: str) -> None:
    """A button that leads to another view."""
    if st.button(label, type="primary" if primary else "secondary", icon=":material/arrow_forward:", key=key):
        show(view, **params)
        st.rerun()


def run_asked() -> Run | None:
    """The run in the address; None where there is none of this page's."""
    return views.run_asked(TASKS)


def submit(task: str, spec: dict, *, title: str, dataset: str | None) -> None:
    """Start a run and show how far it is."""
    run = workspace.store().submit(task, spec, title=title, dataset=dataset)
    show(TASKS[task], run=run.id)
    st.rerun()


def need_test():
    """The test that the address names, else the one last opened or the newest; an empty state where there is none."""
    stored = {info.id: info for info in workspace.tests().list()}
    asked = st.query_params.get("test")
    if asked and asked not in stored:
        st.warning("The test in this address was not found: it may have been removed.")
        asked = None
    if not stored:
        st.query_params.pop("test", None)
        with st.container(border=True):
            st.markdown("No prospective test yet. Freeze the models of a study first; that starts one.")
            go("Freeze two models", "freeze", key="prospective-empty-freeze")
        st.stop()
    chosen = asked or st.session_state.get("prospective-test")
    if chosen not in stored:
        chosen = next(iter(stored))
    st.query_params["test"] = st.session_state["prospective-test"] = chosen
    if len(stored) > 1:
        st.session_state[_PICK] = chosen
        names = stored_runs.distinct({i: info.name for i, info in stored.items()})
        st.selectbox("Test", list(stored), key=_PICK, on_change=_follow, format_func=names.get)
    log = loaded.prospective_test(chosen)
    try:
        _about(log)
    except ScorerError as error:
        st.error(text.literal(str(error)), icon=":material/error:")
        remove(chosen)
        st.stop()
    return log


def _follow() -> None:
    st.query_params["test"] = st.session_state["prospective-test"] = st.session_state[_PICK]


def remove(test: str) -> None:
    """A button that removes a test after asking."""

    def forget() -> None:
        workspace.tests().remove(test)
        for name in ("test", "view"):
            st.query_params.pop(name, None)

    if st.button("Remove this test", icon=":material/delete:", key=f"remove-{test}"):
        confirm.ask(
            "this test",
            goes="the scores and outcomes of its leads.",
            stays="the frozen models of the run, with which another test can be started.",
            do=forget,
            verb="Remove",
        )


def _about(log) -> None:
    settings, card = log.settings, log.card
    dated = f"week by “{settings.date_column}”" if settings.date_column else "week of scoring"
    rule = (
        f" · no outcome after {text.count(settings.maturity_days)} days counts as no" if settings.maturity_days else ""
    )
    st.caption(
        f"**{text.literal(settings.name)}** · {text.literal(card.target)} = {text.literal(card.positive)} · "
        f"{text.literal(card.arm_title)} against {text.literal(card.reference_title)} · matched by "
        f"“{text.literal(settings.id_column)}”, {text.literal(dated)}{rule} · started {text.when(settings.created)}"
    )


def why_not(study: Study) -> str | None:
    """What keeps a study's models from a prospective test, as a sentence; None where nothing does."""
    target = text.literal(study.target)
    if study.task != "binary":
        return f"“{target}” has not two classes. A prospective test compares how two models rank a yes or no."
    if not any(a.role == "candidate" for a in study.arms):
        return (
            "This study has no model with synthetic rows that could be tested, perhaps because its outcome is too rare."
        )
    return None
