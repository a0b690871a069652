"""The most common paths: as a list with a bar each, and as a tree of first steps."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from synth_core.charts.base import LEGEND, TEXT, Chart, blank, cut, plain, short, styled, wrapped
from synth_core.charts.journey_marks import CONVERTED, HATCH, OTHER, percent
from synth_core.journeys.results import Seen

_MOST = 12  #: paths in the list
_CHARACTERS, _LONGEST, _NAME = 44, 120, 16  #: on a line of 360 pixels; of a path on all its lines; of a channel
_LINE, _BAR, _GAP = 16, 14, 12  #: pixels
_STEPS, _TREE, _LEAST = 3, 420, 12  #: columns of the tree, its height and that of a cell with a name in pixels
_COLOURS = ("#56B4E9", "#E69F00", "#CC79A7", "#8FBC5A", "#F0E442", "#B39DDB", "#9AA5B1", "#F4A582")
_REST = "#E4E8EC"


def journey_paths(seen: Seen) -> Chart:
    """The most common sequences of channels; the part of each bar that converted is hatched."""
    shown = [p for p in seen.paths if p[1] + p[2] > 0][:_MOST]
    if not shown:
        return blank("There are no paths with a touch.")
    figure, y, places = go.Figure(), 0.0, []
    for steps, conversions, nulls in shown:
        right = f"{conversions + nulls:,.0f} · {percent(conversions / (conversions + nulls))}"
        name = wrapped(cut(written(steps), _LONGEST), _CHARACTERS - len(right))
        y -= _GAP
        for text, x, anchor in ((name, 0, "left"), (right, 1, "right")):
            figure.add_annotation(
                text=text, x=x, xref="paper", xanchor=anchor, y=y, yanchor="top", align="left", borderpad=0,
                showarrow=False, font={"size": 12, "color": TEXT},
            )  # fmt: skip
        y -= _LINE * (name.count("<br>") + 1) + 4
        places.append(y - _BAR / 2)
        y -= _BAR
    for label, part, marker in (
        ("Converted", 1, {"color": CONVERTED, "pattern": HATCH}),
        ("Did not", 2, {"color": OTHER}),
    ):
        figure.add_bar(
            x=[p[part] for p in shown],
            y=places,
            width=_BAR,
            orientation="h",
            marker=marker,
            name=label,
            customdata=[plain(cut(written(p[0]), _LONGEST)) for p in shown],
            hovertemplate=f"%{{customdata}}<br>{label}: %{{x:,.0f}}<extra></extra>",
        )
    bottom = y - 8
    styled(
        figure,
        height=round(-bottom) + LEGEND + 52,
        margin_t=LEGEND - 18,
        barmode="stack",
        xaxis={"title": {"text": "Paths, and the share of them that converted"}, "nticks": 5, "rangemode": "tozero"},
        yaxis={"range": [bottom, 0], "visible": False, "fixedrange": True},
    )
    first = shown[0]
    best = max(shown, key=lambda p: p[1] / (p[1] + p[2]))
    return Chart(
        figure,
        f"The most common path is {written(first[0])} ({first[1] + first[2]:,.0f} times); of the {len(shown)} most "
        f"common, {written(best[0])} converts most often ({percent(best[1] / (best[1] + best[2]))}).",
    )


def written(steps: Sequence[str]) -> str:
    """A path as text."""
    return " → ".join(cut(s, 2 * _NAME) for s in steps)


def journey_tree(seen: Seen, channels: Sequence[str]) -> Chart:
    """The first steps of all paths, side by side: the taller a cell, the more paths go that way."""
    counts: dict[tuple[str, ...], float] = {}
    for steps, paths in seen.steps:
        for depth in range(1, min(len(steps), _STEPS) + 1):
            counts[steps[:depth]] = counts.get(steps[:depth], 0.0) + paths
    total = sum(n for key, n in counts.items() if len(key) == 1)
    if not total:
        return blank("There are no paths with a touch.")
    counts = _pooled(counts, least=_LEAST / _TREE * total)
    tops = _tops(counts, channels)
    colour = {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(channels)}
    figure = go.Figure()
    figure.add_bar(
        orientation="h",
        base=[len(key) - 1 for key in tops],
        x=[1.0] * len(tops),
        y=[top + counts[key] / 2 for key, top in tops.items()],
        width=[counts[key] for key in tops],
        marker={"color": [colour.get(key[-1], _REST) for key in tops], "line": {"color": "#FFFFFF", "width": 1.5}},
        text=[short(key[-1], _NAME) if counts[key] / total * _TREE >= _LEAST else "" for key in tops],
        textposition="inside",
        insidetextanchor="start",
        textangle=0,
        constraintext="none",
        textfont={"color": TEXT, "size": [12 if counts[k] / total * _TREE >= _LINE else 10 for k in tops]},
        name="First steps",
        customdata=[(plain(written(k)), f"{counts[k]:,.0f}", percent(counts[k] / total)) for k in tops],
        hovertemplate="%{customdata[0]}<br>%{customdata[1]} paths, %{customdata[2]} of all<extra></extra>",
    )
    styled(
        figure,
        height=_TREE + 40,
        margin={"l": 0, "r": 0, "t": 30, "b": 8},
        showlegend=False,
        xaxis={"range": [0, _STEPS], "tickvals": [i + 0.5 for i in range(_STEPS)], "side": "top", "showgrid": False,
               "ticktext": [f"Step {i + 1}" for i in range(_STEPS)], "fixedrange": True},
        yaxis={"range": [total, 0], "visible": False, "fixedrange": True},
    )  # fmt: skip
    start = max((k for k in counts if len(k) == 1), key=counts.__getitem__)
    return Chart(
        figure,
        f"First {_STEPS} steps of all paths: {percent(counts[start] / total)} of them begin with {start[0]}. A path "
        "ends where nothing follows.",
    )


def _pooled(counts: dict[tuple[str, ...], float], *, least: float) -> dict[tuple[str, ...], float]:
    """``counts`` without the cells that are too flat for a name: sisters among them become one."""
    kept: dict[tuple[str, ...], float] = {}
    small: dict[tuple[str, ...], list[float]] = {}
    for key in sorted(counts, key=len):
        before = key[:-1]
        if before and before not in kept:
            continue  # what follows a pooled step
        if counts[key] >= least:
            kept[key] = counts[key]
        else:
            small.setdefault(before, []).append(counts[key])
    return kept | {(*before, f"{len(n)} other{'s' * (len(n) > 1)}"): sum(n) for before, n in small.items()}


def _tops(counts: dict[tuple[str, ...], float], channels: Sequence[str]) -> dict[tuple[str, ...], float]:
    """Where each cell begins: below its larger sisters, pooled ones last, beside the step it follows."""
    tops: dict[tuple[str, ...], float] = {}
    filled: dict[tuple[str, ...], float] = {}
    for key in sorted(counts, key=lambda k: (len(k), k[-1] not in channels, -counts[k])):
        before = key[:-1]
        tops[key] = filled.get(before, tops.get(before, 0.0))
        filled[before] = tops[key] + counts[key]
    return tops
