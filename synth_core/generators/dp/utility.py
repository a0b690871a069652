"""What each ε leaves of the rows' usefulness; measured with real rows, so never part of a release."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from synth_core.records import Unavailable, build


@dataclass(frozen=True)
class Measured:
    """One figure in every repeat; empty where it could not be measured."""

    values: tuple[float, ...] = ()

    @property
    def mean(self) -> float | None:
        return sum(self.values) / len(self.values) if self.values else None

    @property
    def low(self) -> float | None:
        """The lowest of the repeats."""
        return min(self.values, default=None)

    @property
    def high(self) -> float | None:
        """The highest of the repeats."""
        return max(self.values, default=None)


@dataclass(frozen=True)
class Utility:
    """How useful the rows of one generator are.

    Attributes
    ----------
    two_way : Measured
        Mean error of all pairs of columns (0 = none, 1 = nothing in common).
    worst_kl : Measured
        KL divergence of the worst column.
    transfer : Measured
        Score on the holdout of a model trained on synthetic rows only.
    """

    two_way: Measured
    worst_kl: Measured
    transfer: Measured


@dataclass(frozen=True)
class Point:
    """The private generator at one ε."""

    epsilon: float
    utility: Utility


@dataclass(frozen=True)
class UtilityCurve:
    """Utility against ε, and what it lies between.

    Attributes
    ----------
    points : tuple of Point
        By rising ε.
    without_noise : Utility
        Trees, which promise nothing.
    independent : Utility
        Every column by itself: real values, shuffled.
    real : float or None
        Score on the holdout of a model trained on the real training rows.
    metric : str or None
        What ``transfer`` and ``real`` are; None without a target to predict.
    delta : float
    repeats, seed : int
    train_rows, holdout_rows : int
        As many rows as there are training rows were made each time.
    unavailable : tuple of Unavailable
        Every ε that was refused, and what else could not be measured.
    """

    points: tuple[Point, ...]
    without_noise: Utility
    independent: Utility
    real: float | None
    metric: str | None
    delta: float
    repeats: int
    seed: int
    train_rows: int
    holdout_rows: int
    unavailable: tuple[Unavailable, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; :meth:`from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        return build(cls, data)
