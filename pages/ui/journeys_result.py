"""A graded world, from the headline down to what a wrong model costs."""

from __future__ import annotations

import streamlit as st

from pages.ui import (
    banner,
    journeys_league,
    journeys_money,
    journeys_seen,
    journeys_truth,
    journeys_vendor,
    loaded,
    report_link,
    text,
)
from synth_core.reports import journeys
from synth_core.runs import Run

VIEW = "journeys-part"  #: key of the tabs
_PARTS = {
    "Journeys": journeys_seen.show,
    "Truth and models": journeys_truth.show,
    "League table": journeys_league.show,
    "Money": journeys_money.show,
    "Grade a vendor": journeys_vendor.show,
}


def show(run: Run) -> None:
    """Headline, and what stands behind it in tabs, of which only the open one is drawn."""
    grades = loaded.result(run)
    league = journeys_league.of(run)
    banner.show(journeys.finding(grades, league))
    seeds, world = len(grades.samples), grades.world
    st.caption(
        f"**{text.literal(world.name)}** · {text.count(grades.users)} users × {seeds} seed{'s' * (seeds > 1)} · "
        f"{len(world.channels)} channels · first seed {grades.samples[0].seed} · {grades.resamples} bootstrap "
        f"resamples. {text.literal(world.about)}"
    )
    for note in grades.notes:
        st.info(text.literal(note), icon=":material/info:")
    tabs = st.tabs(list(_PARTS), key=VIEW, on_change="rerun")
    for tab, draw in zip(tabs, _PARTS.values(), strict=True):
        if tab.open:
            with tab:
                draw(run, grades)
    st.caption(journeys.MEANING)
    report_link.button(run)
