"""Lesson: how to read a verdict."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, frame
from synth_core.advice.miniatures import studies
from synth_core.charts.guide_studies import guide_reading


def lesson() -> None:
    """Mean, interval and the smallest gain that could be seen, on folds you control."""
    st.header("How to read a verdict", anchor=False)
    st.markdown(
        "The training rows are cut into 5 parts, five times over. Each time a model **with** and one **without** "
        "synthetic rows is scored on the part that neither has seen: 25 differences. You set the true gain and how "
        "much folds differ; the verdict only sees the crosses."
    )
    left, right = st.columns(2)
    gain = left.slider("True gain (AUC)", -0.05, 0.05, 0.01, 0.005, format="%.3f", key="guide-gain")
    spread = right.slider("Spread between folds (AUC)", 0.002, 0.05, 0.015, 0.001, format="%.3f", key="guide-spread")
    charts.show(guide_reading(studies.reading(gain, spread)), key="guide-reading")
    st.markdown(
        "| word | what it means | what to do |\n|---|---|---|\n"
        "| ▲ **Helps** | better than chance allows, by 0.005 or more, confirmed once on the locked holdout, and "
        "probabilities no worse | use it; freeze both models on page Prospective |\n"
        "| ▼ **Hurts** | the mirror image | leave it |\n"
        "| ● **No evidence** | cannot be told from nothing; the sentence says how small a gain would have been missed "
        "| take the simpler model; collect real rows |\n"
        "| ○ **No verdict** | fewer than 50 rows of an outcome | collect rows of that outcome |\n\n"
        "- **Read the interval, not the mean.** If it holds zero, the sign is not known.\n"
        "- **“No evidence” is not “no effect”**: few rows make wide intervals.\n"
        "- **Each candidate raises the bar** (Holm's correction): the best of five looks good by luck half the time.\n"
        "- **The reference is the best model on real rows alone**, a smaller one or one with class weights included."
    )
    st.page_link(frame.path_of("Lift"), label="Get a verdict: Lift", icon=frame.ICONS["Lift"])
