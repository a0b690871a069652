"""What every chart shares: the template, the colours, and a figure with its takeaway."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

REAL = "#0072B2"
SYNTHETIC = "#D55E00"
INK = "#1F2933"
QUIET = "#7A8793"
GRID = "#E4E8EC"

_FONT = '"Source Sans 3", "Source Sans Pro", "Helvetica Neue", Arial, sans-serif'
TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": _FONT, "size": 13, "color": INK},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "margin": {"l": 8, "r": 12, "t": 12, "b": 8},
        "colorway": [REAL, SYNTHETIC, "#009E73", "#CC79A7", "#56B4E9", QUIET],
        "hoverlabel": {"font": {"family": _FONT, "size": 13}},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.0, "yanchor": "bottom"},
        "xaxis": {"gridcolor": GRID, "zerolinecolor": QUIET, "automargin": True, "title": {"standoff": 6}},
        "yaxis": {"gridcolor": GRID, "zerolinecolor": QUIET, "automargin": True, "title": {"standoff": 6}},
    }
)


@dataclass(frozen=True)
class Chart:
    """A figure and the one sentence it says, which is also its alternative text."""

    figure: go.Figure
    takeaway: str


def figure(*traces: go.BaseTraceType, height: int = 360) -> go.Figure:
    """An empty-handed figure in our own template: Streamlit replaces Plotly's default one when it is imported."""
    return go.Figure(traces, layout={"template": TEMPLATE, "height": height})


def short(name: str, most: int = 24) -> str:
    """A long column name cut in the middle, so that beginnings and ends still tell names apart."""
    return name if len(name) <= most else f"{name[: most // 2]}…{name[-(most // 2 - 1) :]}"


def escaped(name: str) -> str:
    """Plotly reads ``<`` in labels as markup."""
    return name.replace("&", "&amp;").replace("<", "&lt;")


def label(name: str, most: int = 24) -> str:
    """A column name as an axis label."""
    return escaped(short(name, most))
