"""Where each model is wrong: signed error and over-credit per channel."""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

from synth_core.charts.base import Chart
from synth_core.charts.journey_grid import about, grid
from synth_core.charts.journey_marks import MOST, largest, left_out, plus_minus, points
from synth_core.journeys.results import Graded, League

#: Blue: too little, orange: too much; colour-blind safe. Light enough for dark figures.
_SCALE = [[0.0, "#6BAED6"], [0.5, "#FFFFFF"], [1.0, "#F0A04B"]]
_FACTOR = 2.0  #: powers of two at which the colours of over-credit end


def journey_errors(league: League, channels: Sequence[str]) -> Chart:
    """Share of credit − share of truth in percentage points, models by channels."""
    models = league.models
    kept = sorted(largest([max(abs(m.signed[i].mean) for m in models) for i in range(len(channels))]))
    names = [channels[i] for i in kept]
    values = [[100 * m.signed[i].mean for i in kept] for m in models]
    top = max((abs(v) for line in values for v in line), default=0.0) or 1.0
    figure = grid(
        [m.name for m in models], names, values,
        [[points(m.signed[i].mean) for i in kept] for m in models],
        [[about(m.name, channels[i], f"{plus_minus(m.signed[i], 100)} percentage points") for i in kept]
         for m in models],
        scale=_SCALE, low=-top, high=top, name="Signed error",
    )  # fmt: skip
    worst, place = max(((m, i) for m in models for i in kept), key=lambda pair: abs(pair[0].signed[pair[1]].mean))
    error = worst.signed[place].mean
    text = "Percentage points of credit too much (+) or too little (−)."
    if error:
        text += f" The largest error: {worst.name} gives {channels[place]} {abs(100 * error):.1f} points too "
        text += "much." if error > 0 else "little."
    return Chart(figure, text + left_out(len(kept), len(channels)))


def journey_over_credit(league: League, channels: Sequence[str]) -> Chart:
    """Credit ÷ true incremental conversions, models by channels; a dash where a channel caused nothing."""
    models = league.models
    reach = [max((abs(_log(m.over_credit[i].mean)) for m in models if m.over_credit[i]), default=0.0)
             for i in range(len(channels))]  # fmt: skip
    kept = sorted(largest(reach, MOST))
    names = [channels[i] for i in kept]
    values = [[_log(f.mean) if (f := m.over_credit[i]) else None for i in kept] for m in models]
    figure = grid(
        [m.name for m in models], names, values,
        [[factor(f.mean) if (f := m.over_credit[i]) else "–" for i in kept] for m in models],
        [[about(m.name, channels[i], said(m, i)) for i in kept] for m in models],
        scale=_SCALE, low=-_FACTOR, high=_FACTOR, name="Over-credit factor",
    )  # fmt: skip
    known = [(m, i) for m in models for i in kept if m.over_credit[i] is not None]
    nothing = [c for i, c in enumerate(channels) if all(m.over_credit[i] is None for m in models)]
    text = "Credit ÷ true incremental conversions; 1 is right."
    if known:
        worst, place = max(known, key=lambda pair: pair[0].over_credit[pair[1]].mean)
        text += f" Highest: {worst.name} gives {channels[place]} {factor(worst.over_credit[place].mean)} times its due."
    if nothing:
        text += f" “–”: {_listed(nothing)} caused no conversion, so that any credit is too much."
    return Chart(figure, text + left_out(len(kept), len(channels)))


def factor(value: float) -> str:
    """Two digits that count: ``0.42``, ``1.6``, ``13``."""
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}" if value >= 0.995 else f"{value:.2f}"


def said(model: Graded, place: int) -> str:
    """The over-credit of one channel in words."""
    found = model.over_credit[place]
    if found is None:
        return "caused no conversion: any credit is too much"
    return f"credited with {plus_minus(found, digits=2)} times what it caused"


def _log(value: float) -> float:
    return max(-_FACTOR, min(_FACTOR, log2(value))) if value > 0 else -_FACTOR


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
