"""What following a model costs: conversions lost, where the money goes, and what the next unit of it brings."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from synth_core.charts.base import LEGEND, TEXT, Chart, blank, plain, styled
from synth_core.charts.journey_marks import (
    HATCH,
    MODEL,
    OTHER,
    TRUTH,
    average,
    largest,
    left_out,
    percent,
    plus_minus,
    rows_of,
    spread,
)
from synth_core.journeys.results import Budget, Grades, League, Mean

_NO_MONEY = "No channel of this world costs anything, so that there is no budget to move."
_PER = 1_000  #: money that the marginal return is given for


def journey_lost(league: League) -> Chart:
    """Conversions lost per model when its credit steers the budget, fewest first."""
    models = sorted((m for m in league.models if m.lost is not None), key=lambda m: m.lost.mean)
    if not models:
        return blank(_NO_MONEY)
    figure = go.Figure()
    figure.add_bar(
        x=[m.lost.mean for m in models],
        y=list(range(len(models))),
        orientation="h",
        width=0.62,
        error_x={"type": "data", "array": [spread(m.lost) for m in models], "color": TEXT, "thickness": 1.5, "width": 4}
        if any(m.lost.se for m in models) else None,
        marker_color=MODEL,
        name="Conversions lost",
        customdata=[(plain(m.name), plus_minus(m.lost), plus_minus(m.regret, 100) if m.regret else "–")
                    for m in models],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]} conversions lost (%{customdata[2]} %)<extra></extra>",
    )  # fmt: skip
    styled(
        figure,
        height=64 + 28 * len(models),
        showlegend=False,
        xaxis={"title": {"text": "Conversions lost against the best budget found"}, "nticks": 6, "rangemode": "tozero"},
        yaxis=rows_of([m.name for m in models], 22),
    )
    first, last = models[0], models[-1]
    text = f"{first.name} loses the fewest conversions: {plus_minus(first.lost)}"
    if last is not first:
        text += f"; {last.name} the most: {plus_minus(last.lost)}"
        text += f" ({percent(last.regret.mean)} of what the best budget brings)" if last.regret else ""
    return Chart(figure, text + ".")


def journey_allocations(grades: Grades, model: str) -> Chart:
    """Money per channel today, in the best budget found, and when it follows the model (mean over seeds)."""
    budget = grades.budget
    if budget is None:
        return blank(_NO_MONEY)
    channels, place = grades.world.names, _place(grades, model)
    if place is None:
        return blank("This model could not be used in this world.")
    following = average([a.spend for a in budget.models[place]])
    series = (
        ("Today", budget.today.spend, {"color": OTHER}),
        ("Best found", budget.best.spend, {"color": TRUTH, "pattern": HATCH}),
        (f"Following {grades.samples[0].credits[place].name}", following, {"color": MODEL}),
    )
    paid = [i for i, channel in enumerate(grades.world.channels) if channel.cost > 0]
    kept = [paid[i] for i in largest([budget.best.spend[j] for j in paid])]
    figure = go.Figure()
    for name, spend, marker in series:
        figure.add_bar(
            x=[spend[i] for i in kept],
            y=list(range(len(kept))),
            orientation="h",
            marker=marker,
            name=plain(name),
            customdata=[plain(channels[i]) for i in kept],
            hovertemplate=f"%{{customdata}}<br>{plain(name)}: %{{x:,.0f}}<extra></extra>",
        )
    styled(
        figure,
        height=LEGEND + 70 + 46 * len(kept),
        margin_t=LEGEND,
        bargap=0.28,
        barmode="group",
        xaxis={"title": {"text": "Money per channel"}, "nticks": 5, "tickformat": "~s", "rangemode": "tozero"},
        yaxis=rows_of([channels[i] for i in kept]),
    )
    return Chart(figure, _moved(budget, following, channels, kept) + left_out(len(kept), len(paid), "paid channels"))


def journey_marginal(grades: Grades) -> Chart:
    """Further conversions that the next money on each paid channel brings at today's budget."""
    per = {i: m for i in range(len(grades.world.channels)) if (m := _marginal(grades, i)) is not None}
    if not per:
        return blank(_NO_MONEY)
    names = grades.world.names
    ranked = sorted(per, key=lambda i: -per[i].mean)
    kept = ranked[:24]
    figure = go.Figure()
    figure.add_scatter(
        x=[per[i].mean for i in kept],
        y=list(range(len(kept))),
        error_x={"type": "data", "array": [spread(per[i]) for i in kept], "color": TEXT, "thickness": 1.5, "width": 4},
        mode="markers",
        marker={"symbol": "diamond", "size": 11, "color": TRUTH},
        name="Marginal return",
        cliponaxis=False,
        customdata=[(plain(names[i]), plus_minus(per[i], digits=2)) for i in kept],
        hovertemplate=f"%{{customdata[0]}}<br>%{{customdata[1]}} conversions for the next {_PER:,}<extra></extra>",
    )
    figure.add_vline(0, line={"color": TEXT, "width": 1}, layer="below")
    styled(
        figure,
        height=72 + 28 * len(kept),
        showlegend=False,
        xaxis={"title": {"text": f"Conversions for the next {_PER:,} of money (± SE)"}, "nticks": 6,
               "rangemode": "tozero"},
        yaxis=rows_of([names[i] for i in kept]),
    )  # fmt: skip
    top = ranked[0]
    text = (
        f"At today's budget the next {_PER:,} of money brings {plus_minus(per[top])} conversions on {names[top]}, "
        f"the most of all channels"
    )
    if len(ranked) > 1:
        text += f", and {plus_minus(per[ranked[-1]])} on {names[ranked[-1]]}, the fewest"
    return Chart(figure, f"{text}.")


def _place(grades: Grades, model: str) -> int | None:
    return next((i for i, c in enumerate(grades.samples[0].credits) if c.model == model), None)


def _marginal(grades: Grades, channel: int) -> Mean | None:
    """Mean over seeds; its standard error from their spread, or the seed's own where there is one only."""
    found = [(s.truth.marginal[channel], s.truth.marginal_se[channel]) for s in grades.samples]
    values = [v for v, _ in found if v is not None]
    if not values:
        return None
    mean = sum(values) / len(values)
    if len(values) == 1:
        error = found[0][1]
    else:
        error = (sum((v - mean) ** 2 for v in values) / (len(values) - 1) / len(values)) ** 0.5
    return Mean(_PER * mean, None if error is None else _PER * error)


def _moved(budget: Budget, following: Sequence[float], channels: Sequence[str], kept: Sequence[int]) -> str:
    if not kept:
        return _NO_MONEY
    apart = max(kept, key=lambda i: abs(following[i] - budget.best.spend[i]))
    more = following[apart] > budget.best.spend[apart]
    return (
        f"The same {budget.total:,.0f} in all. It puts {abs(following[apart] - budget.best.spend[apart]):,.0f} too "
        f"{'much' if more else 'little'} on {channels[apart]}, its largest mistake against the best budget found."
    )
