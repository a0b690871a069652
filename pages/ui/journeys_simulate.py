"""Simulate and grade: the form, the run, and everything it found."""

from __future__ import annotations

import streamlit as st

from pages.ui import journeys_form, journeys_result, journeys_views, progress
from synth_core.reports.journeys import MEANING


def section() -> None:
    """The result that the address names or the latest one; the form above it."""
    asked = "world" in st.query_params
    run = None if asked else journeys_views.pick_run("journeys")
    if run is None:
        if asked:
            st.info("The world calibrated to your journeys is chosen below.", icon=":material/tune:")
        journeys_form.form()
        st.caption(MEANING)
        return
    with st.expander("Simulate another world", icon=":material/add:", key="journeys-again"):
        journeys_form.form()
    if progress.finished(run):
        journeys_result.show(run)
