"""Charts of the single look at the locked holdout."""

from __future__ import annotations

import plotly.graph_objects as go

from synth_core.charts.base import (
    LEGEND,
    QUIET,
    REAL,
    SYNTHETIC,
    Chart,
    blank,
    decimal,
    interval,
    plain,
    signed,
    styled,
)
from synth_core.lift.results import HoldoutResult

_UNIT = {"range": [-0.02, 1.02], "tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".2~f"}
_REAL, _SYNTHETIC = "Real rows only", "With synthetic rows"
#: Name → line, marker symbol.
_LOOKS = {
    _REAL: ({"color": REAL, "width": 2.5}, "circle"),
    _SYNTHETIC: ({"color": SYNTHETIC, "width": 2.5, "dash": "dash"}, "diamond"),
}


def roc(holdout: HoldoutResult) -> Chart:
    """ROC curves of the reference and the chosen arm on the same real rows."""
    if holdout.roc_arm is None or holdout.roc_reference is None:
        return _two_classes("ROC curves")
    arm, reference = holdout.scores_arm.main, holdout.scores_reference.main
    figure = go.Figure()
    _line(figure, [0, 1], [0, 1], "Chance")
    _curves(
        figure,
        holdout,
        (holdout.roc_reference, f"AUC {reference:.3f}"),
        (holdout.roc_arm, f"AUC {arm:.3f}"),
        hover="false-positive rate %{x:.2f}<br>true-positive rate %{y:.2f}",
    )
    _axes(figure, "False-positive rate", "True-positive rate")
    return Chart(
        figure,
        f"ROC on the locked holdout: AUC {arm:.3f} with synthetic rows against {reference:.3f} with real rows only, "
        f"difference {signed(holdout.delta)} ({interval(holdout.low, holdout.high)}).",
    )


def precision_recall(holdout: HoldoutResult) -> Chart:
    """Precision over recall of the reference and the chosen arm, with the share of positive rows as base line."""
    if holdout.pr_arm is None or holdout.pr_reference is None:
        return _two_classes("Curves of precision and recall")
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


def calibration(holdout: HoldoutResult) -> Chart:
    """Share of positives over mean prediction of the reference and the chosen arm, with the diagonal of a perfect one.

    The axes end at the largest value, so that a rare class does not sit in a corner.
    """
    if holdout.calibration_arm is None or holdout.calibration_reference is None:
        return _two_classes("Calibration curves")
    arm, reference = holdout.scores_arm.ece, holdout.scores_reference.ece
    points = {_REAL: holdout.calibration_reference, _SYNTHETIC: holdout.calibration_arm}
    end = min(1.0, 1.02 * max(v for part in points.values() for said, was, _ in part for v in (said, was)))
    figure = go.Figure()
    _line(figure, [0, end], [0, end], "Exactly right")
    for (name, part), key, error in zip(
        points.items(), (holdout.reference, holdout.arm), (reference, arm), strict=True
    ):
        line, symbol = _LOOKS[name]
        figure.add_scatter(
            x=[said for said, _, _ in part],
            y=[was for _, was, _ in part],
            customdata=[rows for _, _, rows in part],
            mode="lines+markers",
            line=line,
            marker={"symbol": symbol, "size": 9, "color": line["color"]},
            name=f"{name}: ECE {error:.3f}",
            hovertemplate=f"{name} ({plain(key)})<br>said %{{x:.3f}}, was %{{y:.3f}}<br>%{{customdata}} rows"
            "<extra></extra>",
            cliponaxis=False,
        )
    _axes(figure, "Mean prediction", "Share of positives", range=[-0.02 * end, 1.02 * end], tickvals=None, nticks=6)
    rows = [n for _, _, n in holdout.calibration_arm]
    said = sum(p * n for p, _, n in holdout.calibration_arm) / sum(rows)
    was = sum(y * n for _, y, n in holdout.calibration_arm) / sum(rows)
    return Chart(
        figure,
        f"Calibration on the locked holdout: expected calibration error {arm:.3f} with synthetic rows against "
        f"{reference:.3f} with real rows only, over {_points(rows)}; with synthetic rows the mean prediction is "
        f"{decimal(said)} where {decimal(was)} are positive.",
    )


def _points(rows: list[int]) -> str:
    """``8 points of 10 rows``."""
    size = f"{rows[0]:,}" if min(rows) == max(rows) else f"{min(rows):,} to {max(rows):,}"
    return f"{len(rows)} point{'s' * (len(rows) > 1)} of {size} rows"


def _two_classes(what: str) -> Chart:
    return blank(f"{what} need a target with two classes.")


def _curves(figure: go.Figure, holdout: HoldoutResult, reference, arm, *, hover: str, shape: str = "linear") -> None:
    looks = ((reference, _REAL, holdout.reference), (arm, _SYNTHETIC, holdout.arm))
    for ((x, y), score), name, key in looks:
        figure.add_scatter(
            x=x,
            y=y,
            mode="lines",
            line={**_LOOKS[name][0], "shape": shape},
            name=f"{name}: {score}",
            hovertemplate=f"{name} ({plain(key)})<br>{hover}<extra></extra>",
        )


def _line(figure: go.Figure, x: list[float], y: list[float], name: str) -> None:
    figure.add_scatter(x=x, y=y, mode="lines", line={"color": QUIET, "width": 1, "dash": "dot"}, name=name,
                       legendrank=2000, hoverinfo="skip")  # fmt: skip


def _axes(figure: go.Figure, x: str, y: str, **changes) -> None:
    styled(
        figure,
        height=440,
        margin_t=LEGEND + 20,
        xaxis={**_UNIT, **changes, "title": {"text": x}},
        yaxis={**_UNIT, **changes, "title": {"text": y}},
    )
