"""The verdict and everything that stands behind it."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from pages.ui import text
from synth_core.lift.results import Study, Verdict

LOOK = {
    "helps": ("▲", "Helps", "#00795C"),
    "hurts": ("▼", "Hurts", "#B23A00"),
    "no evidence": ("●", "No evidence", "#52606D"),
    "no verdict": ("○", "No verdict", "#52606D"),
}


def banner(verdict: Verdict) -> None:
    """Icon, word, sentence, interval: never colour alone."""
    icon, word, colour = LOOK[verdict.word]
    figures = []
    if verdict.delta is not None:
        figures.append(
            f"AUC difference {text.signed(verdict.delta)}, 95 % interval {text.signed(verdict.low)} "
            f"to {text.signed(verdict.high)}"
        )
    if verdict.p_holm is not None:
        figures.append(f"p {verdict.p_holm:.3f} after Holm")
    if verdict.smallest_detectable is not None:
        figures.append(f"smallest gain this study could find {text.signed(verdict.smallest_detectable)}")
    st.html(
        f'<div class="verdict" role="status" style="border-color:{colour}"><span class="word" style="color:{colour}">'
        f"{icon} {word}</span>{escape(verdict.sentence)}"
        f'<span class="figures">{escape(" · ".join(figures))}</span></div>'
    )


def checks(verdict: Verdict) -> None:
    """Each condition of the verdict and whether it held."""
    for check in verdict.checks:
        st.markdown(f":material/{'check' if check.passed else 'close'}: {check.text}")


def advice(verdict: Verdict) -> None:
    """What would help more than synthetic rows."""
    if verdict.advice:
        st.subheader("What would help more", anchor=False)
        st.markdown("\n".join(f"- {line}" for line in verdict.advice))


def arms(study: Study) -> None:
    """Every arm with its scores on real rows."""
    st.dataframe(
        pd.DataFrame(
            {
                "Arm": [a.title for a in study.arms],
                "Role": ["measured against" if a.key == study.reference else a.role for a in study.arms],
                "AUC": [a.scores.auc for a in study.arms],
                "Difference": [text.signed(a.delta) for a in study.arms],
                "95 % interval": [
                    "–" if a.low is None else f"{text.signed(a.low)} to {text.signed(a.high)}" for a in study.arms
                ],
                "p (Holm)": [text.score(a.p_holm) for a in study.arms],
                "AP": [a.scores.average_precision for a in study.arms],
                "Brier": [a.scores.brier for a in study.arms],
                "F1 at 0.5": [a.scores.f1_at_half for a in study.arms],
                "F1 tuned": [a.scores.f1_tuned for a in study.arms],
                "Rows added": [
                    f"{text.count(a.delivered)} of {text.count(a.requested)}" if a.requested else "–"
                    for a in study.arms
                ],
            }
        ),
        hide_index=True,
        height="content",
        column_config={
            **{
                c: st.column_config.NumberColumn(format="%.3f") for c in ("AUC", "AP", "Brier", "F1 at 0.5", "F1 tuned")
            },
            "Arm": st.column_config.TextColumn(pinned=True),
        },
        alt="All arms with their scores on real rows",
    )
    notes = [f"{a.title}: {n}" for a in study.arms for n in a.notes] + list(study.notes)
    if notes:
        with st.expander("Notes on the arms"):
            st.markdown("\n".join(f"- {n}" for n in notes))


def rare(study: Study) -> None:
    """Scores with intervals, where there are too few rows for a verdict."""
    st.dataframe(
        pd.DataFrame(
            {
                "Arm": [r.title for r in study.rare],
                "Average precision": [_interval(r.average_precision) for r in study.rare],
                "Recall in the top tenth": [_interval(r.recall_top_decile) for r in study.rare],
            }
        ),
        hide_index=True,
        alt="Rare-class scores with bootstrap intervals",
    )


def _interval(values: tuple[float, float, float]) -> str:
    return f"{text.score(values[0])} ({text.score(values[1])} to {text.score(values[2])})"


def record(study: Study) -> None:
    """What someone needs to repeat or audit the study."""
    kind = "quick" if study.quick else "full"
    facts = [
        f"{kind.capitalize()} study: {study.folds} folds × {study.repeats}",
        f"{text.count(study.train_rows)} training and {text.count(study.holdout_rows)} holdout rows",
        f"{text.count(study.positives)} of {text.count(study.positives + study.negatives)} rows have "
        f"{study.target} = {study.positive}",
        f"{text.count(study.duplicates)} repeated rows kept on one side",
        f"seed {study.seed}",
        f"holdout {study.holdout_fingerprint}",
        f"{study.tests_counted} tests counted",
        text.duration(study.seconds),
    ]
    st.caption(" · ".join(facts))
