"""A prospective test week by week: how far apart both models are, and how well each of them ranks."""

from __future__ import annotations

from datetime import date, timedelta

import plotly.graph_objects as go

from synth_core.charts.base import LEGEND, QUIET, REAL, SYNTHETIC, TEXT, Chart, blank, padded, signed, styled
from synth_core.prospective.results import Standing, Week

_BAND = "rgba(213, 94, 0, 0.14)"
_TICKS = 5  #: at most, so that they do not touch on a phone
_WIDEST = 3.0  #: early intervals may leave the picture; it ends at this many times the last one
#: Name, attribute of a gain, colour, dash, marker.
ARMS = (
    ("Real rows only", "auc_reference", REAL, "solid", "circle"),
    ("With synthetic rows", "auc_arm", SYNTHETIC, "dash", "diamond"),
)


def prospective_gain(standing: Standing) -> Chart:
    """AUC difference of all leads so far after every week, with the always-valid interval and DeLong's."""
    weeks = [w for w in standing.weeks if w.so_far.delta is not None]
    if not weeks:
        return blank("No difference can be drawn before both outcomes have been seen.")
    figure, days = go.Figure(), [w.week for w in weeks]
    safe = [w for w in weeks if w.so_far.safe_low is not None]
    once = [w for w in weeks if w.so_far.low is not None]
    if safe:
        figure.add_scatter(
            x=(x := _ends(safe)) + x[::-1],
            y=_stretched([w.so_far.safe_low for w in safe]) + _stretched([w.so_far.safe_high for w in safe])[::-1],
            mode="lines", fill="toself", fillcolor=_BAND, line={"color": SYNTHETIC, "width": 1},
            name="95 %, however often you look", hoverinfo="skip",
        )  # fmt: skip
    for side in ("low", "high") if once else ():
        figure.add_scatter(
            x=_ends(once), y=_stretched([getattr(w.so_far, side) for w in once]), mode="lines",
            line={"color": QUIET, "width": 1, "dash": "dot"}, name="95 %, if you looked once (DeLong)",
            legendgroup="once", showlegend=side == "low", hoverinfo="skip",
        )  # fmt: skip
    figure.add_scatter(
        x=days, y=[w.so_far.delta for w in weeks], mode="lines+markers", line={"color": SYNTHETIC, "width": 2.5},
        marker={"symbol": "diamond", "size": 8, "color": SYNTHETIC}, name="Difference so far",
        customdata=[(f"{w.so_far.leads:,}", _safe(w)) for w in weeks],
        hovertemplate="weeks up to %{x|%d %b %Y}<br>difference %{y:+.3f}<br>%{customdata[0]} leads with an outcome<br>"
        "%{customdata[1]}<extra></extra>",
    )  # fmt: skip
    figure.add_hline(0, line={"color": TEXT, "width": 1.5})
    low, high = _range(weeks)
    styled(figure, height=340 + LEGEND, margin_t=LEGEND + 18, xaxis=_days(days),
           yaxis={"range": [low, high], "tickformat": "+.2~f", "nticks": 7,
                  "title": {"text": "AUC, with synthetic − real only"}})  # fmt: skip
    last = weeks[-1].so_far
    told = f"After {_count(len(standing.weeks))}, on {last.leads:,} leads with an outcome: difference "
    told += f"{signed(last.delta)} AUC"
    if last.safe_low is None:
        return Chart(figure, f"{told}; there is no interval yet that is safe to look at any time.")
    return Chart(
        figure,
        f"{told}, 95 % interval {signed(last.safe_low)} to {signed(last.safe_high)} however often you look; "
        f"{_reading(last.safe_low, last.safe_high)}",
    )


