"""What a measured learning curve says about synthetic rows."""

from __future__ import annotations

from synth_core.advice.case import Case, gain, share
from synth_core.advice.results import Learning, Reason
from synth_core.advice.thresholds import SHARE_OF_REAL, STEEP
from synth_core.lift.statistics import EQUIVALENT
from synth_core.lift.verdict import SMALLEST_GAIN

_CHANCE = {"AUC": 0.5, "Macro AUC": 0.5, "R²": 0.0}


def judge(case: Case) -> Reason:
    """The first of these that holds: nothing to learn, nothing left to learn, flat, steep, in between."""
    found = case.learning
    evidence = _evidence(found)
    score, chance = found.score, _CHANCE[found.metric]
    if no_signal(found):
        return Reason(
            "no signal",
            f"These columns hardly tell the outcome: {found.metric} is {score.mean:.3f}, and {chance:g} is guessing. "
            "Synthetic rows repeat what is in the table; they cannot add what is not.",
            evidence,
            f"The interval includes {chance:g}.",
            "wrong tool",
        )
    if no_room(found):
        return Reason(
            "no room",
            f"The model is right already: {found.metric} {score.mean:.3f} leaves nothing to gain.",
            evidence,
            f"Less than {EQUIVALENT} below 1.",
            "wrong tool",
        )
    twice = found.twice
    if twice is None:
        return Reason(
            "untold",
            "The learning curve tells nothing on so few rows. A verdict may still be tried.",
            evidence,
            "",
            "worth a try",
        )
    if flat(found):
        return Reason(
            "flat",
            "The learning curve is flat: even as many real rows again would add next to nothing, and synthetic rows "
            "know less than real ones.",
            evidence,
            f"Twice the rows add less than {SMALLEST_GAIN} {found.metric}, the smallest gain that counts.",
            "wrong tool",
        )
    if twice.mean >= STEEP and twice.low > SMALLEST_GAIN:
        return Reason(
            "steep",
            f"More real rows first: as many again would add about {gain(twice, found.metric)}, if the curve goes on as "
            "it has. Synthetic rows come nowhere near that.",
            evidence,
            f"{STEEP} or more for twice the rows: steeper than any of eleven public tables.",
            "not yet",
        )
    return _between(found, evidence)


def no_signal(found: Learning) -> bool:
    """Whether models do little better than guessing."""
    chance = _CHANCE[found.metric]
    return found.score.low <= chance and found.score.mean < chance + 10 * SMALLEST_GAIN


def no_room(found: Learning) -> bool:
    """Whether nothing is left to gain."""
    return 1 - found.score.mean < EQUIVALENT


def flat(found: Learning) -> bool:
    """Whether as many real rows again would add nothing that counts."""
    return found.twice is not None and found.twice.high < SMALLEST_GAIN


def _between(found: Learning, evidence: tuple[str, ...]) -> Reason:
    most = max(SHARE_OF_REAL * found.fivefold.mean, 0.0)
    hope = (
        f"At the usual {share(SHARE_OF_REAL)} of what real rows bring, synthetic rows may add about {most:.3f} "
        f"{found.metric}"
    )
    small = ", less than a verdict counts as a gain." if most < SMALLEST_GAIN else "; the page Lift tells."
    return Reason(
        "rising",
        f"Models still learn from more rows here. {hope}{small}",
        evidence,
        f"{SMALLEST_GAIN} {found.metric} is the smallest gain that counts; {share(SHARE_OF_REAL)}: mean of twelve "
        "public tables.",
        "worth a try",
    )


def _evidence(found: Learning) -> tuple[str, ...]:
    score = found.score
    lines = [
        f"{found.metric} {score.mean:.3f} (95 % interval {score.low:.3f} to {score.high:.3f}) with {score.rows:,} rows"
    ]
    if found.some is not None:
        lines.append(f"{found.some.rows:,} more real rows: {gain(found.some, found.metric)}")
    if found.twice is not None:
        lines.append(f"{found.twice.rows:,} more, as many again: {gain(found.twice, found.metric)}")
    if found.rows < found.of:
        lines.append(f"measured on {found.rows:,} of {found.of:,} training rows")
    return tuple(lines)
