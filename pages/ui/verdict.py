"""The verdict in words: headline, conditions, advice, and what is needed to repeat it."""

from __future__ import annotations

import streamlit as st

from pages.ui import banner as banners
from pages.ui import text
from synth_core.lift.results import Study, Verdict
from synth_core.reports import lift_words


def banner(study: Study) -> None:
    """Icon, word, sentence, interval."""
    banners.show(lift_words.finding(study))


def checks(verdict: Verdict) -> None:
    """Each condition of the verdict and whether it held."""
    for check in verdict.checks:
        st.markdown(f":material/{'check' if check.passed else 'close'}: {text.literal(check.text)}")


def advice(verdict: Verdict) -> None:
    """What would help more than synthetic rows."""
    if verdict.advice:
        st.header("What would help more", anchor=False)
        st.markdown("\n".join(f"- {text.literal(line)}" for line in verdict.advice))


def sources(study: Study) -> None:
    """Where the gain comes from: the labels alone, with the new rows, the new rows alone."""
    found = lift_words.sources(study)
    if found:
        st.header(found.title, anchor=False)
        st.markdown(text.literal(found.text))


def record(study: Study) -> None:
    """What someone needs to repeat or audit the study."""
    st.caption(text.literal(" · ".join(lift_words.facts(study))))
