"""Lesson: differential privacy, with the noise that the product uses."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, frame
from synth_core.advice.miniatures.private import private
from synth_core.charts.guide_studies import guide_private

_EPSILONS = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]


def lesson() -> None:
    """A histogram that says almost the same with and without you."""
    st.header("Differential privacy: a promise to each person", anchor=False)
    st.markdown(
        "Take any person out of the table. If what is released looks almost the same, nobody can learn from it whether "
        "that person was there, whatever they know already. **ε** (epsilon) says how nearly the same: small ε, much "
        "noise, strong promise."
    )
    left, right = st.columns(2)
    epsilon = left.select_slider(
        "Privacy budget ε", _EPSILONS, 0.3, key="guide-epsilon", format_func=lambda e: f"{e:g}"
    )
    people = right.select_slider(
        "Customers in the table", [100, 500, 2_000, 10_000, 100_000], 500, key="guide-people",
        format_func=lambda n: f"{n:,}",
    )  # fmt: skip
    charts.show(guide_private(private(epsilon, people)), key="guide-private")
    st.button("Draw the noise again", icon=":material/casino:", key="guide-noise",
              help="The noise comes from the operating system. Nobody can set a seed for it.")  # fmt: skip
    st.markdown(
        "- **The same noise, more people:** with 100,000 customers the noise that hides one of them is invisible.\n"
        "- **ε is spent.** Every release on the same people adds up; the page Budget keeps the account.\n"
        "- **Below a few hundred people** the noise drowns the table. Share a few figures, or simulate.\n"
        "- Other generators can be *measured* on page Privacy. Only this one *promises*."
    )
    st.page_link(frame.path_of("Budget"), label="Private rows: Budget", icon=frame.ICONS["Budget"])
