"""A finished study, from the verdict down to every arm."""

from __future__ import annotations

import streamlit as st

from pages.ui import charts, frame, prospective_views, report_link, scores, text, verdict
from pages.ui.settings import RARE
from synth_core import charts as figures
from synth_core.lift.results import HoldoutResult, Study
from synth_core.reports import lift_words
from synth_core.runs import Run


def show(run: Run, study: Study, *, freezable: bool = True) -> None:
    """Headline and record on top; what stands behind them in tabs.

    ``freezable`` is False where the real table is not stored here, which training the models anew needs.
    """
    verdict.banner(study)
    verdict.record(study)
    with st.container(horizontal=True, key="next-steps"):
        report_link.button(run)
        if freezable:
            _freeze(study)
    if study.verdict.word == "no verdict":
        _reasons(study)
        if study.rare:
            scores.rare(study)
        return
    parts = {"Verdict": _verdict, "Rows and holdout": _rows_and_holdout}
    if study.task == "binary" and study.positives < RARE * (study.positives + study.negatives):
        parts["Rare outcome"] = _rare_outcome
    parts["All arms"] = scores.arms
    for tab, draw in zip(st.tabs(list(parts)), parts.values(), strict=True):
        with tab:
            draw(study)


def _freeze(study: Study) -> None:
    """On to a prospective test, where the study's models allow one."""
    if prospective_views.why_not(study) is None and st.button(
        "Freeze both models for a prospective test", icon=":material/event_upcoming:", key="lift-freeze",
        help="Scores new leads with both models before their outcome is known, and compares them on what became of "
        "them.",
    ):  # fmt: skip
        frame.go("Prospective", view="freeze", study=st.query_params.get("run", ""))


def _reasons(study: Study) -> None:
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.header("Conditions of the verdict", anchor=False)
        verdict.checks(study.verdict)
    with right:
        verdict.advice(study.verdict)


def _verdict(study: Study) -> None:
    _reasons(study)
    if study.trials:
        st.header("What Autopilot tried", anchor=False)
        scores.trials(study)
    st.header("Gain over real rows only", anchor=False)
    charts.show(figures.arms_forest(study), "forest")
    st.header("How probable a gain is", anchor=False)
    charts.show(figures.posterior(study), "posterior")
    verdict.sources(study)
    st.header("Fold by fold", anchor=False)
    charts.show(figures.fold_differences(study), "folds")


def _rows_and_holdout(study: Study) -> None:
    if study.curves:
        st.header("More rows", anchor=False)
        left, right = st.columns(2, gap="large")
        with left:
            charts.show(figures.synthetic_curve(study), "synthetic-curve")
        with right:
            charts.show(figures.learning_curve(study), "learning-curve")
    if study.holdout:
        st.header("The locked holdout", anchor=False)
        _holdout(study, study.holdout)


def _holdout(study: Study, holdout: HoldoutResult) -> None:
    st.markdown(text.literal(lift_words.holdout_said(study, holdout)))
    if holdout.roc_arm is None:
        st.markdown(lift_words.others(study, holdout.scores_arm, holdout.scores_reference))
        return
    left, right = st.columns(2, gap="large")
    with left:
        charts.show(figures.roc(holdout), "roc")
    with right:
        charts.show(figures.precision_recall(holdout), "pr")
    left, right = st.columns(2, gap="large")
    with left:
        charts.show(figures.calibration(holdout), "calibration")
    with right:
        st.markdown(
            "**How to read them.** ROC: the higher the curve, the better positives are told from the rest. Precision "
            "and recall: of the rows called positive how many are, and of the positives how many are called. "
            "Calibration: on the diagonal, a probability of 30 % means that three in ten are positive."
        )


def _rare_outcome(study: Study) -> None:
    share = text.share(study.positives / (study.positives + study.negatives))
    outcome = text.literal(f"{study.target} = {study.positive}")
    st.markdown(
        f"{share} of the rows have {outcome}. Adding rows of that outcome makes a model say it more often, and so does "
        "a lower threshold on real rows alone: compare both before calling it a gain."
    )
    st.header("F1 at 0.5 and at the tuned threshold", anchor=False)
    charts.show(figures.f1_thresholds(study), "f1")
    st.header("Do the probabilities still mean what they say?", anchor=False)
    charts.show(figures.inflation(study), "inflation")
    scores.rare_outcome(study)
