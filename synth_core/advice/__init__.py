"""Advice: is synthetic data the right tool for this table, and what would help more?

``measure`` is imported when it is first used: it needs LightGBM, the rules do not.
"""

from typing import Any

from synth_core.advice.adviser import GOALS, advise
from synth_core.advice.facts import Facts, facts_of
from synth_core.advice.results import Advice, Better, Choice, Goal, Learning, Reason

__all__ = [
    "GOALS", "Advice", "Better", "Choice", "Facts", "Goal", "Learning", "Reason", "advise", "facts_of", "measure",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name == "measure":
        from synth_core.advice.learning import measure

        return measure
    raise AttributeError(f"module 'synth_core.advice' has no attribute '{name}'")
