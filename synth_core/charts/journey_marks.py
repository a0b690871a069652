"""What the journey charts share: looks of truth and model, points of a share, axes with one row per channel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from synth_core.charts.base import HATCHED, short
from synth_core.journeys.results import Mean

TRUTH = "#009E73"  #: what channels really did
MODEL = "#7B3F98"  #: what a model credits
OTHER = "#7A8793"  #: everything else it is compared with
CONVERTED = "#009E73"
HATCH = HATCHED | {"shape": "\\"}
MOST = 24  #: channels in one picture
NAME = 20  #: characters of a name beside the axis, so that a phone has room for the plot


def points(share: float, digits: int = 1) -> str:
    """A difference of shares in percentage points, with a sign: ``0.031`` → ``+3.1``."""
    text = f"{100 * share:+.{digits}f}".replace("-", "−")
    return text if float(text[1:]) else text[1:]


def percent(share: float) -> str:
    """``0.0314`` → ``3.1 %``."""
    return f"{100 * share:.1f} %"


def spread(mean: Mean, scale: float = 1.0) -> float:
    """Standard error for an error bar; nothing to draw where there is one seed."""
    return scale * (mean.se or 0.0)


def plus_minus(mean: Mean, scale: float = 1.0, digits: int = 1) -> str:
    """``5.6 ± 0.4``; without the second part where there is one seed."""
    text = f"{scale * mean.mean:,.{digits}f}"
    text += f" ± {scale * mean.se:,.{digits}f}" if mean.se is not None else ""
    return text.replace("-", "−")


def average(rows: Sequence[Sequence[float]]) -> list[float]:
    """Mean over seeds, one for each channel."""
    return [sum(values) / len(values) for values in zip(*rows, strict=True)]


def rows_of(names: Sequence[str], length: int = NAME) -> dict[str, Any]:
    """An axis with one row for each name, first on top."""
    return {
        "tickvals": list(range(len(names))),
        "ticktext": [short(n, length) for n in names],
        "range": [len(names) - 0.4, -0.6],
        "showgrid": False,
        "fixedrange": True,
    }


def largest(values: Sequence[float], most: int = MOST) -> list[int]:
    """Places of the largest values, in falling order."""
    return sorted(range(len(values)), key=lambda i: -values[i])[:most]


def left_out(shown: int, count: int, what: str = "channels") -> str:
    """A sentence where not everything is drawn."""
    return f" The {shown} largest of {count} {what} are drawn." if shown < count else ""
