"""Every meter in a block of its own: what it found, what to do, and the numbers."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, text
from synth_core import charts as figures
from synth_core.charts.privacy_risks import GRADES
from synth_core.privacy.results import Meter, PrivacyReport
from synth_core.reports.privacy import WORDS, YARDSTICK, risk_range


def show(report: PrivacyReport) -> None:
    """The picture of all, each by itself in the order of the report, and those that could not run."""
    if report.meters:
        st.header("Risk on every meter", anchor=False)
        charts.show(figures.privacy_risks(report), "risks")
        st.caption(YARDSTICK)
    for meter in report.meters:
        _meter(meter)
    if report.unavailable:
        st.header("Not measured", anchor=False)
        st.markdown("\n".join(f"- **{text.literal(u.name)}**: {text.literal(u.reason)}" for u in report.unavailable))


def _meter(meter: Meter) -> None:
    """One meter: what it found, what to do, and the numbers."""
    icon, _, colour, _ = GRADES[meter.grade]
    with st.container(border=True, key=f"meter-{meter.key}"):
        grade = f'<b style="color:{colour};white-space:nowrap">{icon} {WORDS[meter.grade]}</b>'
        st.markdown(
            f"**{text.literal(meter.title)}** · {grade}", unsafe_allow_html=True, help=text.literal(meter.formula)
        )
        st.markdown(text.literal(meter.sentence))
        if meter.flagged:
            st.markdown(f"**What to do:** {text.literal(meter.advice)}")
        st.caption(
            f"{_measured(meter)} · yardstick {_value(meter, meter.reference)} · risk "
            f"{risk_range(meter)} · {_p(meter.p_holm)} after Holm · "
            f"{text.count(meter.attacks)} attacks, {text.count(meter.controls)} controls"
        )


def _measured(meter: Meter) -> str:
    low, high = (_value(meter, v) for v in (meter.low, meter.high))
    return f"{'AUC' if meter.unit == 'AUC' else 'Share'} {_value(meter, meter.value)} (95 % interval {low} to {high})"


def _value(meter: Meter, value: float) -> str:
    return text.score(value) if meter.unit == "AUC" else text.share(value)


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p {value:.3f}"
