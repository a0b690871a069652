"""How the main score moves with the number of rows: synthetic ones added, and real ones."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, log10

import plotly.graph_objects as go

from synth_core.charts.base import (
    BAND,
    EQUIVALENT,
    LEGEND,
    REAL,
    SYNTHETIC,
    TEXT,
    Chart,
    blank,
    interval,
    padded,
    signed,
    styled,
)
from synth_core.lift.results import CurvePoint, Study

_NOT_MEASURED = "The curves by number of rows were not measured in this study."
_BANDS = {REAL: "rgba(0, 114, 178, 0.14)", SYNTHETIC: "rgba(213, 94, 0, 0.14)"}
_OFF_CURVE = 0.1  #: how far an interval may stretch the axis of a learning curve that is flat


def synthetic_curve(study: Study) -> Chart:
    """Difference of the main score to the reference by number of synthetic rows, with 95 % intervals."""
    if study.curves is None:
        return blank(_NOT_MEASURED)
    points = _told(study.curves.synthetic)
    if not points:
        return blank("The difference could not be measured at any number of synthetic rows.")
    figure = go.Figure()
    figure.add_hrect(-EQUIVALENT, EQUIVALENT, fillcolor=BAND, line_width=0, layer="below")
    figure.add_hline(0, line={"color": TEXT, "width": 1}, layer="below")
    _draw(figure, points, SYNTHETIC, "diamond", "dash", f"{study.metric} difference %{{y:+.3f}}", "synthetic rows")
    ends = [e for p in points for e in (p.low, p.high)]
    rows = [p.rows for p in points]
    styled(
        figure,
        height=360,
        margin_t=LEGEND,
        xaxis={
            "type": "log",
            "range": padded(log10(rows[0]) - 0.02, log10(rows[-1]) + 0.02),
            "tickvals": rows,
            "ticktext": [f"{n:,}" for n in rows],
            "showgrid": False,
            "title": {"text": f"Synthetic rows (log scale); grey: within ±{EQUIVALENT}"},
        },
        yaxis={
            "title": {"text": f"{study.metric} difference"},
            "tickformat": "+.3~f",
            "range": padded(-1.5 * EQUIVALENT, 1.5 * EQUIVALENT, *ends),
        },
    )
    best = max(points, key=lambda p: p.mean)
    arm, reference = study.arm(study.curves.arm), study.arm(study.curves.reference)
    return Chart(
        figure,
        f"The {study.metric} difference of {arm.title} to {reference.title} is highest with {best.rows:,} synthetic "
        f"rows: {signed(best.mean)} ({interval(best.low, best.high)}); {_zeros(points)}.",
    )


def learning_curve(study: Study) -> Chart:
    """Main score of the reference by number of real training rows, with 95 % intervals."""
    if study.curves is None:
        return blank(_NOT_MEASURED)
    curves = study.curves
    worth = None
    if curves.expected_gain is not None:
        worth = CurvePoint(curves.more, curves.expected_gain, curves.expected_low, curves.expected_high)
    return real_rows(curves.real, study.metric, curves.more, worth)


def real_rows(measured: Sequence[CurvePoint], metric: str, more: int, worth: CurvePoint | None) -> Chart:
    """A learning curve, and what ``more`` real rows would add (``worth``; None where the curve tells nothing)."""
    points = _told(measured)
    if not points:
        return blank("The learning curve could not be measured at any number of real rows.")
    figure = go.Figure()
    _draw(figure, points, REAL, "circle", "solid", f"{metric} %{{y:.3f}}", "real rows")
    means = [p.mean for p in points]
    room = max(_OFF_CURVE, max(means) - min(means))
    styled(
        figure,
        height=360,
        margin_t=LEGEND,
        xaxis={
            "range": padded(0, points[-1].rows, share=0.04),
            "nticks": 6,
            "tickformat": ",d",
            "title": {"text": "Real training rows"},
        },
        yaxis={
            "title": {"text": metric},
            "tickformat": ".3~f",
            "range": padded(
                max(min(p.low for p in points), min(means) - room),
                min(max(p.high for p in points), max(means) + room, 1.0),
            ),
        },
    )
    return Chart(figure, _worth(metric, more, worth))


def _worth(metric: str, more: int, worth: CurvePoint | None) -> str:
    """What more real rows would add, in one sentence."""
    if worth is None:
        return f"The learning curve tells nothing about what {more:,} more real rows would add."
    low, high = worth.low, worth.high
    told = "" if low > 0 or high < 0 else "; that could not be told from none"
    change = signed(worth.mean)
    gain = f"add about {change} {metric}"
    if worth.mean < 0:
        gain = f"change {metric} by about {change}"
    return f"{more:,} more real rows would {gain} ({interval(low, high)}), if the curve goes on as it has{told}."


def _zeros(points: Sequence[CurvePoint]) -> str:
    """At how many points the interval includes zero."""
    count = sum(p.low <= 0 <= p.high for p in points)
    if len(points) == 1:
        return f"the interval {'includes' if count else 'excludes'} zero"
    where = f"all {len(points)} points" if count == len(points) else f"{count or 'none'} of {len(points)} points"
    return f"the interval includes zero at {where}"


def _told(points: Sequence[CurvePoint]) -> list[CurvePoint]:
    """Those that more than one fold could score, fewest rows first."""
    return sorted((p for p in points if all(map(isfinite, (p.mean, p.low, p.high)))), key=lambda p: p.rows)


def _draw(
    figure: go.Figure, points: Sequence[CurvePoint], colour: str, symbol: str, dash: str, value: str, unit: str
) -> None:
    """The means as a line, inside the band of their intervals; a single point gets a bar instead."""
    rows = [p.rows for p in points]
    alone = len(points) == 1
    figure.add_scatter(
        x=[*rows, *reversed(rows)],
        y=[*(p.low for p in points), *(p.high for p in reversed(points))],
        mode="lines",
        line={"color": colour if alone else "rgba(0, 0, 0, 0)", "width": 2},
        fill="none" if alone else "toself",
        fillcolor=_BANDS[colour],
        name="95 % interval",
        legendrank=2000,
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=rows,
        y=[p.mean for p in points],
        customdata=[interval(p.low, p.high) for p in points],
        mode="lines+markers",
        line={"color": colour, "width": 2.5, "dash": dash},
        marker={"symbol": symbol, "size": 9, "color": colour},
        name="Mean over folds",
        hovertemplate=f"%{{x:,d}} {unit}<br>{value}<br>%{{customdata}}<extra></extra>",
        cliponaxis=False,
    )
