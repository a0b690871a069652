"""Credit of a model beside the truth, and what several models make of journeys without one."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from synth_core.charts.base import LEGEND, TEXT, Chart, blank, plain, styled
from synth_core.charts.journey_marks import (
    MODEL,
    OTHER,
    TRUTH,
    average,
    largest,
    left_out,
    percent,
    points,
    rows_of,
)
from synth_core.journeys.results import TRUTHS, Attributed, Credits, Grades, Interval, TruthName

_MARK = {"symbol": "diamond", "size": 11, "color": MODEL, "line": {"color": "#FFFFFF", "width": 1}}


def journey_shares(grades: Grades, model: str, truth: TruthName = "shapley") -> Chart:
    """True share of each channel as a bar, the model's as a marker with its bootstrap interval; means over seeds."""
    channels = grades.world.names
    held = average([s.truth.share(truth) for s in grades.samples])
    found = [next(((c, i) for c, i in zip(s.credits, s.intervals, strict=True) if c.model == model), None)
             for s in grades.samples]  # fmt: skip
    found = [pair for pair in found if pair is not None]
    if not found:
        return blank("This model could not be used in this world.")
    share = average([c.share for c, _ in found])
    limits = [i for _, i in found if i is not None]
    name = found[0][0].name
    kept = largest([max(pair) for pair in zip(held, share, strict=True)])
    figure = go.Figure()
    figure.add_bar(
        x=[held[i] for i in kept],
        y=list(range(len(kept))),
        orientation="h",
        width=0.6,
        marker_color=TRUTH,
        name="Truth",
        customdata=[plain(channels[i]) for i in kept],
        hovertemplate="%{customdata}<br>true share %{x:.1%}<extra></extra>",
    )
    _marks(figure, name, channels, share, limits, kept)
    _styled(figure, [channels[i] for i in kept], "Share of all channels")
    worst = max(range(len(channels)), key=lambda i: abs(share[i] - held[i]))
    return Chart(
        figure,
        f"{name} gives {channels[worst]} {percent(share[worst])} of the credit; its true share is "
        f"{percent(held[worst])} ({points(share[worst] - held[worst])} points), the largest error. Truth: "
        f"{TRUTHS[truth][:1].lower() + TRUTHS[truth][1:] if truth != 'shapley' else TRUTHS[truth]}; "
        f"{_over(len(grades.samples))}{'; lines are 95 % bootstrap intervals' if limits else ''}."
        f"{left_out(len(kept), len(channels))}",
    )


def journey_credits(attributed: Attributed, model: str) -> Chart:
    """Share of credit per channel by every model, one of them with its interval: how far models disagree."""
    if not attributed.credits:
        return blank("No model could be used on these journeys.")
    chosen, interval = next(
        ((c, i) for c, i in zip(attributed.credits, attributed.intervals, strict=True) if c.model == model),
        (attributed.credits[0], attributed.intervals[0]),
    )
    channels = chosen.channels
    others = [c for c in attributed.credits if c is not chosen]
    kept = largest([max(c.share[i] for c in attributed.credits) for i in range(len(channels))])
    figure = go.Figure()
    if others:
        figure.add_scatter(
            x=[c.share[i] for c in others for i in kept],
            y=[row for _ in others for row in range(len(kept))],
            mode="markers",
            marker={"symbol": "circle-open", "size": 9, "color": OTHER, "line": {"width": 1.5}},
            name="Other models",
            customdata=[(plain(channels[i]), plain(c.name)) for c in others for i in kept],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}: %{x:.1%}<extra></extra>",
        )
    _marks(figure, chosen.name, channels, chosen.share, [interval] if interval else [], kept)
    _styled(figure, [channels[i] for i in kept], "Share of credit")
    return Chart(figure, _disagreement(attributed.credits, channels) + left_out(len(kept), len(channels)))


def _disagreement(found: Sequence[Credits], channels: Sequence[str]) -> str:
    if len(found) == 1:
        top = max(range(len(channels)), key=lambda i: found[0].share[i])
        return f"{found[0].name} gives {channels[top]} the most: {percent(found[0].share[top])} of the credit."
    ranges = [sorted(found, key=lambda c, i=i: c.share[i]) for i in range(len(channels))]
    wide = max(range(len(channels)), key=lambda i: ranges[i][-1].share[i] - ranges[i][0].share[i])
    low, high = ranges[wide][0], ranges[wide][-1]
    return (
        f"The {len(found)} models disagree most about {channels[wide]}: from {percent(low.share[wide])} ({low.name}) "
        f"to {percent(high.share[wide])} ({high.name}). Which of them is right, these journeys cannot tell."
    )


def _marks(
    figure: go.Figure, name: str, channels: Sequence[str], share: Sequence[float], limits: Sequence[Interval],
    kept: Sequence[int],
) -> None:  # fmt: skip
    """A diamond for each channel, with the mean interval of the seeds."""
    error, told = None, ["" for _ in kept]
    if limits:
        low, high = average([i.low for i in limits]), average([i.high for i in limits])
        error = {
            "type": "data",
            "symmetric": False,
            "array": [max(0.0, high[i] - share[i]) for i in kept],
            "arrayminus": [max(0.0, share[i] - low[i]) for i in kept],
            "color": TEXT,
            "thickness": 1.5,
            "width": 4,
        }
        told = [f"<br>95 % interval {percent(low[i])} to {percent(high[i])}" for i in kept]
    figure.add_scatter(
        x=[share[i] for i in kept],
        y=list(range(len(kept))),
        error_x=error,
        mode="markers",
        marker=_MARK,
        name=plain(name),
        cliponaxis=False,
        customdata=[(plain(channels[i]), t) for i, t in zip(kept, told, strict=True)],
        hovertemplate=f"%{{customdata[0]}}<br>{plain(name)}: %{{x:.1%}}%{{customdata[1]}}<extra></extra>",
    )


def _styled(figure: go.Figure, names: Sequence[str], title: str) -> None:
    styled(
        figure,
        height=LEGEND + 64 + 30 * len(names),
        margin_t=LEGEND - 14,
        xaxis={"title": {"text": title}, "tickformat": ".0%", "nticks": 6, "rangemode": "tozero"},
        yaxis=rows_of(names),
    )


def _over(seeds: int) -> str:
    return f"means over {seeds} seeds" if seeds > 1 else "one seed"
