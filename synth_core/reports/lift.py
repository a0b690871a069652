"""A lift study for the report: verdict, evidence, method, limits, record."""

from __future__ import annotations

from synth_core import charts
from synth_core.lift.results import HoldoutResult, Study
from synth_core.reports.document import Block, Grid, Pair, Part, Picture, Points, Prose
from synth_core.reports.lift_words import finding, holdout_said, kind, others, pick, sources, target
from synth_core.wording import count, duration, score, signed, signed_range

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
    blocks = [*_checks(study), *_advice(study)]
    if study.rare:
        rows = tuple(
            (r.title, *(f"{score(v)} ({score(low)} to {score(high)})"
                        for v, low, high in (r.average_precision, r.recall_top_decile)))
            for r in study.rare
        )  # fmt: skip
        blocks.append(Grid("Scores with their 95 % intervals", ("Arm", "Average precision", "Recall in the top tenth"),
                           rows))  # fmt: skip
    return tuple(blocks)


def _checks(study: Study) -> list[Block]:
    checks = tuple(f"{'✓ met' if c.passed else '✕ not met'}: {c.text}" for c in study.verdict.checks)
    return [Points(checks, "Conditions of the verdict")] if checks else []


def _advice(study: Study) -> list[Block]:
    return [Points(study.verdict.advice, "What would help more")] if study.verdict.advice else []


def _evidence(study: Study) -> tuple[Block, ...]:
    blocks = _checks(study)
    blocks.append(Picture("Gain over real rows only", charts.arms_forest(study)))
    if study.trials:
        chosen, why = pick(study)
        blocks.append(Prose(f"Autopilot's pick: {chosen}. {why}", "What Autopilot chose"))
    blocks += [
        *_advice(study),
        _arms(study),
        Picture("How probable a gain is", charts.posterior(study)),
    ]
    if where := sources(study):
        blocks.append(where)
    blocks.append(Picture("Fold by fold", charts.fold_differences(study)))
    if study.curves:
        blocks.append(
            Pair(
                Picture("More synthetic rows", charts.synthetic_curve(study)),
                Picture("More real rows", charts.learning_curve(study)),
            )
        )
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
        Pair(
            Picture("Telling positives from the rest (ROC)", charts.roc(holdout)),
            Picture("Precision and recall", charts.precision_recall(holdout)),
        ),
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
    locked = f"the latest by “{study.by_date}”, from {study.cutoff} on" if study.by_date else "drawn at random"
    folds = f"{study.folds} folds" + (f", {study.repeats} times over" if study.repeats > 1 else "")
    told = [
        f"{count(study.holdout_rows)} of the real rows, {locked}, were locked away before anything was learned. "
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
    notes = [n for a in study.arms for n in a.notes] + list(study.notes)
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
