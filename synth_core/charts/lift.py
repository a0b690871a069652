"""Charts of a lift study: the gain of each arm, and the chosen arm fold by fold."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from synth_core.charts.base import (
    BAND,
    LEGEND,
    QUIET,
    REAL,
    SYNTHETIC,
    TEXT,
    Chart,
    blank,
    interval,
    plain,
    short,
    signed,
    styled,
)
from synth_core.lift.results import ArmResult, Study

EQUIVALENT = 0.01  #: AUC differences inside ± this are the same in practice
_ROW = 42  #: pixels
_TITLE_LENGTH, _ALONE = 41, 46  #: characters beside a figure, and without one
#: Role → heading, colour, marker symbol; in reading order.
_ROLES = {
    "reference": ("Real rows only", REAL, "circle"),
    "control": ("Control", REAL, "circle-open"),
    "candidate": ("Real and synthetic rows", SYNTHETIC, "diamond"),
    "line": ("For comparison", QUIET, "triangle-up"),
    "synthetic only": ("Synthetic rows only", SYNTHETIC, "diamond-open"),
}


def chosen_arm(study: Study) -> ArmResult | None:
    """The arm of the verdict; without one, the candidate with the best mean."""
    if study.verdict.arm is not None:
        return study.arm(study.verdict.arm)
    return max((a for a in study.arms if a.role == "candidate"), key=lambda a: a.delta or 0.0, default=None)


def arms_forest(study: Study) -> Chart:
    """Mean AUC difference of every arm to the study's reference, with its 95 % interval.

    Arms of synthetic rows only do not set the range of the axis; one outside it is drawn as an arrow at the edge.
    """
    chosen, reference = chosen_arm(study), study.arm(study.reference)
    low, high = _range(study.arms)
    figure = go.Figure()
    figure.add_vrect(-EQUIVALENT, EQUIVALENT, fillcolor=BAND, line_width=0, layer="below")
    figure.add_vline(0, line={"color": TEXT, "width": 1}, layer="below")
    y = -0.3
    for role, (heading, colour, symbol) in _ROLES.items():
        arms = [a for a in study.arms if a.role == role]
        if not arms:
            continue
        y -= 0.75
        _label(figure, heading.upper(), y, size=10, color=QUIET)
        for arm in arms:
            y -= 1
            is_chosen = chosen is not None and arm.key == chosen.key
            name = short(arm.title, _TITLE_LENGTH if arm.delta is not None else _ALONE)
            _label(figure, f"<b>{name}</b>" if is_chosen else name, y + 0.42)
            _value(figure, arm, y + 0.42)
            _row(figure, arm, y, colour, symbol, (low, high), is_chosen)
    figure.add_annotation(
        text=f"shaded: less than {EQUIVALENT} either way", x=0, y=0, yanchor="top", showarrow=False,
        font={"size": 11, "color": QUIET},
    )  # fmt: skip
    styled(
        figure,
        height=round(-y * _ROW) + 70,
        showlegend=False,
        xaxis={"range": [low, high], "title": {"text": "AUC difference"}, "tickformat": "+.2~f", "nticks": 7},
        yaxis={"range": [y - 0.4, 0], "visible": False, "fixedrange": True},
    )
    against = f"against {reference.title} (AUC {reference.scores.auc:.3f})"
    if chosen is None or chosen.delta is None:
        return Chart(figure, f"No arm with synthetic rows was measured {against}.")
    candidates = sum(a.role == "candidate" for a in study.arms)
    return Chart(
        figure,
        f"Best of {candidates} arms with synthetic rows: {chosen.title}, AUC {signed(chosen.delta)} "
        f"({interval(chosen.low, chosen.high)}) {against}; {_reading(chosen.low, chosen.high)}",
    )


def fold_differences(study: Study) -> Chart:
    """AUC of the chosen arm minus AUC of the reference on every test fold, with mean and 95 % interval."""
    chosen = chosen_arm(study)
    if chosen is None or chosen.delta is None:
        return blank("No arm with synthetic rows was measured, so there are no differences to show.")
    reference = study.arm(study.reference)
    differences = np.subtract(chosen.fold_auc, reference.fold_auc)
    x = np.arange(1, len(differences) + 1)
    names = [f"repeat {(i - 1) // study.folds + 1}, fold {(i - 1) % study.folds + 1}" for i in x]
    figure = go.Figure()
    figure.add_hrect(chosen.low, chosen.high, fillcolor="rgba(213, 94, 0, 0.12)", line_width=0, layer="below")
    figure.add_hline(0, line={"color": TEXT, "width": 1}, layer="below")
    figure.add_scatter(
        x=np.repeat(x, 3),
        y=[v for d in differences for v in (0, d, None)],
        mode="lines",
        line={"color": QUIET, "width": 1},
        name="Distance from zero",
        hoverinfo="skip",
        showlegend=False,
    )
    figure.add_scatter(
        x=x,
        y=differences,
        mode="markers",
        marker={"symbol": "diamond", "size": 9, "color": SYNTHETIC},
        name="One test fold",
        customdata=names,
        hovertemplate="%{customdata}<br>AUC difference %{y:+.3f}<extra></extra>",
    )
    figure.add_scatter(
        x=[0.4, len(x) + 0.6],
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
        xaxis={"title": {"text": "Test fold"}, "range": [0.4, len(x) + 0.6], "showgrid": False, "nticks": 10},
        yaxis={
            "title": {"text": "AUC difference"},
            "tickformat": "+.3~f",
            "range": _padded(0.0, chosen.low, chosen.high, *differences),
        },
    )
    better = int((differences > 0).sum())
    return Chart(
        figure,
        f"{chosen.title} is ahead of {reference.title} on {better} of {len(differences)} test folds; "
        f"mean AUC difference {signed(chosen.delta)}. Folds share training rows, so they are not independent.",
    )


def _reading(low: float, high: float) -> str:
    if low > 0:
        return "the interval lies above zero."
    if high < 0:
        return "the interval lies below zero."
    return "the interval includes zero."


def _range(arms: tuple[ArmResult, ...]) -> tuple[float, float]:
    """Axis range: everything that competes, and the band of practical equivalence."""
    ends = [e for a in arms if a.role != "synthetic only" for e in (a.low, a.delta, a.high) if e is not None]
    return _padded(-1.5 * EQUIVALENT, 1.5 * EQUIVALENT, *ends)


def _padded(*values: float) -> tuple[float, float]:
    pad = 0.06 * (max(values) - min(values))
    return min(values) - pad, max(values) + pad


def _label(figure: go.Figure, text: str, y: float, *, size: int = 12, color: str = TEXT) -> None:
    figure.add_annotation(
        text=text, x=0, xref="paper", y=y, xanchor="left", yanchor="middle", showarrow=False, align="left",
        font={"size": size, "color": color},
    )  # fmt: skip


def _value(figure: go.Figure, arm: ArmResult, y: float) -> None:
    """The difference, at the right edge; for the reference, what it is, beside its mark."""
    if arm.delta is None:
        figure.add_annotation(
            text="measured against", x=0, xshift=10, y=y - 0.42, xanchor="left", showarrow=False, font_color=QUIET
        )
    else:
        figure.add_annotation(text=signed(arm.delta), x=1, xref="paper", y=y, xanchor="right", showarrow=False)


def _row(
    figure: go.Figure,
    arm: ArmResult,
    y: float,
    colour: str,
    symbol: str,
    limits: tuple[float, float],
    is_chosen: bool,
) -> None:
    """Interval and mean of one arm; an arrow where they leave the axis."""
    delta = arm.delta or 0.0
    low, high = (delta if e is None else e for e in (arm.low, arm.high))
    figure.add_scatter(
        x=[max(low, limits[0]), min(high, limits[1])],
        y=[y, y],
        mode="lines",
        line={"color": colour, "width": 4 if is_chosen else 2},
        name=f"{plain(arm.title)}, 95 % interval",
        hoverinfo="skip",
    )
    outside = delta < limits[0] or delta > limits[1]
    figure.add_scatter(
        x=[min(max(delta, limits[0]), limits[1])],
        y=[y],
        mode="markers",
        marker={
            "symbol": ("triangle-left" if delta < 0 else "triangle-right") if outside else symbol,
            "size": 15 if is_chosen else 11,
            "color": colour,
            "line": {"color": TEXT if is_chosen else colour, "width": 2 if is_chosen or "open" in symbol else 0},
        },
        cliponaxis=False,
        name=plain(arm.title),
        hovertemplate=f"{plain(arm.title)}<br>{_hover(arm)}<extra></extra>",
    )


def _hover(arm: ArmResult) -> str:
    auc = f"AUC {arm.scores.auc:.3f}"
    if arm.delta is None:
        return f"{auc}<br>the reference"
    holm = "" if arm.p_holm is None else f"<br>p {arm.p_holm:.3f} after Holm"
    return f"{auc}, difference {signed(arm.delta)}<br>{interval(arm.low, arm.high)}{holm}"
