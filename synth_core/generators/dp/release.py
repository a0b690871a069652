"""What a private measurement gives out: noisy counts and nothing else; whoever holds it may use it freely."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from synth_core.records import build


@dataclass(frozen=True)
class Axis:
    """The cells of one column, in this order: ``labels`` or ``points`` and intervals, then other, then missing.

    Attributes
    ----------
    name : str
    kind : str
        ``"levels"``, ``"number"``, ``"integer"`` or ``"date"`` (days since 1970).
    labels : tuple of str
        Levels with a cell of their own, as text; for ``"levels"`` only.
    points : tuple of float
        Single numbers with a cell of their own (a zero that many rows have).
    edges : tuple of float
        Edges of the intervals between them, both ends included; one more than there are intervals, empty for levels.
        Those of integers lie half-way between two of them.
    other : bool
        Whether a cell stands for all levels without one of their own. It never leaves the tool as a value.
    declared : bool
        Whether the user declared labels or bounds, so that nothing was spent on finding them.
    """

    name: str
    kind: Literal["levels", "number", "integer", "date"]
    labels: tuple[str, ...] = ()
    points: tuple[float, ...] = ()
    edges: tuple[float, ...] = ()
    other: bool = False
    declared: bool = False

    @property
    def size(self) -> int:
        """Number of cells; the last one is missing, whether or not any row is."""
        return len(self.labels) + len(self.points) + max(len(self.edges) - 1, 0) + self.other + 1


@dataclass(frozen=True)
class Spend:
    """One entry of the budget: what was measured, and what it cost (ρ of zero-concentrated DP, and δ)."""

    what: str
    rho: float
    delta: float = 0.0


@dataclass(frozen=True)
class Release:
    """Noisy counts under (ε, δ)-differential privacy.

    Attributes
    ----------
    axes : tuple of Axis
        The modelled columns, target included.
    rows : float
        Noisy number of rows.
    ones : tuple of tuple of float
        Noisy counts per cell of each axis; may be negative.
    pairs : tuple of (int, int)
        The edges of a tree over the axes, by position; where the target has classes, it is paired with every axis and
        the tree is over the others.
    twos : tuple of matrices
        Noisy counts per joint cell, one matrix per pair, rows = first axis; may be negative.
    sigma_ones, sigma_twos : tuple of float
        Standard deviation of the noise in each of ``ones`` and ``twos``.
    epsilon, delta : float
        The guarantee: for everything in this record together.
    unit : str or None
        Person-id column; None where one row is one person.
    unit_rows : int
        Most rows per person that were used.
    spent : tuple of Spend
        Adds up to no more than what ``epsilon`` and ``delta`` buy.
    """

    axes: tuple[Axis, ...]
    rows: float
    ones: tuple[tuple[float, ...], ...]
    pairs: tuple[tuple[int, int], ...]
    twos: tuple[tuple[tuple[float, ...], ...], ...]
    sigma_ones: tuple[float, ...]
    sigma_twos: tuple[float, ...]
    epsilon: float
    delta: float
    unit: str | None
    unit_rows: int
    spent: tuple[Spend, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; :meth:`from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Release:
        return build(cls, data)
