"""How far generated rows are from real ones, over cells fixed once."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_core.generators.prepare import Encoded, Variable

_PAIRS = 60
_SPIKE = 0.1
_COARSE = 5  # cells of a column within a pair


class Partition:
    """Cells of every variable, crossed with the target's classes, so that features must go with the label.

    Parameters
    ----------
    variables : tuple of Variable
    edges : dict of str to array of float
        Inner edges of each quantity's cells.
    """

    def __init__(self, variables: tuple[Variable, ...], edges: dict[str, np.ndarray]) -> None:
        self.variables, self.edges = variables, edges
        self._target = next((v for v in variables if v.is_target and not v.is_quantity), None)
        self._classes = self._target.levels if self._target else 1

    @classmethod
    def of(cls, rows: Encoded) -> Partition:
        """Quantities cut at their deciles and around frequent values."""
        return cls(rows.variables, {key: _edges(rows.frame[key].to_numpy()) for key in rows.quantities})

    def size(self, variable: Variable) -> int:
        """Cells of ``variable``, not crossed."""
        return len(self.edges[variable.key]) + 1 if variable.is_quantity else variable.levels

    def cell(self, variable: Variable, frame: pd.DataFrame) -> np.ndarray:
        """Cell of each row, not crossed, shape (n_rows,)."""
        values = frame[variable.key].to_numpy()
        return np.searchsorted(self.edges[variable.key], values) if variable.is_quantity else values.astype("int64")

    @property
    def sizes(self) -> list[int]:
        """Cells of each variable, crossed."""
        return [self.size(v) * self._classes for v in self.variables]

    def cells(self, frame: pd.DataFrame) -> list[np.ndarray]:
        """Cell of each row for each variable, crossed: arrays of shape (n_rows,)."""
        found = [self.cell(v, frame) for v in self.variables]
        if self._target is None:
            return found
        classes = frame[self._target.key].to_numpy().astype("int64")
        return [c * self._classes + classes for c in found]


class Distance:
    """Mean total variation distance of rows from fixed real rows: 0 = the same, 1 = nothing in common.

    Over the cells of every variable, crossed with the classes, and over coarser cells of pairs of variables.

    Parameters
    ----------
    partition : Partition
    real : pandas.DataFrame
        Encoded real rows to compare with.
    rng : numpy.random.Generator
        Draws the pairs where there are more than 60.
    """

    def __init__(self, partition: Partition, real: pd.DataFrame, rng: np.random.Generator) -> None:
        self._partition = partition
        self._coarse = {v.key: self._coarsened(v, real) for v in partition.variables}
        pairs = np.array(np.triu_indices(len(partition.variables), 1)).T
        if len(pairs) > _PAIRS:
            pairs = pairs[np.sort(rng.choice(len(pairs), _PAIRS, replace=False))]
        self._pairs = [(partition.variables[a].key, partition.variables[b].key) for a, b in pairs]
        self._real = self._shares(real)

    def __call__(self, rows: pd.DataFrame) -> float:
        pairs = zip(self._real, self._shares(rows), strict=True)
        return float(np.mean([np.abs(real - made).sum() / 2 for real, made in pairs]))

    def _coarsened(self, variable: Variable, frame: pd.DataFrame) -> np.ndarray:
        """Cell → coarse cell: neighbours together for quantities, rare levels together otherwise."""
        size = self._partition.size(variable)
        if variable.is_quantity:
            return np.arange(size) * _COARSE // max(size, _COARSE)
        order = np.argsort(-np.bincount(frame[variable.key], minlength=size), kind="stable")
        ranks = np.empty(size, dtype="int64")
        ranks[order] = np.arange(size)
        return np.minimum(ranks, _COARSE - 1)

    def _shares(self, frame: pd.DataFrame) -> list[np.ndarray]:
        singles = zip(self._partition.cells(frame), self._partition.sizes, strict=True)
        coarse = {v.key: self._coarse[v.key][self._partition.cell(v, frame)] for v in self._partition.variables}
        joint = [(coarse[a] * _COARSE + coarse[b], _COARSE**2) for a, b in self._pairs]
        return [np.bincount(c, minlength=size) / len(frame) for c, size in (*singles, *joint)]


def _edges(values: np.ndarray) -> np.ndarray:
    """Edges of cells: a value with a tenth of the rows has its own, the others are cut at their deciles.

    Edges lie halfway between a value and the next, so that rounding changes no cell.
    """
    distinct, counts = np.unique(values, return_counts=True)
    spikes = np.flatnonzero(counts >= _SPIKE * len(values))
    rest = values[~np.isin(values, distinct[spikes])]
    above = [spikes, spikes + 1]
    if len(rest):
        deciles = np.quantile(rest, np.linspace(0.1, 0.9, 9), method="inverted_cdf")
        above.append(np.searchsorted(distinct, deciles, "right"))
    above = np.unique(np.concatenate(above))
    above = above[(above > 0) & (above < len(distinct))]
    return (distinct[above - 1] + distinct[above]) / 2
