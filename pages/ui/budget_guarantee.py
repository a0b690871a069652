"""What ε and δ promise, in words."""

from __future__ import annotations

from math import exp, log

import streamlit as st

from pages.ui import text
from synth_core.reports.dp import VOID, WEAK, most_sure, one_in
from synth_core.runs import Run
from synth_core.tasks.report_choice import has_private

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def words(epsilon: float) -> None:
    """What an attacker can gain at most, and a warning where that is much."""
    sure = most_sure(epsilon).replace(" ", "\N{NO-BREAK SPACE}")
    st.markdown(
        f"**ε = {epsilon:g}:** whoever thinks it is 50 : 50 that a certain person is in the table can become at most "
        f"**{sure}** sure by looking at the rows, whatever else they know. The odds of any guess about one person "
        f"change by a factor of at most {_factor(epsilon)}."
    )
    if epsilon > VOID:
        st.error(
            f"**ε above {VOID:g} promises next to nothing**: a guess about one person may become nearly certain. Use "
            "it to see what the noise costs, not to hand rows out.",
            icon=":material/gpp_bad:",
        )
    elif epsilon > WEAK:
        st.warning(
            f"ε above {WEAK:g} is a weak promise. Common choices are 0.5 to {WEAK:g}.", icon=":material/gpp_maybe:"
        )


def _factor(epsilon: float) -> str:
    value = exp(epsilon)
    if value >= 1e6:
        return "10" + f"{epsilon / log(10):.0f}".translate(_RAISED)
    return f"{value:.2f}" if value < 10 else text.count(value)


def delta(delta: float) -> None:
    """The other half of the promise."""
    st.caption(f"With a chance of at most {one_in(delta)} (δ) this bound does not hold.")


def is_private(run: Run) -> bool:
    """Whether a private generator made its rows, or was tried in its study."""
    return has_private(run.spec)


def outside(run: Run) -> None:
    """Mark what a page shows of a private run as computed from real rows; nothing for other runs."""
    if is_private(run):
        st.warning(
            "**Outside the guarantee:** these figures were computed from real rows without noise, for your eyes. Do "
            "not hand them out with private rows.",
            icon=":material/visibility_lock:",
        )
