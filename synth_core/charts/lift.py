"""Charts of a lift study: the gain of each arm, and the chosen arm fold by fold."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, isfinite

import numpy as np
import plotly.graph_objects as go

from synth_core.charts.base import (
    BAND,
    EQUIVALENT,
    LEGEND,
    QUIET,
    SYNTHETIC,
    TEXT,
    Chart,
    blank,
    interval,
    padded,
    plain,
    signed,
    styled,
)
from synth_core.charts.by_arm import Row, arm_rows, styled_rows
from synth_core.lift.results import ArmResult, Study


def chosen_arm(study: Study) -> ArmResult | None:
    """The arm of the verdict; without one, the candidate with the best mean."""
    if study.verdict.arm is not None:
        return study.arm(study.verdict.arm)
    return max((a for a in study.arms if a.role == "candidate"), key=lambda a: a.delta or 0.0, default=None)


def arms_forest(study: Study) -> Chart:
    """Mean difference of the main score of every arm to the study's reference, with its 95 % interval.

    Arms of synthetic rows only do not set the range of the axis; one outside it is drawn as an arrow at the edge.
    """
    chosen, reference = chosen_arm(study), study.arm(study.reference)
    low, high = _range(study.arms)
    figure = go.Figure()
    figure.add_vrect(-EQUIVALENT, EQUIVALENT, fillcolor=BAND, line_width=0, layer="below")
    figure.add_vline(0, line={"color": TEXT, "width": 1}, layer="below")
    figure.add_annotation(
        text=f"shaded: less than {EQUIVALENT} either way", x=0, y=0, yanchor="top", showarrow=False,
        font={"size": 11, "color": QUIET},
    )  # fmt: skip
    values = {a.key: signed(a.delta) for a in study.arms if a.delta is not None}
    rows = arm_rows(figure, study.arms, values, bold=chosen and chosen.key)
    for row in rows:
        _marks(figure, row, study.metric, (low, high), is_chosen=chosen is not None and row.arm.key == chosen.key)
    styled_rows(
        figure,
        rows,
        showlegend=False,
        xaxis={
            "range": [low, high],
            "title": {"text": f"{study.metric} difference"},
            "tickformat": "+.2~f",
            "nticks": 7,
        },
    )
    against = f"against {reference.title} ({study.metric} {reference.scores.main:.3f})"
    if chosen is None or chosen.delta is None:
        return Chart(figure, f"No arm with synthetic rows was measured {against}.")
    candidates = sum(a.role == "candidate" for a in study.arms)
    return Chart(
        figure,
        f"Best of {candidates} arms with synthetic rows: {chosen.title}, {study.metric} {signed(chosen.delta)} "
        f"({interval(chosen.low, chosen.high)}) {against}; {_reading(chosen.low, chosen.high)}",
    )


def fold_differences(study: Study) -> Chart:
    """Main score of the chosen arm minus that of the reference on every test fold, with mean and 95 % interval.

    Folds whose rows cannot tell (one class only) are left out.
    """
    chosen = chosen_arm(study)
    if chosen is None or chosen.delta is None:
        return blank("No arm with synthetic rows was measured, so there are no differences to show.")
    reference = study.arm(study.reference)
    differences = np.subtract(chosen.fold_scores, reference.fold_scores)
    count, told = len(differences), np.flatnonzero(~np.isnan(differences))
    differences = differences[told]
    low, high = padded(*_finite(0.0, chosen.low, chosen.high, *differences))
    figure = go.Figure()
    figure.add_hrect(
        max(chosen.low, low), min(chosen.high, high), fillcolor="rgba(213, 94, 0, 0.12)", line_width=0, layer="below"
    )
    figure.add_hline(0, line={"color": TEXT, "width": 1}, layer="below")
    figure.add_scatter(
        x=np.repeat(told + 1, 3),
        y=[v for d in differences for v in (0, d, None)],
        mode="lines",
        line={"color": QUIET, "width": 1},
        name="Distance from zero",
        hoverinfo="skip",
        showlegend=False,
    )
    what = "test period" if study.by_date else "test fold"
    figure.add_scatter(
        x=told + 1,
        y=differences,
        mode="markers",
        marker={"symbol": "diamond", "size": 9, "color": SYNTHETIC},
        name=f"One {what}",
        customdata=[_fold_name(study, i) for i in told],
        hovertemplate=f"%{{customdata}}<br>{study.metric} difference %{{y:+.3f}}<extra></extra>",
    )
    figure.add_scatter(
        x=[0.4, count + 0.6],
        y=[chosen.delta] * 2,
        mode="lines",
        line={"color": SYNTHETIC, "dash": "dash", "width": 2},
        name="Mean and 95 % interval",
        hovertemplate=f"mean {signed(chosen.delta)}<br>{interval(chosen.low, chosen.high)}<extra></extra>",
    )
    styled(
        figure,
        height=340,
        margin_t=LEGEND,
        xaxis={
            "title": {"text": "Test period, earliest first" if study.by_date else "Test fold"},
            "range": [0.4, count + 0.6],
            "showgrid": False,
            "tick0": 1,
            "dtick": ceil(count / 10),
        },
        yaxis={"title": {"text": f"{study.metric} difference"}, "tickformat": "+.3~f", "range": [low, high]},
    )
    better = int((differences > 0).sum())
    shared = (
        "Later periods train on the rows of earlier ones" if study.by_date else "Folds share training rows"
    ) + ", so they are not independent."
    return Chart(
        figure,
        f"{chosen.title} is ahead of {reference.title} on {better} of {len(differences)} {what}s; "
        f"mean {study.metric} difference {signed(chosen.delta)}. {shared}",
    )


def _fold_name(study: Study, index: int) -> str:
    if study.by_date:
        return f"period {index + 1}"
    return f"repeat {index // study.folds + 1}, fold {index % study.folds + 1}"


def _reading(low: float, high: float) -> str:
    if low > 0:
        return "the interval lies above zero."
    if high < 0:
        return "the interval lies below zero."
    return "the interval includes zero."


def _range(arms: Iterable[ArmResult]) -> tuple[float, float]:
    """Axis range: everything that competes, and the band of practical equivalence."""
    ends = [e for a in arms if a.role != "synthetic only" for e in (a.low, a.delta, a.high)]
    return padded(-1.5 * EQUIVALENT, 1.5 * EQUIVALENT, *_finite(*ends))


def _finite(*values: float | None) -> list[float]:
    return [v for v in values if v is not None and isfinite(v)]


def _marks(figure: go.Figure, row: Row, metric: str, limits: tuple[float, float], *, is_chosen: bool) -> None:
    """Interval and mean of one arm, an arrow where they leave the axis; of the reference, what it is."""
    arm, name = row.arm, plain(row.arm.title)
    if arm.delta is None:
        figure.add_annotation(
            text="measured against", x=0, xshift=10, y=row.y, xanchor="left", showarrow=False, font_color=QUIET
        )
    delta = arm.delta or 0.0
    low, high = (delta if e is None else e for e in (arm.low, arm.high))
    figure.add_scatter(
        x=[max(low, limits[0]), min(high, limits[1])],
        y=[row.y, row.y],
        mode="lines",
        line={"color": row.colour, "width": 4 if is_chosen else 2},
        name=f"{name}, 95 % interval",
        hoverinfo="skip",
    )
    outside = delta < limits[0] or delta > limits[1]
    figure.add_scatter(
        x=[min(max(delta, limits[0]), limits[1])],
        y=[row.y],
        mode="markers",
        marker={
            "symbol": ("triangle-left" if delta < 0 else "triangle-right") if outside else row.symbol,
            "size": 15 if is_chosen else 11,
            "color": row.colour,
            "line": {
                "color": TEXT if is_chosen else row.colour,
                "width": 2 if is_chosen or "open" in row.symbol else 0,
            },
        },
        cliponaxis=False,
        name=name,
        hovertemplate=f"{name}<br>{_hover(arm, metric)}<extra></extra>",
    )


def _hover(arm: ArmResult, metric: str) -> str:
    score = f"{metric} {arm.scores.main:.3f}"
    if arm.delta is None:
        return f"{score}<br>the reference"
    holm = "" if arm.p_holm is None else f"<br>p {arm.p_holm:.3f} after Holm"
    return f"{score}, difference {signed(arm.delta)}<br>{interval(arm.low, arm.high)}{holm}"
