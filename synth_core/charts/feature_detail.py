"""The distribution of one feature, large: real beside synthetic, the real holdout marked."""

from __future__ import annotations

import plotly.graph_objects as go

from synth_core.charts.base import LEGEND, Chart, blank, styled
from synth_core.charts.marginals import draw_shares, largest_gap
from synth_core.fidelity.results import FeatureFidelity

_MOST_CELLS = 30


def feature_detail(feature: FeatureFidelity) -> Chart:
    """Shares per cell; at most 30 levels, the rest as one."""
    if not feature.marginal.labels:
        return blank(f"{feature.name} has no values to draw.")
    figure = go.Figure()
    draw_shares(figure, feature, _MOST_CELLS, legend=True, holdout=True)
    styled(figure, height=340, bargap=0.25, bargroupgap=0.05, margin_t=LEGEND - 16)
    return Chart(figure, f"{feature.name}: KL {feature.synthetic.kl:.3f}{largest_gap(feature)}.")
