"""Scoring one file of any length, without keeping it: both scores, tenth and rank of every lead as a file."""

from __future__ import annotations

import re

import streamlit as st

from pages.ui import loaded, progress, prospective_found, prospective_start, stored_runs, text, uploads, workspace
from pages.ui import prospective_views as views
from pages.ui.views import pick_run
from synth_core.runs import Run
from synth_core.tasks.score import stage


def section() -> None:
    """The result of a scoring run, and the form of the next."""
    run = _run()
    if run is not None and progress.finished(run):
        _result(run)
    if run is None or run.state not in progress.ACTIVE:
        if run is not None:
            st.divider()
        _form()


def _run() -> Run | None:
    return pick_run("Scored file", [r for r in workspace.store().list() if r.task == "score"], key="score-run")


def _result(run: Run) -> None:
    st.header(text.literal(run.spec["label"]), anchor=False)
    scores = workspace.store().folder(run.id) / "scores.csv"
    stem = re.sub(r"[^A-Za-z0-9]+", "-", f"scores {run.spec['label']}").strip("-").lower()
    leads = loaded.result(run)
    st.download_button(
        f"Scores of {text.count(leads.rows)} leads (CSV)", scores.read_bytes, f"{stem}.csv", "text/csv", type="primary",
        key=f"download-scores-{run.id}", icon=":material/download:", on_click="ignore",
    )  # fmt: skip
    prospective_found.found(leads)


def _form() -> None:
    """Which models, which file, which column of ids."""
    st.markdown(
        "Score a list once with both models, for use elsewhere. Nothing is added to a test. For each lead: both "
        "scores, its tenth (1 is the highest) and its rank by either model. A file of a "
        "million leads may be compressed (.gz)."
    )
    frozen = {r.id: r for r in workspace.store().list() if r.task == "freeze" and r.state == "succeeded"}
    if not frozen:
        with st.container(border=True):
            st.markdown("No frozen models yet.")
            views.go("Freeze two models", "freeze", key="score-to-freeze")
        return
    left, right = st.columns(2)
    names = stored_runs.distinct({i: loaded.result(r).name for i, r in frozen.items()})
    scorer = left.selectbox("Frozen models", list(frozen), format_func=names.get, key="score-scorer")
    id_column = right.text_input(
        "Column with the lead's id", prospective_start.id_of(frozen[scorer]), key=f"score-id-{scorer}",
        placeholder="for example lead_id",
    )  # fmt: skip
    file = st.file_uploader("File of leads", type=uploads.TYPES, key="score-file")
    if st.button("Score the file", type="primary", icon=":material/play_arrow:", key="score-start",
                 disabled=file is None or not id_column.strip()):  # fmt: skip
        workspace.make_room(file.size)
        spec = {"scorer": scorer, "file": stage(workspace.workspace(), file), "label": file.name,
                "id_column": id_column.strip()}  # fmt: skip
        views.submit("score", spec, title=f"Score {file.name}", dataset=frozen[scorer].dataset)
