"""Lesson: trees, and distributions joined by correlations."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, frame
from synth_core.advice.miniatures import generators, points
from synth_core.charts.guide_points import guide_shape
from synth_core.generators.registry import CATALOGUE


def lesson() -> None:
    """Two ways to learn a table in seconds, on shapes that a correlation cannot see."""
    st.header("Trees and copulas: the table in seconds", anchor=False)
    st.markdown(
        "**Trees** draw one column after the other. For each, a decision tree asks the columns before it (“income over "
        "60,000? came by newsletter?”) and takes a value that real rows have in that corner, moved a little.\n\n"
        "A **copula** gives each column its own distribution and joins them by correlations. Statistical simulation "
        "does the same with named distributions. Both see straight lines only."
    )
    left, right = st.columns(2)
    shape = left.segmented_control(
        "Real points",
        list(points.SHAPES),
        default="ring",
        required=True,
        format_func=points.SHAPES.get,
        key="guide-shape",
    )
    name = right.segmented_control(
        "Learned by", generators.FAST, default="simulation", required=True, key="guide-fast",
        format_func=lambda n: CATALOGUE[n].title,
    )  # fmt: skip
    charts.show(guide_shape(generators.fast(name, shape)), key="guide-generators")
    st.markdown(
        "- **Trees** are the default here: closest to the real rows of all generators compared, and the most useful "
        "for models. Because they take real values, check them on page Privacy before rows leave.\n"
        "- **Copula or simulation** for very small tables, or where a plain description is enough.\n"
        "- A table may match column by column and still be wrong: both axes of the ring look right on their own."
    )
    st.page_link(frame.path_of("Fidelity"), label="How close are they? Fidelity", icon=frame.ICONS["Fidelity"])
