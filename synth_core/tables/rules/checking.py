"""Counting the rows that break rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from synth_core.tables.rules.base import Rule


@dataclass(frozen=True)
class RuleCheck:
    """How many rows could be tried against a rule, and how many break it."""

    short: str
    tested: int
    broken: int

    @property
    def kept(self) -> int:
        return self.tested - self.broken


def check_rule(frame: pd.DataFrame, rule: Rule) -> RuleCheck:
    """``rule`` tried on every row of ``frame``."""
    tested, broken = rule.tested(frame), rule.broken(frame)
    return RuleCheck(rule.short, int((tested | broken).sum()), int(broken.sum()))


def check(frame: pd.DataFrame, rules: Iterable[Rule]) -> tuple[RuleCheck, ...]:
    """Each rule tried on every row, in the order of ``rules``."""
    return tuple(check_rule(frame, rule) for rule in rules)


def compare(real: pd.DataFrame, synthetic: pd.DataFrame, rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """How real and synthetic rows keep each rule, JSON-ready: ``short`` and the rows tested and broken of either."""
    return [
        {
            "short": before.short,
            "real_tested": before.tested,
            "real_broken": before.broken,
            "synthetic_tested": after.tested,
            "synthetic_broken": after.broken,
        }
        for before, after in zip(check(real, rules), check(synthetic, rules), strict=True)
    ]


def breaks_any(frame: pd.DataFrame, rules: Iterable[Rule]) -> np.ndarray:
    """The rows that break at least one rule, bool of shape (n_rows,)."""
    out = np.zeros(len(frame), dtype=bool)
    for rule in rules:
        out |= rule.broken(frame)
    return out
