"""What every privacy meter reads: one set of synthetic rows, and the three of a self-test."""

from __future__ import annotations

from collections.abc import Iterable

import plotly.graph_objects as go

from synth_core.charts.base import (
    LEGEND,
    QUIET,
    REAL,
    SYNTHETIC,
    TEXT,
    Chart,
    blank,
    cut,
    percent,
    plain,
    styled,
    wrapped,
)
from synth_core.privacy.results import Meter, PrivacyReport, Scenario, SelfTest

#: Grade → icon, word, colour, marker symbol; worst first.
GRADES = {
    "high": ("▲", "high", "#B23A00", "triangle-up"),
    "some": ("◆", "some", "#9A5B00", "diamond"),
    "no signal": ("●", "no signal", QUIET, "circle-open"),
}
#: Colour and symbol of the scenarios of a self-test, in their order; what knows no training row is last.
_SCENARIOS = ((SYNTHETIC, "diamond"), ("#CC79A7", "square"), ("#009E73", "triangle-up"))
_INDEPENDENT = (REAL, "circle-open")

_LINE, _MARK, _GAP, _AXIS = 16, 26, 12, 70  # pixels: of a name, of its marks, between meters, below them
_STEP = 14  #: pixels between the scenarios of a meter
_CHARACTERS, _LONGEST = 48, 110  # on a line of 360 pixels, of a name on all its lines
_MOST = 10  #: meters in one picture
_LOWEST, _NARROWEST = -0.25, 0.3  # where the axis ends at the left, and at the right at least


def privacy_risks(report: PrivacyReport) -> Chart:
    """Risk of every meter with its 95 % interval, in the order of the report; 0 is what unseen rows show."""
    if not report.meters:
        return blank("No meter could run.")
    shown = report.meters[:_MOST]
    low, high = _range(shown)
    figure, y = go.Figure(), 0.0
    for meter in shown:
        icon, word, colour, symbol = GRADES[meter.grade]
        y = _name(figure, meter.title, y, right=f"{icon} {word} {risk(meter.risk)}", bold=meter.flagged) - _MARK / 2
        _mark(figure, meter, y, (low, high), colour, symbol, plain(meter.title))
        y -= _MARK / 2
    _styled(figure, y, (low, high), showlegend=False)
    return Chart(
        figure, _highest(report) + (f" The first {_MOST} are drawn." if len(shown) < len(report.meters) else "")
    )


def _highest(report: PrivacyReport) -> str:
    """How many meters are flagged, and the first of them, in one sentence."""
    first, count, flagged = report.meters[0], len(report.meters), len(report.flagged)
    told = f"None of {count} meters sees more than chance allows; highest stands"
    if flagged:
        told = f"{flagged} of {count} meters see{'s' * (flagged == 1)} more than chance allows, first of all"
    return (
        f"{told} “{first.title}”: risk {risk(first.risk)} (95 % interval {risk(first.risk_low)} to "
        f"{risk(first.risk_high)}), where 0 is what unseen real rows show and 1 is certainty."
    )


def self_test_risks(test: SelfTest) -> Chart:
    """Risk that every meter reads on each scenario, with 95 % intervals: copies must stand out, strangers must not."""
    titles = {m.key: m.title for s in test.scenarios for m in s.meters}
    if not titles:
        return blank("No meter could run.")
    titles = dict(list(titles.items())[:_MOST])
    looks = _looks(test.scenarios)
    low, high = _range([m for s in test.scenarios for m in s.meters])
    high, figure, y = max(high, 1.05), go.Figure(), 0.0
    named: set[str] = set()
    for key, title in titles.items():
        y = _name(figure, title, y)
        for scenario in test.scenarios:
            y -= _STEP
            for meter in (m for m in scenario.meters if m.key == key):
                _mark(figure, meter, y, (low, high), *looks[scenario.key], plain(scenario.title),
                      legend=scenario.key not in named)  # fmt: skip
                named.add(scenario.key)
        y -= _STEP
    _styled(figure, y, (low, high), margin_t=LEGEND)
    return Chart(figure, _read(test))


