"""The way from a finished result to the report about it."""

from __future__ import annotations

import streamlit as st

from pages.ui import frame
from synth_core.runs import Run


def button(run: Run) -> None:
    """Leads to the page Report with ``run`` chosen."""
    if st.button("Make a report", icon=":material/description:", key=f"report-{run.id}"):
        frame.go("Report", run=run.id, dataset=run.dataset or "")


def of_test(test: str) -> None:
    """The same of a prospective test."""
    if st.button("Make a report", icon=":material/description:", key=f"report-{test}"):
        frame.go("Report", test=test)
