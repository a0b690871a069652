"""From numbers to the one sentence: helps, hurts, or no evidence."""

from __future__ import annotations

from collections.abc import Sequence

from synth_core.lift.results import ArmResult, Check, HoldoutResult, Verdict, Word
from synth_core.lift.statistics import Paired

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
) -> Verdict:
    """The verdict on the chosen arm (protocol items 5–8).

    Parameters
    ----------
    chosen : ArmResult
        The candidate with the best mean over folds.
    paired : Paired
        Its fold differences to the reference.
    tests : int
        Tests counted by Holm.
    """
    against = next(a for a in arms if a.key == reference)
    low, high = paired.interval()
    checks = (
        Check(
            f"Better than chance allows: p = {chosen.p_holm:.3f} after Holm over {tests} tests (needs < {ALPHA}).",
            chosen.p_holm < ALPHA,
        ),
        Check(
            f"Large enough: mean AUC difference {paired.mean:+.3f} (needs at least +{SMALLEST_GAIN}).",
            paired.mean >= SMALLEST_GAIN,
        ),
        Check(
            f"Confirmed on the locked holdout: AUC difference {holdout.delta:+.3f} (needs more than 0).",
            holdout.delta > 0,
        ),
        Check(
            f"Probabilities no worse: Brier score {chosen.scores.brier:.4f} against {against.scores.brier:.4f} "
            "(at most 2 % worse).",
            chosen.scores.brier <= BRIER_MARGIN * against.scores.brier,
        ),
    )
    word: Word = "no evidence"
    if all(c.passed for c in checks):
        word = "helps"
    elif chosen.p_worse_holm < ALPHA and paired.mean <= -SMALLEST_GAIN:
        word = "hurts"
    smallest = max(paired.smallest_detectable(tests, ALPHA), SMALLEST_GAIN)
    return Verdict(
        word=word,
        sentence=_sentence(word, chosen, against, paired.mean, smallest, rows),
        arm=chosen.key,
        reference=reference,
        delta=paired.mean,
        low=low,
        high=high,
        p_holm=chosen.p_holm,
        smallest_detectable=smallest,
        checks=checks,
        advice=advice(arms, reference, chosen, word),
    )


def no_verdict(positives: int, negatives: int, positive: str, arms: Sequence[ArmResult], reference: str) -> Verdict:
    """Too few rows of one outcome for any claim."""
    rare = min(positives, negatives)
    which = f"“{positive}”" if positives <= negatives else f"other than “{positive}”"
    return Verdict(
        "no verdict",
        f"No verdict: only {rare} rows have the outcome {which}, and below {FEWEST} no difference between models can "
        "be told from chance. Average precision and recall are shown with their intervals instead.",
        reference=reference,
        checks=(Check(f"At least {FEWEST} rows of each outcome: {positives:,} and {negatives:,}.", False),),
        advice=(
            f"Collect more rows of the rarer outcome: {FEWEST - rare:,} more are needed for a first verdict.",
            *advice(arms, reference, None, "no verdict"),
        ),
    )


def _sentence(word: Word, chosen: ArmResult, against: ArmResult, mean: float, smallest: float, rows: int) -> str:
    what = f"{rows:,} rows from {chosen.title},"
    where = f"against real rows only ({against.title})"
    if word == "helps":
        return f"Training with {what} helps: AUC on unseen real rows rises by {mean:.3f} {where}."
    if word == "hurts":
        return f"Even the best candidate, {what}, hurts: AUC on unseen real rows falls by {-mean:.3f} {where}."
    return (
        f"No evidence either way: with {what} AUC on unseen real rows changes by {mean:+.3f} {where}. "
        f"A true gain below {smallest:.3f} would probably not have been found."
    )


def advice(arms: Sequence[ArmResult], reference: str, chosen: ArmResult | None, word: Word) -> tuple[str, ...]:
    """What would help more, each line from figures of this study."""
    by_key = {a.key: a for a in arms}
    auc = {k: a.scores.auc for k, a in by_key.items()}
    lines = []
    default, simple = by_key["R1"], by_key["R2"]
    if auc["R2"] - auc["R1"] >= SMALLEST_GAIN:
        lines.append(
            f"A setting alone gains {auc['R2'] - auc['R1']:+.3f} AUC: {simple.title} reach {auc['R2']:.3f}, "
            f"{default.title} {auc['R1']:.3f}. Use that first."
        )
    if reference == "D":
        lines.append(
            "The best model without synthetic rows repeats the real rows: at these settings the learner wants more "
            "training per row, not new rows."
        )
    if chosen is not None and chosen.labels == "committee" and word == "helps":
        without = auc["C"] - auc[reference]
        share = min(1.0, max(0.0, without / chosen.delta))
        lines.append(
            f"{share:.0%} of the gain is reached by real rows with the committee's labels alone ({without:+.3f} AUC, "
            "arm C); the rest comes from the new rows."
        )
    best = max(a.scores.auc for a in arms if a.role in ("reference", "control", "candidate"))
    if auc.get("committee", 0.0) > best + SMALLEST_GAIN:
        lines.append(
            f"The committee itself scores {auc['committee']:.3f}, more than any single model here ({best:.3f}): if "
            "four models can be run, use them directly."
        )
    if word in ("no evidence", "hurts", "no verdict"):
        lines.append("More real rows: each one helps at least as much as a synthetic one, and narrows the interval.")
    return tuple(lines)
