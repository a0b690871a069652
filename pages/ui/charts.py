"""Charts on screen exactly as in the report, with their takeaway as caption and alternative text."""

from __future__ import annotations

import streamlit as st

from pages.ui import text
from synth_core.charts import Chart


def show(chart: Chart, key: str) -> None:
    """Draw ``chart``."""
    st.plotly_chart(
        chart.figure, theme=None, key=key, alt=chart.takeaway, config={"displaylogo": False, "displayModeBar": False}
    )
    st.caption(text.literal(chart.takeaway))
