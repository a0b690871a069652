"""Buttons that start from a bundled sample."""

from __future__ import annotations

import streamlit as st

from pages.ui import frame, workspace
from synth_core.tables import SAMPLES, load_sample


def use(name: str, to: str) -> None:
    """Store sample ``name`` and move on to page ``to``."""
    with st.spinner("Simulating the sample …"):
        dataset = workspace.library().add(load_sample(name))
    frame.go(to, dataset=dataset)


def about() -> str:
    """What the samples are."""
    return " ".join(s.summary for s in SAMPLES.values())
