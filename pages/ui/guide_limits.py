"""Lesson: when synthetic data is the wrong tool, and what to do instead."""

from __future__ import annotations

import streamlit as st

from pages.ui import frame
from synth_core.advice.thresholds import TYPICAL_GAIN
from synth_core.lift.verdict import FEWEST

_CASES = (
    ("You can get more real rows", "They are better, row for row. The learning curve on page Data says how much."),
    ("You have plenty of rows", "Where the learning curve is flat, more rows of any kind add nothing."),
    (f"Fewer than {FEWEST} rows of the outcome", "No method can show a gain. Collect rows, or rank by judgement."),
    ("The outcome has changed", "Copies of the past teach what is no longer so. Use recent rows, split by date."),
    ("The columns do not tell the outcome", "Synthetic rows repeat what is there. Look for better columns."),
    ("A column gives the outcome away", "Every score is too good. Set that column aside first."),
    ("You may look at the real rows", "Then explore those: every synthetic table blurs."),
    ("You need certainty about one person", "Synthetic rows are nobody's record."),
    ("A few figures would do", "Share the figures: less to go wrong, and less noise if they are private."),
    ("Sensitive data of very few people", "The noise that hides one drowns all. Simulate from stated figures."),
)


def lesson() -> None:
    """Ten situations."""
    st.header("When it is the wrong tool", anchor=False)
    st.markdown(
        f"On twelve public tables of 960 rows the best recipe here added {TYPICAL_GAIN:+.3f} AUC on average. No gain "
        "is the usual result, and the app says so. Before anything else, ask whether one of these is true:"
    )
    st.markdown("\n".join(f"- **{case}.** {instead}" for case, instead in _CASES))
    st.markdown("The page Data checks most of them on your own table.")
    st.page_link(frame.path_of("Data"), label="Is it the right tool here? Data", icon=frame.ICONS["Data"])
