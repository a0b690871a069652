"""Counting the rows that break rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_core.tables.rules.kinds import Rule


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


def breaks_any(frame: pd.DataFrame, rules: Iterable[Rule]) -> np.ndarray:
    """The rows that break at least one rule, bool of shape (n_rows,)."""
    out = np.zeros(len(frame), dtype=bool)
    for rule in rules:
        out |= rule.broken(frame)
    return out
