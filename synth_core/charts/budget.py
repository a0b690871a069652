"""The privacy budget: what it is spent on, and what it buys."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Literal

import plotly.graph_objects as go

from synth_core.charts.base import (
    LEGEND,
    QUIET,
    REAL,
    SYNTHETIC,
    Chart,
    blank,
    padded,
    percent,
    plain,
    styled,
)
from synth_core.generators.dp.release import Spend
from synth_core.generators.dp.utility import Measured, UtilityCurve

Measure = Literal["two_way", "worst_kl", "transfer"]
_NAMES = {"two_way": "Mean error of pairs", "worst_kl": "KL of the worst column"}
_OPEN = "#009E73"  #: rows without a guarantee


def budget_split(spent: Sequence[Spend]) -> Chart:
    """One bar for each part of the budget, as a share of ρ."""
    spent = [s for s in spent if s.rho]  # turning ρ into ε costs δ only
    total = sum(s.rho for s in spent)
    if not spent:
        return blank("Nothing is spent yet.")
    figure = go.Figure()
    for spend in spent:
        share, name = spend.rho / total, plain(spend.what)
        figure.add_bar(
            x=[share],
            y=[name],
            orientation="h",
            marker_color=SYNTHETIC,
            text=[percent(share)],
            textposition="outside",
            cliponaxis=False,
            name=name,
            hovertemplate=f"{name}<br>%{{x:.1%}} of the budget<br>ρ = {spend.rho:.3g}<extra></extra>",
        )
    styled(
        figure,
        height=40 + 38 * len(spent),
        showlegend=False,
        bargap=0.35,
        xaxis={"visible": False, "range": [0, 1.15 * max(s.rho for s in spent) / total]},
        yaxis={"autorange": "reversed", "showgrid": False},
    )
    largest = max(spent, key=lambda s: s.rho)
    return Chart(
        figure,
        f"{percent(largest.rho / total)} of the budget goes to {_inside(largest.what)}, the largest of {len(spent)} "
        f"part{'s' * (len(spent) > 1)}.",
    )


def utility_curve(curve: UtilityCurve, measure: Measure = "two_way") -> Chart:
    """One measure by ε (log axis), means over the repeats with their range, and the baselines it lies between."""
    name = _NAMES.get(measure) or f"{curve.metric}, trained on synthetic rows"
    points = [(p.epsilon, found) for p in curve.points if (found := getattr(p.utility, measure)).values]
    if not points:
        return blank(f"{name}: {_why(curve)}")
    figure = go.Figure()
    ends = [log10(points[0][0]), log10(points[-1][0])]
    x = [10 ** (ends[0] - 0.15), 10 ** (ends[1] + 0.15)]
    lines = [
        ("Independent columns", getattr(curve.independent, measure), QUIET, "dot"),
        ("Trees (no privacy)", getattr(curve.without_noise, measure), _OPEN, "dashdot"),
    ]
    if measure == "transfer" and curve.real is not None:
        lines.append(("Real training rows", Measured((curve.real,)), REAL, "solid"))
    for title, found, colour, dash in lines:
        if found.values:
            figure.add_scatter(
                x=x, y=[found.mean] * 2, mode="lines", name=title, line={"color": colour, "width": 2, "dash": dash},
                hovertemplate=f"{title}<br>{name} %{{y:.3f}}<extra></extra>",
            )  # fmt: skip
    figure.add_scatter(
        x=[e for e, _ in points],
        y=[m.mean for _, m in points],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [m.high - m.mean for _, m in points],
            "arrayminus": [m.mean - m.low for _, m in points],
            "thickness": 1.5,
        },
        customdata=[f"{m.low:.3f} to {m.high:.3f}" for _, m in points],
        mode="lines+markers",
        name="Private rows",
        line={"color": SYNTHETIC, "width": 2.5},
        marker={"symbol": "diamond", "size": 9, "color": SYNTHETIC},
        cliponaxis=False,
        hovertemplate=f"ε = %{{x:g}}<br>{name} %{{y:.3f}}<br>repeats %{{customdata}}<extra></extra>",
    )
    levels = [v for m in (*(m for _, m in points), *(line[1] for line in lines)) for v in m.values]
    styled(
        figure,
        height=340,
        margin_t=LEGEND,
        xaxis={
            "type": "log",
            "range": [log10(x[0]), log10(x[1])],
            "tickvals": [e for e, _ in points],
            "ticktext": [f"{e:g}" for e, _ in points],
            "showgrid": False,
            "title": {"text": "ε (log scale); smaller protects more"},
        },
        yaxis={
            "title": {"text": name},
            "tickformat": ".3~f",
            "nticks": 6,
            "range": padded(*levels) if measure == "transfer" else padded(0, *levels),
        },
    )
    return Chart(figure, _takeaway(curve, measure, name, points))


def _takeaway(curve: UtilityCurve, measure: Measure, name: str, points: list[tuple[float, Measured]]) -> str:
    epsilon, found = min(points, key=lambda p: abs(log10(p[0])))
    free, alone = (getattr(u, measure) for u in (curve.without_noise, curve.independent))
    times = f" over {len(found.values)} repeats" if len(found.values) > 1 else ""
    text = f"{name} at ε = {epsilon:g}: {found.mean:.3f} ({found.low:.3f} to {found.high:.3f}{times})"
    if free.values and alone.values:
        text += f"; Trees without privacy {free.mean:.3f}, independent columns {alone.mean:.3f}"
    if alone.values and measure != "worst_kl":  # shuffled columns have the real shares
        text += f". {_better(points, alone, higher=measure == 'transfer')}"
    return text + "."


def _better(points: list[tuple[float, Measured]], alone: Measured, *, higher: bool) -> str:
    """Where every repeat beats every one of independent columns."""
    better = [e for e, m in points if (m.low > alone.high if higher else m.high < alone.low)]
    if not better:
        return "At no ε were all repeats better than independent columns"
    if better == [e for e, _ in points if e >= better[0]]:
        return f"From ε = {better[0]:g} on all repeats were better than independent columns"
    return f"At ε = {', '.join(f'{e:g}' for e in better)} all repeats were better than independent columns"


def _why(curve: UtilityCurve) -> str:
    return curve.unavailable[-1].reason if curve.unavailable else "it could not be measured."


def _inside(what: str) -> str:
    """A heading inside a sentence."""
    return what[:1].lower() + what[1:]
