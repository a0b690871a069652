"""How probable it is that the chosen arm is worse, practically equal, or better."""

from __future__ import annotations

from math import isfinite

import plotly.graph_objects as go

from synth_core.charts.base import (
    EQUIVALENT,
    GRID,
    HATCHED,
    REAL,
    SYNTHETIC,
    TEXT,
    Chart,
    blank,
    percent,
    plain,
    styled,
)
from synth_core.charts.lift import chosen_arm
from synth_core.lift.results import Study

_HEAD = 66  #: pixels above the bar for three lines
#: Word, limits, colour of the bar, and where the words stand; in the order of the posterior.
_PARTS = (
    ("Worse", f"below −{EQUIVALENT}", REAL, "left"),
    ("Practically equal", f"within ±{EQUIVALENT}", GRID, "center"),
    ("Better", f"above +{EQUIVALENT}", SYNTHETIC, "right"),
)


def posterior(study: Study) -> Chart:
    """Probabilities that the true difference of the main score is below, within and above ± :data:`EQUIVALENT`.

    The words stand at fixed places, because a part of the bar can be too narrow for its own.
    """
    chosen, shares = chosen_arm(study), study.verdict.posterior
    if chosen is None or shares is None or not all(map(isfinite, shares)):
        return blank("No probabilities: this study has no verdict on an arm with synthetic rows.")
    figure = go.Figure()
    for place, (share, (word, limits, colour, side)) in enumerate(zip(shares, _PARTS, strict=True)):
        figure.add_bar(
            x=[share],
            y=[0],
            orientation="h",
            name=word,
            marker={"color": colour, "line": {"color": "#FFFFFF", "width": 1}}
            | ({"pattern": HATCHED} if colour == SYNTHETIC else {}),
            hovertemplate=f"{word}, {study.metric} difference {limits}: {_probability(share)}<extra></extra>",
        )
        figure.add_annotation(
            text=f'<span style="font-size:20px"><b>{_probability(share)}</b></span><br>{word}<br>{limits}',
            x=place / 2, y=1, xref="paper", yref="paper", xanchor=side, align=side, yanchor="bottom", showarrow=False,
            borderpad=0, font={"size": 12, "color": TEXT if colour == GRID else colour},
        )  # fmt: skip
    styled(
        figure,
        height=_HEAD + 44,
        margin={"t": _HEAD, "b": 8, "l": 8, "r": 8},
        barmode="stack",
        bargap=0.1,
        showlegend=False,
        xaxis={"range": [0, 1], "visible": False},
        yaxis={"visible": False},
    )
    worse, equal, better = map(_in_words, shares)
    choice = f" (before allowing for its choice among {study.tests_made})" if study.tests_made > 1 else ""
    return Chart(
        figure,
        f"Judged by its folds{choice}, {chosen.title} is better than {study.arm(study.reference).title} by more than "
        f"{EQUIVALENT} {study.metric} with probability {better}, worse by more than that with {worse}, and practically "
        f"equal with {equal}.",
    )


def _in_words(share: float) -> str:
    """``0.3`` → ``30 %``; never “0 %” or “100 %” of what is neither impossible nor certain."""
    if 0 < share < 0.01:
        return "< 1 %"
    return "> 99 %" if 0.99 < share < 1 else percent(share)


def _probability(share: float) -> str:
    return plain(_in_words(share))