def _looks(scenarios: Iterable[Scenario]) -> dict[str, tuple[str, str]]:
    bad = [s for s in scenarios if s.expected == "bad"]
    found = {s.key: _INDEPENDENT for s in scenarios}
    return found | {s.key: _SCENARIOS[i % len(_SCENARIOS)] for i, s in enumerate(bad)}


def _read(test: SelfTest) -> str:
    """What the meters saw of each scenario, in one sentence."""
    parts = [
        f"{s.title}: {sum(m.flagged for m in s.meters)} of {len(s.meters)} meters see more than chance allows "
        f"({'passed' if s.passed else 'not passed'})"
        for s in test.scenarios
    ]
    return "; ".join(parts) + "."


def _name(figure: go.Figure, title: str, y: float, *, right: str = "", bold: bool = False) -> float:
    """Write a meter's name above its marks, so that long ones fit on a phone; returns where the name ends."""
    name = wrapped(cut(title, _LONGEST), _CHARACTERS - len(right))
    y -= _GAP
    for text, x, anchor in ((f"<b>{name}</b>" if bold else name, 0, "left"), (right, 1, "right")):
        if text:
            figure.add_annotation(
                text=text, x=x, xref="paper", xanchor=anchor, y=y, yanchor="top", align="left", borderpad=0,
                showarrow=False, font={"size": 12, "color": TEXT},
            )  # fmt: skip
    return y - _LINE * (name.count("<br>") + 1)


def _mark(
    figure: go.Figure, meter: Meter, y: float, limits: tuple[float, float], colour: str, symbol: str, name: str,
    *, legend: bool = False,
) -> None:  # fmt: skip
    """Interval and risk; an arrow where the risk leaves the axis."""
    low, high = limits
    figure.add_scatter(
        x=[min(max(v, low), high) for v in (meter.risk_low, meter.risk_high)],
        y=[y, y],
        mode="lines",
        line={"color": colour, "width": 3 if meter.flagged else 2},
        name=f"{name}, 95 % interval",
        hoverinfo="skip",
        showlegend=False,
    )
    outside = not low <= meter.risk <= high
    figure.add_scatter(
        x=[min(max(meter.risk, low), high)],
        y=[y],
        mode="markers",
        marker={
            "symbol": symbol if not outside else "triangle-left" if meter.risk < low else "triangle-right",
            "size": 12,
            "color": colour,
            "line": {"color": colour, "width": 2 if "open" in symbol else 0},
        },
        cliponaxis=False,
        name=name,
        showlegend=legend,
        hovertemplate=f"{name}<br>risk {risk(meter.risk)} ({risk(meter.risk_low)} to {risk(meter.risk_high)})<br>"
        f"{_value(meter.value, meter.unit)}, yardstick {_value(meter.reference, meter.unit)}<br>"
        f"p {meter.p_holm:.3g} after Holm<extra></extra>",
    )


def _styled(figure: go.Figure, bottom: float, limits: tuple[float, float], *, margin_t: int = 8, **layout) -> None:
    figure.add_vline(0, line={"color": TEXT, "width": 1.5}, layer="below")
    bottom -= 6
    styled(
        figure,
        height=round(-bottom) + _AXIS + margin_t - 8,
        margin_t=margin_t,
        xaxis={
            "range": limits,
            "title": {"text": "Risk: 0 = as unseen rows, 1 = certainty"},
            "tickformat": ".2~f",
            "nticks": 7,
        },
        yaxis={"range": [bottom, 0], "visible": False, "fixedrange": True},
        **layout,
    )


def _range(meters: Iterable[Meter]) -> tuple[float, float]:
    """From a little below 0, or the lowest interval within reason, to the highest interval."""
    low = max(min(-0.03, *(m.risk_low for m in meters), *(m.risk for m in meters)), _LOWEST)
    high = min(max(_NARROWEST, *(m.risk_high for m in meters), *(m.risk for m in meters)), 1.0)
    return low - 0.02 * (high - low), high + 0.04 * (high - low)


def risk(value: float) -> str:
    """Two decimals, no sign for zero."""
    text = f"{value:.2f}".replace("-", "−")
    return text.removeprefix("−") if text == "−0.00" else text


def _value(value: float, unit: str) -> str:
    return f"AUC {value:.3f}" if unit == "AUC" else percent(value)
