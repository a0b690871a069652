"""Lesson: SMOTE, for a rare outcome."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, frame
from synth_core.advice.miniatures import generators
from synth_core.charts.guide_points import guide_smote


def lesson() -> None:
    """How new rows come between real ones, and what k does."""
    st.header("SMOTE: new rows between two real ones", anchor=False)
    st.markdown(
        "Three payments in a thousand are fraud, so a model that says “never” is right 99.7 % of the time. SMOTE makes "
        "more of the rare rows: it takes one, picks one of its **k** nearest neighbours of the same outcome, and puts "
        "a new row somewhere on the line between them."
    )
    k = st.slider(
        "Neighbours (k)", 1, 20, 5, key="guide-k", help="The rare rows lie in two groups of 12. From k = 12 on, lines "
        "run from one group to the other."
    )  # fmt: skip
    charts.show(guide_smote(generators.smote(k)), key="guide-smote")
    st.markdown(
        "- **Use it** where the outcome is rare and its rows form groups. Move the decision threshold first: that "
        "costs nothing.\n"
        "- **Mind k.** A large k draws lines through the common outcome and puts wrong rows there.\n"
        "- **It invents no group** that was not there: from 12 rows come 12 rows, mixed.\n"
        "- Categories cannot be mixed half and half: SMOTE-NC takes the commonest value among the neighbours."
    )
    if st.button("Generate with SMOTE", icon=frame.ICONS["Generate"], key="guide-generate"):
        frame.go("Generate", generator="smotenc")
