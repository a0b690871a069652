"""Heat maps with a number in every cell; wide ones are cut into blocks, one below the other, to fit a phone."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from synth_core.charts.base import BAND, TEXT, plain, short, styled

BLOCK = 11  #: columns that fit a phone with a number in each
_ROW, _GAP = 26, 16  #: pixels
_NAME, _LONGEST = 22, 18  #: characters of a row's and of a column's name

Cells = Sequence[Sequence[float | None]]


def grid(
    rows: Sequence[str], columns: Sequence[str], values: Cells, texts: Sequence[Sequence[str]],
    hover: Sequence[Sequence[str]], *, scale: str | list, low: float, high: float, name: str,
) -> go.Figure:  # fmt: skip
    """A figure of cells coloured from ``low`` to ``high``; None is drawn empty.

    Parameters
    ----------
    texts : sequence of sequence of str
        What is written in the cells.
    hover : sequence of sequence of str
        What is said about the cells, escaped.
    """
    count = ceil(len(columns) / BLOCK)
    wide = ceil(len(columns) / count)
    head = 14 + max(7 * min(len(c), _LONGEST) for c in columns)  # the names stand upright
    inner = count * (_ROW * len(rows)) + (count - 1) * (head + _GAP)
    figure = make_subplots(count, 1, vertical_spacing=(head + _GAP) / inner if count > 1 else 0)
    for block in range(count):
        kept = range(block * wide, min((block + 1) * wide, len(columns)))
        places = list(range(len(kept)))
        figure.add_heatmap(
            z=[[line[j] for j in kept] for line in values],
            x=places,
            y=list(range(len(rows))),
            text=[[line[j] for j in kept] for line in texts],
            customdata=[[line[j] for j in kept] for line in hover],
            texttemplate="%{text}",
            textfont={"size": 11 if wide <= 8 else 10, "color": TEXT},
            hovertemplate="%{customdata}<extra></extra>",
            coloraxis="coloraxis",
            xgap=1,
            ygap=1,
            hoverongaps=False,
            name=name,
            row=block + 1,
            col=1,
        )
        figure.update_xaxes(
            tickvals=places, ticktext=[short(columns[j], _LONGEST) for j in kept], tickangle=-90, side="top",
            range=[-0.5, wide - 0.5], row=block + 1, col=1,
        )  # fmt: skip
    figure.update_xaxes(showgrid=False, fixedrange=True, tickfont_size=11)
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=[short(r, _NAME) for r in rows], autorange="reversed",
        showgrid=False, fixedrange=True, tickfont_size=11,
    )  # fmt: skip
    return styled(
        figure,
        height=inner + head + 16,
        margin={"t": head, "b": 8},
        plot_bgcolor=BAND,
        coloraxis={"colorscale": scale, "cmin": low, "cmax": high, "showscale": False},
    )


def about(row: str, column: str, what: str) -> str:
    """What hovering over a cell says."""
    return f"{plain(row)}<br>{plain(column)}<br>{plain(what)}"
