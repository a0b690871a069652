"""Charts of the single look at the locked holdout."""

from __future__ import annotations

import plotly.graph_objects as go

from synth_core.charts.base import LEGEND, QUIET, REAL, SYNTHETIC, Chart, interval, plain, signed, styled
from synth_core.lift.results import HoldoutResult

_UNIT = {"range": [-0.02, 1.02], "tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".2~f"}


def roc(holdout: HoldoutResult) -> Chart:
    """ROC curves of the reference and the chosen arm on the same real rows."""
    figure = go.Figure()
    _line(figure, [0, 1], [0, 1], "Chance")
    _curves(
        figure,
        holdout,
        (holdout.roc_reference, f"AUC {holdout.auc_reference:.3f}"),
        (holdout.roc_arm, f"AUC {holdout.auc_arm:.3f}"),
        hover="false-positive rate %{x:.2f}<br>true-positive rate %{y:.2f}",
    )
    _axes(figure, "False-positive rate", "True-positive rate")
    return Chart(
        figure,
        f"ROC on the locked holdout: AUC {holdout.auc_arm:.3f} with synthetic rows against "
        f"{holdout.auc_reference:.3f} with real rows only, difference {signed(holdout.delta)} "
        f"({interval(holdout.low, holdout.high)}).",
    )


def precision_recall(holdout: HoldoutResult) -> Chart:
    """Precision over recall of the reference and the chosen arm, with the share of positive rows as base line."""
    # Precision at full recall can be no lower than the share of positives, and is that share when all rows are called.
    base = min(p for curve in (holdout.pr_arm, holdout.pr_reference) for r, p in zip(*curve, strict=True) if r == 1)
    arm, reference = (s.average_precision for s in (holdout.scores_arm, holdout.scores_reference))
    figure = go.Figure()
    _line(figure, [0, 1], [base, base], f"Share of positives {base:.3f}")
    _curves(
        figure,
        holdout,
        (holdout.pr_reference, f"AP {reference:.3f}"),
        (holdout.pr_arm, f"AP {arm:.3f}"),
        hover="recall %{x:.2f}<br>precision %{y:.2f}",
        shape="hv",
    )
    _axes(figure, "Recall", "Precision")
    return Chart(
        figure,
        f"Precision and recall on the locked holdout: average precision {arm:.3f} with synthetic rows against "
        f"{reference:.3f} with real rows only; {base:.3f} of the rows are positive.",
    )


def _curves(figure: go.Figure, holdout: HoldoutResult, reference, arm, *, hover: str, shape: str = "linear") -> None:
    looks = (
        (reference, "Real rows only", holdout.reference, {"color": REAL, "width": 2.5}),
        (arm, "With synthetic rows", holdout.arm, {"color": SYNTHETIC, "width": 2.5, "dash": "dash"}),
    )
    for ((x, y), score), name, key, line in looks:
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            line={**line, "shape": shape},
            name=f"{name}: {score}",
            hovertemplate=f"{name} ({plain(key)})<br>{hover}<extra></extra>",
        )


def _line(figure: go.Figure, x: list[float], y: list[float], name: str) -> None:
    figure.add_scatter(x=x, y=y, mode="lines", line={"color": QUIET, "width": 1, "dash": "dot"}, name=name,
                       legendrank=2000, hoverinfo="skip")  # fmt: skip


def _axes(figure: go.Figure, x: str, y: str) -> None:
    styled(
        figure,
        height=440,
        margin_t=LEGEND + 20,
        xaxis={**_UNIT, "title": {"text": x}},
        yaxis={**_UNIT, "title": {"text": y}},
    )
