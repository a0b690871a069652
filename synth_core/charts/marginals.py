"""Small multiples of each feature's distribution, real and synthetic, worst KL first."""

from __future__ import annotations

from math import ceil

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from synth_core.charts.base import HATCHED, QUIET, REAL, SYNTHETIC, TEXT, Chart, blank, percent, plain, short, styled
from synth_core.fidelity.results import FeatureFidelity, FidelityReport

_COLUMNS = 2
_MOST_CELLS = 12
_TICK = 12  #: characters
_HOVER = "%{{customdata[0]}}<br>%{{customdata[1]}}<br>{name} %{{y:.1%}}<extra></extra>"
_PANEL, _GAP = 120, 124  # pixels; the gap holds upright tick labels and the next title


def marginals(report: FidelityReport, limit: int = 12, offset: int = 0) -> Chart:
    """Shares per cell for ``limit`` features from ``offset`` on, in order of falling KL.

    Parameters
    ----------
    limit, offset : int
        Which part of the features, worst first, is drawn.
    """
    features = sorted(report.features, key=lambda f: -f.synthetic.kl)
    shown = features[offset : offset + limit]
    if not shown:
        return blank("No column could be compared." if not features else "There are no more columns.")
    rows = ceil(len(shown) / _COLUMNS)
    inner = rows * _PANEL + (rows - 1) * _GAP
    figure = make_subplots(
        rows,
        min(_COLUMNS, len(shown)),
        subplot_titles=[
            f"<b>{short(f.name, 19)}</b><br><span style='color:{QUIET}'>KL {f.synthetic.kl:.3f}</span>" for f in shown
        ],
        vertical_spacing=_GAP / inner if rows > 1 else 0,
        horizontal_spacing=0.12,
    )
    for i, feature in enumerate(shown):
        _panel(figure, feature, i // _COLUMNS + 1, i % _COLUMNS + 1, legend=i == 0)
    figure.update_annotations(font={"size": 12, "color": TEXT}, align="center")
    styled(
        figure,
        height=inner + 80 + 90,
        bargap=0.25,
        bargroupgap=0.05,
        margin={"t": 80, "b": 90},
    )
    worst = shown[0]
    return Chart(
        figure,
        f"Features {offset + 1} to {offset + len(shown)} of {len(features)}, worst first: {worst.name} differs most "
        f"(KL {worst.synthetic.kl:.3f}){largest_gap(worst)}.",
    )


def _panel(figure: go.Figure, feature: FeatureFidelity, row: int, column: int, *, legend: bool) -> None:
    draw_shares(figure, feature, _MOST_CELLS, legend=legend, row=row, col=column)
    figure.update_xaxes(tickfont_size=10, row=row, col=column)
    figure.update_yaxes(nticks=4, tickfont_size=10, row=row, col=column)


def draw_shares(
    figure: go.Figure, feature: FeatureFidelity, most: int, *, legend: bool, holdout: bool = False, **place: int
) -> None:
    """Bars of the shares of ``feature``'s cells, at most ``most`` levels, real beside synthetic.

    Parameters
    ----------
    holdout : bool
        Whether to mark the shares of the real holdout too, where they are known.
    place : int
        ``row`` and ``col`` of the subplot, if there are any.
    """
    labels, real, synthetic, held = _few(feature, most)
    x = list(range(len(labels)))
    shared = {
        "x": x,
        "showlegend": legend,
        "customdata": [(plain(feature.name), plain(label)) for label in labels],
        **place,
    }
    looks = (
        ("Real", real, {"color": REAL}),
        ("Synthetic", synthetic, {"color": SYNTHETIC, "pattern": HATCHED}),
    )  # fmt: skip
    for name, shares, marker in looks:
        figure.add_bar(
            y=shares, marker=marker, name=name, legendgroup=name, hovertemplate=_HOVER.format(name=name), **shared
        )
    if holdout and held is not None:
        figure.add_scatter(
            y=held,
            mode="markers",
            marker={"color": REAL, "symbol": "circle", "size": 8, "line": {"color": "#FFFFFF", "width": 1.5}},
            name="Real holdout",
            hovertemplate=_HOVER.format(name="Real holdout"),
            **shared,
        )
    figure.update_xaxes(
        tickvals=x,
        ticktext=[_tick(label, feature.is_quantity) for label in labels],
        autotickangles=[0, -90],
        showgrid=False,
        **place,
    )
    figure.update_yaxes(tickformat=".0%", rangemode="tozero", **place)


def _tick(label: str, is_quantity: bool) -> str:
    """A tick label that fits upright between two rows of panels; long intervals give their lower end."""
    if is_quantity and " – " in label:
        narrow = label.replace(" – ", "–")
        return plain(narrow if len(narrow) <= _TICK else f"≥ {label.split(' – ')[0]}")
    return short(label, _TICK)


def _few(feature: FeatureFidelity, most: int) -> tuple[list[str], list[float], list[float], list[float] | None]:
    """Cells to draw, with their shares: all of a quantity; the largest levels, the rest as one."""
    found = feature.marginal
    held = found.holdout or (0.0,) * len(found.labels)
    cells = list(zip(found.labels, found.real, found.synthetic, held, strict=True))
    if not feature.is_quantity and len(cells) > most:
        kept = sorted(sorted(cells, key=lambda c: -max(c[1:]))[: most - 1], key=cells.index)
        rest = [c for c in cells if c not in kept]
        cells = [*kept, (f"{len(rest)} more", *(sum(c[i] for c in rest) for i in (1, 2, 3)))]
    labels, real, synthetic, held = (list(part) for part in zip(*cells, strict=True)) if cells else ([], [], [], [])
    return labels, real, synthetic, None if found.holdout is None else held


def largest_gap(feature: FeatureFidelity) -> str:
    """Where the two shares differ most, as the end of a sentence."""
    m = feature.marginal
    if not m.labels:
        return ""
    label, real, synthetic = max(zip(m.labels, m.real, m.synthetic, strict=True), key=lambda c: abs(c[1] - c[2]))
    return f", most at {label}: {percent(real)} of real rows, {percent(synthetic)} of synthetic ones"
