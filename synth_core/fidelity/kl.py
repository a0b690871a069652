"""KL divergence of one feature, real training rows against synthetic rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

STRICT = 0.03  #: below this a feature is close
LOOSE = 0.12  #: the usual gate; it lets a mean drift by half a standard deviation
_OWN_CELL = 0.10  #: a single number that fills this share of rows gets a cell of its own
_FEWEST = 5  #: expected rows of a level with a cell of its own

FORMULA = (
    "KL(real ‖ synthetic) = Σ p·ln(p / q) over cells made from the real training rows (deciles; frequent values and "
    "missing have their own), half a row added to every cell. Lower is closer; strict line 0.03, loose line 0.12."
)
NOISE_FORMULA = (
    "What two samples of one distribution differ by on average: (cells − 1)/2 · (1/real + 1/synthetic). KL near it is "
    "as close as can be."
)


@dataclass(frozen=True)
class Cells:
    """A partition of one feature's values, made from the real training rows only.

    Attributes
    ----------
    edges : array of float or None
        Inner edges of a quantity; the outer cells reach to ±∞.
    own : tuple
        Values with a cell of their own: frequent numbers, or levels.
    """

    edges: np.ndarray | None
    own: tuple

    def __len__(self) -> int:
        """Number of cells, OTHER (levels) or intervals (quantities) and missing included."""
        return len(self.own) + (1 if self.edges is None else len(self.edges) + 1) + 1

    def count(self, values: pd.Series) -> np.ndarray:
        """Rows per cell, shape (n_cells,): own values, intervals or OTHER, missing."""
        known = values.dropna()
        own = np.array([(known == v).sum() for v in self.own], dtype=float)
        rest = known[~known.isin(self.own)]
        if self.edges is None:
            between = np.array([len(rest)], dtype=float)
        else:
            place = np.searchsorted(self.edges, rest.to_numpy(dtype=float), side="left")
            between = np.bincount(place, minlength=len(self.edges) + 1).astype(float)
        return np.concatenate([own, between, [len(values) - len(known)]])


def cells(train: pd.Series, synthetic_rows: int) -> Cells:
    """Cells for a feature: floats for a quantity, text for levels.

    Parameters
    ----------
    train : pandas.Series, shape (n_rows,)
        Real training values.
    synthetic_rows : int
        How many rows will be compared, so that a level's expected count is known.
    """
    known = train.dropna()
    counts = known.value_counts()
    if pd.api.types.is_float_dtype(train.dtype):
        own = tuple(sorted(counts.index[counts >= _OWN_CELL * len(train)])) if len(known) else ()
        rest = known[~known.isin(own)]
        edges = np.unique(np.quantile(rest, np.arange(1, 10) / 10)) if len(rest) else np.array([])
        return Cells(edges, own)
    fewest = _FEWEST / min(1.0, synthetic_rows / max(len(train), 1)) if synthetic_rows else np.inf
    return Cells(None, tuple(sorted(counts.index[counts >= fewest])))


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
