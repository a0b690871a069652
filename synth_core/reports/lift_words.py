"""A lift study in words: what the page Lift and the report both say."""

from __future__ import annotations

from synth_core.charts.base import EQUIVALENT
from synth_core.lift.results import HoldoutResult, Scores, Study, Word
from synth_core.reports.document import Finding, Prose, Tone
from synth_core.wording import count, duration, figure, probability, score, signed, signed_range

#: Word of a verdict → icon, title, tone.
LOOK: dict[Word, tuple[str, str, Tone]] = {
    "helps": ("▲", "Helps", "good"),
    "hurts": ("▼", "Hurts", "bad"),
    "no evidence": ("●", "No evidence", "neutral"),
    "no verdict": ("○", "No verdict", "neutral"),
}
#: Title and help of every score that is not the main one, in the order of the table.
SCORES = {
    "average_precision": ("AP", "Average precision: the area under the curve of precision and recall."),
    "brier": ("Brier", "Mean squared error of the probabilities; lower is better."),
    "ece": ("ECE", "Expected calibration error: how far probabilities are from shares; lower is better."),
    "f1_at_half": ("F1 at 0.5", "F1 of the model's own probabilities at 0.5."),
    "f1_tuned": ("F1 tuned", "F1 at the threshold that was best on the training rows."),
    "recall_at_precision": (
        "Recall at 50 % precision",
        "Share of the positives found while at least half of the rows called positive are.",
    ),
    "lift_top_decile": (
        "Lift in the top tenth",
        "How much more common the outcome is among the tenth of rows with the highest scores.",
    ),
    "rmse": ("RMSE", "Root of the mean squared error, in units of the target; lower is better."),
}
MACRO_F1 = ("Macro F1", "Mean over the classes of the F1 of the likeliest class.")


def finding(study: Study) -> Finding:
    """The verdict: word, sentence, and the figures behind it."""
    verdict = study.verdict
    icon, word, tone = LOOK[verdict.word]
    figures = []
    if verdict.delta is not None:
        figures.append(
            f"{study.metric} difference {signed(verdict.delta)}, 95 % interval "
            f"{signed_range(verdict.low, verdict.high)}"
        )
    if verdict.p_holm is not None:
        figures.append(f"p {verdict.p_holm:.3f} after Holm")
    if verdict.posterior is not None:
        figures.append(f"probability of a gain above {EQUIVALENT}: {probability(verdict.posterior[2])}")
    if verdict.smallest_detectable is not None:
        figures.append(f"smallest gain this study could find {signed(verdict.smallest_detectable)}")
    return Finding(icon, word, tone, verdict.sentence, tuple(figures))


def sources(study: Study) -> Prose | None:
    """Where the gain comes from: the labels alone, with the new rows, the new rows alone."""
    chosen = next((a for a in study.arms if a.key == study.verdict.arm), None)
    if chosen is None:
        return None
    lines = [f"{signed(chosen.delta)} {study.metric} with the new rows ({chosen.title})"]
    for arm in study.arms:
        if arm.key == "C" and arm.delta is not None:
            lines.append(f"{signed(arm.delta)} without new rows, by the committee's labels alone (arm C)")
        if arm.role == "synthetic only" and arm.key.split("/")[0] == chosen.key.split("/")[0]:
            lines.append(f"{signed(arm.delta)} by the new rows alone, in place of the real ones")
    title = f"Where the {'gain' if chosen.delta > 0 else 'difference'} comes from"
    return Prose("Each against real rows only: " + "; ".join(lines) + ".", title)


def kind(study: Study) -> str:
    """Which sort of study it was."""
    if study.trials:
        return "Autopilot"
    return "Quick study" if study.quick else "Full study"


def target(study: Study) -> str:
    """What was predicted."""
    if study.task == "binary":
        of = f"{count(study.positives)} of {count(study.positives + study.negatives)}"
        return f"{of} rows have {study.target} = {study.positive}"
    return f"predicts {study.target}, {'a number' if study.task == 'regression' else 'several classes'}"


def pick(study: Study) -> tuple[str, str]:
    """What an Autopilot would use, and why."""
    chosen, tried = study.arm(study.pick), count(len(study.trials))
    if chosen.key == study.reference:
        return f"real rows only ({chosen.title})", f"None of the {tried} candidates did better."
    return chosen.title, (
        f"Of the {tried} candidates tried, use this one: it has the best mean over the folds. Whether its gain is more "
        "than luck is what the verdict says."
    )


def holdout_said(study: Study, holdout: HoldoutResult) -> str:
    """The single look at the locked holdout, in a sentence."""
    return (
        f"Real rows put away before anything was trained, scored for the best candidate only (look {holdout.look}): "
        f"{study.metric} {score(holdout.scores_arm.main)} with synthetic rows, {score(holdout.scores_reference.main)} "
        f"without; difference {signed(holdout.delta)}, 95 % interval {signed_range(holdout.low, holdout.high)}."
    )


def others(study: Study, arm: Scores, reference: Scores) -> str:
    """The scores that do not decide, of two arms, in one sentence."""
    parts = [
        f"{title}: {figure(getattr(arm, n))} with synthetic rows, {figure(getattr(reference, n))} without"
        for n, (title, _) in score_words(study).items()
        if getattr(arm, n) is not None
    ]
    return "; ".join(parts) + "." if parts else ""


def score_words(study: Study) -> dict[str, tuple[str, str]]:
    """Field of :class:`Scores` → title and help, for this kind of target."""
    return SCORES | ({"f1_at_half": MACRO_F1} if study.task == "multiclass" else {})


def facts(study: Study) -> list[str]:
    """What someone needs to repeat or audit the study, in one line on screen."""
    return [
        f"{kind(study)}: {study.folds} folds × {study.repeats}",
        f"{count(study.train_rows)} training and {count(study.holdout_rows)} holdout rows",
        *([f"a sample of {count(study.sampled_from)} rows"] if study.sampled_from else []),
        *([f"split by “{study.by_date}”, holdout from {study.cutoff}"] if study.by_date else []),
        target(study),
        f"{count(study.duplicates)} repeated rows kept on one side",
        f"seed {study.seed}",
        f"holdout {study.holdout_fingerprint}",
        f"{study.tests_counted} tests counted",
        duration(study.seconds),
    ]
