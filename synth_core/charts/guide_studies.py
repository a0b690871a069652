"""Estimates, noise, leaks and verdicts, for the worked examples of page Guide."""

from __future__ import annotations

import plotly.graph_objects as go

from synth_core.advice.miniatures.records import Leak, Private, Reading, Stated
from synth_core.charts.base import (
    BAND,
    EQUIVALENT,
    HATCHED,
    LEGEND,
    QUIET,
    REAL,
    SYNTHETIC,
    TEXT,
    Chart,
    decimal,
    interval,
    padded,
    signed,
    styled,
)


def guide_stated(found: Stated) -> Chart:
    """What simulated studies find of an effect that was stated."""
    figure = go.Figure()
    order = sorted(range(len(found.estimates)), key=found.estimates.__getitem__)
    figure.add_hline(found.effect, line={"color": REAL, "width": 2}, layer="below")
    figure.add_hline(0, line={"color": QUIET, "width": 1, "dash": "dot"}, layer="below")
    for name, symbol, chosen in (
        ("Interval holds the truth", "x", [i for i in order if found.low[i] <= found.effect <= found.high[i]]),
        ("Interval misses it", "diamond-open", [i for i in order if not found.low[i] <= found.effect <= found.high[i]]),
    ):
        means = [100 * found.estimates[i] for i in chosen]
        figure.add_scatter(
            x=[order.index(i) + 1 for i in chosen],
            y=[m / 100 for m in means],
            error_y={
                "type": "data", "symmetric": False, "thickness": 1.2, "width": 0, "color": SYNTHETIC,
                "array": [found.high[i] - found.estimates[i] for i in chosen],
                "arrayminus": [found.estimates[i] - found.low[i] for i in chosen],
            },
            mode="markers",
            marker={"color": SYNTHETIC, "symbol": symbol, "size": 8},
            name=name,
            hovertemplate=f"{name}<br>%{{y:+.2%}}<extra></extra>",
        )  # fmt: skip
    figure.add_scatter(x=[None], y=[None], mode="lines", line={"color": REAL, "width": 2}, name="Stated effect")
    styled(
        figure, height=360, margin_t=LEGEND,
        xaxis={"title": {"text": "Simulated studies, lowest estimate first"}, "showgrid": False, "nticks": 5},
        yaxis={"title": {"text": "Difference in conversion rate"}, "tickformat": "+.1%"},
    )  # fmt: skip
    count = len(found.estimates)
    return Chart(
        figure,
        f"Stated: {100 * found.effect:+.2f} percentage points. Of {count} studies {found.covered} have an interval "
        f"that holds it, and {found.found} can tell it from nothing.",
    )


def guide_private(found: Private) -> Chart:
    """A histogram with and without the noise that hides a person."""
    figure = go.Figure()
    for name, counts, look in (
        ("Real", found.exact, {"color": REAL}),
        ("Released, with noise", found.noisy, {"color": SYNTHETIC, "pattern": HATCHED}),
    ):
        figure.add_bar(
            x=found.labels,
            y=counts,
            name=name,
            marker=look,
            hovertemplate=f"{name}<br>%{{x}}: %{{y:,.0f}}<extra></extra>",
        )
    styled(
        figure, height=340, margin_t=LEGEND, barmode="group", bargap=0.25,
        xaxis={"title": {"text": "Age"}, "showgrid": False, "type": "category"}, yaxis={"title": {"text": "Customers"}},
    )  # fmt: skip
    return Chart(
        figure,
        f"With ε = {found.epsilon:g} a bar is off by {found.error:,.1f} customers on average (noise of standard "
        f"deviation {found.sigma:,.1f}); one customer more or less moves a bar by 1.",
    )


def guide_leak(found: Leak) -> Chart:
    """One model, scored with rows added before and after the folds are cut, and on rows nobody has seen."""
    parts = (
        ("Rows added first,<br>then folds cut", found.before, SYNTHETIC),
        ("Folds cut first,<br>then rows added", found.after, REAL),
        ("On 3,000 rows<br>nobody has seen", found.truth, REAL),
    )
    figure = go.Figure()
    figure.add_vline(0.5, line={"color": QUIET, "width": 1, "dash": "dot"}, layer="below")
    for label, score, colour in parts:
        figure.add_bar(
            x=[score], y=[label], orientation="h", name=label.replace("<br>", " "), text=[decimal(score)],
            textposition="outside", cliponaxis=False,
            marker={"color": colour} | ({"pattern": HATCHED} if colour == SYNTHETIC else {}),
            hovertemplate=f"AUC {score:.3f}<extra></extra>",
        )  # fmt: skip
    styled(
        figure, height=240, showlegend=False, bargap=0.35,
        xaxis={"range": [0, 1.08], "title": {"text": "AUC; 0.5 is guessing"}, "nticks": 6},
        yaxis={"autorange": "reversed", "showgrid": False},
    )  # fmt: skip
    if not found.added:
        return Chart(figure, f"No rows added: AUC {decimal(found.before)}, {decimal(found.truth)} on unseen rows.")
    return Chart(
        figure,
        f"Rows added before the folds are cut make a model of pure noise score {decimal(found.before)}; added inside "
        f"the training part {decimal(found.after)}, and on unseen rows it is {decimal(found.truth)}.",
    )


def guide_reading(found: Reading) -> Chart:
    """Differences over folds, their mean with its interval, and the band inside which nothing changes in practice."""
    figure = go.Figure()
    figure.add_vrect(-EQUIVALENT, EQUIVALENT, fillcolor=BAND, line_width=0, layer="below")
    figure.add_vline(0, line={"color": TEXT, "width": 1}, layer="below")
    figure.add_scatter(
        x=list(found.differences), y=[0.4 + 0.2 * (i % 5) / 4 for i in range(len(found.differences))], mode="markers",
        name="One fold", marker={"color": SYNTHETIC, "symbol": "x", "size": 7, "opacity": 0.6},
        hovertemplate="Fold: %{x:+.3f}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[found.mean], y=[0], mode="markers", name="Mean, 95 % interval",
        error_x={"type": "data", "symmetric": False, "array": [found.high - found.mean],
                 "arrayminus": [found.mean - found.low], "color": SYNTHETIC, "thickness": 2.5, "width": 6},
        marker={"color": SYNTHETIC, "symbol": "diamond", "size": 12},
        hovertemplate="Mean: %{x:+.3f}<extra></extra>",
    )  # fmt: skip
    ends = (*found.differences, found.low, found.high, -2 * EQUIVALENT, 2 * EQUIVALENT)
    styled(
        figure, height=240, margin_t=LEGEND, yaxis={"visible": False, "range": [-0.4, 0.9]},
        xaxis={"title": {"text": f"AUC difference; grey: within ±{EQUIVALENT}"}, "tickformat": "+.2~f", "nticks": 6,
               "range": padded(*ends)},
    )  # fmt: skip
    return Chart(
        figure,
        f"Mean difference {signed(found.mean)} ({interval(found.low, found.high)}): {found.word}. A true gain below "
        f"{found.smallest:.3f} would probably not be found.",
    )
