"""Each feature's distribution, real and synthetic side by side."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from synth_core.charts.base import REAL, SYNTHETIC, TEMPLATE, Chart, escaped, label
from synth_core.fidelity import FeatureFidelity, FidelityReport

_COLUMNS = 3
_MOST_CELLS = 12


def marginals(report: FidelityReport, *, limit: int = 12, offset: int = 0) -> Chart:
    """Small multiples, worst KL first; ``limit`` features from ``offset`` on."""
    order = sorted(report.features, key=lambda f: -f.kl)
    shown = order[offset : offset + limit]
    count = max(-(-len(shown) // _COLUMNS), 1)
    fig = make_subplots(
        count,
        _COLUMNS,
        subplot_titles=[f"{label(f.name, 22)} · KL {f.kl:.3f}" for f in shown],
        vertical_spacing=min(0.34 / count, 0.4),
        horizontal_spacing=0.07,
    )
    for place, feature in enumerate(shown):
        for trace in _pair(feature, first=place == 0):
            fig.add_trace(trace, place // _COLUMNS + 1, place % _COLUMNS + 1)
    fig.update_layout(
        template=TEMPLATE, height=60 + 230 * count, barmode="group", bargap=0.15, bargroupgap=0.05, margin={"t": 60}
    )
    fig.update_layout(legend={"y": 1 + 36 / (230 * count)})
    fig.update_annotations(font={"size": 12})
    fig.update_yaxes(tickformat=".0%", nticks=4, tickfont={"size": 10})
    fig.update_xaxes(tickfont={"size": 10}, tickangle=40, showgrid=False, automargin=False)
    return Chart(fig, _takeaway(report, shown))


def _pair(feature: FeatureFidelity, *, first: bool) -> list[go.Bar]:
    labels, real, synthetic = _trimmed(feature)
    full = [escaped(text) for text in labels]
    return [
        go.Bar(
            x=[label(text, 16) + "​" * i for i, text in enumerate(labels)],  # zero-width spaces keep equal labels apart
            y=shares,
            name=name,
            legendgroup=name,
            showlegend=first,
            marker={"color": colour, "pattern": {"shape": pattern, "fgcolor": "rgba(255,255,255,.6)", "size": 5}},
            customdata=full,
            hovertemplate="%{customdata}<br>" + name + " %{y:.1%}<extra></extra>",
        )
        for name, shares, colour, pattern in (("Real", real, REAL, ""), ("Synthetic", synthetic, SYNTHETIC, "/"))
    ]


def _trimmed(feature: FeatureFidelity) -> tuple[list[str], list[float], list[float]]:
    """At most twelve cells; the smaller levels of a long list are summed."""
    m = feature.marginal
    labels, real, synthetic = list(m.labels), list(m.real), list(m.synthetic)
    if feature.is_quantity or len(labels) <= _MOST_CELLS:
        return labels, real, synthetic
    kept = _MOST_CELLS - 1
    rest = f"{len(labels) - kept} more"
    return [*labels[:kept], rest], [*real[:kept], sum(real[kept:])], [*synthetic[:kept], sum(synthetic[kept:])]


def _takeaway(report: FidelityReport, shown: list[FeatureFidelity]) -> str:
    if not shown:
        return "No column could be compared."
    worst = shown[0]
    gaps = [s - r for r, s in zip(worst.marginal.real, worst.marginal.synthetic, strict=True)]
    place = max(range(len(gaps)), key=lambda i: abs(gaps[i]))
    m = worst.marginal
    return (
        f"{len(shown)} of {len(report.features)} columns, worst first. The widest gap in {worst.name}: "
        f"{m.labels[place]} holds {m.real[place]:.1%} of real and {m.synthetic[place]:.1%} of synthetic rows."
    )
