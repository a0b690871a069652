"""One row for each arm of a study: its name above its marks, so that long names fit on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from synth_core.charts.base import QUIET, REAL, SYNTHETIC, TEXT, cut, styled, wrapped
from synth_core.lift.results import ArmResult

#: Role → heading, colour, marker symbol; in reading order.
ROLES = {
    "reference": ("Real rows only", REAL, "circle"),
    "control": ("Control", REAL, "circle-open"),
    "candidate": ("Real and synthetic rows", SYNTHETIC, "diamond"),
    "line": ("For comparison", QUIET, "triangle-up"),
    "synthetic only": ("Synthetic rows only", SYNTHETIC, "diamond-open"),
}
_TOP, _HEADING, _MARK, _LINE, _NAME_GAP = 12, 32, 26, 16, 9  # pixels
_AXIS = 70  #: pixels of ticks and title below the rows
_CHARACTERS = 48  #: on a line of 360 pixels
_LONGEST = 110  #: characters of a name, on as many lines as it takes


@dataclass(frozen=True)
class Row:
    """Where the marks of one arm go, and how they look; ``y`` is in pixels from the top, downwards negative."""

    arm: ArmResult
    y: float
    colour: str
    symbol: str


def arm_rows(
    figure: go.Figure, arms: Sequence[ArmResult], values: Mapping[str, str], *, bold: str | None = None
) -> list[Row]:
    """Write headings, names and ``values`` (by arm key, at the right edge) of ``arms``, in order of their roles.

    Returns
    -------
    list of Row
        For the marks, top to bottom.
    """
    room = _CHARACTERS - max((len(v) for v in values.values()), default=0)
    rows, y = [], -float(_TOP)
    for role, (heading, colour, symbol) in ROLES.items():
        members = [a for a in arms if a.role == role]
        if not members:
            continue
        y -= _HEADING
        _write(figure, heading.upper(), y, size=10, color=QUIET)
        for arm in members:
            name = wrapped(cut(arm.title, _LONGEST), room if arm.key in values else _CHARACTERS)
            tall = _LINE * (name.count("<br>") + 1)
            y -= _MARK + tall
            top = y + _NAME_GAP + tall
            _write(figure, f"<b>{name}</b>" if arm.key == bold else name, top, yanchor="top")
            if arm.key in values:
                _write(figure, values[arm.key], top, yanchor="top", x=1, xanchor="right")
            rows.append(Row(arm, y, colour, symbol))
    return rows


def styled_rows(figure: go.Figure, rows: Sequence[Row], *, margin_t: int = 8, **layout) -> go.Figure:
    """``figure`` with a pixel of height for a unit of y, and any other layout settings."""
    bottom = rows[-1].y - 17
    return styled(
        figure,
        height=round(-bottom) + _AXIS + margin_t - 8,
        margin_t=margin_t,
        yaxis={"range": [bottom, 0], "visible": False, "fixedrange": True},
        **layout,
    )


def _write(figure: go.Figure, text: str, y: float, *, size: int = 12, color: str = TEXT, **place) -> None:
    figure.add_annotation(
        **{"text": text, "x": 0, "xref": "paper", "y": y, "xanchor": "left", "yanchor": "middle", "align": "left"}
        | place,
        borderpad=0,
        showarrow=False,
        font={"size": size, "color": color},
    )
