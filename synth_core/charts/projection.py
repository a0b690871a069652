"""Rows as points: the first two principal components of the real ones."""

from __future__ import annotations

import plotly.graph_objects as go

from synth_core.charts.base import REAL, SYNTHETIC, Chart, figure
from synth_core.fidelity import FidelityReport


def projection(report: FidelityReport) -> Chart:
    """Real and synthetic rows, at most 700 each."""
    found = report.projection
    if found is None:
        return Chart(figure(height=120), "Fewer than two features vary, so rows cannot be projected.")
    traces = [
        go.Scatter(
            x=[p[0] for p in points],
            y=[p[1] for p in points],
            mode="markers",
            name=name,
            marker={"color": colour, "symbol": symbol, "size": 6, "opacity": 0.55},
            hoverinfo="skip",
        )
        for name, points, colour, symbol in (
            ("Real", found.real, REAL, "circle"),
            ("Synthetic", found.synthetic, SYNTHETIC, "x-thin-open"),
        )
    ]
    fig = figure(*traces, height=380)
    fig.update_xaxes(title=f"First component ({found.explained[0]:.0%} of variance)")
    fig.update_yaxes(title=f"Second component ({found.explained[1]:.0%})")
    return Chart(
        fig,
        f"{len(found.real):,} real and {len(found.synthetic):,} synthetic rows on the two components that explain "
        f"{sum(found.explained):.0%} of the variance of the real ones; both clouds should overlap.",
    )
