"""Points in the plane, real and made, for the worked examples of page Guide."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from synth_core.advice.miniatures.records import Shaped, Smoted, Trained
from synth_core.charts.base import LEGEND, QUIET, REAL, SYNTHETIC, Chart, percent, styled

_REAL = {"color": REAL, "symbol": "circle", "size": 6, "opacity": 0.55}
_MADE = {"color": SYNTHETIC, "symbol": "x", "size": 6, "opacity": 0.75}
_AXIS = {"nticks": 5, "title": {"text": ""}}


def guide_smote(found: Smoted) -> Chart:
    """New rows of the rare class on the segments between real ones."""
    figure = go.Figure()
    _points(
        figure, found.common, "Common outcome", {"color": QUIET, "symbol": "circle-open", "size": 6, "opacity": 0.6}
    )
    lines = np.full((len(found.ends), 3, 2), np.nan)
    lines[:, :2] = found.ends
    x, y = ([None if np.isnan(v) else float(v) for v in lines[:, :, i].ravel()] for i in (0, 1))
    figure.add_scatter(
        x=x, y=y, mode="lines", line={"color": SYNTHETIC, "width": 1, "dash": "dot"}, opacity=0.5, name="Mixed from",
        hoverinfo="skip",
    )  # fmt: skip
    _points(figure, found.rare, "Rare outcome, real", _REAL | {"size": 9, "opacity": 1})
    _points(figure, found.made, "Rare outcome, new", _MADE | {"size": 8})
    styled(
        figure, height=400, margin_t=LEGEND, xaxis=_AXIS, yaxis=_AXIS,
        legend={"itemsizing": "constant"},
    )  # fmt: skip
    where = (
        f"{percent(found.astray)} of the {len(found.made)} new rows have a row of the common outcome as their nearest "
        "neighbour"
    )
    if found.astray < 0.005:
        where = f"none of the {len(found.made)} new rows lies among the common outcome"
    return Chart(figure, f"With k = {found.neighbours}, {where}.")


def guide_shape(found: Shaped) -> Chart:
    """Real points, and what a generator makes of them."""
    figure = go.Figure()
    _points(figure, found.real, "Real", _REAL)
    _points(figure, found.made, "Synthetic", _MADE)
    styled(figure, height=400, margin_t=LEGEND, xaxis=_AXIS, yaxis=_AXIS, legend={"itemsizing": "constant"})
    return Chart(figure, f"{found.title}: {percent(found.off)} of the synthetic points lie where no real ones are.")


def guide_training(found: Trained) -> Chart:
    """What a network makes at several moments of its training, one below the other on every screen."""
    figure = make_subplots(
        rows=len(found.shots), cols=1, shared_xaxes=True, vertical_spacing=0.06,
        subplot_titles=[shot.title for shot in found.shots],
    )  # fmt: skip
    for place, shot in enumerate(found.shots, start=1):
        for points, name, marker in ((shot.real, "Real", _REAL), (shot.made, "Synthetic", _MADE)):
            _points(
                figure, points, name, marker | {"size": 5}, row=place, col=1, legendgroup=name, showlegend=place == 1
            )
    ends = np.vstack([found.shots[0].real])
    low, high = ends.min(axis=0) - 0.6, ends.max(axis=0) + 0.6
    styled(figure, height=240 * len(found.shots) + 60, margin_t=LEGEND + 20, legend={"itemsizing": "constant"})
    figure.update_xaxes(range=[float(low[0]), float(high[0])], nticks=5)
    figure.update_yaxes(range=[float(low[1]), float(high[1])], nticks=5)
    first, last = found.shots[0], found.shots[-1]
    return Chart(
        figure,
        f"{found.title}: after {found.updates[0]} updates {percent(first.off)} of the synthetic points lie where no "
        f"real ones are, after {found.updates[-1]} still {percent(last.off)}.",
    )


def _points(figure: go.Figure, points: np.ndarray, name: str, marker: dict, **place) -> None:
    figure.add_scatter(
        x=points[:, 0].tolist(), y=points[:, 1].tolist(), mode="markers", name=name, marker=marker,
        hovertemplate=f"{name}<br>%{{x:.2f}}, %{{y:.2f}}<extra></extra>", **place,
    )  # fmt: skip
