"""How each feature alone tells the outcome, in real and in synthetic rows."""

from __future__ import annotations

import plotly.graph_objects as go

from synth_core.charts.base import QUIET, REAL, SYNTHETIC, Chart, escaped, figure, label
from synth_core.fidelity import FidelityReport

_MOST = 15


def target_relation(report: FidelityReport) -> Chart:
    """Real and synthetic AUC per feature, joined by a line; strongest first (at most 15)."""
    features = [f for f in report.features if None not in (f.target_auc_real, f.target_auc_synthetic)]
    if not features:
        return Chart(figure(height=120), "There is no two-class target, so no relation to it can be compared.")
    features.sort(key=lambda f: -abs(f.target_auc_real - 0.5))
    shown = features[:_MOST][::-1]
    rows = list(range(len(shown)))
    names = [escaped(f.name) for f in shown]
    joins = go.Scatter(
        x=[v for f in shown for v in (f.target_auc_real, f.target_auc_synthetic, None)],
        y=[v for row in rows for v in (row, row, None)],
        mode="lines",
        line={"color": QUIET, "width": 2},
        name="Difference",
        showlegend=False,
        hoverinfo="skip",
    )
    points = [
        go.Scatter(
            x=x,
            y=rows,
            mode="markers",
            name=name,
            marker={"color": colour, "symbol": symbol, "size": 10},
            customdata=names,
            hovertemplate="%{customdata}<br>" + name + " AUC %{x:.3f}<extra></extra>",
        )
        for name, x, colour, symbol in (
            ("Real", [f.target_auc_real for f in shown], REAL, "circle"),
            ("Synthetic", [f.target_auc_synthetic for f in shown], SYNTHETIC, "diamond"),
        )
    ]
    fig = figure(joins, *points, height=max(380, 90 + 22 * len(shown)))
    fig.add_vline(x=0.5, line={"color": QUIET, "width": 1, "dash": "dot"})
    fig.update_yaxes(tickvals=rows, ticktext=[label(f.name, 20) for f in shown], showgrid=False)
    fig.update_xaxes(title=f"AUC of the feature alone for {escaped(report.target or '')}")
    worst = max(features, key=lambda f: abs(f.target_auc_real - f.target_auc_synthetic))
    return Chart(
        fig,
        f"The relation to {report.target} changes most for {worst.name}: AUC {worst.target_auc_real:.2f} in real and "
        f"{worst.target_auc_synthetic:.2f} in synthetic rows.",
    )
