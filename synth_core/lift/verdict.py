"""From numbers to the one sentence: helps, hurts, or no evidence."""

from __future__ import annotations

from collections.abc import Sequence

from synth_core.lift.results import ArmResult, Check, HoldoutResult, Verdict, Word
from synth_core.lift.statistics import Paired
from synth_core.tables import Target

ALPHA = 0.05
SMALLEST_GAIN = 0.005  #: mean AUC difference below which a gain is not worth calling one
BRIER_MARGIN = 1.02
FEWEST = 50  #: rows of the rarer outcome below which there is no verdict


def decide(
    arms: Sequence[ArmResult],
    reference: str,
    chosen: ArmResult,
    paired: Paired,
    holdout: HoldoutResult,
    *,
    tests: int,
    rows: int,
    metric: str = "AUC",
) -> Verdict:
    """The verdict on the chosen arm.

    Parameters
    ----------
    chosen : ArmResult
        The candidate with the best mean over folds.
    paired : Paired
        Its fold differences to the reference.
    tests : int
        Tests counted by Holm.
    rows : int
        Synthetic rows of the chosen arm.
    metric : str
        Name of the main score.
    """
    against = next(a for a in arms if a.key == reference)
    low, high = paired.interval()
    checks = [
        Check(
            f"Better than chance allows: p = {chosen.p_holm:.3f} after Holm over {tests} tests (needs < {ALPHA}).",
            chosen.p_holm < ALPHA,
        ),
        Check(
            f"Large enough: mean {metric} difference {_signed(paired.mean)} (needs at least +{SMALLEST_GAIN}).",
            paired.mean >= SMALLEST_GAIN,
        ),
        Check(
            f"Confirmed on the locked holdout: {metric} difference {_signed(holdout.delta)} (needs more than 0).",
            holdout.delta > 0,
        ),
    ]
    if chosen.scores.brier is not None:
        checks.append(
            Check(
                f"Probabilities no worse: Brier score {chosen.scores.brier:.4f} against {against.scores.brier:.4f} "
                "(at most 2 % worse).",
                chosen.scores.brier <= BRIER_MARGIN * against.scores.brier,
            )
        )
    word: Word = "no evidence"
    if all(c.passed for c in checks):
        word = "helps"
    elif chosen.p_worse_holm < ALPHA and paired.mean <= -SMALLEST_GAIN:
        word = "hurts"
    smallest = max(paired.smallest_detectable(tests, ALPHA), SMALLEST_GAIN)
    return Verdict(
        word=word,
        sentence=_sentence(word, chosen, against, paired.mean, smallest, rows, metric),
        arm=chosen.key,
        reference=reference,
        delta=paired.mean,
        low=low,
        high=high,
        p_holm=chosen.p_holm,
        smallest_detectable=smallest,
        posterior=paired.posterior(),
        checks=tuple(checks),
        advice=advice(arms, reference, chosen, word, metric),
    )


def no_verdict(positives: int, negatives: int, target: Target, arms: Sequence[ArmResult], reference: str) -> Verdict:
    """Too few rows of one outcome for any claim."""
    rare = min(positives, negatives)
    if target.task == "regression":
        few, unit = f"only {positives + negatives} rows have an outcome, and below {2 * FEWEST}", "rows"
        more, counted = 2 * FEWEST - positives - negatives, f"{positives + negatives:,}"
    elif target.task == "multiclass":
        few = f"fewer than two outcomes have {FEWEST} rows (the second largest has {rare}), and below that"
        unit, more, counted = "rows of at least two outcomes", FEWEST - rare, f"{rare:,} in the second largest"
    else:
        which = f"“{target.classes[1]}”" if positives <= negatives else f"other than “{target.classes[1]}”"
        few = f"only {rare} rows have the outcome {which}, and below {FEWEST}"
        unit, more, counted = "rows of each outcome", FEWEST - rare, f"{positives:,} and {negatives:,}"
    instead = " Average precision and recall are shown with their intervals instead." if target.task == "binary" else ""
    needed = 2 * FEWEST if target.task == "regression" else FEWEST
    return Verdict(
        "no verdict",
        f"No verdict: {few} no difference between models can be told from chance.{instead}",
        reference=reference,
        checks=(Check(f"At least {needed} {unit}: {counted}.", False),),
        advice=(
            f"Collect more rows of the rarer outcome: {more:,} more are needed for a first verdict."
            if target.task != "regression"
            else f"Collect more rows: {more:,} more are needed for a first verdict.",
            *advice(arms, reference, None, "no verdict"),
        ),
    )


def _sentence(
    word: Word, chosen: ArmResult, against: ArmResult, mean: float, smallest: float, rows: int, metric: str
) -> str:
    what = f"{rows:,} rows from {chosen.title},"
    if f"{rows:,} rows" in chosen.title:  # a searched candidate, whose title tells its number of rows
        what = f"synthetic rows ({chosen.title})"
    where = f"against real rows only ({against.title})"
    if word == "helps":
        return f"Training with {what} helps: {metric} on unseen real rows rises by {mean:.3f} {where}."
    if word == "hurts":
        return f"Even the best candidate, {what}, hurts: {metric} on unseen real rows falls by {-mean:.3f} {where}."
    return (
        f"No evidence either way: with {what} {metric} on unseen real rows changes by {_signed(mean)} {where}. "
        f"A true gain below {smallest:.3f} would probably not have been found."
    )


def advice(
    arms: Sequence[ArmResult], reference: str, chosen: ArmResult | None, word: Word, metric: str = "AUC"
) -> tuple[str, ...]:
    """What would help more, each line from figures of this study."""
    by_key = {a.key: a for a in arms}
    score = {k: a.scores.main for k, a in by_key.items()}
    lines = []
    default, simple = by_key["R1"], by_key["R2"]
    if score["R2"] - score["R1"] >= SMALLEST_GAIN:
        lines.append(
            f"A setting alone gains {_signed(score['R2'] - score['R1'])} {metric}: {simple.title} reaches "
            f"{score['R2']:.3f}, {default.title} {score['R1']:.3f}. Use that first."
        )
    if reference == "D":
        lines.append(
            "The best model without synthetic rows repeats the real rows: at these settings the learner wants more "
            "training per row, not new rows."
        )
    if chosen is not None and "C" in score and chosen.delta > 0 and word in ("helps", "no evidence"):
        without = score["C"] - score[reference]
        lines.append(
            f"Of the {_signed(chosen.delta)}, labels alone give {_signed(without)} (arm C: real rows with the "
            f"committee's labels); the new rows add {_signed(chosen.delta - without)}."
            if chosen.labels == "committee"
            else f"Real rows with the committee's labels alone (arm C) give {_signed(without)} {metric}."
        )
    best = max(a.scores.main for a in arms if a.role in ("reference", "control", "candidate"))
    if score.get("committee", 0.0) > best + SMALLEST_GAIN:
        lines.append(
            f"The committee itself scores {score['committee']:.3f}, more than any single model here ({best:.3f}): if "
            "several models can be run, use them directly."
        )
    if word in ("no evidence", "hurts", "no verdict"):
        lines.append("More real rows: each one helps at least as much as a synthetic one, and narrows the interval.")
    return tuple(lines)


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")
