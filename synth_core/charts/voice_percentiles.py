"""Where accepted lines stand among the approved ones."""

from __future__ import annotations

from statistics import median

import plotly.graph_objects as go

from synth_core.charts.base import LEGEND, QUIET, Chart, blank, percent, styled
from synth_core.charts.voice_marks import APPROVED, PASSED
from synth_core.voice.records import Batch

_BANDS = 10


def voice_percentiles(batch: Batch) -> Chart:
    """Share of the accepted lines in each tenth of the held-out approved lines' voice scores."""
    found = [v.percentile for v in batch.verdicts if v.passed and v.percentile is not None]
    if not found:
        return blank("No accepted line has a voice percentile.")
    width = 100 / _BANDS
    counts = [0] * _BANDS
    for value in found:
        counts[min(int(value // width), _BANDS - 1)] += 1
    figure = go.Figure()
    figure.add_bar(
        x=[(i + 0.5) * width for i in range(_BANDS)],
        y=[n / len(found) for n in counts],
        width=width * 0.92,
        marker=PASSED,
        customdata=[(f"{i * width:.0f} to {(i + 1) * width:.0f}", n) for i, n in enumerate(counts)],
        name="Accepted lines",
        hovertemplate="percentile %{customdata[0]}<br>%{customdata[1]:,} lines (%{y:.1%})<extra></extra>",
    )
    figure.add_scatter(
        x=[0, 100], y=[1 / _BANDS] * 2, mode="lines", line={"color": APPROVED, "width": 2, "dash": "dash"},
        name="Approved lines, by definition", hoverinfo="skip",
    )  # fmt: skip
    top = max(*counts, len(found) / _BANDS) / len(found) * 1.12
    if batch.threshold > 0:
        figure.add_scatter(
            x=[batch.threshold] * 2, y=[0, top], mode="lines", line={"color": QUIET, "width": 2, "dash": "dot"},
            name="Threshold of the voice gate", hoverinfo="skip",
        )  # fmt: skip
    styled(
        figure, height=300 + LEGEND, margin_t=LEGEND, bargap=0,
        xaxis={"range": [0, 100], "tickvals": list(range(0, 101, 20)), "showgrid": False,
               "title": {"text": "Voice percentile among approved lines"}},
        yaxis={"range": [0, top], "tickformat": ".0%", "nticks": 5, "title": {"text": "Share of lines"}},
    )  # fmt: skip
    middle = median(found)
    low = sum(value < 20 for value in found) / len(found)
    return Chart(
        figure,
        f"The middle accepted line scores higher than {middle:.0f} of 100 approved lines (an approved one: 50). "
        f"{percent(low)} of the accepted lines lie in the lowest fifth. A high score means the same style, not a "
        "good line.",
    )
