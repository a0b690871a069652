"""Rules that decide before the goal does: nothing to learn from, or something to be put right first."""

from __future__ import annotations

from synth_core.advice.case import Case, named, outcome, share
from synth_core.advice.results import Reason
from synth_core.advice.thresholds import HOLLOW, ODDS
from synth_core.lift.verdict import FEWEST

_SMALLEST_TABLE = 10  # rows below which no holdout can be locked (tables.split)


def no_rows(case: Case) -> Reason | None:
    """There is nothing to learn from; stated distributions need no rows."""
    facts = case.facts
    if facts.rows >= _SMALLEST_TABLE:
        return None
    return Reason(
        "no rows",
        "There are no rows to learn from. Simulation from stated ranges, shares and effects needs none: describe the "
        "table on the page Blueprint.",
        (f"{facts.rows:,} rows",),
        f"A holdout needs at least {_SMALLEST_TABLE} rows.",
        "not yet",
    )


def no_features(case: Case) -> Reason | None:
    """Only ids, sensitive columns or free text."""
    facts = case.facts
    if facts.features:
        return None
    evidence = tuple(
        f"{len(names):,} {what}: {named(names)}"
        for what, names in (
            ("id columns", facts.identifiers), ("sensitive columns", facts.sensitive),
            ("free-text columns", facts.free_text),
        )
        if names
    )  # fmt: skip
    if facts.free_text:
        text = (
            "What is here is free text. The generators here make numbers, categories and dates, not sentences; new "
            "copy in a brand's style is written on the page Voice."
        )
        return Reason("only text", text, evidence, "Free text is shown to no generator.", "wrong tool")
    text = (
        "No column is left that a generator may learn from. If one of these is really a category or a number, change "
        "its role above."
    )
    return Reason("only ids", text, evidence, "Ids and sensitive values are shown to no generator.", "not yet")


def hollow(case: Case) -> Reason | None:
    """More gaps than values."""
    facts = case.facts
    if facts.missing < HOLLOW:
        return None
    return Reason(
        "hollow",
        "Most cells are empty. A generator copies gaps as faithfully as values: find out first why they are missing.",
        (f"{share(facts.missing)} of the cells are missing", f"more than half empty: {named(facts.hollow)}"),
        f"{share(HOLLOW)} of the cells missing (own choice).",
        "not yet",
    )


def no_target(case: Case) -> Reason | None:
    """Nothing to predict."""
    facts = case.facts
    if case.goal != "predict" or facts.obstacle is None:
        return None
    return Reason("no target", facts.obstacle, (f"{facts.rows:,} rows",), "", "not yet")


def leak(case: Case) -> Reason | None:
    """A column that gives the outcome away."""
    if case.goal != "predict" or not case.facts.leaks:
        return None
    return Reason(
        "leak",
        "A column gives the outcome away. With it every model looks perfect, with or without synthetic rows.",
        case.facts.leaks,
        "One column alone at AUC 0.97 or more (checked on training rows).",
        "not yet",
    )


def too_few(case: Case) -> Reason | None:
    """No verdict would be possible."""
    facts = case.facts
    if case.goal != "predict" or facts.rare is None or facts.rare_distinct >= FEWEST:
        return None
    repeated = facts.rare_distinct < FEWEST <= facts.rare
    text = (
        f"Only {facts.rare_distinct:,} {outcome(facts)}"
        f"{' are not repeats of another row' if repeated else ''}. No method can show a gain from so few, and new rows "
        "mixed from them hold nothing new."
    )
    evidence = (f"{facts.rare:,} {outcome(facts)}", f"{facts.rare_distinct:,} without repeats")
    return Reason("too few", text, evidence, f"{FEWEST} for a verdict (page Lift).", "not yet")


def moved(case: Case) -> Reason | None:
    """The outcome is another one than it was."""
    drift = case.facts.drift
    if case.goal != "predict" or drift is None or not drift.outcome_moved:
        return None
    evidence = [f"last fifth of the training rows by “{drift.column}”: from {drift.since}"]
    if drift.before is not None:
        form = share if case.facts.task == "binary" else "{:,.4g}".format
        what = (
            f"“{case.facts.target}” = {case.facts.positive}" if case.facts.positive else f"mean “{case.facts.target}”"
        )
        evidence.append(f"{what}: {form(drift.before)} before, {form(drift.after)} since")
    return Reason(
        "moved",
        f"If “{drift.column}” is when a row was recorded, “{case.facts.target}” has changed: the last fifth of the "
        "rows differs from what came before. More rows like the past would then teach a model what is no longer so.",
        tuple(evidence),
        f"Odds {ODDS} times as high or low, beyond chance.",
        "not yet",
    )


STOPS = (no_rows, no_features, hollow, no_target, leak, too_few, moved)