def prospective_auc(standing: Standing) -> Chart:
    """AUC of both models on the leads of every week alone."""
    weeks = [w for w in standing.weeks if w.alone.delta is not None]
    if not weeks:
        return blank("No week has leads of both outcomes yet, so no AUC can be computed.")
    figure, days = go.Figure(), [w.week for w in weeks]
    figure.add_hline(0.5, line={"color": QUIET, "width": 1, "dash": "dot"})
    for name, score, colour, dash, symbol in ARMS:
        figure.add_scatter(
            x=days, y=[getattr(w.alone, score) for w in weeks], mode="lines+markers",
            line={"color": colour, "width": 2, "dash": dash}, marker={"symbol": symbol, "size": 9, "color": colour},
            name=name, customdata=[f"{w.alone.leads:,} leads, {w.alone.positives:,} positive" for w in weeks],
            hovertemplate=f"{name}<br>week of %{{x|%d %b %Y}}<br>AUC %{{y:.3f}}<br>%{{customdata}}<extra></extra>",
        )  # fmt: skip
    seen = [getattr(w.alone, arm[1]) for w in weeks for arm in ARMS]
    low, high = padded(0.5, *seen)
    styled(figure, height=300 + LEGEND, margin_t=LEGEND - 16, xaxis=_days(days),
           yaxis={"range": [low, high], "tickformat": ".2~f", "nticks": 6,
                  "title": {"text": "AUC of the week"}})  # fmt: skip
    ahead = sum(w.alone.delta > 0 for w in weeks)
    return Chart(
        figure,
        f"The model with synthetic rows ranks better in {ahead} of {_count(len(weeks))} with both outcomes. "
        f"Single weeks are noisy ({_sizes([w.alone.leads for w in weeks])}); the dotted line is chance.",
    )


def _sizes(leads: list[int]) -> str:
    return f"{leads[0]:,} leads" if min(leads) == max(leads) else f"{min(leads):,} to {max(leads):,} leads"


def _ends(weeks: list[Week]) -> list[str]:
    """Days of a line over ``weeks``; of a single one some days before and after it, or nothing would be seen."""
    if len(weeks) > 1:
        return [w.week for w in weeks]
    day = date.fromisoformat(weeks[0].week)
    return [(day + timedelta(days=d)).isoformat() for d in (-2, 2)]


def _stretched(values: list[float]) -> list[float]:
    return values * 2 if len(values) == 1 else values


def _safe(week: Week) -> str:
    low, high = week.so_far.safe_low, week.so_far.safe_high
    return "no interval yet" if low is None else f"safe interval {signed(low)} to {signed(high)}"


def _range(weeks: list[Week]) -> tuple[float, float]:
    """Of the vertical axis: differences, the last intervals, and of earlier, wider ones what leaves those legible."""
    deltas = [w.so_far.delta for w in weeks]
    ends = [
        e for w in weeks for e in (w.so_far.safe_low, w.so_far.safe_high, w.so_far.low, w.so_far.high) if e is not None
    ]
    gain = weeks[-1].so_far
    last = [abs(e) for e in (gain.safe_low, gain.safe_high, gain.low, gain.high) if e is not None]
    most = _WIDEST * max(last, default=0.1)
    kept = [min(max(e, -most), most) for e in ends]
    return padded(0.0, -0.01, 0.01, *deltas, *kept)


def _days(days: list[str]) -> dict:
    first, last = (date.fromisoformat(d) for d in (days[0], days[-1]))
    room = timedelta(days=max(5, (last - first).days * 0.04))
    return {
        "type": "date", "range": [(first - room).isoformat(), (last + room).isoformat()], "tickformat": "%d %b<br>%Y",
        "showgrid": False, "tickvals": days[:: -(-len(days) // _TICKS)],
        "title": {"text": "Week of the leads (Monday)"},
    }  # fmt: skip


def _count(weeks: int) -> str:
    return f"{weeks} week{'s' * (weeks != 1)}"


def _reading(low: float, high: float) -> str:
    if low > 0:
        return "it lies above zero."
    return "it lies below zero." if high < 0 else "it includes zero."
