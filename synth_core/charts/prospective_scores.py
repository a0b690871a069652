"""What both frozen models' scores are worth on leads whose outcome is known."""

from __future__ import annotations

import plotly.graph_objects as go

from synth_core.charts.base import HATCHED, LEGEND, QUIET, REAL, SYNTHETIC, Chart, blank, percent, styled
from synth_core.charts.prospective_weeks import ARMS
from synth_core.prospective.results import Curve, Standing


def prospective_calibration(standing: Standing) -> Chart:
    """Share of positives over the mean score of both models, with the diagonal of a perfect one."""
    curves = (standing.calibration_reference, standing.calibration_arm)
    if not all(curves):
        return blank("Calibration needs leads with an outcome.")
    end = min(1.0, 1.04 * max(v for curve in curves for said, was, _ in curve for v in (said, was)) or 1.0)
    figure = go.Figure()
    figure.add_scatter(x=[0, end], y=[0, end], mode="lines", line={"color": QUIET, "width": 1, "dash": "dot"},
                       name="Exactly right", legendrank=2000, hoverinfo="skip")  # fmt: skip
    for (name, _, colour, dash, symbol), curve in zip(ARMS, curves, strict=True):
        figure.add_scatter(
            x=[said for said, _, _ in curve], y=[was for _, was, _ in curve], customdata=[n for _, _, n in curve],
            mode="lines+markers", line={"color": colour, "width": 2.5, "dash": dash},
            marker={"symbol": symbol, "size": 9, "color": colour}, name=name, cliponaxis=False,
            hovertemplate=f"{name}<br>said %{{x:.1%}}, was %{{y:.1%}}<br>%{{customdata:,}} leads<extra></extra>",
        )  # fmt: skip
    axis = {"range": [-0.02 * end, 1.02 * end], "tickformat": ".0%", "nticks": 6}
    styled(figure, height=340 + LEGEND, margin_t=LEGEND, xaxis={**axis, "title": {"text": "Mean score"}},
           yaxis={**axis, "title": {"text": "Share of positives"}})  # fmt: skip
    (said, was), (with_said, _) = (_means(curve) for curve in curves)
    return Chart(
        figure,
        f"On average the model on real rows said {percent(said)} and the one with synthetic rows "
        f"{percent(with_said)}; {percent(was)} of the leads were positive.",
    )


def _means(curve: Curve) -> tuple[float, float]:
    leads = sum(n for _, _, n in curve)
    return sum(s * n for s, _, n in curve) / leads, sum(w * n for _, w, n in curve) / leads


def prospective_deciles(standing: Standing) -> Chart:
    """How much more common the outcome is in each tenth of the leads, ranked by either model."""
    tenths = [d for d in standing.deciles if d.lift_reference is not None and d.lift_arm is not None]
    if not tenths:
        return blank("Tenths of the leads need at least ten leads with an outcome, one of them positive.")
    figure = go.Figure()
    looks = (("Real rows only", "lift_reference", {"color": REAL}),
             ("With synthetic rows", "lift_arm", {"color": SYNTHETIC, "pattern": HATCHED}))  # fmt: skip
    for name, lift, marker in looks:
        figure.add_bar(
            x=[d.decile for d in tenths], y=[getattr(d, lift) for d in tenths], marker=marker, name=name,
            customdata=[d.leads for d in tenths],
            hovertemplate=f"{name}<br>tenth %{{x}}: %{{y:.2f}} times the average<br>%{{customdata:,}} leads"
            "<extra></extra>",
        )  # fmt: skip
    figure.add_hline(1, line={"color": QUIET, "width": 1.5, "dash": "dot"})
    top = tenths[0]
    styled(figure, height=340 + LEGEND, margin_t=LEGEND - 16, bargap=0.25,
           xaxis={"dtick": 1, "showgrid": False, "title": {"text": "Tenth of the leads, highest scores first"}},
           yaxis={"rangemode": "tozero", "nticks": 6, "title": {"text": "Times the average"}})  # fmt: skip
    return Chart(
        figure,
        f"In the tenth with the highest scores the outcome is {top.lift_arm:.1f} times as common as on average by the "
        f"model with synthetic rows, and {top.lift_reference:.1f} times by the one on real rows.",
    )
