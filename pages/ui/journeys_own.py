"""Uploaded journeys: choosing some, crediting them, and calibrating a world to them."""

from __future__ import annotations

import streamlit as st

from pages.ui import (
    confirm,
    journeys_calibrate,
    journeys_credits,
    journeys_upload,
    journeys_views,
    loaded,
    progress,
    text,
    workspace,
)
from pages.ui.stored_runs import distinct
from synth_core.journeys.library import Info
from synth_core.runs import Run


def section() -> None:
    """Upload, choose, and what can be done with the chosen ones."""
    st.markdown(
        "The same models on journeys of your own. Nobody can say which of them is right there: that is what the "
        "simulation is for. **Calibrate** makes a simulated world that looks like these journeys, so that models can "
        "be graded in it."
    )
    stored = {i.id: i for i in workspace.journeys().list()}
    run = journeys_views.run_asked()
    if run is not None and run.spec["journeys"] not in stored:
        _orphan(run)
        return
    with st.expander("Upload journeys", expanded=not stored, icon=":material/upload:"):
        journeys_upload.upload()
    if stored:
        info = _pick(stored, run.spec["journeys"] if run else st.query_params.get("journeys"))
        _about(info)
        journeys_credits.section(info)
        st.divider()
        journeys_calibrate.section(info)
    st.caption(
        "Uploaded journeys are stored in this workspace until you remove them. They cannot be augmented or anonymised "
        "here: for synthetic copies of personal data use Generate with a table."
    )


def _orphan(run: Run) -> None:
    """A result whose journeys have been removed."""
    st.warning("The journeys that this run is about have been removed. Its result is still here.")
    if progress.finished(run):
        if run.task == "attribute":
            journeys_credits.show(loaded.result(run), run.title)
        else:
            journeys_calibrate.show(run, loaded.result(run))
    if st.button("Back to your journeys", icon=":material/arrow_back:", key="journeys-back"):
        journeys_views.show("own")
        st.rerun()


def _pick(stored: dict[str, Info], asked: str | None) -> Info:
    """The journeys in the address, those of the run in it, or the latest."""
    if asked and asked not in stored:
        st.warning("The journeys in this address were not found: they may have been removed.")
        asked = None
    chosen = asked or next(iter(stored))
    st.query_params["journeys"] = chosen
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    st.session_state["pick-journeys"] = chosen
    names = distinct({i: f"{info.name} · {text.count(info.paths)} paths" for i, info in stored.items()})
    left.selectbox("Journeys", list(stored), key="pick-journeys", on_change=_follow, format_func=names.get)
    if right.button("Remove", icon=":material/delete:", key="remove-journeys"):
        _confirm(chosen)
    return stored[chosen]


def _follow() -> None:
    journeys_views.show("own", journeys=st.session_state["pick-journeys"])


def _confirm(journeys_id: str) -> None:
    """Ask before files are removed."""

    def remove() -> None:
        workspace.journeys().remove(journeys_id)
        journeys_views.show("own")

    confirm.ask(
        "these journeys", goes="all their rows.", stays="results already made from them.", do=remove, verb="Remove"
    )


def _about(info: Info) -> None:
    kind, times = ("paths", "times known") if info.timed else ("different paths", "order only, no times")
    st.caption(
        f"{text.count(info.paths)} {kind} · {text.count(info.touches)} touches · {len(info.channels)} channels · "
        f"{text.count(info.conversions)} conversions · {times} · stored {text.when(info.created.timestamp())}"
    )
    if info.notes:
        with st.expander(f"What was decided while reading ({len(info.notes)})", icon=":material/info:"):
            st.markdown("\n".join(f"- {text.literal(note)}" for note in info.notes))
