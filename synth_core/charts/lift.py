"""A study in pictures: gain per arm, and fold by fold."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from synth_core.charts.base import INK, QUIET, REAL, SYNTHETIC, Chart, escaped, figure, label
from synth_core.lift.results import ArmResult, Study

_EQUIVALENT = 0.01  #: differences in AUC that make no practical difference
_LOOKS = {
    "candidate": ("Real + synthetic", SYNTHETIC, "diamond"),
    "reference": ("Real rows only", REAL, "circle"),
    "control": ("Control", REAL, "square-open"),
    "line": ("Committee", INK, "triangle-up-open"),
    "synthetic only": ("Synthetic rows only", QUIET, "x"),
}


def arms_forest(study: Study) -> Chart:
    """Mean AUC difference of every arm to the reference, with 95 % intervals; candidates on top, best first."""
    order = list(_LOOKS)
    arms = sorted(
        (a for a in study.arms if a.delta is not None), key=lambda a: (order.index(a.role), -a.delta), reverse=True
    )
    rows = {arm.key: row for row, arm in enumerate(arms)}
    fig = figure(height=120 + 30 * len(arms))
    fig.add_vrect(x0=-_EQUIVALENT, x1=_EQUIVALENT, fillcolor="#EEF1F4", line_width=0, layer="below")
    fig.add_vline(x=0, line={"color": INK, "width": 1})
    for role, (name, colour, symbol) in _LOOKS.items():
        mine = [a for a in arms if a.role == role]
        if mine:
            fig.add_trace(_whiskers(mine, rows, name, colour, symbol))
    chosen = study.verdict.arm
    fig.update_yaxes(
        tickvals=list(range(len(arms))),
        ticktext=[f"<b>{label(a.title, 40)}</b>" if a.key == chosen else label(a.title, 40) for a in arms],
        showgrid=False,
        zeroline=False,
    )
    reference = study.arm(study.reference)
    fig.update_xaxes(title=f"AUC difference to {escaped(reference.title)}", tickformat="+.2f", zeroline=False)
    return Chart(fig, _takeaway(study, reference))


def _whiskers(arms: list[ArmResult], rows: dict[str, int], name: str, colour: str, symbol: str) -> go.Scatter:
    return go.Scatter(
        x=[a.delta for a in arms],
        y=[rows[a.key] for a in arms],
        mode="markers",
        name=name,
        marker={"color": colour, "symbol": symbol, "size": 10, "line": {"width": 2, "color": colour}},
        error_x={
            "type": "data",
            "array": [a.high - a.delta for a in arms],
            "arrayminus": [a.delta - a.low for a in arms],
            "color": colour,
            "thickness": 1.5,
            "width": 4,
        },
        customdata=[(escaped(a.title), a.low, a.high, a.scores.auc) for a in arms],
        hovertemplate="%{customdata[0]}<br>%{x:+.3f} (%{customdata[1]:+.3f} to %{customdata[2]:+.3f})"
        "<br>AUC %{customdata[3]:.3f}<extra></extra>",
    )


def _takeaway(study: Study, reference: ArmResult) -> str:
    candidates = [a for a in study.arms if a.role == "candidate"]
    above = sum(a.low > 0 for a in candidates)
    best = max(candidates, key=lambda a: a.delta)
    return (
        f"{best.title} comes out best of {len(candidates)} candidates: {best.delta:+.3f} AUC against {reference.title} "
        f"({best.low:+.3f} to {best.high:+.3f}). {above or 'No'} interval{'s lie' if above > 1 else ' lies'} above zero. "
        f"Shaded: differences under {_EQUIVALENT} that hardly matter."
    )


def fold_differences(study: Study) -> Chart:
    """The chosen arm minus the reference in every fold, in order, with the mean."""
    chosen, reference = study.arm(study.verdict.arm), study.arm(study.reference)
    differences = np.subtract(chosen.fold_auc, reference.fold_auc)
    numbers = np.arange(1, len(differences) + 1)
    better = differences > 0
    bars = [
        go.Bar(
            x=numbers[where],
            y=differences[where],
            name=name,
            marker={"color": colour, "pattern": {"shape": pattern, "fgcolor": "rgba(255,255,255,.6)", "size": 5}},
            hovertemplate="Fold %{x}: %{y:+.3f}<extra></extra>",
        )
        for name, where, colour, pattern in (
            ("Better with synthetic rows", better, SYNTHETIC, ""),
            ("Better without", ~better, REAL, "/"),
        )
    ]
    fig = figure(*bars, height=300)
    fig.add_hline(y=float(differences.mean()), line={"color": INK, "width": 1.5, "dash": "dash"})
    fig.add_annotation(
        x=1, xref="paper", y=float(differences.mean()), text=f"mean {differences.mean():+.3f}", showarrow=False,
        xanchor="right", yanchor="bottom", font={"size": 12}, bgcolor="rgba(255,255,255,.8)",
    )  # fmt: skip
    fig.update_xaxes(
        title=f"Fold ({study.folds} folds × {study.repeats})", showgrid=False, dtick=max(1, len(numbers) // 13)
    )
    fig.update_yaxes(title="AUC difference", tickformat="+.2f")
    return Chart(
        fig,
        f"{chosen.title} beats {reference.title} in {int(better.sum())} of {len(differences)} folds; the mean "
        f"difference is {differences.mean():+.3f}. Folds share training rows, so they are not independent.",
    )
