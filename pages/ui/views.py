"""Pages of several views: which one is shown, and which run in it. The address says both."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

import streamlit as st

from pages.ui import stored_runs, text, workspace
from synth_core.runs import Run


def choose(label: str, views: Mapping[str, str], view: str, *, key: str, show: Callable[[str], None]) -> str:
    """A control over ``views`` (key: name on screen), set to ``view``; another choice is handed to ``show``."""
    st.query_params["view"] = view
    st.session_state[key] = view
    st.segmented_control(
        label, list(views), key=key, format_func=views.get, required=True, label_visibility="collapsed",
        on_change=lambda: show(st.session_state[key]),
    )  # fmt: skip
    return view


def address(view: str, drop: Collection[str], params: Mapping[str, str]) -> None:
    """Make the address name ``view`` with ``params``; those in ``drop`` go."""
    for name in drop:
        st.query_params.pop(name, None)
    st.query_params["view"] = view
    for name, value in params.items():
        st.query_params[name] = value


def run_asked(tasks: Collection[str]) -> Run | None:
    """The run in the address; None where there is none of ``tasks``."""
    asked = st.query_params.get("run")
    return next((r for r in workspace.store().list() if r.id == asked and r.task in tasks), None) if asked else None


def pick_run(label: str, found: Collection[Run], *, key: str) -> Run | None:
    """That of the runs ``found`` which the address names, else the first; a select box where there are several."""
    runs = {run.id: run for run in found}
    asked = st.query_params.get("run")
    if asked and asked not in runs:
        st.warning("The run in this address was not found: it may have been deleted.")
        del st.query_params["run"]
    if not runs:
        return None
    chosen = asked if asked in runs else next(iter(runs))
    st.query_params["run"] = chosen
    if len(runs) > 1:
        st.session_state[key] = chosen
        names = stored_runs.distinct({i: _name(run) for i, run in runs.items()})
        st.selectbox(label, list(runs), key=key, on_change=_follow, args=(key,), format_func=names.get)
    return runs[chosen]


def _follow(key: str) -> None:
    st.query_params["run"] = st.session_state[key]


def _name(run: Run) -> str:
    state = "" if run.state == "succeeded" else f" · {run.state}"
    return f"{run.title} · {text.when(run.started or run.created)}{state}"
