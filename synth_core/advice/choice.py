"""Which generator, how many rows, and why not the others."""

from __future__ import annotations

from synth_core.advice.case import Case, share
from synth_core.advice.goals import least_epsilon
from synth_core.advice.results import Choice, PassedOver
from synth_core.advice.thresholds import EPSILON, NETWORK_ROWS, WEAK_EPSILON
from synth_core.generators.registry import CATALOGUE
from synth_core.tables.overview import FEW_ROWS

TIMES = 4  #: synthetic rows for each training row; 4,000 beside 960 is what the published recipes were measured with
_STEP, _FEWEST, _MOST = 500, 500, 20_000
_ROUND = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
_PLAINEST = 100  # training rows below which trees and SMOTE would mix the same few rows over and over
_TESTED = 1_000


def choose(case: Case) -> Choice | None:
    """The generator for the goal; None where nothing can be learned."""
    facts = case.facts
    if not facts.features or not facts.rows:
        return None
    if case.goal == "predict":
        return _for_models(case) if facts.task is not None else None
    if case.sensitive:
        return _private(case) if least_epsilon(case) <= WEAK_EPSILON else None
    why = "Closest to the real rows of all generators here, in seconds."
    rows, why_rows = facts.rows, "As many as there are real ones: more rows hold no more information."
    if case.goal == "test":
        rows, why_rows = max(facts.rows, _TESTED), "As many as the real table; take what your test needs."
    return _choice("trees", case, rows, why, why_rows)


def _for_models(case: Case) -> Choice:
    facts = case.facts
    if case.imbalanced:
        name = "smotenc" if facts.levels else "smote"
        why = (
            f"Only {share(facts.rare_share)} of the rows have the outcome: {CATALOGUE[name].title} makes rows of that "
            "outcome only, each between two real ones that are alike."
        )
        rows = f"Makes both outcomes equally common among the {facts.train_rows:,} training rows."
        return _choice(name, case, facts.to_balance, why, rows, settings={"classes": "minority"})
    wanted = min(max(_STEP * round(TIMES * facts.train_rows / _STEP), _FEWEST), _MOST)
    rows = (
        f"About {TIMES} for each of the {facts.train_rows:,} training rows, as in the comparisons; {_MOST:,} at most."
    )
    if facts.train_rows < _PLAINEST:
        why = (
            f"With {facts.train_rows:,} training rows only the plainest model is safe: a named distribution for each "
            "column."
        )
        return _choice("simulation", case, wanted, why, rows)
    why = "Closest to the real rows and most useful to models of all generators compared here, in seconds."
    return _choice("trees", case, wanted, why, rows)


def _private(case: Case) -> Choice:
    least = least_epsilon(case)
    epsilon = max(EPSILON, least)
    rows = next((n for n in _ROUND if n >= case.facts.rows), _ROUND[-1])
    why = "The only generator here that promises something about each person, whatever an outsider knows already."
    if least > EPSILON:
        why += f" With so few rows ε = {EPSILON:g} would blur too much; {least:g} is the least that is useful."
    why_rows = "A round number: the exact number of real rows would give something away."
    return _choice("dp_mst", case, rows, why, why_rows, settings={"epsilon": epsilon})


def _choice(name: str, case: Case, rows: int, why: str, why_rows: str, settings: dict | None = None) -> Choice:
    facts = case.facts
    evidence = (
        f"{facts.train_rows:,} training rows",
        f"{facts.features - facts.levels} columns of numbers or dates, {facts.levels} of categories",
    )
    title = CATALOGUE[name].title
    return Choice(name, title, rows, why, why_rows, settings or {}, evidence, tuple(_passed_over(name, case)))


def _passed_over(chosen: str, case: Case) -> list[PassedOver]:
    """The other kinds of generators, with what speaks against each here."""
    facts, found = case.facts, []

    def add(name: str, text: str) -> None:
        if name != chosen:
            found.append(PassedOver(name, CATALOGUE[name].title, text))

    if case.sensitive and case.goal != "predict":
        for name in ("trees", "ctgan"):
            add(name, "Promises nothing about a single person; the page Privacy can only measure.")
        return found
    if facts.train_rows <= NETWORK_ROWS:
        add("ctgan", f"A neural network wants more than {NETWORK_ROWS:,} training rows; here are {facts.train_rows:,}.")
    else:
        add("ctgan", "Slower by far, and behind Trees on the tables compared; try it beside them.")
    if facts.task not in ("binary", "multiclass"):
        add("smote", "Mixes rows of one class, and there are no classes to predict.")
    elif case.goal == "predict":
        add("smotenc", "Its rows lie between real ones: useful for a rare outcome, too smooth for the rest.")
    if chosen != "trees":
        add("trees", "Makes rows of all outcomes in their real shares, so a rare one stays rare; try it beside SMOTE."
            if case.imbalanced else f"Fewer than {FEW_ROWS} rows are soon repeated.")  # fmt: skip
    add("copula", "Joins columns by correlations alone and loses what is not a straight line.")
    add("dp_mst", "Its noise costs accuracy, and nothing here has to be hidden.")
    return found
