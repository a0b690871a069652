"""Where new lines stop, gate by gate."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from synth_core.charts.base import LEGEND, Chart, blank, percent, plain, styled
from synth_core.charts.voice_marks import BAR, GAP, PASSED, STOPPED, named
from synth_core.voice.records import GateCount


def voice_funnel(funnel: Sequence[GateCount]) -> Chart:
    """Lines that reached each gate, split into those that went on and those that stopped there."""
    came = funnel[0].reached if funnel else 0
    if not came:
        return blank("No line came, so no gate had anything to judge.")
    figure, y = go.Figure(), 0.0
    places, goes_on = [], [g.reached - g.stopped for g in funnel]
    for gate, left in zip(funnel, goes_on, strict=True):
        y = named(figure, gate.name, y, f"−{gate.stopped:,} → {left:,}" if gate.stopped else f"{left:,}") - BAR / 2
        places.append(y)
        y -= BAR / 2 + GAP
    about = [
        f"{plain(g.name)}<br>{g.reached:,} came, {g.stopped:,} stopped, {n:,} went on"
        for g, n in zip(funnel, goes_on, strict=True)
    ]
    for name, values, look in (("Went on", goes_on, PASSED), ("Stopped here", [g.stopped for g in funnel], STOPPED)):
        figure.add_bar(
            x=values, y=places, width=[BAR] * len(places), orientation="h", marker=look, name=name, customdata=about,
            hovertemplate="%{customdata}<extra></extra>",
        )  # fmt: skip
    top = LEGEND - 16
    styled(
        figure, height=round(-y) + 60 + top, margin_t=top, barmode="stack", bargap=0, legend_traceorder="normal",
        xaxis={"range": [0, came * 1.02], "title": {"text": "Lines"}, "tickformat": ",d",
               **({"dtick": 1} if came <= 5 else {"nticks": 5})},
        yaxis={"range": [y, 0], "visible": False, "fixedrange": True},
    )  # fmt: skip
    return Chart(figure, _told(funnel, came))


def _told(funnel: Sequence[GateCount], came: int) -> str:
    passed = funnel[-1].reached - funnel[-1].stopped
    told = f"{passed:,} of {came:,} lines passed all {len(funnel)} gates ({percent(passed / came)})."
    worst = max(funnel, key=lambda g: g.stopped)
    if worst.stopped:
        told += f" Most were stopped by “{worst.name}”: {worst.stopped:,} of the {worst.reached:,} that reached it."
    return told
