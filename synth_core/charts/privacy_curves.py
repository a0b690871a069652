"""What stands behind the privacy meters: distances to the closest training record, and membership attacks."""

from __future__ import annotations

from itertools import pairwise
from math import ceil

import plotly.graph_objects as go

from synth_core.charts.base import HATCHED, LEGEND, QUIET, REAL, SYNTHETIC, Chart, blank, percent, plain, styled
from synth_core.privacy.results import Distances, Membership, PrivacyReport

_ZERO = -1.2  #: where the bars at distance zero stand; the others are numbered from 0
_TICKS = 5
_FALSE = 0.01  #: share of false positives at which an attack is dangerous: it names few rows, and is right
#: Colour and dash of the attacks: none is the blue of real rows, which no attack belongs to.
_ATTACKS = ((SYNTHETIC, "solid", "diamond"), ("#009E73", "dash", "square"), ("#CC79A7", "dashdot", "triangle-up"))


def closest_distances(report: PrivacyReport) -> Chart:
    """Shares of synthetic and of unseen real rows by distance to their closest training record, zero apart."""
    found = report.distances
    if found is None:
        return blank(_why(report, "Distances to the closest record"))
    rest = [(found.synthetic, found.zero_synthetic), (found.holdout, found.zero_holdout)]
    figure = go.Figure()
    looks = (("Unseen real rows", REAL, None, rest[1], -0.4), ("Synthetic", SYNTHETIC, HATCHED, rest[0], 0.0))
    for name, colour, pattern, (shares, zero), offset in looks:
        figure.add_bar(
            x=[_ZERO, *range(len(shares))],
            y=[zero, max(shares[0] - zero, 0.0), *shares[1:]],
            offset=offset,
            width=0.4,
            marker={"color": colour, "pattern": pattern},
            name=name,
            customdata=["distance 0: equal to a training row", *_spans(found.edges)],
            hovertemplate=f"{name}<br>%{{customdata}}<br>%{{y:.1%}}<extra></extra>",
        )
    _distance_axes(figure, found)
    return Chart(figure, _distances(found))


def _distance_axes(figure: go.Figure, found: Distances) -> None:
    count = len(found.edges) - 1
    step = ceil(count / _TICKS)
    places = list(range(step, count + 1, step))
    figure.add_vline((_ZERO - 0.5) / 2, line={"color": QUIET, "width": 1, "dash": "dot"}, layer="below")
    styled(
        figure,
        height=340,
        margin_t=LEGEND,
        xaxis={
            "range": [_ZERO - 0.8, count - 0.2],
            "tickvals": [_ZERO, *(p - 0.5 for p in places)],
            "ticktext": ["0", *(f"{found.edges[p]:.2g}" for p in places)],
            "title": {"text": "Distance to the closest training record"},
            "showgrid": False,
        },
        yaxis={"title": {"text": "Share of rows"}, "tickformat": ".0~%", "nticks": 5, "rangemode": "tozero"},
    )


def _spans(edges: tuple[float, ...]) -> list[str]:
    return [f"distance {a:.3g} to {b:.3g}" for a, b in pairwise(edges)]


def _distances(found: Distances) -> str:
    near, middle = found.synthetic_quantiles
    near_real, middle_real = found.holdout_quantiles
    return (
        f"{_share(found.zero_synthetic)} of the synthetic rows lie at distance zero, {_share(found.zero_holdout)} of "
        f"the unseen real rows; the nearest 5 % are closer than {near:.2g} ({near_real:.2g} for unseen rows), half of "
        f"them closer than {middle:.2g} ({middle_real:.2g})."
    )


def membership_roc(report: PrivacyReport) -> Chart:
    """ROC curves of the membership attacks with the line of chance, and what each finds at 1 % false positives."""
    attacks = report.memberships
    if not attacks:
        return blank(_why(report, "Membership attacks"))
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": QUIET, "width": 1, "dash": "dot"}, name="Chance: AUC 0.5",
        legendrank=2000, hoverinfo="skip",
    )  # fmt: skip
    for i, attack in enumerate(attacks):
        _attack(figure, attack, *_ATTACKS[i % len(_ATTACKS)], shift=0.004 * i)
    axis = {"range": [-0.02, 1.02], "tickvals": [0, 0.25, 0.5, 0.75, 1], "tickformat": ".2~f"}
    styled(
        figure,
        height=400,
        margin_t=LEGEND + 20 * max(len(attacks) - 1, 0),
        xaxis={**axis, "title": {"text": "False-positive rate (unseen rows called training rows)"}},
        yaxis={**axis, "title": {"text": "True-positive rate"}},
    )
    best = max(attacks, key=lambda a: a.auc)
    sharp = max(attacks, key=lambda a: a.tpr_at_1)
    other = "it" if sharp is best else f"“{sharp.title}”"
    return Chart(
        figure,
        f"Best of {len(attacks)} membership attacks: “{best.title}”, AUC {best.auc:.3f} where guessing has 0.5; "
        f"with 1 % false positives {other} finds {_share(sharp.tpr_at_1)} of the training rows (95 % interval "
        f"{_share(sharp.tpr_at_1_low)} to {_share(sharp.tpr_at_1_high)}) where guessing finds 1 %.",
    )


def _attack(figure: go.Figure, attack: Membership, colour: str, dash: str, symbol: str, *, shift: float) -> None:
    """The curve, and its height at 1 % false positives with an interval."""
    title = plain(attack.title)
    figure.add_scatter(
        x=attack.fpr, y=attack.tpr, mode="lines", line={"color": colour, "width": 2.5, "dash": dash},
        name=f"{title}: AUC {attack.auc:.3f}", legendgroup=attack.key,
        hovertemplate=f"{title}<br>false positives %{{x:.1%}}<br>true positives %{{y:.1%}}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=[_FALSE + shift],
        y=[attack.tpr_at_1],
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [attack.tpr_at_1_high - attack.tpr_at_1],
            "arrayminus": [attack.tpr_at_1 - attack.tpr_at_1_low],
            "color": colour,
            "thickness": 1.5,
        },
        mode="markers",
        marker={"symbol": symbol, "size": 10, "color": colour, "line": {"color": "#FFFFFF", "width": 1}},
        name=f"{title}, at 1 % false positives",
        legendgroup=attack.key,
        showlegend=False,
        cliponaxis=False,
        hovertemplate=f"{title}<br>at 1 % false positives %{{y:.1%}}<extra></extra>",
    )


def _why(report: PrivacyReport, what: str) -> str:
    if not report.holdout_rows:
        return f"{what}: there are no unseen real rows to compare with."
    return f"{what} could not be measured."


def _share(value: float) -> str:
    return percent(value) if value >= 0.1 or value == 0 else f"{100 * value:.2g} %"
