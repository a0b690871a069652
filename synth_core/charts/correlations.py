"""How columns go together: real, synthetic, and the difference, on one scale."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from synth_core.charts.base import TEMPLATE, Chart, escaped, figure, label
from synth_core.fidelity import FidelityReport

_MOST = 25
_SCALE = [[0.0, "#B2182B"], [0.25, "#F4A582"], [0.5, "#F7F7F7"], [0.75, "#92C5DE"], [1.0, "#2166AC"]]


def correlations(report: FidelityReport) -> Chart:
    """Three heat maps, −1 to 1; the 25 columns with the largest differences where there are more."""
    found = report.associations
    if found is None:
        return Chart(figure(height=120), "Fewer than two columns vary, so no pairs can be compared.")
    size = len(found.names)
    gap = [[_difference(found.synthetic[i][j], found.real[i][j]) for j in range(size)] for i in range(size)]
    kept = sorted(range(size), key=lambda i: -max(abs(v or 0) for v in gap[i]))[:_MOST]
    kept.sort()
    names = [found.names[i] for i in kept]
    fig = make_subplots(1, 3, subplot_titles=["Real", "Synthetic", "Synthetic − real"], horizontal_spacing=0.02)
    for column, values in enumerate((found.real, found.synthetic, gap), 1):
        fig.add_trace(_map([[values[i][j] for j in kept] for i in kept], names, column), 1, column)
    ticks = [label(n, 18) for n in names]
    fig.update_layout(
        template=TEMPLATE,
        height=170 + max(14 * len(kept), 190),
        margin={"t": 36, "b": 8},
        coloraxis={"colorscale": _SCALE, "cmin": -1, "cmax": 1, "colorbar": {"thickness": 12, "len": 0.9, "title": ""}},
    )
    fig.update_xaxes(
        tickvals=list(range(len(kept))), ticktext=ticks, tickangle=-60, tickfont={"size": 10}, showgrid=False
    )
    fig.update_yaxes(autorange="reversed", showticklabels=False, showgrid=False)
    fig.update_yaxes(tickvals=list(range(len(kept))), ticktext=ticks, tickfont={"size": 10}, showticklabels=True, col=1)
    return Chart(fig, _takeaway(report, gap))


def _map(values: list[list[float | None]], names: list[str], column: int) -> go.Heatmap:
    full = [escaped(n) for n in names]
    return go.Heatmap(
        z=values,
        coloraxis="coloraxis",
        name=("Real", "Synthetic", "Difference")[column - 1],
        customdata=[[f"{a} and {b}" for b in full] for a in full],
        hovertemplate="%{customdata}<br>%{z:.2f}<extra></extra>",
        hoverongaps=False,
    )


def _difference(synthetic: float | None, real: float | None) -> float | None:
    return None if synthetic is None or real is None else synthetic - real


def _takeaway(report: FidelityReport, gap: list[list[float | None]]) -> str:
    found = report.associations
    pairs = [(abs(v), i, j) for i, row in enumerate(gap) for j, v in enumerate(row) if j > i and v is not None]
    if not pairs:
        return "No pair of columns varies in both tables."
    size, i, j = max(pairs)
    similar = f"Pairs are {found.similarity:.1%} alike on average" if found.similarity is not None else "Pairs compared"
    held = f" (real holdout: {found.similarity_holdout:.1%})" if found.similarity_holdout is not None else ""
    return (
        f"{similar}{held}; the largest change is {found.names[i]} with {found.names[j]}, "
        f"{found.real[i][j]:+.2f} in real and {found.synthetic[i][j]:+.2f} in synthetic rows."
    )
