"""Rules that weigh in without deciding: what will blur the rows or widen the interval."""

from __future__ import annotations

from synth_core.advice.case import Case, named, share
from synth_core.advice.results import Reason
from synth_core.advice.thresholds import GAPS, HOLLOW, PSI, RARE, REPEATED
from synth_core.lift.verdict import FEWEST
from synth_core.tables.overview import FEW_ROWS, MANY_LEVELS


def imbalanced(case: Case) -> Reason | None:
    """Few rows of the outcome of interest."""
    facts = case.facts
    if case.goal != "predict" or not case.imbalanced:
        return None
    text = "The outcome is rare. A model that scores well may still call every row the common outcome"
    if facts.rare >= FEWEST:
        text += ": before making rows of it, move the threshold, which costs nothing"
    return Reason(
        "imbalanced",
        f"{text}.",
        (f"{facts.rare:,} of {facts.rows:,} rows ({share(facts.rare_share)})",),
        f"Fewer than one row in {1 / RARE:.0f}.",
    )


def wide(case: Case) -> Reason | None:
    """Few rows in all."""
    facts = case.facts
    if facts.distinct >= FEW_ROWS or case.goal == "test":
        return None
    return Reason(
        "few rows",
        "So few rows make wide intervals, and generators begin to repeat them.",
        (f"{facts.distinct:,} rows that differ",),
        f"Fewer than {FEW_ROWS} rows.",
    )


def repeated(case: Case) -> Reason | None:
    """Rows that say nothing new."""
    facts = case.facts
    share_repeated = 1 - facts.distinct / facts.rows if facts.rows else 0.0
    if not facts.features or share_repeated <= REPEATED:
        return None
    return Reason(
        "repeated",
        "Rows repeat each other, so there is less to learn from than the number of rows says. A holdout keeps twins on "
        "one side.",
        (f"{facts.rows:,} rows, of which {facts.distinct:,} differ ({share(share_repeated)} repeats)",),
        f"More than {share(REPEATED)} repeats.",
    )


def gaps(case: Case) -> Reason | None:
    """Many missing cells."""
    facts = case.facts
    if facts.missing < GAPS or facts.missing >= HOLLOW:
        return None
    return Reason(
        "gaps",
        "Many cells are missing. Generators keep the gaps as they are; what is behind them stays unknown.",
        (f"{share(facts.missing)} of the cells are missing", *_hollow(facts.hollow)),
        f"{share(GAPS)} or more (own choice).",
    )


def crowded(case: Case) -> Reason | None:
    """A category with very many levels."""
    facts = case.facts
    if not facts.crowded:
        return None
    name = facts.crowded[0][0]
    return Reason(
        "crowded",
        f"“{name}” has so many values that most have too few rows to learn from; neural generators and SMOTE keep the "
        "commonest only.",
        tuple(f"“{n}”: {c:,} values, {facts.rows / c:,.1f} rows for each" for n, c in facts.crowded[:3]),
        f"More than {MANY_LEVELS} values.",
    )


def shifted(case: Case) -> Reason | None:
    """Features that drift while the outcome does not."""
    drift = case.facts.drift
    if drift is None or drift.outcome_moved or not drift.shifted:
        return None
    return Reason(
        "shifted",
        f"Some columns have changed since {drift.since}: synthetic rows follow the mix of all days, not today's.",
        tuple(f"“{name}”: stability index {index:.2f}" for name, index in drift.shifted[:3]),
        f"Stability index above {PSI}, the usual mark of a shift.",
    )


def aside(case: Case) -> Reason | None:
    """Columns that leave as something else."""
    facts = case.facts
    if case.goal == "predict" or not (facts.sensitive or facts.identifiers or facts.free_text) or not facts.features:
        return None
    names = (*facts.sensitive, *facts.identifiers, *facts.free_text)
    return Reason(
        "set aside",
        "Ids, sensitive values and free text never leave as they are: “What comes out” above says what does instead.",
        (named(names, 6),),
    )


def inside(case: Case) -> Reason | None:
    """Rows for one's own model, from sensitive ones."""
    if case.goal != "predict" or not case.sensitive:
        return None
    return Reason(
        "inside",
        "For a model of your own the rows can stay where the real ones are. Treat them as sensitive, too: only those "
        "from DP (MST), page Budget, come with a guarantee.",
    )


def _hollow(names: tuple[str, ...]) -> tuple[str, ...]:
    return (f"more than half empty: {named(names)}",) if names else ()


CAUTIONS = (imbalanced, wide, repeated, gaps, crowded, shifted, aside, inside)
