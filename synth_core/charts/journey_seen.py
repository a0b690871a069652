"""What journeys look like: time to conversion, channel mix, length of paths."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from synth_core.charts.base import LEGEND, Chart, blank, percent, plain, styled
from synth_core.charts.journey_marks import CONVERTED, HATCH, OTHER, largest, left_out, rows_of
from synth_core.journeys.results import Seen

_TOP = LEGEND - 16  #: one line of legend


def journey_days(seen: Seen) -> Chart:
    """Conversions by the time since their first touch."""
    total = sum(n for _, _, n in seen.days)
    if not total:
        return blank("No path with a touch converted.")
    figure = go.Figure()
    figure.add_bar(
        x=[(low + high) / 2 for low, high, _ in seen.days],
        width=[0.94 * (high - low) for low, high, _ in seen.days],
        y=[n / total for *_, n in seen.days],
        customdata=[(f"{low:.1f} to {high:.1f}", f"{n:,.0f}") for low, high, n in seen.days],
        marker_color=CONVERTED,
        name="Conversions",
        hovertemplate="%{customdata[0]} days<br>%{y:.1%} of conversions (%{customdata[1]})<extra></extra>",
    )
    styled(
        figure,
        height=280,
        showlegend=False,
        xaxis={"title": {"text": "Days from the first touch to the conversion"}, "showgrid": False},
        yaxis={"title": {"text": "Share of conversions"}, "tickformat": ".0%", "nticks": 5},
    )
    passed, middle = 0.0, seen.days[-1]
    for bin_ in seen.days:
        passed += bin_[2]
        if passed >= total / 2:
            middle = bin_
            break
    return Chart(
        figure,
        f"Half of the {total:,.0f} conversions with a touch come within {middle[1]:.0f} days of the first one.",
    )


def journey_mix(seen: Seen, channels: Sequence[str]) -> Chart:
    """Share of touches per channel, in all paths and in those that converted."""
    if not seen.touches:
        return blank("Nobody was reached: there are no touches.")
    kept = largest([max(pair) for pair in zip(seen.mix, seen.mix_converted, strict=True)])
    figure = go.Figure()
    for name, mix, marker in (
        ("All paths", seen.mix, {"color": OTHER}),
        ("Paths that converted", seen.mix_converted, {"color": CONVERTED, "pattern": HATCH}),
    ):
        figure.add_bar(
            x=[mix[i] for i in kept],
            y=list(range(len(kept))),
            orientation="h",
            customdata=[plain(channels[i]) for i in kept],
            marker=marker,
            name=name,
            hovertemplate=f"%{{customdata}}<br>{name}: %{{x:.1%}} of touches<extra></extra>",
        )
    styled(
        figure,
        height=_TOP + 70 + 34 * len(kept),
        margin_t=_TOP,
        bargap=0.3,
        barmode="group",
        xaxis={"title": {"text": "Share of touches"}, "tickformat": ".0%", "nticks": 5, "rangemode": "tozero"},
        yaxis=rows_of([channels[i] for i in kept]),
    )
    apart = max(range(len(channels)), key=lambda i: abs(seen.mix_converted[i] - seen.mix[i]))
    return Chart(
        figure,
        f"{channels[apart]} differs most: {percent(seen.mix[apart])} of all touches, "
        f"{percent(seen.mix_converted[apart])} of those in paths that converted. That alone says nothing about its "
        f"effect: it may reach people who buy anyway.{left_out(len(kept), len(channels))}",
    )


def journey_lengths(seen: Seen) -> Chart:
    """Paths by their number of touches: all, and those that converted; the last bar counts longer ones, too."""
    lines = [line for line in seen.lengths if line[0] > 0]
    paths, converted = sum(n for _, n, _ in lines), sum(n for *_, n in lines)
    if not paths:
        return blank("There are no paths with a touch.")
    names = [f"{n:g}" for n, *_ in lines]
    names[-1] += "+"
    figure = go.Figure()
    for name, total, place, marker in (
        ("All paths", paths, 1, {"color": OTHER}),
        ("Paths that converted", converted, 2, {"color": CONVERTED, "pattern": HATCH}),
    ):
        figure.add_bar(
            x=names,
            y=[line[place] / total if total else 0.0 for line in lines],
            customdata=[f"{line[place]:,.0f}" for line in lines],
            marker=marker,
            name=name,
            hovertemplate=f"%{{x}} touches<br>{name}: %{{y:.1%}} (%{{customdata}})<extra></extra>",
        )
    styled(
        figure,
        height=300,
        margin_t=_TOP,
        bargap=0.2,
        barmode="group",
        xaxis={"title": {"text": "Touches in the path"}, "showgrid": False, "type": "category"},
        yaxis={"title": {"text": "Share of paths"}, "tickformat": ".0%", "nticks": 5},
    )
    common = max(lines, key=lambda line: line[1])
    return Chart(
        figure,
        f"Paths of {common[0]:g} touch{'es' * (common[0] != 1)} are the most common: {percent(common[1] / paths)} of "
        f"all paths, {percent(common[2] / converted) if converted else 'none'} of those that converted.",
    )
