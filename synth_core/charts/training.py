"""How the training of a neural generator went: the distance of its rows from real ones, and its losses."""

from __future__ import annotations

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from synth_core.charts.base import LEGEND, QUIET, REAL, SYNTHETIC, TEXT, Chart, blank, padded, styled
from synth_core.generators.training import Training

_LOSSES = ((QUIET, "dash"), ("#7A8793", "dot"))  # quiet on purpose: they say nothing about the rows


def training_curve(training: Training, *, losses: bool = True) -> Chart:
    """Distance by number of updates, with the state that was kept; the losses below.

    Parameters
    ----------
    losses : bool
        False = the distance only, as a small chart.
    """
    if not training.updates:
        return blank("Training has not been compared with real rows yet.")
    shown = training.losses if losses else {}
    figure = make_subplots(
        2 if shown else 1, 1, shared_xaxes=True, vertical_spacing=0.12, row_heights=[0.62, 0.38] if shown else None
    )
    figure.add_scatter(
        x=training.updates, y=training.distances, mode="lines", line={"color": SYNTHETIC, "width": 2.5, "dash": "dash"},
        name="Synthetic rows", hovertemplate="update %{x:,}<br>distance %{y:.3f}<extra></extra>",
    )  # fmt: skip
    if training.kept:
        figure.add_scatter(
            x=[training.kept], y=[_kept(training)], mode="markers", name="State that was kept",
            marker={"symbol": "diamond", "size": 12, "color": SYNTHETIC, "line": {"color": TEXT, "width": 1.5}},
            hovertemplate="kept: update %{x:,}<br>distance %{y:.3f}<extra></extra>",
        )  # fmt: skip
    if training.reference is not None:
        figure.add_scatter(
            x=[training.updates[0], training.updates[-1]], y=[training.reference] * 2, mode="lines",
            line={"color": REAL, "width": 1.5}, name="Other real rows", hoverinfo="skip",
        )  # fmt: skip
    for (name, values), (color, dash) in zip(shown.items(), _LOSSES, strict=False):
        figure.add_scatter(
            x=training.updates, y=values, mode="lines", line={"color": color, "width": 1.5, "dash": dash},
            name=name.replace("_", " ").capitalize(), hovertemplate="update %{x:,}<br>%{y:.3f}<extra></extra>",
            row=2, col=1,
        )  # fmt: skip
    _axes(figure, training, bool(shown))
    return Chart(figure, _takeaway(training))


def _kept(training: Training) -> float:
    return dict(zip(training.updates, training.distances, strict=True))[training.kept]


def _axes(figure: go.Figure, training: Training, with_losses: bool) -> None:
    top = max(training.distances)
    alone = len(figure.data) == 1  # one line needs no legend
    height, above = (430, LEGEND + 24) if with_losses else (210 if alone else 260, 12 if alone else LEGEND)
    styled(figure, height=height, margin_t=above, showlegend=not alone)
    figure.update_yaxes(range=[-0.03 * top, 1.06 * top], title_text="Distance", nticks=6, row=1, col=1)
    x = padded(0, training.updates[-1] if with_losses else training.planned, share=0.03)
    figure.update_xaxes(range=x, nticks=6, tickformat=",")
    if with_losses:
        figure.update_yaxes(title_text="Losses", nticks=4, row=2, col=1)
    figure.update_xaxes(title_text="Updates", row=2 if with_losses else 1, col=1)


def _takeaway(training: Training) -> str:
    against = f"{training.held_out:,} held-out real rows" if training.held_out else "the training rows"
    text = f"Distance from {against} after {training.made:,} of {training.planned:,} updates: "
    if not training.kept:
        return f"{text}{training.distances[-1]:.3f} (0 = the same, 1 = nothing in common)."
    text += f"{_kept(training):.3f} in the state that was kept (update {training.kept:,})"
    if training.reference is not None:
        text += f", {training.reference:.3f} for other real rows"
    return text + "; losses do not tell how good the rows are."
