"""KL divergence of one feature, real training rows against synthetic rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth_core.tables.alignment import is_missing, is_quantity, known

STRICT = 0.03  #: below this a feature is close
LOOSE = 0.12  #: the usual gate; it lets a mean drift by half a standard deviation
_OWN_CELL = 0.10  #: a single number that fills this share of rows gets a cell of its own
_FEWEST = 5  #: expected rows of a level with a cell of its own

FORMULA = (
    "KL(real ‖ synthetic) = Σ p·ln(p / q) over cells made from the real training rows (deciles; frequent values and "
    "missing have their own), half a row added to every cell. Lower is closer; strict line 0.03, loose line 0.12. "
    "Source: Kullback and Leibler, 1951; the lines are ours."
)
REVERSE_FORMULA = (
    "KL(synthetic ‖ real): the same with the two exchanged, which weighs what synthetic rows have and real ones lack. "
    "Lower is closer."
)
NOISE_FORMULA = (
    "What two samples of one distribution differ by on average: (cells − 1)/2 · (1/real + 1/synthetic). KL near it is "
    "as close as can be."
)


@dataclass(frozen=True, eq=False)
class Cells:
    """A partition of one feature's values, made from the real training rows only.

    In this order: ``own`` values, intervals between ``edges`` (of levels: OTHER), missing.

    Attributes
    ----------
    edges : array of float or None
        Inner edges of a quantity; the outer cells reach to ±∞. None for levels.
    own : array
        Values with a cell of their own: frequent numbers (rising), or codes of levels (rising).
    """

    edges: np.ndarray | None
    own: np.ndarray

    def __len__(self) -> int:
        return len(self.own) + (1 if self.edges is None else len(self.edges) + 1) + 1

    def place(self, values: np.ndarray) -> np.ndarray:
        """The cell of each value, int of shape (n_rows,)."""
        between = len(self.own) + (0 if self.edges is None else np.searchsorted(self.edges, values, side="left"))
        if len(self.own):
            near = np.searchsorted(self.own, values).clip(max=len(self.own) - 1)
            between = np.where(self.own[near] == values, near, between)
        return np.where(is_missing(values), len(self) - 1, between)

    def count(self, values: np.ndarray) -> np.ndarray:
        """Rows per cell, float of shape (n_cells,)."""
        return np.bincount(self.place(values), minlength=len(self)).astype(float)


def cells(train: np.ndarray, other_rows: int, parts: int = 10) -> Cells:
    """Cells for a feature: floats for a quantity, codes for levels.

    Parameters
    ----------
    train : array, shape (n_rows,)
        Real training values.
    other_rows : int
        How many rows will be compared, so that a level's expected count is known.
    parts : int
        Intervals of equal count that a quantity is cut into.
    """
    values, counts = np.unique(known(train), return_counts=True)
    if not is_quantity(train):
        fewest = _FEWEST / min(1.0, other_rows / max(len(train), 1)) if other_rows else np.inf
        return Cells(None, values[counts >= fewest])
    own = counts >= _OWN_CELL * len(train)
    rest = np.repeat(values[~own], counts[~own])
    with np.errstate(over="ignore", invalid="ignore"):
        edges = np.unique(np.quantile(rest, np.arange(1, parts) / parts)) if len(rest) else np.array([])
    return Cells(edges[np.isfinite(edges)], values[own])


def divergence(real: np.ndarray, other: np.ndarray) -> float:
    """KL(real ‖ other) in nats from rows per cell, half a row added to each cell that either side fills."""
    filled = (real + other) > 0
    p, q = real[filled] + 0.5, other[filled] + 0.5
    p, q = p / p.sum(), q / q.sum()
    return float(np.sum(p * np.log(p / q)))


def noise(real: np.ndarray, other: np.ndarray) -> float:
    """Expected divergence of two samples of one distribution with these rows per cell: (K−1)/2·(1/n + 1/m)."""
    filled = int(((real + other) > 0).sum())
    return (filled - 1) / 2 * (1 / max(real.sum(), 1) + 1 / max(other.sum(), 1))
