"""What the voice charts share: looks of lines that pass and lines that are stopped, names above their bars."""

from __future__ import annotations

import plotly.graph_objects as go

from synth_core.charts.base import HATCHED, TEXT, cut, wrapped

PASSED = {"color": "#009E73"}  #: lines that go on
STOPPED = {"color": "#CC79A7", "pattern": HATCHED | {"shape": "\\"}}
APPROVED = "#56606B"  #: the brand's own lines, drawn as a dashed line
LINE, BAR, GAP = 16, 16, 10  #: pixels: of a line of text, of a bar, between two rows
CHARACTERS = 46  #: on a line of 360 pixels, name and figure together
_LONGEST = 110


def named(figure: go.Figure, name: str, y: float, right: str = "") -> float:
    """Write ``name`` at the left and ``right`` at the right of a row that begins at ``y``; where its bar begins."""
    words = wrapped(cut(name, _LONGEST), CHARACTERS - len(right))
    for text, x, anchor in ((words, 0, "left"), (right, 1, "right")):
        if text:
            figure.add_annotation(
                text=text, x=x, xref="paper", xanchor=anchor, y=y, yanchor="top", align=anchor, borderpad=0,
                showarrow=False, font={"size": 12, "color": TEXT},
            )  # fmt: skip
    return y - LINE * (words.count("<br>") + 1) - 3
