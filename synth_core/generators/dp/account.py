"""A run's account: every private measurement goes through it and is charged what its own privacy map says."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synth_core.generators.dp import noise
from synth_core.generators.dp.accountant import CONVERSION
from synth_core.generators.dp.noise import Noisy
from synth_core.generators.dp.release import Spend

_ROUNDING = 1e-9


class Account:
    """Measures, and refuses to go over the plan.

    Parameters
    ----------
    plan : tuple of Spend
        What each step may cost.
    unit_rows : int
        Most rows of one person.
    """

    def __init__(self, plan: tuple[Spend, ...], unit_rows: int) -> None:
        self._plan = {s.what: s for s in plan}
        self._spent: dict[str, Spend] = {}
        self.unit_rows = unit_rows

    def sigma(self, what: str, times: int = 1) -> float:
        """Standard deviation of the noise in each of ``times`` equal measurements of a step."""
        return noise.scale(self._plan[what].rho / times, self.unit_rows)

    def counts(self, what: str, counts: np.ndarray, times: int = 1) -> Noisy:
        """Noisy counts of disjoint cells, of the same shape, for one of ``times`` parts of the step's budget."""
        noisy = noise.noisy_counts(counts, self._plan[what].rho / times, self.unit_rows)
        self._charge(what, noisy.rho)
        return noisy

    def frequent(self, what: str, counts: Mapping[str, int], times: int, deltas: int) -> dict[str, float]:
        """Noisy counts of the categories that many rows have, for a part of the step's ρ and of its δ."""
        plan = self._plan[what]
        found, rho, delta = noise.frequent(counts, plan.rho / times, plan.delta / deltas, self.unit_rows)
        self._charge(what, rho, delta)
        return found

    def argmax(self, what: str, scores: np.ndarray, times: int) -> int:
        """Position of about the largest score; one row changes none by more than 1."""
        best, rho = noise.noisy_argmax(scores, self._plan[what].rho / times, self.unit_rows)
        self._charge(what, rho)
        return best

    @property
    def spent(self) -> tuple[Spend, ...]:
        """By step, with the δ that turns ρ into ε."""
        return (*self._spent.values(), self._plan[CONVERSION])

    def _charge(self, what: str, rho: float, delta: float = 0.0) -> None:
        before, plan = self._spent.get(what, Spend(what, 0.0)), self._plan[what]
        after = Spend(what, before.rho + rho, before.delta + delta)
        if after.rho > plan.rho * (1 + _ROUNDING) or after.delta > plan.delta * (1 + _ROUNDING):
            raise RuntimeError(f"“{what}” would cost more than its share of the privacy budget.")
        self._spent[what] = after
