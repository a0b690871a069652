"""How each feature alone tells the outcome, in real and in synthetic rows."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from synth_core.charts.base import GRID, LEGEND, QUIET, REAL, SYNTHETIC, Chart, blank, plain, short, styled, why
from synth_core.fidelity import FeatureFidelity, FidelityReport

_MOST = 60
#: Name, value, colour, symbol, size; later ones are drawn first.
_LOOKS = (
    ("Real", lambda f: f.target_auc_real, REAL, "circle", 9),
    ("Synthetic", lambda f: f.synthetic.target_auc, SYNTHETIC, "diamond", 9),
    ("Real holdout", lambda f: f.holdout and f.holdout.target_auc, REAL, "circle-open", 8),
)


def target_relation(report: FidelityReport) -> Chart:
    """AUC of each feature alone for the outcome, in real, synthetic and holdout rows; largest difference first."""
    known = [f for f in report.features if f.target_auc_real is not None and f.synthetic.target_auc is not None]
    if not known:
        return blank(why(report, "Relation to the target", "No relation to a target"))
    ordered = sorted(known, key=lambda f: -abs(f.target_auc_real - f.synthetic.target_auc))
    shown = ordered[:_MOST]
    figure = go.Figure()
    figure.add_vline(0.5, line={"color": QUIET, "width": 1, "dash": "dot"}, layer="below")
    figure.add_scatter(
        x=[v for f in shown for v in (f.target_auc_real, f.synthetic.target_auc, None)],
        y=[v for i in range(len(shown)) for v in (i, i, None)],
        mode="lines",
        line={"color": GRID, "width": 3},
        name="Difference",
        hoverinfo="skip",
        showlegend=False,
    )
    for rank, (name, value, colour, symbol, size) in reversed(list(enumerate(_LOOKS))):
        rows = [(i, f) for i, f in enumerate(shown) if value(f) is not None]
        if rows:
            figure.add_scatter(
                x=[value(f) for _, f in rows],
                y=[i for i, _ in rows],
                mode="markers",
                marker={"color": colour, "symbol": symbol, "size": size},
                name=name,
                legendrank=rank,
                customdata=[plain(f.name) for _, f in rows],
                hovertemplate=f"%{{customdata}}<br>{name} %{{x:.3f}}<extra></extra>",
            )
    styled(
        figure,
        margin_t=LEGEND,
        height=min(130 + 24 * len(shown), 1600),
        xaxis={
            "title": {"text": "AUC alone; 0.5 is no relation"},
            "nticks": 6,
            "tickformat": ".2f",
            "range": _range(shown),
        },
        yaxis={
            "tickvals": list(range(len(shown))),
            "ticktext": [short(f.name, 20) for f in shown],
            "range": [len(shown) - 0.4, -0.6],
            "showgrid": False,
        },
    )
    worst = shown[0]
    gaps = [abs(f.target_auc_real - f.synthetic.target_auc) for f in known]
    more = f" The {len(shown)} largest of {len(known)} are drawn." if len(shown) < len(known) else ""
    return Chart(
        figure,
        f"What a feature alone tells about {report.target} differs by {np.mean(gaps):.3f} AUC on average; most for "
        f"{worst.name}: {worst.target_auc_real:.3f} real, {worst.synthetic.target_auc:.3f} synthetic.{more}",
    )


def _range(features: list[FeatureFidelity]) -> tuple[float, float]:
    """From the lowest to the highest score, and at least 0.4 to 0.6, so that small differences look small."""
    scores = [value(f) for f in features for _, value, *_ in _LOOKS]
    known = [0.4, 0.6, *(s for s in scores if s is not None)]
    return min(known) - 0.02, max(known) + 0.02
