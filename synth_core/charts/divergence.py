"""KL divergence of every feature against the two lines, its noise floor and the real holdout."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

import plotly.graph_objects as go

from synth_core.charts.base import HATCHED, LEGEND, REAL, SYNTHETIC, TEXT, Chart, blank, plain, short, styled
from synth_core.fidelity.kl import LOOSE, STRICT
from synth_core.fidelity.results import FeatureFidelity, FidelityReport

_MOST = 80
_LOWEST = 1e-3  #: smaller divergences are drawn at the edge


def kl_bars(report: FidelityReport) -> Chart:
    """KL(real ‖ synthetic) per feature, worst first, on a log axis so that both lines and the noise are visible."""
    if not report.features:
        return blank("No column could be compared.")
    features = sorted(report.features, key=lambda f: -f.synthetic.kl)
    shown = features[:_MOST]
    y = list(range(len(shown)))
    figure = go.Figure()
    figure.add_bar(
        x=[at(f.synthetic.kl) for f in shown],
        y=y,
        orientation="h",
        width=0.62,
        marker={"color": SYNTHETIC, "pattern": HATCHED},
        name="Synthetic",
        customdata=[(plain(f.name), f.synthetic.kl, f.synthetic.kl_reverse, f.synthetic.kl_noise) for f in shown],
        hovertemplate="%{customdata[0]}<br>KL %{customdata[1]:.4f}, reversed %{customdata[2]:.4f}<br>"
        "chance alone %{customdata[3]:.4f}<extra></extra>",
    )
    figure.add_scatter(
        x=[at(f.synthetic.kl_noise) for f in shown],
        y=y,
        mode="markers",
        marker={"symbol": "line-ns", "size": 11, "line": {"width": 2, "color": TEXT}},
        name="By chance",
        customdata=[(plain(f.name), f.synthetic.kl_noise) for f in shown],
        hovertemplate="%{customdata[0]}<br>expected by chance %{customdata[1]:.4f}<extra></extra>",
    )
    held = [(i, f) for i, f in enumerate(shown) if f.holdout is not None]
    if held:
        figure.add_scatter(
            x=[at(f.holdout.kl) for _, f in held],
            y=[i for i, _ in held],
            mode="markers",
            marker={"symbol": "circle", "size": 8, "color": REAL, "line": {"color": "#FFFFFF", "width": 1.5}},
            name="Real holdout",
            customdata=[(plain(f.name), f.holdout.kl) for _, f in held],
            hovertemplate="%{customdata[0]}<br>real holdout %{customdata[1]:.4f}<extra></extra>",
        )
    drawn = [v for f in shown for v in (f.synthetic.kl, f.synthetic.kl_noise, f.holdout.kl if f.holdout else 0.0)]
    with_lines(figure, [f.name for f in shown], drawn, legend=LEGEND)
    return Chart(figure, _takeaway(report, features, len(shown)))


def at(kl: float) -> float:
    """Where a divergence is drawn: tiny ones at the edge, as the axis is logarithmic."""
    return max(kl, _LOWEST)


def with_lines(figure: go.Figure, names: Sequence[str], drawn: Sequence[float], *, legend: int) -> go.Figure:
    """``figure`` of divergences ``drawn``, one row for each of ``names``, with the strict and the loose line."""
    for value, name, dash in ((STRICT, "strict", "dot"), (LOOSE, "loose", "dash")):
        figure.add_vline(value, line={"color": TEXT, "width": 1, "dash": dash})
        figure.add_annotation(
            x=log10(value), y=1, yref="paper", yanchor="bottom", xanchor="center", text=f"{name}<br>{value}",
            showarrow=False, font={"size": 11, "color": TEXT},
        )  # fmt: skip
    return styled(
        figure,
        height=min(130 + 24 * len(names), 1600) + legend - LEGEND,
        margin_t=legend + 26,
        xaxis={
            "type": "log",
            "range": [log10(_LOWEST) - 0.1, log10(max(0.3, *drawn)) + 0.1],
            "title": {"text": "KL divergence (log scale)"},
            "tickvals": [0.001, 0.01, 0.1, 1, 10],
            "ticktext": ["≤ 0.001", "0.01", "0.1", "1", "10"],
        },
        yaxis={
            "tickvals": list(range(len(names))),
            "ticktext": [short(n, 20) for n in names],
            "range": [len(names) - 0.4, -0.6],
            "showgrid": False,
        },
    )


def _takeaway(report: FidelityReport, features: list[FeatureFidelity], shown: int) -> str:
    worst, count = features[0], len(features)
    near, over = sum(f.synthetic.kl <= STRICT for f in features), sum(f.synthetic.kl > LOOSE for f in features)
    held = [f for f in features if f.holdout is not None]
    yardstick = ""
    if held:
        # A small holdout strays farther by chance, so its size is part of the sentence.
        closer = sum(f.synthetic.kl <= f.holdout.kl for f in held)
        yardstick = f" {closer} of {len(held)} are at least as close as the {report.holdout_rows:,} real holdout rows."
    more = f" The {shown} worst of {count} are drawn." if shown < count else ""
    return (
        f"{near} of {count} features are within the strict line ({STRICT}), {over} beyond the loose one ({LOOSE}); the "
        f"farthest is {worst.name} with KL {worst.synthetic.kl:.3f}.{yardstick}{more}"
    )
