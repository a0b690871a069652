"""What sets a brand's lines apart from the contrast: effect sizes of its traits."""

from __future__ import annotations

import plotly.graph_objects as go

from synth_core.charts.base import LEGEND, TEXT, Chart, blank, decimal, plain, styled
from synth_core.charts.voice_marks import BAR, GAP, PASSED, STOPPED, named
from synth_core.voice.records import Profile, Trait

_MOST = 12  #: traits in one picture
_SIDES = (("More in the brand", 1, PASSED), ("Less in the brand", -1, STOPPED))


def voice_traits(profile: Profile) -> Chart:
    """Cliff's delta of each trait, strongest first, brand against contrast."""
    if not profile.contrast:
        return blank("There is no contrast: what sets the voice apart cannot be drawn. Add competitor lines.")
    if not profile.traits:
        return blank("No countable trait sets these lines apart from the contrast.")
    shown = profile.traits[:_MOST]
    figure, y, seen = go.Figure(), 0.0, set()
    for trait in shown:
        y = named(figure, _capital(trait.name), y, _signed(trait.effect)) - BAR / 2
        side, _, look = _SIDES[trait.effect < 0]
        figure.add_bar(
            x=[trait.effect], y=[y], width=[BAR], orientation="h", marker=look, name=side, legendgroup=side,
            legendrank=int(trait.effect < 0) + 1,
            showlegend=side not in seen,
            hovertemplate=f"{plain(trait.name)}<br>Cliff's delta {_signed(trait.effect)}<br>usual value "
            f"{_figure(trait.brand)} in the brand, {_figure(trait.contrast)} in the contrast<extra></extra>",
        )  # fmt: skip
        seen.add(side)
        y -= BAR / 2 + GAP
    figure.add_vline(0, line={"color": TEXT, "width": 1.5})
    top = LEGEND - 16
    styled(
        figure, height=round(-y) + 60 + top, margin_t=top, bargap=0, showlegend=True,
        xaxis={"range": [-1.04, 1.04], "tickvals": [-1, -0.5, 0, 0.5, 1], "showgrid": False,
               "title": {"text": "Cliff's delta"}},
        yaxis={"range": [y, 0], "visible": False, "fixedrange": True},
    )  # fmt: skip
    return Chart(figure, _told(shown[0], len(shown), len(profile.traits)))


def _told(first: Trait, shown: int, count: int) -> str:
    more = "more" if first.effect > 0 else "less"
    left = f" The {shown} strongest of {count} traits are drawn." if shown < count else ""
    return (
        f"Strongest: {first.name}, {more} in the brand (Cliff's delta {_signed(first.effect)}: 0 is no difference; at "
        f"1 or −1 any brand line and any contrast line differ in the same direction).{left}"
    )


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{decimal(value)}"


def _figure(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
