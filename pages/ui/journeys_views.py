"""Which part of the page Journeys is shown, and which run in it; both are in the address."""

from __future__ import annotations

import streamlit as st

from pages.ui import stored_runs, text, workspace
from synth_core.runs import Run

VIEWS = {"simulate": "Simulate and grade", "stress": "Stress all presets", "own": "Your journeys"}
TASKS = {"journeys": "simulate", "stress": "stress", "attribute": "own", "calibrate": "own"}
_KEY = "journeys-view"


def pick() -> str:
    """The chosen view; a run in the address comes with its own."""
    asked = run_asked()
    view = TASKS.get(asked.task) if asked else None
    view = view or st.query_params.get("view")
    if view not in VIEWS:
        view = "simulate"
    st.query_params["view"] = view
    st.session_state[_KEY] = view
    st.segmented_control(
        "View", list(VIEWS), key=_KEY, format_func=VIEWS.get, required=True, on_change=_switch,
        label_visibility="collapsed",
    )  # fmt: skip
    return view


def _switch() -> None:
    show(st.session_state[_KEY])


def show(view: str, **params: str) -> None:
    """Make the address name ``view`` with ``params``, and nothing else of this page."""
    for name in ("run", "world", "journeys"):
        st.query_params.pop(name, None)
    st.query_params["view"] = view
    for name, value in params.items():
        st.query_params[name] = value


def run_asked() -> Run | None:
    """The run in the address; None where there is none of this page's."""
    asked = st.query_params.get("run")
    return next((r for r in workspace.store().list() if r.id == asked and r.task in TASKS), None) if asked else None


def pick_run(task: str) -> Run | None:
    """The run of ``task`` that the address names, else the latest; a select box where there are several."""
    runs = {r.id: r for r in workspace.store().list() if r.task == task}
    asked = st.query_params.get("run")
    if asked and asked not in runs:
        st.warning("The run in this address was not found: it may have been deleted.")
        del st.query_params["run"]
    if not runs:
        return None
    chosen = asked if asked in runs else next(iter(runs))
    st.query_params["run"] = chosen
    if len(runs) > 1:
        key = f"pick-{task}-run"
        st.session_state[key] = chosen
        names = stored_runs.distinct({i: _name(run) for i, run in runs.items()})
        st.selectbox("Result", list(runs), key=key, on_change=_follow, args=(key,), format_func=names.get)
    return runs[chosen]


def _follow(key: str) -> None:
    st.query_params["run"] = st.session_state[key]


def _name(run: Run) -> str:
    state = "" if run.state == "succeeded" else f" · {run.state}"
    return f"{run.title} · {text.when(run.started or run.created)}{state}"


def submit(task: str, spec: dict, *, title: str) -> None:
    """Start a run and show how far it is."""
    run = workspace.store().submit(task, spec, title=title, dataset=None)
    show(TASKS[task], run=run.id)
    st.rerun()
