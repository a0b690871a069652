"""Associations of all pairs of columns: real, synthetic, and their difference."""

from __future__ import annotations

import numpy as np
from plotly.subplots import make_subplots

from synth_core.charts.base import DIVERGING, GRID, Chart, blank, decimal, percent, plain, short, styled, why
from synth_core.fidelity.results import Associations, FidelityReport

_MOST = 25


def correlations(report: FidelityReport) -> Chart:
    """Three heat maps on one colour scale from −1 to 1; at most 25 columns, those with the largest differences."""
    if report.associations is None:
        return blank(why(report, "Pairs", "Pairs of columns were not compared"))
    names = report.associations.names
    real, synthetic = (np.array(m, dtype=float) for m in (report.associations.real, report.associations.synthetic))
    difference = synthetic - real
    strength = np.nan_to_num(np.abs(difference)).max(axis=0)
    kept = np.sort(np.argsort(-strength, kind="stable")[:_MOST])
    full = [plain(names[i]) for i in kept]
    labels = [short(names[i], 16) for i in kept]
    size = max(11 * len(kept) + 60, 170)
    figure = make_subplots(
        2,
        2,
        specs=[[{}, {}], [{"colspan": 2}, None]],
        subplot_titles=("<b>Real</b>", "<b>Synthetic</b>", "<b>Synthetic − real</b>"),
        vertical_spacing=50 / (2 * size + 50),
        horizontal_spacing=0.04,
    )
    places = np.arange(len(kept))
    hover = np.array([[(a, b) for b in full] for a in full])
    for name, matrix, row, column in (
        ("Real", real, 1, 1),
        ("Synthetic", synthetic, 1, 2),
        ("Synthetic − real", difference, 2, 1),
    ):
        figure.add_heatmap(
            z=[[None if np.isnan(v) else round(float(v), 4) for v in line] for line in matrix[np.ix_(kept, kept)]],
            x=places,
            y=places,
            coloraxis="coloraxis",
            xgap=1,
            ygap=1,
            name=name,
            customdata=hover,
            hovertemplate=f"%{{customdata[0]}}<br>%{{customdata[1]}}<br>{name} %{{z:+.2f}}<extra></extra>",
            hoverongaps=False,
            row=row,
            col=column,
        )
    figure.update_xaxes(showticklabels=False, showgrid=False)
    figure.update_yaxes(tickvals=places, ticktext=labels, autorange="reversed", showgrid=False, tickfont_size=10)
    figure.update_yaxes(showticklabels=False, row=1, col=2)
    figure.update_xaxes(
        showticklabels=True, tickvals=places, ticktext=labels, tickangle=-90, tickfont_size=10, row=2, col=1
    )
    figure.update_annotations(font_size=12)
    styled(
        figure,
        height=2 * size + 50 + 30 + 160,
        margin={"t": 30},
        plot_bgcolor=GRID,  # shows where a pair has no association
        coloraxis={
            "colorscale": DIVERGING,
            "cmin": -1,
            "cmid": 0,
            "cmax": 1,
            "colorbar": {
                "orientation": "h",
                "thickness": 10,
                "y": 0,
                "yref": "container",
                "yanchor": "bottom",
                "len": 0.9,
            },
        },
    )
    return Chart(figure, _takeaway(report.associations, real, synthetic, len(kept)))


def _takeaway(found: Associations, real: np.ndarray, synthetic: np.ndarray, shown: int) -> str:
    names, gap = found.names, np.abs(synthetic - real)
    pairs = [(i, j) for i in range(len(names)) for j in range(i) if not np.isnan(gap[i, j])]
    if not pairs:
        return "No pair of columns has an association in both the real and the synthetic rows."
    i, j = max(pairs, key=lambda p: gap[p])
    alike = "" if found.similarity is None else f"Pairs are {percent(found.similarity)} alike on average"
    if found.similarity_holdout is not None:
        alike += f" (real holdout: {percent(found.similarity_holdout)})"
    more = f" The {shown} columns with the largest differences of {len(names)} are drawn." if shown < len(names) else ""
    return (
        f"{alike + '; the' if alike else 'The'} largest change is {names[j]} with {names[i]}: "
        f"{decimal(real[i, j])} in real, {decimal(synthetic[i, j])} in synthetic rows.{more}"
    )
