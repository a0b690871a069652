"""Lesson: simulation from stated figures, where the truth is known."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, frame
from synth_core.advice.miniatures import studies
from synth_core.charts.guide_studies import guide_stated


def lesson() -> None:
    """State an effect, run forty studies, see how many find it."""
    st.header("Simulation: you state the truth", anchor=False)
    st.markdown(
        "With no data, or where the truth can never be seen (which touch made somebody buy?), rows are drawn from what "
        "you **state**: ranges, shares, effects. Then you know what a method ought to find, and see whether it does."
    )
    left, middle, right = st.columns(3)
    rate = left.slider("Conversion rate, stated (%)", 0.5, 10.0, 4.0, 0.5, key="guide-rate")
    uplift = middle.slider("Lift by the campaign, stated (%)", 0, 100, 25, 5, key="guide-uplift")
    visitors = right.select_slider(
        "Visitors per group", [250, 500, 1_000, 2_000, 5_000, 10_000, 50_000], 2_000, key="guide-visitors",
        format_func=lambda n: f"{n:,}",
    )  # fmt: skip
    charts.show(guide_stated(studies.stated(rate / 100, uplift / 100, visitors)), key="guide-stated")
    st.markdown(
        "Each cross is a study of its own; bars are 95 % intervals, so about 38 of 40 should hold the stated effect. "
        "How many can tell it from nothing depends on the visitors: that is what a simulation is good for, before any "
        "money is spent.\n\n"
        "- **It holds what you state** and nothing else: a simulated table says nothing about the client's customers.\n"
        "- **It is never data.** Tables from the page Blueprint are marked as simulated wherever they go."
    )
    with st.container(horizontal=True):
        st.page_link(frame.path_of("Blueprint"), label="Describe a table: Blueprint", icon=frame.ICONS["Blueprint"])
        st.page_link(frame.path_of("Journeys"), label="Known attribution: Journeys", icon=frame.ICONS["Journeys"])
