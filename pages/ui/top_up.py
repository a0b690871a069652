"""Levels of the real rows that are absent from the synthetic ones, and a run that adds them."""

from __future__ import annotations

import streamlit as st

from pages.ui import frame, text, workspace
from synth_core.generators.top_up import Gaps
from synth_core.runs import Run
from synth_core.tables import Table

_SHOWN = 5


def delivered(run: Run, found) -> str:
    """Rows requested and delivered, and how many were added for absent categories."""
    requested, made = run.spec["rows"], len(found.synthetic)
    added = f", and {text.count(made - requested)} for absent categories" if made > requested else ""
    return f"{text.count(min(made, requested))} of {text.count(requested)} requested rows{added}"


def offer(run: Run, found, table: Table | None) -> None:
    """Which levels did not come, how many would be absent by chance, and the way to have them."""
    stored = found.summary.get("gaps")
    if not stored:
        return
    missing = Gaps.from_dict(stored)
    if not missing.absent:
        if missing.checked:
            st.caption(f"All {text.count(missing.checked)} categories and classes of the real rows occur.")
        return
    named = ", ".join(
        f"“{text.literal(g.column)}” = {text.literal(g.value)} ({text.count(g.rows)} real)"
        for g in missing.found[:_SHOWN]
    )
    more = " …" if missing.absent > _SHOWN else ""
    st.warning(
        f"{text.count(missing.absent)} of {text.count(missing.checked)} categories and classes of the real rows do "
        f"not occur (of as many rows drawn by the real shares about {missing.by_chance:.1f} would be absent): "
        f"{named}{more}.",
        icon=":material/category:",
    )
    if table is None or run.task != "generate" or run.spec.get("top_up"):
        return
    if st.button(
        "Add rows for them",
        key="top-up",
        icon=":material/add:",
        help="The same rows again, and behind them rows for up to 50 absent categories, in the real share and at "
        "least one each. The run says how many rows had to be made for it.",
    ):
        again = workspace.store().submit(
            "generate", {**run.spec, "top_up": True}, title=f"{run.title} · topped up", dataset=run.dataset
        )
        frame.go("Generate", run=again.id, dataset=run.dataset)
