"""Rows as points: the first two principal components of the real ones."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from synth_core.charts.base import LEGEND, REAL, SYNTHETIC, Chart, blank, percent, styled, why
from synth_core.fidelity import FidelityReport


def projection(report: FidelityReport) -> Chart:
    """Real and synthetic rows on the first two principal components of the real ones."""
    if report.projection is None:
        return blank(why(report, "Projection", "No projection of rows"))
    first, second = report.projection.explained
    figure = go.Figure()
    clouds = {}
    for name, points, colour, symbol in (
        ("Real", report.projection.real, REAL, "circle"),
        ("Synthetic", report.projection.synthetic, SYNTHETIC, "x"),
    ):
        clouds[name] = np.array(points, dtype=float).reshape(-1, 2)
        figure.add_scatter(
            x=clouds[name][:, 0],
            y=clouds[name][:, 1],
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 5, "opacity": 0.5},
            name=name,
            hovertemplate=f"{name}<br>%{{x:.2f}}, %{{y:.2f}}<extra></extra>",
        )
    styled(
        figure,
        height=440,
        margin_t=LEGEND,
        xaxis={"title": {"text": f"Component 1 ({percent(first)} of variance)"}, "nticks": 6},
        yaxis={"title": {"text": f"Component 2 ({percent(second)} of variance)"}, "nticks": 6},
        legend={"itemsizing": "constant"},
    )
    box = np.quantile(clouds["Real"], [0.025, 0.975], axis=0)
    return Chart(
        figure,
        f"{percent(_inside(clouds['Synthetic'], box))} of synthetic rows lie in the box that holds "
        f"{percent(_inside(clouds['Real'], box))} of the real ones; the two components show "
        f"{percent(first + second)} of the variance.",
    )


def _inside(points: np.ndarray, box: np.ndarray) -> float:
    """Share of points between the lower and upper corner of ``box``."""
    return float(((points >= box[0]) & (points <= box[1])).all(axis=1).mean())
