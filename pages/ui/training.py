"""The training of a neural generator on screen: while it runs, and once it has ended."""

from __future__ import annotations

import json

import streamlit as st

from pages.ui import charts
from synth_core.charts import training_curve
from synth_core.generators.training import Training
from synth_core.runs.model import Phase

CURVE = "curve"  #: metric of a phase that carries the training so far, as JSON


def live(phase: Phase) -> None:
    """The distance so far, where ``phase`` reports it."""
    if phase.metrics.get(CURVE):
        found = Training.from_dict(json.loads(phase.metrics[CURVE]))
        if len(found.updates) > 1:
            charts.show(training_curve(found, losses=False), key="live-distance")


def result(training: Training | None) -> None:
    """An expander with the whole curve; nothing for generators that do not train step by step."""
    if training is not None:
        with st.expander("How the training went", icon=":material/show_chart:"):
            charts.show(training_curve(training), key="training-curve")
