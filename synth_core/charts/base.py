"""What every chart shares: its result type, look, colours and the wording of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import plotly.graph_objects as go

from synth_core.fidelity import FidelityReport

REAL = "#0072B2"  #: real rows, and models trained on them
SYNTHETIC = "#D55E00"  #: synthetic rows, and models trained with them
TEXT = "#1F2933"
QUIET = "#52606D"  #: secondary text, thresholds, chance
GRID = "#DDE3E9"
BAND = "#EEF1F4"  #: regions behind the data
DIVERGING = "RdBu"  #: colour-blind safe; drawn from −1 (red) over 0 (white) to 1 (blue)

EQUIVALENT = 0.01  #: differences of a main score inside ± this are the same in practice

LEGEND = 52  #: pixels above the plot that two lines of legend need
HATCHED = {"shape": "/", "fillmode": "overlay", "fgcolor": "#FFFFFF", "size": 6, "solidity": 0.2}  #: synthetic bars

_FONT = '"Source Sans", "Source Sans 3", "Segoe UI", system-ui, sans-serif'
_AXIS = {
    "gridcolor": GRID,
    "linecolor": GRID,
    "zeroline": False,
    "ticks": "",
    "automargin": True,
    "title": {"font": {"size": 12, "color": QUIET}, "standoff": 8},
    "tickfont": {"size": 12},
    "ticklabelstandoff": 3,
}

TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": _FONT, "size": 13, "color": TEXT},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "colorway": [REAL, SYNTHETIC, "#56B4E9", "#009E73", "#CC79A7", "#7A8793"],
        "margin": {"l": 8, "r": 16, "t": 8, "b": 8},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "hoverlabel": {"bgcolor": "#FFFFFF", "bordercolor": GRID, "font": {"color": TEXT, "size": 12}, "align": "left"},
        # Placed on the whole width of the figure, not of the plot: long tick labels leave it no room on a phone.
        "legend": {
            "orientation": "h",
            "xref": "container",
            "x": 0,
            "xanchor": "left",
            "yref": "container",
            "y": 1,
            "yanchor": "top",
            "font": {"size": 12},
            "itemclick": False,
            "itemdoubleclick": False,
        },
        "dragmode": False,
    }
)


@dataclass(frozen=True)
class Chart:
    """A figure and the one sentence it shows.

    Attributes
    ----------
    figure : plotly.graph_objects.Figure
        Carries its own template, so that it looks the same on screen and in a report.
    takeaway : str
        Computed from the data; caption and alternative text.
    """

    figure: go.Figure
    takeaway: str


def styled(figure: go.Figure, *, height: int, **layout) -> go.Figure:
    """``figure`` with the template, a height in pixels and any other layout settings."""
    return figure.update_layout(template=TEMPLATE, height=height, **layout)


def blank(reason: str) -> Chart:
    """A chart that could not be drawn: the reason, where the picture would be."""
    figure = styled(go.Figure(), height=90, xaxis_visible=False, yaxis_visible=False)
    figure.add_annotation(
        text=wrapped(reason), x=0, y=0.5, xref="paper", yref="paper", xanchor="left", align="left", showarrow=False,
        font_color=QUIET,
    )  # fmt: skip
    return Chart(figure, reason)


def why(report: FidelityReport, name: str, what: str) -> str:
    """The reason the report gives for leaving out ``name``."""
    reason = next((u.reason for u in report.unavailable if u.name == name), "nothing to compare")
    return f"{what}: {reason}."


def wrapped(text: str, width: int = 44) -> str:
    """Lines of at most ``width`` characters where words allow, escaped."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(map(plain, lines))


def plain(text: str) -> str:
    """``text`` with the characters that Plotly would read as markup escaped."""
    return escape(text, quote=False)


def short(text: str, length: int) -> str:
    """At most ``length`` characters, escaped, cut in the middle: beginnings and ends tell long names apart."""
    return plain(cut(text, length))


def cut(text: str, length: int) -> str:
    """As :func:`short`, not yet escaped."""
    if len(text) <= length:
        return text
    tail = length // 2 - 1
    return f"{text[: length - tail - 1].rstrip()}…{text[-tail:].lstrip()}"


def padded(*values: float, share: float = 0.06) -> tuple[float, float]:
    """An axis range with some room around ``values``."""
    pad = share * (max(values) - min(values))
    return min(values) - pad, max(values) + pad


def signed(value: float) -> str:
    """Three decimals with a sign, none for zero."""
    text = f"{value:+.3f}".replace("-", "−")
    return text if float(text[1:]) else text[1:]


def decimal(value: float) -> str:
    """Two decimals."""
    return f"{value:.2f}".replace("-", "−")


def percent(share: float) -> str:
    """``0.3`` → ``30 %``."""
    return f"{100 * share:.0f} %"


def interval(low: float, high: float) -> str:
    """A 95 % interval in words."""
    return f"95 % interval {signed(low)} to {signed(high)}"
