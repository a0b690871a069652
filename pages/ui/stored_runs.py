"""Stored runs: picking one, naming and linking them."""

from __future__ import annotations

import streamlit as st

from pages.ui import current_table, text, workspace
from pages.ui.frame import path_of
from synth_core.runs import Run


def pick_run(tasks: tuple[str, ...], label: str) -> Run | None:
    """A selectbox over the runs of ``tasks``, newest first, tied to ``?run=``; None when there are none."""
    runs = {run.id: run for run in workspace.store().list() if run.task in tasks}
    asked = st.query_params.get("run")
    if asked and asked not in runs:
        st.warning("The run in this address was not found: it may have been deleted. Pick another one.")
        asked = None
    if not runs:
        return None
    mine = [r.id for r in runs.values() if r.dataset == st.session_state.get("dataset")]
    chosen = asked or (mine or list(runs))[0]
    st.query_params["run"] = chosen
    key = f"pick-{tasks[0]}"
    st.session_state[key] = chosen
    if len(runs) > 1:
        names = distinct({i: run_name(run) for i, run in runs.items()})
        st.selectbox(label, list(runs), key=key, on_change=_follow, args=(key,), format_func=names.get)
    if runs[chosen].dataset:
        current_table.remember(runs[chosen].dataset)
    return runs[chosen]


def _follow(key: str) -> None:
    st.query_params["run"] = st.session_state[key]


def distinct(names: dict[str, str]) -> dict[str, str]:
    """``names``, newest first, with a number where several are the same; the oldest has none, so that numbers stay.

    A select box tells its entries apart by what they show.
    """
    found: dict[str, str] = {}
    for key, name in reversed(names.items()):
        taken, n = set(found.values()), 1
        while (shown := name if n == 1 else f"{name} ({n})") in taken:
            n += 1
        found[key] = shown
    return found


#: The page that shows a task's runs.
PAGE_OF = {
    "generate": "Generate",
    "handover": "Report",
    "audit": "Fidelity",
    "lift": "Lift",
    "advise": "Data",
    "freeze": "Prospective",
    "score": "Prospective",
    "privacy": "Privacy",
    "self_test": "Privacy",
    "dp_curve": "Budget",
    "journeys": "Journeys",
    "stress": "Journeys",
    "attribute": "Journeys",
    "calibrate": "Journeys",
    "voice_check": "Voice",
    "voice": "Voice",
    "report": "Report",
}


def link(run: Run) -> None:
    """A link to ``run`` on its page."""
    st.page_link(
        path_of(PAGE_OF[run.task]),
        label=f"{run_name(run)} · {text.when(run.started or run.created)}",
        icon=":material/history:",
        query_params={"run": run.id, "dataset": run.dataset or ""},
    )


def run_name(run: Run) -> str:
    """One line that tells runs apart."""
    return f"{run.title} · {run.state}"
