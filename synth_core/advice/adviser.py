"""Advice on a table: facts, rules, and the one sentence on top."""

from __future__ import annotations

from synth_core.advice.better import better
from synth_core.advice.case import Case
from synth_core.advice.cautions import CAUTIONS
from synth_core.advice.choice import choose
from synth_core.advice.facts import Facts, facts_of
from synth_core.advice.goals import BY_GOAL
from synth_core.advice.results import Advice, Answer, Better, Choice, Goal, Learning, Reason
from synth_core.advice.stops import STOPS
from synth_core.tables import Table

GOALS: tuple[Goal, ...] = ("predict", "share", "test", "explore")


def advise(
    table: Table | Facts | None, *, goal: Goal = "predict", sensitive: bool = False, learning: Learning | None = None
) -> Advice:
    """Whether synthetic rows are the right tool, which generator, how many rows, and what would help more.

    Trains nothing and looks at no locked holdout.

    Parameters
    ----------
    table : Table, Facts or None
        None where there are no data yet.
    goal : {"predict", "share", "test", "explore"}
        What the rows are for: a better model, rows for others, testing a pipeline, or seeing what is in the data.
    sensitive : bool
        Whether the rows tell something about people that must not come out.
    learning : Learning, optional
        From :func:`synth_core.advice.learning.measure`; counts where the goal is to predict.

    Raises
    ------
    ValueError
        Unknown goal.
    """
    if goal not in GOALS:
        raise ValueError(f"There is no goal called “{goal}”: choose one of {', '.join(GOALS)}.")
    if table is None:
        return _nothing_yet(goal, sensitive)
    facts = table if isinstance(table, Facts) else facts_of(table)
    case = Case(facts, goal, sensitive, learning if goal == "predict" else None)
    stopped = next((reason for rule in STOPS if (reason := rule(case)) is not None), None)
    decided = stopped or BY_GOAL[goal](case)
    cautions = tuple(reason for rule in CAUTIONS if (reason := rule(case)) is not None)
    choice = None if decided.rule in ("no rows", "only ids", "only text") else choose(case)
    helps = better(case)
    return Advice(
        goal, sensitive, decided.answer, _headline(decided, choice, helps), (decided, *cautions), choice, helps,
        case.learning,
    )  # fmt: skip


def _nothing_yet(goal: Goal, sensitive: bool) -> Advice:
    reason = Reason(
        "no data",
        "Rows drawn from a description are right for building and testing a model before data arrive. They hold what "
        "you state, and nothing about the client's customers.",
        ("no table yet",),
        "",
        "right tool",
    )
    step = Better(
        "blueprint", "Describe the table", "Ranges, shares, correlations and what drives the outcome.", (), "Blueprint"
    )
    return Advice(
        goal, sensitive, "right tool", "No data yet: simulate the table from what you know of it.", (reason,), None,
        (step,),
    )  # fmt: skip


_HEADLINES: dict[str, str] = {
    "no rows": "There are no rows to learn from yet: simulate from a description first.",
    "only ids": "There is nothing here that a generator may learn from.",
    "only text": "These generators do not write text.",
    "hollow": "Clean the table first: more than half of it is empty.",
    "no target": "Choose what to predict first.",
    "leak": "Take out the column that gives the outcome away, then ask again.",
    "too few": "Too few rows of the outcome: collect more real ones first.",
    "moved": "Check first whether the outcome has changed over time.",
    "probably enough": "Probably not needed: there seem to be enough real rows.",
    "no signal": "These columns do not tell the outcome, and synthetic rows will not change that.",
    "no room": "The model is right already.",
    "flat": "Not needed: more rows of any kind would add next to nothing.",
    "steep": "More real rows first: they would add far more than synthetic ones.",
    "too few people": "Too few people for a privacy guarantee.",
    "explore": "Look at the real rows themselves.",
}


def _headline(decided: Reason, choice: Choice | None, helps: tuple[Better, ...]) -> str:
    if decided.rule in _HEADLINES:
        return _HEADLINES[decided.rule]
    made = f"{choice.rows:,} rows by {choice.title}"
    if decided.rule == "guarantee":
        made += f" with ε = {choice.settings['epsilon']:g}"
    text = {"right tool": f"Yes: make {made}", "worth a try": f"Try {made}"}[_word(decided.answer)]
    if decided.answer == "worth a try":
        text += ", but expect little"
        if helps:
            text += f" and look at “{helps[0].title}” first"
    return f"{text}."


def _word(answer: Answer | None) -> str:
    return answer or "worth a try"
