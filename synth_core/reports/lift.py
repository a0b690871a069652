"""A lift study in words and for the report; the page Lift says the same."""

from __future__ import annotations

from synth_core import charts
from synth_core.charts.base import EQUIVALENT
from synth_core.lift.results import HoldoutResult, Scores, Study, Word
from synth_core.reports.document import Block, Finding, Grid, Part, Picture, Points, Prose, Tone
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
_MAIN = {
    "AUC": "AUC: how often a model ranks a row with the outcome above one without it; 0.5 is chance, 1 is always.",
    "Macro AUC": "Macro AUC: the AUC of each class against the rest, averaged; 0.5 is chance, 1 is always right.",
    "R²": "R²: the share of the target's variance that a model explains; 0 is the mean alone, 1 is everything.",
}
_CURVES = (
    "How to read them. ROC: the higher the curve, the better positives are told from the rest. Precision and recall: "
    "of the rows called positive how many are, and of the positives how many are called. Calibration: on the diagonal, "
    "a probability of 30 % means that three in ten are positive."
)


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


def pick(study: Study) -> str:
    """What an Autopilot would use, in a sentence."""
    chosen, tried = study.arm(study.pick), count(len(study.trials))
    if chosen.key == study.reference:
        return f"Autopilot's pick: real rows only ({chosen.title}). None of the {tried} candidates did better."
    return (
        f"Autopilot's pick: {chosen.title}. Of the {tried} candidates tried, use this one: it has the best mean over "
        "the folds. Whether its gain is more than luck is what the verdict says."
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


def part(study: Study, *, key: str = "lift", table: str = "") -> Part:
    """A study for the report.

    Parameters
    ----------
    key : str
        Names the part within its document.
    table : str
        Name of the table, where a report is about several.
    """
    about = f" on {table}" if table else ""
    return Part(
        key,
        f"Do synthetic rows make a model better{about}?",
        finding(study),
        _no_verdict(study) if study.verdict.word == "no verdict" else _evidence(study),
        _method(study),
        _limits(study),
        _record(study),
    )


def _no_verdict(study: Study) -> tuple[Block, ...]:
    blocks = _reasons(study)
    if study.rare:
        rows = tuple(
            (r.title, *(f"{score(v)} ({score(low)} to {score(high)})"
                        for v, low, high in (r.average_precision, r.recall_top_decile)))
            for r in study.rare
        )  # fmt: skip
        blocks.append(Grid("Scores with their 95 % intervals", ("Arm", "Average precision", "Recall in the top tenth"),
                           rows))  # fmt: skip
    return tuple(blocks)


def _reasons(study: Study) -> list[Block]:
    verdict = study.verdict
    blocks: list[Block] = []
    if verdict.checks:
        checks = tuple(f"{'✓ met' if c.passed else '✕ not met'}: {c.text}" for c in verdict.checks)
        blocks.append(Points(checks, "Conditions of the verdict"))
    if verdict.advice:
        blocks.append(Points(verdict.advice, "What would help more"))
    return blocks


def _evidence(study: Study) -> tuple[Block, ...]:
    blocks = _reasons(study)
    if study.trials:
        blocks.append(Prose(pick(study), "What Autopilot chose"))
    blocks += [
        Picture("Gain over real rows only", charts.arms_forest(study)),
        _arms(study),
        Picture("How probable a gain is", charts.posterior(study)),
    ]
    if where := sources(study):
        blocks.append(where)
    blocks.append(Picture("Fold by fold", charts.fold_differences(study)))
    if study.curves:
        blocks += [
            Picture("More synthetic rows", charts.synthetic_curve(study)),
            Picture("More real rows", charts.learning_curve(study)),
        ]
    if study.holdout:
        blocks += _holdout(study, study.holdout)
    return tuple(blocks)


def _holdout(study: Study, holdout: HoldoutResult) -> list[Block]:
    said = holdout_said(study, holdout)
    if holdout.roc_arm is None:
        rest = others(study, holdout.scores_arm, holdout.scores_reference)
        return [Prose(f"{said} {rest}".strip(), "The locked holdout")]
    return [
        Prose(said, "The locked holdout"),
        Picture("Telling positives from the rest (ROC)", charts.roc(holdout)),
        Picture("Precision and recall", charts.precision_recall(holdout)),
        Picture("Do the probabilities mean what they say?", charts.calibration(holdout)),
        Prose(_CURVES),
    ]


def _arms(study: Study) -> Grid:
    rows = tuple(
        (
            a.title,
            "measured against" if a.key == study.reference else a.role,
            score(a.scores.main),
            signed(a.delta),
            signed_range(a.low, a.high),
            score(a.p_holm),
            f"{count(a.delivered)} of {count(a.requested)}" if a.requested else "–",
        )
        for a in study.arms
    )
    columns = ("Arm", "Role", study.metric, "Difference", "95 % interval", "p (Holm)", "Rows added")
    return Grid("All arms on real rows", columns, rows, words=(1,), note=_MAIN.get(study.metric, ""))


def _method(study: Study) -> tuple[str, ...]:
    locked = (
        f"the latest ones by “{study.by_date}”, from {study.cutoff} on," if study.by_date else "a random part of them"
    )
    folds = f"{study.folds} folds" + (f", {study.repeats} times over" if study.repeats > 1 else "")
    told = [
        f"Of the real rows, {locked} {count(study.holdout_rows)} in all, were locked away before anything was learned. "
        f"The other {count(study.train_rows)} were split into {folds}: models were trained on all folds but one and "
        "scored on the one left out, so that every score comes from real rows that the model had not seen. Synthetic "
        "rows were made anew from the training folds each time and never entered a score.",
        "Each way of adding synthetic rows (an arm) was compared with the best model on real rows only, on the same "
        "folds. The interval takes into account that folds share training rows (Nadeau and Bengio), and the p values "
        f"that {count(study.tests_counted)} comparison{'s were' if study.tests_counted != 1 else ' was'} made on these "
        "data (Holm). “Helps” needs every condition listed above, among them a confirmation on the locked rows.",
    ]
    if study.trials:
        told.append(
            f"An automatic search tried {count(len(study.trials))} candidates on the training rows; the winner alone "
            "was confirmed on the locked rows."
        )
    return tuple(told)


def _limits(study: Study) -> tuple[str, ...]:
    said = [
        "A difference in the score is not yet money: what it is worth depends on how the model is used.",
        "A verdict is about models on this table with these settings. It says nothing about other targets or models.",
    ]
    if study.verdict.word == "no evidence" and study.verdict.smallest_detectable is not None:
        said.append(
            "No evidence is not evidence of nothing: a gain smaller than "
            f"{study.verdict.smallest_detectable:.3f} {study.metric} could have stayed unseen."
        )
    if study.positives < 200 and study.task == "binary":
        said.append(
            f"Only {count(study.positives)} rows have the outcome. The intervals are wide for that reason, and more "
            "real rows of that kind would narrow them."
        )
    if study.quick:
        said.append("This was a quick study with few folds; a full one has narrower intervals.")
    if study.by_date is None:
        said.append(
            "The locked rows were drawn at random from the same period. How a model fares on later rows is a question "
            "for a split by date or a prospective test."
        )
    return tuple(said)


def _record(study: Study) -> tuple[tuple[str, str], ...]:
    notes = [f"{a.title}: {n}" for a in study.arms for n in a.notes] + list(study.notes)
    return (
        ("Kind of study", f"{kind(study)}: {study.folds} folds × {study.repeats}"),
        ("Target", target(study)),
        ("Real rows", f"{count(study.train_rows)} for training, {count(study.holdout_rows)} locked away"),
        *([("Split by date", f"“{study.by_date}”, locked rows from {study.cutoff}")] if study.by_date else []),
        ("Repeated rows kept on one side", count(study.duplicates)),
        ("Seed", str(study.seed)),
        ("Fingerprint of the locked rows", study.holdout_fingerprint),
        ("Tests counted", count(study.tests_counted)),
        ("Looks at the locked rows", count(study.holdout.look) if study.holdout else "none"),
        ("Time taken", duration(study.seconds)),
        ("Versions", ", ".join(f"{k} {v}" for k, v in study.versions.items()) or "not stored"),
        *([("Notes", " ".join(dict.fromkeys(notes)))] if notes else []),
    )


def facts(study: Study) -> list[str]:
    """What someone needs to repeat or audit the study, in one line on screen."""
    return [
        f"{kind(study)}: {study.folds} folds × {study.repeats}",
        f"{count(study.train_rows)} training and {count(study.holdout_rows)} holdout rows",
        *([f"split by “{study.by_date}”, holdout from {study.cutoff}"] if study.by_date else []),
        target(study),
        f"{count(study.duplicates)} repeated rows kept on one side",
        f"seed {study.seed}",
        f"holdout {study.holdout_fingerprint}",
        f"{study.tests_counted} tests counted",
        duration(study.seconds),
    ]
