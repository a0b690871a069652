"""ROC and precision–recall on the locked holdout: with and without synthetic rows."""

from __future__ import annotations

import plotly.graph_objects as go

from synth_core.charts.base import QUIET, REAL, SYNTHETIC, Chart, figure
from synth_core.lift.results import HoldoutResult

Points = tuple[tuple[float, ...], tuple[float, ...]]


def roc(holdout: HoldoutResult) -> Chart:
    """True against false positives, both arms, with the chance line."""
    fig = _overlay(holdout.roc_reference, holdout.roc_arm, "False positives %{x:.0%}, true positives %{y:.0%}")
    fig.add_shape(type="line", x0=0, y0=0, x1=1, y1=1, line={"color": QUIET, "width": 1, "dash": "dot"})
    fig.update_xaxes(title="False-positive rate", tickformat=".0%")
    fig.update_yaxes(title="True-positive rate", tickformat=".0%")
    return Chart(
        fig,
        f"ROC on the holdout: AUC {holdout.auc_arm:.3f} with and {holdout.auc_reference:.3f} without synthetic rows "
        f"(difference {holdout.delta:+.3f}, {holdout.low:+.3f} to {holdout.high:+.3f}).",
    )


def precision_recall(holdout: HoldoutResult) -> Chart:
    """Precision against recall, both arms, with the share of positives."""
    fig = _overlay(holdout.pr_reference, holdout.pr_arm, "Recall %{x:.0%}, precision %{y:.0%}")
    base = holdout.pr_reference[1][0]  # precision where every row is called positive
    fig.add_hline(y=base, line={"color": QUIET, "width": 1, "dash": "dot"})
    fig.update_xaxes(title="Recall", tickformat=".0%")
    fig.update_yaxes(title="Precision", tickformat=".0%")
    return Chart(
        fig,
        f"Precision and recall on the holdout: average precision {holdout.scores_arm.average_precision:.3f} with and "
        f"{holdout.scores_reference.average_precision:.3f} without synthetic rows; {base:.0%} of rows are positive.",
    )


def _overlay(reference: Points, arm: Points, hover: str) -> go.Figure:
    traces = [
        go.Scatter(
            x=points[0],
            y=points[1],
            mode="lines",
            name=name,
            line={"color": colour, "width": 2, "dash": dash},
            hovertemplate=hover + f"<extra>{name}</extra>",
        )
        for name, points, colour, dash in (
            ("Real rows only", reference, REAL, "solid"),
            ("Real + synthetic", arm, SYNTHETIC, "dash"),
        )
    ]
    fig = figure(*traces, height=380)
    fig.update_xaxes(range=[-0.01, 1.01])
    fig.update_yaxes(range=[-0.01, 1.02])
    return fig
