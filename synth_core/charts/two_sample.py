"""How well a model tells synthetic rows from real ones, beside what chance gives."""

from __future__ import annotations

import plotly.graph_objects as go

from synth_core.charts.base import BAND, QUIET, REAL, SYNTHETIC, Chart, blank, decimal, styled, why
from synth_core.fidelity.results import FidelityReport

#: Name, field, tick label, colour, symbol; in reading order.
_LOOKS = (
    ("Synthetic against fresh real rows", "auc_fresh", "Synthetic against<br>fresh real rows", SYNTHETIC, "diamond"),
    ("Synthetic against training rows", "auc_train", "Synthetic against<br>training rows", SYNTHETIC, "diamond-open"),
    ("Real against real", "auc_real", "Training against<br>fresh real rows", REAL, "circle"),
)
_ROW = 46  #: pixels


def two_sample(report: FidelityReport) -> Chart:
    """AUC of the classifier two-sample test for each pair of row sets, with the band that chance gives."""
    test = report.two_sample
    if test is None:
        return blank(why(report, "Two-sample test", "Rows were not told apart by a model"))
    shown = [(look, getattr(test, look[1])) for look in _LOOKS if getattr(test, look[1]) is not None]
    figure = go.Figure()
    figure.add_vrect(0.5 - 2 * test.scatter, 0.5 + 2 * test.scatter, fillcolor=BAND, line_width=0, layer="below")
    figure.add_vline(0.5, line={"color": QUIET, "width": 1, "dash": "dot"}, layer="below")
    figure.add_annotation(
        x=0.5, y=1, yref="paper", yanchor="bottom", text="chance", showarrow=False, font={"size": 11, "color": QUIET}
    )
    for i, ((name, _, _, colour, symbol), auc) in enumerate(shown):
        figure.add_scatter(
            x=[auc],
            y=[i],
            mode="markers+text",
            marker={"color": colour, "symbol": symbol, "size": 12},
            text=[decimal(auc)],
            textposition="top center",
            name=name,
            showlegend=False,
            hovertemplate=f"{name}<br>AUC %{{x:.3f}}<extra></extra>",
        )
    aucs = [auc for _, auc in shown]
    styled(
        figure,
        height=_ROW * len(shown) + 100,
        margin_t=24,
        xaxis={
            "title": {"text": "AUC: 0.5 cannot be told apart, 1 always"},
            "range": [min(0.38, *aucs) - 0.03, max(0.75, *aucs) + 0.03],
            "nticks": 6,
            "tickformat": ".1f",
        },
        yaxis={
            "tickvals": list(range(len(shown))),
            "ticktext": [label for (_, _, label, _, _), _ in shown],
            "range": [len(shown) - 0.5, -0.7],
            "showgrid": False,
        },
    )
    return Chart(figure, test.sentence)
