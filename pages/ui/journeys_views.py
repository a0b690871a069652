"""Which part of the page Journeys is shown, and which run in it; both are in the address."""

from __future__ import annotations

import streamlit as st

from pages.ui import views, workspace
from synth_core.runs import Run

VIEWS = {"simulate": "Simulate and grade", "stress": "Stress all presets", "own": "Your journeys"}
TASKS = {"journeys": "simulate", "stress": "stress", "attribute": "own", "calibrate": "own"}


def pick() -> str:
    """The chosen view; a run in the address comes with its own."""
    asked = run_asked()
    view = TASKS.get(asked.task) if asked else None
    view = view or st.query_params.get("view")
    if view not in VIEWS:
        view = "simulate"
    return views.choose("View", VIEWS, view, key="journeys-view", show=show)


def show(view: str, **params: str) -> None:
    """Make the address name ``view`` with ``params``, and nothing else of this page."""
    views.address(view, ("run", "world", "journeys"), params)


def run_asked() -> Run | None:
    """The run in the address; None where there is none of this page's."""
    return views.run_asked(TASKS)


def pick_run(task: str) -> Run | None:
    """The run of ``task`` that the address names, else the latest; a select box where there are several."""
    return views.pick_run("Result", [r for r in workspace.store().list() if r.task == task], key=f"pick-{task}-run")


def submit(task: str, spec: dict, *, title: str) -> None:
    """Start a run and show how far it is."""
    run = workspace.store().submit(task, spec, title=title, dataset=None)
    show(TASKS[task], run=run.id)
    st.rerun()
