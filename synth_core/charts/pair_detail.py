"""Joint shares of two features: real, synthetic, and their difference."""

from __future__ import annotations

import numpy as np
from plotly.subplots import make_subplots

from synth_core.charts.base import DIVERGING, Chart, blank, plain, short, styled
from synth_core.fidelity.results import PairDetail

_CELL = 20  #: pixels
_TITLE, _TICKS = 34, 90  #: pixels above each map, and below the last


def pair_detail(detail: PairDetail) -> Chart:
    """Three heat maps on one colour scale, one below the other: the cells of the second feature need the width."""
    real, synthetic = np.array(detail.real), np.array(detail.synthetic)
    if not real.size:
        return blank(f"{detail.first} and {detail.second} have no cells in common.")
    rows, columns = real.shape
    inner = _CELL * rows
    total = 3 * inner + 2 * _TITLE
    figure = make_subplots(
        3, 1, subplot_titles=[f"<b>{t}</b>" for t in ("Real", "Synthetic", "Synthetic − real")],
        vertical_spacing=_TITLE / total,
    )  # fmt: skip
    cells = np.array([[(plain(a), plain(b)) for b in detail.second_labels] for a in detail.first_labels])
    for row, (name, shares) in enumerate(
        (("Real", real), ("Synthetic", synthetic), ("Synthetic − real", synthetic - real)), 1
    ):
        figure.add_heatmap(
            z=[[round(float(v), 5) for v in line] for line in shares],
            x=np.arange(columns),
            y=np.arange(rows),
            coloraxis="coloraxis",
            xgap=1,
            ygap=1,
            name=name,
            customdata=cells,
            hovertemplate=f"{plain(detail.first)} %{{customdata[0]}}<br>{plain(detail.second)} %{{customdata[1]}}<br>"
            f"{name} %{{z:.1%}}<extra></extra>",
            row=row,
            col=1,
        )
    figure.update_xaxes(
        tickvals=np.arange(columns), ticktext=[short(c, 16) for c in detail.second_labels], tickfont_size=10,
        autotickangles=[0, -90], showgrid=False, showticklabels=False,
    )  # fmt: skip
    figure.update_xaxes(showticklabels=True, row=3, col=1)
    figure.update_yaxes(
        tickvals=np.arange(rows), ticktext=[short(c, 16) for c in detail.first_labels], tickfont_size=10,
        autorange="reversed", showgrid=False,
    )  # fmt: skip
    figure.update_annotations(font_size=12)
    largest = float(max(real.max(), synthetic.max()))
    styled(
        figure,
        height=total + _TITLE + _TICKS + 40,
        margin={"t": _TITLE, "b": _TICKS + 40},
        coloraxis={
            "colorscale": DIVERGING,
            "cmin": -largest,
            "cmid": 0,
            "cmax": largest,
            "colorbar": {
                "orientation": "h",
                "thickness": 10,
                "y": 0,
                "yref": "container",
                "yanchor": "bottom",
                "len": 0.9,
                "tickformat": ".0%",
            },
        },
    )
    return Chart(figure, detail.sentence)
