"""What adding rows of a class does to thresholds and probabilities (two classes)."""

from __future__ import annotations

from math import log, log10

import plotly.graph_objects as go

from synth_core.charts.base import QUIET, TEXT, Chart, blank, padded, plain, signed
from synth_core.charts.by_arm import arm_rows, styled_rows
from synth_core.lift.results import ArmResult, Study

_NARROWEST = 0.1  #: range of F1 on the axis
_RIGHT = 1.1  #: times too many, or too few, positives that pass as right
_LOWEST = 0.01  #: smaller inflations are drawn at the edge
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)
_TWO_CLASSES = "needs a target with two classes."


def f1_thresholds(study: Study) -> Chart:
    """F1 at 0.5 and at the tuned threshold, of every arm on real rows and every candidate.

    Rows of the rarer class move a model's probabilities up; so does a lower threshold, without them.
    """
    arms = [
        a for a in study.arms
        if a.role in ("reference", "candidate") and a.scores.f1_at_half is not None and a.scores.f1_tuned is not None
    ]  # fmt: skip
    if not arms:
        return blank(f"F1 at two thresholds {_TWO_CLASSES}")
    figure = go.Figure()
    for name, symbol in (("at 0.5", "circle-open"), ("at the tuned threshold", "circle")):
        figure.add_scatter(
            x=[None], y=[None], mode="markers", name=name,
            marker={"symbol": symbol, "size": 10, "color": QUIET, "line": {"color": QUIET, "width": 2}},
        )  # fmt: skip
    values = {a.key: f"{a.scores.f1_at_half:.3f} → {a.scores.f1_tuned:.3f}" for a in arms}
    rows = arm_rows(figure, arms, values)
    for row in rows:
        name, half, tuned = plain(row.arm.title), row.arm.scores.f1_at_half, row.arm.scores.f1_tuned
        figure.add_scatter(
            x=[half, tuned], y=[row.y, row.y], mode="lines", line={"color": row.colour, "width": 2},
            name=f"{name}, from one to the other", showlegend=False, hoverinfo="skip",
        )  # fmt: skip
        figure.add_scatter(
            x=[half, tuned],
            y=[row.y, row.y],
            mode="markers",
            marker={
                "symbol": [f"{row.symbol}-open", row.symbol],
                "size": [13, 9],  # one inside the other where they meet
                "opacity": 1,  # Plotly fades marks of several sizes
                "color": row.colour,
                "line": {"color": row.colour, "width": 2},
            },
            name=name,
            customdata=["at 0.5", "at the tuned threshold"],
            hovertemplate=f"{name}<br>F1 %{{x:.3f}} %{{customdata}}<extra></extra>",
            showlegend=False,
            cliponaxis=False,
        )
    styled_rows(figure, rows, margin_t=18, xaxis={"range": _f1_range(arms), "title": {"text": "F1"}, "nticks": 6})
    return Chart(figure, _f1_takeaway(arms))


def inflation(study: Study) -> Chart:
    """How many positives each arm's probabilities say there are, over how many there are; on a log axis."""
    arms = [a for a in study.arms if a.inflation is not None]
    if not arms:
        return blank(f"Inflation of probabilities {_TWO_CLASSES}")
    figure = go.Figure()
    figure.add_vline(1, line={"color": TEXT, "width": 1}, layer="below")
    figure.add_annotation(
        text="1 = right on average", x=0, y=0, yanchor="top", showarrow=False, font={"size": 11, "color": QUIET}
    )
    rows = arm_rows(figure, arms, {a.key: f"× {_times(a.inflation)}" for a in arms})
    for row in rows:
        name, value = plain(row.arm.title), max(row.arm.inflation, _LOWEST)
        figure.add_scatter(
            x=[1, value], y=[row.y, row.y], mode="lines", line={"color": row.colour, "width": 4},
            name=f"{name}, from 1", hoverinfo="skip",
        )  # fmt: skip
        figure.add_scatter(
            x=[value],
            y=[row.y],
            mode="markers",
            marker={
                "symbol": row.symbol,
                "size": 11,
                "color": row.colour,
                "line": {"color": row.colour, "width": 2 if "open" in row.symbol else 0},
            },
            name=name,
            hovertemplate=f"{name}<br>{_times(row.arm.inflation)} times as many positives as there are<extra></extra>",
            cliponaxis=False,
        )
    low, high = padded(*(log10(max(v, _LOWEST)) for v in (0.5, 2, *(a.inflation for a in arms))))
    styled_rows(
        figure,
        rows,
        showlegend=False,
        xaxis={
            "type": "log",
            "range": [low, high],
            "tickvals": _TICKS,
            "ticktext": [f"{t:g}" for t in _TICKS],
            "title": {"text": "Predicted over actual positives (log scale)"},
        },
    )
    return Chart(figure, _inflation_takeaway(study, arms))


def _f1_range(arms: list[ArmResult]) -> list[float]:
    values = [v for a in arms for v in (a.scores.f1_at_half, a.scores.f1_tuned)]
    middle = (min(values) + max(values)) / 2
    return list(padded(min(*values, middle - _NARROWEST / 2), max(*values, middle + _NARROWEST / 2)))


def _f1_takeaway(arms: list[ArmResult]) -> str:
    real, candidates = ([a for a in arms if a.role == role] for role in ("reference", "candidate"))
    parts = []
    if real:
        best = max(real, key=lambda a: a.scores.f1_tuned)
        parts.append(
            f"with real rows only, tuning the threshold alone reaches F1 {best.scores.f1_tuned:.3f} ({best.title}, "
            f"{best.scores.f1_at_half:.3f} at 0.5)"
        )
    if candidates:
        half = max(candidates, key=lambda a: a.scores.f1_at_half)
        tuned = max(candidates, key=lambda a: a.scores.f1_tuned)
        names = (f" ({half.title})", f" ({tuned.title})") if half is not tuned else ("", f" ({half.title})")
        parts.append(
            f"the best arm with synthetic rows has {half.scores.f1_at_half:.3f} at 0.5{names[0]} and "
            f"{tuned.scores.f1_tuned:.3f} tuned{names[1]}"
        )
    if real and candidates:
        parts.append(f"both tuned, the difference is {signed(tuned.scores.f1_tuned - best.scores.f1_tuned)}")
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _inflation_takeaway(study: Study, arms: list[ArmResult]) -> str:
    worst = max(arms, key=lambda a: abs(log(max(a.inflation, _LOWEST))))
    if 1 / _RIGHT <= worst.inflation <= _RIGHT:
        return (
            f"The probabilities of all {len(arms)} arms are about right on average: the farthest off, {worst.title}, "
            f"says {_times(worst.inflation)} times as many positives as there are."
        )
    reference = next((a for a in arms if a.key == study.reference and a is not worst), None)
    against = f", {reference.title} {_times(reference.inflation)} times" if reference else ""
    return f"Farthest off: {worst.title} says {_times(worst.inflation)} times as many positives as there are{against}."


def _times(value: float) -> str:
    """Two decimals near 1, fewer farther up."""
    return f"{value:.2f}" if value < 2 else f"{value:.1f}" if value < 20 else f"{value:.0f}"
