"""A finished privacy check, from the headline down to what was attacked."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from pages.ui import charts, text
from pages.ui.privacy_form import listed
from synth_core import charts as figures
from synth_core.charts.privacy_risks import GRADES, risk
from synth_core.privacy.results import Meter, PrivacyReport

_WORDS = {"high": "High risk", "some": "Some risk", "no signal": "No signal"}
_NOT_MEASURED = ("○", "Not measured", "#52606D")
_CAUTION = (
    "How to read it: a short distance to a real record is a signal, not yet harm; and a page without signals is no "
    "proof of safety: it says what these attacks found in these rows, and other attacks may find more."
)


def show(report: PrivacyReport) -> None:
    """Headline, what may not leave, and what stands behind them in tabs."""
    _banner(report)
    _before_download(report)
    st.caption(_CAUTION)
    parts = {"Meters": _meters, "Distances and attacks": _pictures, "What was attacked": _attacked}
    for tab, draw in zip(st.tabs(list(parts)), parts.values(), strict=True):
        with tab:
            draw(report)


def _banner(report: PrivacyReport) -> None:
    """Icon, word, sentence: never colour alone."""
    icon, word, colour = _NOT_MEASURED
    facts = []
    if report.meters:
        worst = report.meters[0]
        if report.flagged or report.distances is not None:  # a single quiet meter is no all-clear
            icon, _, colour, _ = GRADES[worst.grade]
            word = _WORDS[worst.grade]
        facts.append(f"{worst.title}: risk {_interval(worst.risk, worst.risk_low, worst.risk_high)}")
    facts.append(
        f"{text.count(report.matches)} of {text.count(report.synthetic_rows)} synthetic rows equal a training row, "
        f"{text.count(report.matches_unique)} of them a unique one"
        if report.matches
        else f"none of {text.count(report.synthetic_rows)} synthetic rows equals a training row"
    )
    st.html(
        f'<div class="verdict" role="status" style="border-color:{colour}"><span class="word" style="color:{colour}">'
        f"{icon} {word}</span>{escape(report.headline)}"
        f'<span class="figures">{escape(" · ".join(facts))}</span></div>'
    )


def _before_download(report: PrivacyReport) -> None:
    """Whether real values of columns that must not leave are among the synthetic ones."""
    broken = [o for o in report.overlaps if o.rows]
    if broken:
        found = "; ".join(
            f"“{text.literal(o.name)}” ({o.role}) in {text.count(o.rows)} row{'s' * (o.rows > 1)}" for o in broken
        )
        st.error(
            f"**Identifiers and sensitive values: fail.** Do not download: synthetic rows hold real values of {found}. "
            "Generate the rows again, or choose “Blank” for these columns on the Data page.",
            icon=":material/lock:",
        )
    elif report.overlaps:
        st.success(
            "**Identifiers and sensitive values: pass.** Compared one by one, no synthetic row holds a real value of "
            f"{listed(tuple(o.name for o in report.overlaps))}.",
            icon=":material/check_circle:",
        )
    else:
        st.caption(
            "Nothing to compare before download: the synthetic rows have no identifiers, sensitive columns or free "
            "text."
        )


def _meters(report: PrivacyReport) -> None:
    if report.meters:
        st.subheader("Risk on every meter", anchor=False)
        charts.show(figures.privacy_risks(report), "risks")
    for meter in report.meters:
        _meter(meter)
    if report.unavailable:
        st.subheader("Not measured", anchor=False)
        st.markdown("\n".join(f"- **{text.literal(u.name)}**: {text.literal(u.reason)}" for u in report.unavailable))


def _meter(meter: Meter) -> None:
    """One meter: what it found, what to do, and the numbers."""
    icon, _, colour, _ = GRADES[meter.grade]
    with st.container(border=True, key=f"meter-{meter.key}"):
        grade = f'<b style="color:{colour};white-space:nowrap">{icon} {_WORDS[meter.grade]}</b>'
        st.markdown(
            f"**{text.literal(meter.title)}** · {grade}", unsafe_allow_html=True, help=text.literal(meter.formula)
        )
        st.markdown(text.literal(meter.sentence))
        if meter.flagged:
            st.markdown(f"**What to do:** {text.literal(meter.advice)}")
        st.caption(
            f"{_measured(meter)} · unseen rows {_value(meter, meter.reference)} · risk "
            f"{_interval(meter.risk, meter.risk_low, meter.risk_high)} · {_p(meter.p_holm)} after Holm · "
            f"{text.count(meter.attacks)} attacks, {text.count(meter.controls)} controls"
        )


def _measured(meter: Meter) -> str:
    low, high = (_value(meter, v) for v in (meter.low, meter.high))
    return f"{'AUC' if meter.unit == 'AUC' else 'Share'} {_value(meter, meter.value)} (95 % interval {low} to {high})"


def _value(meter: Meter, value: float) -> str:
    return text.score(value) if meter.unit == "AUC" else text.share(value)


def _interval(value: float, low: float, high: float) -> str:
    return f"{risk(value)} ({risk(low)} to {risk(high)})"


def _p(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p {value:.3f}"


def _pictures(report: PrivacyReport) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Distance to the closest record", anchor=False)
        charts.show(figures.closest_distances(report), "distances")
        _ratios(report)
    with right:
        st.subheader("Who was in training?", anchor=False)
        charts.show(figures.membership_roc(report), "membership")
    if report.secrets:
        st.subheader("Guessing the secrets", anchor=False)
        _secrets(report)


def _ratios(report: PrivacyReport) -> None:
    """How much closer the closest record is than the second closest."""
    if report.distances is None:
        return
    made, held = report.distances.ratio_synthetic_quantiles, report.distances.ratio_holdout_quantiles
    st.caption(
        f"Distance to the closest over that to the second closest: the lowest 5 % are under {made[0]:.2f} "
        f"({held[0]:.2f} for unseen rows), half of them under {made[1]:.2f} ({held[1]:.2f}). Near 0, a row stands "
        "close to one record only."
    )


def _secrets(report: PrivacyReport) -> None:
    found = report.secrets
    st.dataframe(
        pd.DataFrame(
            {
                "Secret column": [s.name for s in found],
                "Right, training rows": [text.share(s.value) for s in found],
                "95 % interval": [f"{text.share(s.low)} to {text.share(s.high)}" for s in found],
                "Right, unseen rows": [text.share(s.reference) for s in found],
                "Interval, unseen": [f"{text.share(s.reference_low)} to {text.share(s.reference_high)}" for s in found],
                "A guess is right": [s.rule for s in found],
            }
        ),
        hide_index=True,
        height="content",
        column_config={
            "95 % interval": st.column_config.TextColumn(help="Wilson's interval of a share."),
            "Right, unseen rows": st.column_config.TextColumn(
                help="What general patterns tell anyway: only more than this is a leak about single people."
            ),
        },
        alt="Share of right guesses of every secret column, among training rows and among unseen rows",
    )
    st.caption("Only what is above the share among unseen rows is known because someone was in training.")


def _attacked(report: PrivacyReport) -> None:
    """Sizes, the outsider, and the seed."""
    st.dataframe(
        pd.DataFrame(
            {
                "Rows": ["Training (the generator saw them)", "Unseen real rows", "Synthetic"],
                "All": list(map(text.count, (report.train_rows, report.holdout_rows, report.synthetic_rows))),
                "Occur once": [text.count(report.unique_train), text.count(report.unique_holdout), "–"],
                "Sampled": list(
                    map(text.count, (report.sampled_train, report.sampled_holdout, report.sampled_synthetic))
                ),
            }
        ),
        hide_index=True,
        column_config={
            "All": st.column_config.TextColumn(alignment="right"),
            "Occur once": st.column_config.TextColumn(
                alignment="right",
                help="Only a row that no one else shares can be recognised, so only these are attacked.",
            ),
            "Sampled": st.column_config.TextColumn(alignment="right", help="That entered distances and attacks."),
        },
        alt="How many rows there are, how many occur once, and how many were sampled",
    )
    known, secret = (listed(names) or "nothing" for names in (report.known, report.secret_columns))
    st.markdown(
        f"An outsider knows **{known}** and would like to learn **{secret}**. Seed {report.seed}: the same seed gives "
        "the same numbers."
    )
