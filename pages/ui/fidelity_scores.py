"""The whole table's scores, and whether a model tells synthetic rows from real ones."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, number_table, text
from synth_core import charts as figures
from synth_core.fidelity import FidelityReport, Score
from synth_core.reports.fidelity import BETTER, value

NO_HOLDOUT = "Nothing to compare with: no real rows were kept from the generator."


def scorecard(report: FidelityReport) -> None:
    """Every score with its value, the same for real rows, its direction and its sentence."""
    st.header("Scores", anchor=False)
    st.caption(
        "Open a score's name to see how it is computed. “Real holdout” is what real rows score that no generator saw: "
        "what a perfect generator would look like."
        if report.holdout_rows
        else NO_HOLDOUT
    )
    number_table.show(
        ["Synthetic", "Real holdout"] if report.holdout_rows else ["Synthetic"],
        [_row(score, with_reference=report.holdout_rows > 0) for score in report.scores],
        about="Scores of the synthetic rows beside those of the real holdout",
    )


def two_sample(report: FidelityReport) -> None:
    """The classifier two-sample test and the features that give synthetic rows away."""
    st.header("Can a model tell them apart?", anchor=False)
    charts.show(figures.two_sample(report), "two-sample")
    test = report.two_sample
    if test is None:
        return
    st.caption(
        f"{text.count(test.rows)} rows a side. The grey band is where chance alone leaves the score; against the "
        "training rows a score well below it means near-copies, not perfection."
    )
    if test.telling:
        st.markdown("**What gives the synthetic rows away**")
        st.markdown(
            "\n".join(
                f"- **{text.literal(t.name)}** ({text.share(t.share)} of the model's gain): {text.literal(t.sentence)}"
                for t in test.telling
            )
        )


def _row(score: Score, *, with_reference: bool) -> number_table.Row:
    cells = (value(score.value), value(score.reference)) if with_reference else (value(score.value),)
    return number_table.Row(score.title, score.formula, cells, BETTER[score.better], score.sentence)
