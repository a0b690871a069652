"""What the goal makes of a table that nothing stands in the way of: one rule for each goal."""

from __future__ import annotations

from collections.abc import Callable

from synth_core.advice import curve
from synth_core.advice.case import Case, outcome, share
from synth_core.advice.results import Goal, Reason
from synth_core.advice.thresholds import (
    ENOUGH_POSITIVES,
    ENOUGH_ROWS,
    EPSILON,
    LARGEST_GAIN,
    SHARE_OF_REAL,
    TENTH,
    TYPICAL_GAIN,
    WEAK_EPSILON,
)
from synth_core.generators.dp.accountant import smallest_epsilon

USUAL = (
    f"On twelve public tables of 960 rows the best recipe added {TYPICAL_GAIN:+.3f} AUC on average and "
    f"{LARGEST_GAIN:+.3f} at most, {share(SHARE_OF_REAL)} of what 4,000 more real rows added."
)


def least_epsilon(case: Case) -> float:
    """Smallest ε at which what a tenth of the rows have in common stands out of the noise."""
    return smallest_epsilon(max(case.facts.modelled, 1), rows=TENTH * case.facts.distinct)


def predict(case: Case) -> Reason:
    """Better predictions: real rows decide, by the learning curve where there is one."""
    facts = case.facts
    if case.learning is not None:
        return curve.judge(case)
    evidence = (f"{facts.rows:,} rows, {facts.features} features", f"{facts.rare:,} {outcome(facts)}")
    if facts.train_rows >= ENOUGH_ROWS and facts.rare >= ENOUGH_POSITIVES:
        return Reason(
            "probably enough",
            "There are probably enough real rows: tables of this size leave synthetic rows little to add. The learning "
            "curve below tells for certain.",
            evidence,
            f"{ENOUGH_ROWS:,} training rows and {ENOUGH_POSITIVES:,} of the rarer outcome, until a curve says more.",
            "wrong tool",
        )
    few = "Rows of the outcome are few" if case.imbalanced else "The table is small"
    return Reason(
        "small",
        f"{few} enough for synthetic rows to have a chance, but no gain is the usual result. The verdict on the page "
        "Lift decides, on real rows nobody trained on.",
        evidence,
        USUAL,
        "worth a try",
    )


def _private(case: Case, what: str) -> Reason:
    """Rows that must not give a person away: only a bound will do, where there are enough people for one."""
    facts, least = case.facts, least_epsilon(case)
    evidence = (
        f"{facts.distinct:,} rows that differ, {facts.modelled} columns",
        f"smallest ε at which a tenth of the rows stands out of the noise: {least:g}",
        *((f"“{facts.person[0]}” comes back in up to {facts.person[1]:,} rows",) if facts.person else ()),
    )
    if least > WEAK_EPSILON:
        return Reason(
            "too few people",
            "These are too few people for rows with a privacy guarantee: the noise that hides one of them would drown "
            f"every count. To {what}, simulate a table from stated figures on the page Blueprint.",
            evidence,
            f"ε above {WEAK_EPSILON:g} protects little.",
            "wrong tool",
        )
    return Reason(
        "guarantee",
        f"To {what} without giving a person away, use differential privacy: it bounds what anybody can learn about one "
        "person, which no other generator here promises.",
        evidence,
        f"ε = {EPSILON:g} is usual, above {WEAK_EPSILON:g} weak.",
        "right tool",
    )


def share_safely(case: Case) -> Reason:
    """Rows for others."""
    if case.sensitive:
        return _private(case, "share rows")
    return Reason(
        "share",
        "Synthetic rows can go where the real ones may not: they keep the shape of the table and are nobody's record. "
        "Check them on the page Privacy before they leave.",
        (f"{case.facts.rows:,} rows, {case.facts.features} features",),
        "The page Privacy measures; it promises nothing.",
        "right tool",
    )


def test_pipeline(case: Case) -> Reason:
    """Rows that look real for code, dashboards and load tests."""
    if case.sensitive:
        return _private(case, "test with realistic rows")
    return Reason(
        "test",
        "For testing code, dashboards or a hand-over, rows only have to look like the real ones, gaps and rare "
        "categories included. No model's score depends on them.",
        (f"{case.facts.rows:,} rows, {case.facts.features} features",),
        "",
        "right tool",
    )


def explore(case: Case) -> Reason:
    """To see what is in the data."""
    if case.sensitive:
        return _private(case, "explore the table")
    return Reason(
        "explore",
        "You may look at the real rows, so look at those: every synthetic table blurs them and adds patterns of its "
        "own.",
        (f"{case.facts.rows:,} real rows, not sensitive",),
        "Synthetic data is no substitute for real data that is available and adequate.",
        "wrong tool",
    )


BY_GOAL: dict[Goal, Callable[[Case], Reason]] = {
    "predict": predict, "share": share_safely, "test": test_pipeline, "explore": explore,
}  # fmt: skip
