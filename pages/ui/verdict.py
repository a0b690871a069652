"""The verdict in words: headline, conditions, advice, and what is needed to repeat it."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.ui import text
from synth_core.charts.base import EQUIVALENT
from synth_core.lift.results import Study, Verdict

LOOK = {
    "helps": ("▲", "Helps", "#00795C"),
    "hurts": ("▼", "Hurts", "#B23A00"),
    "no evidence": ("●", "No evidence", "#52606D"),
    "no verdict": ("○", "No verdict", "#52606D"),
}


def banner(study: Study) -> None:
    """Icon, word, sentence, interval: never colour alone."""
    verdict = study.verdict
    icon, word, colour = LOOK[verdict.word]
    figures = []
    if verdict.delta is not None:
        figures.append(
            f"{study.metric} difference {text.signed(verdict.delta)}, 95 % interval {text.signed(verdict.low)} "
            f"to {text.signed(verdict.high)}"
        )
    if verdict.p_holm is not None:
        figures.append(f"p {verdict.p_holm:.3f} after Holm")
    if verdict.posterior is not None:
        figures.append(f"probability of a gain above {EQUIVALENT}: {text.probability(verdict.posterior[2])}")
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
        st.markdown(f":material/{'check' if check.passed else 'close'}: {text.literal(check.text)}")


def advice(verdict: Verdict) -> None:
    """What would help more than synthetic rows."""
    if verdict.advice:
        st.header("What would help more", anchor=False)
        st.markdown("\n".join(f"- {text.literal(line)}" for line in verdict.advice))


def sources(study: Study) -> None:
    """Where the gain comes from: the labels alone, with the new rows, the new rows alone."""
    chosen = next((a for a in study.arms if a.key == study.verdict.arm), None)
    if chosen is None:
        return
    lines = [f"{text.signed(chosen.delta)} {study.metric} with the new rows ({chosen.title})"]
    for arm in study.arms:
        if arm.key == "C" and arm.delta is not None:
            lines.append(f"{text.signed(arm.delta)} without new rows, by the committee's labels alone (arm C)")
        if arm.role == "synthetic only" and arm.key.split("/")[0] == chosen.key.split("/")[0]:
            lines.append(f"{text.signed(arm.delta)} by the new rows alone, in place of the real ones")
    st.header(f"Where the {'gain' if chosen.delta > 0 else 'difference'} comes from", anchor=False)
    st.markdown("Each against real rows only: " + "; ".join(lines) + ".")


def record(study: Study) -> None:
    """What someone needs to repeat or audit the study."""
    facts = [
        f"{_kind(study)}: {study.folds} folds × {study.repeats}",
        f"{text.count(study.train_rows)} training and {text.count(study.holdout_rows)} holdout rows",
        *([f"split by “{text.literal(study.by_date)}”, holdout from {study.cutoff}"] if study.by_date else []),
        _target(study),
        f"{text.count(study.duplicates)} repeated rows kept on one side",
        f"seed {study.seed}",
        f"holdout {text.literal(study.holdout_fingerprint)}",
        f"{study.tests_counted} tests counted",
        text.duration(study.seconds),
    ]
    st.caption(" · ".join(facts))


def _kind(study: Study) -> str:
    if study.trials:
        return "Autopilot"
    return "Quick study" if study.quick else "Full study"


def _target(study: Study) -> str:
    if study.task == "binary":
        share = f"{text.count(study.positives)} of {text.count(study.positives + study.negatives)}"
        return f"{share} rows have {text.literal(f'{study.target} = {study.positive}')}"
    return f"predicts {text.literal(study.target)}, {'a number' if study.task == 'regression' else 'several classes'}"
