"""How the training of a neural generator went, check by check."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Training:
    """Distances and losses along a training run.

    Attributes
    ----------
    planned : int
        Updates in the budget.
    made : int
        Updates made; fewer than planned after an early stop.
    kept : int
        Update whose state makes the rows (0 before the first check).
    updates : tuple of int
        Updates after which rows were drawn and compared with real ones.
    distances : tuple of float
        Mean total variation distance of those rows, 0 (the same) to 1.
    losses : dict of str to tuple of float
        Each loss, averaged since the check before. A generator and its discriminator move against each other, so
        their losses do not tell how good the rows are.
    reference : float or None
        Distance of as many real training rows, which no generator can be expected to beat; None where the rows
        compared with are the training rows themselves.
    held_out : int
        Real rows kept out of training for the comparison; 0 = compared with the training rows.
    """

    planned: int
    made: int = 0
    kept: int = 0
    updates: tuple[int, ...] = ()
    distances: tuple[float, ...] = ()
    losses: dict[str, tuple[float, ...]] = field(default_factory=dict)
    reference: float | None = None
    held_out: int = 0

    @property
    def stopped_early(self) -> bool:
        return bool(self.updates) and self.made < self.planned

    def to_dict(self) -> dict[str, Any]:
        """Plain values, figures rounded."""
        found = asdict(self)
        found["distances"] = [round(d, 4) for d in self.distances]
        found["losses"] = {name: [round(v, 3) for v in values] for name, values in self.losses.items()}
        found["updates"] = list(self.updates)
        return found

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Training:
        """As :meth:`to_dict` gave it."""
        losses = {name: tuple(values) for name, values in stored["losses"].items()}
        series = {name: tuple(stored[name]) for name in ("updates", "distances")}
        return cls(**{**stored, **series, "losses": losses})
