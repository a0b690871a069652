"""KL divergence of every feature in several runs side by side."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from synth_core.charts.base import SYNTHETIC, Chart, blank, plain, short
from synth_core.charts.divergence import at, with_lines
from synth_core.fidelity.results import FidelityReport

_MOST = 60
#: Colour and symbol of each run; none has the colour of real rows.
_LOOKS = ((SYNTHETIC, "diamond"), ("#009E73", "circle"), ("#CC79A7", "square"), ("#56B4E9", "triangle-up"))
_APART = 0.26  #: of a row, between the markers of two runs
_LEGEND_LINE = 20  #: pixels; a run's name may fill a line


def comparison(reports: Mapping[str, FidelityReport]) -> Chart:
    """KL(real ‖ synthetic) per feature, one marker for each run, the worst feature of any run first.

    Parameters
    ----------
    reports : mapping of str to FidelityReport
        By the name of the run; at most four, of the same table.
    """
    found = {run: {f.name: f.synthetic.kl for f in report.features} for run, report in reports.items()}
    names = sorted({n for kls in found.values() for n in kls}, key=lambda n: (-max(_of(found, n)), n))
    shown = names[:_MOST]
    if not shown:
        return blank("No column could be compared.")
    figure = go.Figure()
    for place, ((run, kls), (colour, symbol)) in enumerate(zip(found.items(), _LOOKS, strict=False)):
        apart = (place - (len(found) - 1) / 2) * _APART  # equal values stay visible
        rows = [(i + apart, n) for i, n in enumerate(shown) if n in kls]
        figure.add_scatter(
            x=[at(kls[n]) for _, n in rows],
            y=[i for i, _ in rows],
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 9, "line": {"color": "#FFFFFF", "width": 1}},
            name=short(run, 44),
            customdata=[(plain(n), plain(run), kls[n]) for _, n in rows],
            hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>KL %{customdata[2]:.4f}<extra></extra>",
        )
    with_lines(figure, shown, [kl for n in shown for kl in _of(found, n)], legend=_LEGEND_LINE * len(found) + 12)
    return Chart(figure, _takeaway(found, names, len(shown)))


def _of(found: Mapping[str, Mapping[str, float]], name: str) -> list[float]:
    return [kls[name] for kls in found.values() if name in kls]


def _takeaway(found: Mapping[str, Mapping[str, float]], names: list[str], shown: int) -> str:
    wins = {run: 0 for run in found}
    for name in names:
        closest = min((run for run in found if name in found[run]), key=lambda run: found[run][name])
        wins[closest] += 1
    best = max(wins, key=lambda run: wins[run])
    worst = names[0]
    farthest = max((run for run in found if worst in found[run]), key=lambda run: found[run][worst])
    more = f" The {shown} worst of {len(names)} are drawn." if shown < len(names) else ""
    return (
        f"“{best}” is the closest to the real rows in {wins[best]} of {len(names)} features; the farthest of all is "
        f"{worst} in “{farthest}” with KL {found[farthest][worst]:.3f}.{more}"
    )
