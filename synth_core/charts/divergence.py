"""KL divergence of every feature, with the lines that tell close from far."""

from __future__ import annotations

import plotly.graph_objects as go

from synth_core.charts.base import INK, QUIET, SYNTHETIC, Chart, escaped, figure, label
from synth_core.fidelity import FidelityReport
from synth_core.fidelity.kl import LOOSE, STRICT

_MOST = 40


def kl_bars(report: FidelityReport) -> Chart:
    """Bars per feature, worst first (at most 40); ticks for the noise to expect and for the real holdout."""
    features = sorted(report.features, key=lambda f: -f.kl)
    shown = features[:_MOST][::-1]
    rows = list(range(len(shown)))
    names = [escaped(f.name) for f in shown]
    bars = go.Bar(
        x=[f.kl for f in shown],
        y=rows,
        orientation="h",
        name="Synthetic",
        marker={"color": SYNTHETIC},
        customdata=names,
        hovertemplate="%{customdata}<br>KL %{x:.4f}<extra></extra>",
    )
    traces = [bars, _ticks([f.kl_noise for f in shown], rows, names, "Expected noise", QUIET, "line-ns")]
    if any(f.kl_holdout is not None for f in shown):
        traces.append(_ticks([f.kl_holdout for f in shown], rows, names, "Real holdout", INK, "diamond-open"))
    fig = figure(*traces, height=110 + 22 * len(shown))
    widest = max([1.15 * LOOSE, *(1.05 * f.kl for f in shown), *(1.05 * (f.kl_holdout or 0) for f in shown)])
    for line, text in ((STRICT, "strict"), (LOOSE, "loose")):
        fig.add_vline(x=line, line={"color": INK, "width": 1, "dash": "dot"})
        fig.add_annotation(
            x=line, y=0, yref="paper", yshift=2, text=f"{text} {line}", showarrow=False, xanchor="left", yanchor="bottom",
            font={"size": 11, "color": INK}, bgcolor="rgba(255,255,255,0.7)",
        )  # fmt: skip
    fig.update_yaxes(tickvals=rows, ticktext=[label(f.name) for f in shown], showgrid=False)
    fig.update_xaxes(range=[0, widest], title="KL divergence (real ‖ synthetic), nats")
    return Chart(fig, _takeaway(features))


def _ticks(x: list, rows: list[int], names: list[str], name: str, colour: str, symbol: str) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=rows,
        mode="markers",
        name=name,
        marker={"symbol": symbol, "size": 9, "color": colour, "line": {"width": 2, "color": colour}},
        customdata=names,
        hovertemplate="%{customdata}<br>" + name + " %{x:.4f}<extra></extra>",
    )


def _takeaway(features: list) -> str:
    if not features:
        return "No column could be compared."
    strict = sum(f.kl <= STRICT for f in features)
    more = f" The {_MOST} worst of {len(features)} are shown." if len(features) > _MOST else ""
    return (
        f"{strict} of {len(features)} columns are under the strict line of {STRICT}; the farthest is "
        f"{features[0].name} with {features[0].kl:.3f}.{more}"
    )
