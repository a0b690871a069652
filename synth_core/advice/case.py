"""What a rule may look at, and the words that rules share."""

from __future__ import annotations

from dataclasses import dataclass

from synth_core.advice.facts import Facts
from synth_core.advice.results import Goal, Learning
from synth_core.advice.thresholds import RARE
from synth_core.lift.results import CurvePoint


@dataclass(frozen=True)
class Case:
    """A table, what it is for, and the learning curve where it was measured."""

    facts: Facts
    goal: Goal
    sensitive: bool
    learning: Learning | None = None

    @property
    def imbalanced(self) -> bool:
        """Two classes of which the rarer has fewer than one row in ten."""
        return self.facts.task == "binary" and self.facts.rare_share < RARE


def outcome(facts: Facts) -> str:
    """The rows that limit what can be shown, in words."""
    if facts.task == "regression":
        return "rows in each half of the outcomes"
    if facts.task == "multiclass":
        return f"rows in the second largest class of “{facts.target}”"
    return f"rows of the rarer outcome of “{facts.target}”"


def share(value: float) -> str:
    """``0.0034`` → ``0.34 %``; ``0.3`` → ``30 %``."""
    return f"{100 * value:.2g} %" if value < 0.1 else f"{100 * value:.0f} %"


def signed(value: float) -> str:
    """Three decimals with a sign."""
    return f"{value:+.3f}".replace("-", "−")


def gain(worth: CurvePoint, metric: str) -> str:
    """``+0.012 AUC (95 % interval +0.004 to +0.020)``."""
    return f"{signed(worth.mean)} {metric} (95 % interval {signed(worth.low)} to {signed(worth.high)})"


def named(names: tuple[str, ...], most: int = 3) -> str:
    """``“a”, “b” and 4 more``."""
    shown = ", ".join(f"“{n}”" for n in names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")
