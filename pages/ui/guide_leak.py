"""Lesson: rows added before the split."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, frame
from synth_core.advice.miniatures import studies
from synth_core.charts.guide_studies import guide_leak


def lesson() -> None:
    """A model of pure noise that looks excellent."""
    st.header("The usual mistake: adding rows before the split", anchor=False)
    st.markdown(
        "Here is a table of pure noise: 600 rows, 60 with the outcome, and no column that tells anything. No model can "
        "be better than guessing (AUC 0.5). Now add SMOTE rows. If they are added **before** rows are set aside for "
        "scoring, nearly the same row lies on both sides, and the model is asked what it has already seen."
    )
    added = st.slider("New rows for each real one of the outcome", 0, 9, 3, key="guide-added")
    charts.show(guide_leak(studies.leak(added)), key="guide-leak-chart")
    st.markdown(
        "Ask for the order whenever somebody reports +20 points from synthetic data. In this app it cannot be "
        "changed: a holdout of real rows is locked away first, generators are fitted inside the training part of every "
        "fold, and no generator or model accepts rows that are kept for scoring."
    )
    st.page_link(frame.path_of("Lift"), label="Compare in the right order: Lift", icon=frame.ICONS["Lift"])
