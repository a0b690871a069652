"""From noisy counts to one distribution over a tree of columns, and rows drawn from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.stats import qmc

from synth_core.errors import GeneratorError
from synth_core.generators.dp.release import Release

_ROUNDS = 60  #: of alternating projections; counts then move by far less than one row
_CHUNK = 1 << 17  #: quasi-random points at a time
_SURE = 3.0  #: standard deviations of noise above which missing values are believed


@dataclass(frozen=True, eq=False)
class Tree:
    """A distribution over the cells of several axes, each depending on one other at most.

    Attributes
    ----------
    order : tuple of int
        Axes by position, parents before their children.
    parents : tuple of (int or None)
        The parent of each axis; None for a root.
    tables : tuple of arrays
        Probabilities of each axis' cells, one row for each cell of its parent (one row for a root).
    """

    order: tuple[int, ...]
    parents: tuple[int | None, ...]
    tables: tuple[np.ndarray, ...]

    @classmethod
    def fit(cls, release: Release, target: int | None = None) -> Self:
        """The distribution that agrees best with the counts: least squares by noise, none negative, all consistent.

        ``target`` (an axis) becomes the root and is never missing: a row without its outcome teaches nothing.
        """
        rows = max(release.rows, 1.0)
        ones = _one_way(release, rows, target)
        joint = {
            pair: _two_way(np.array(counts, dtype=float), sigma, ones[pair[0]], ones[pair[1]])
            for pair, counts, sigma in zip(release.pairs, release.twos, release.sigma_twos, strict=True)
        }
        order, parents = _rooted(len(release.axes), release.pairs, target or 0)
        tables = []
        for axis, parent in enumerate(parents):
            if parent is None:
                counts = ones[axis][None]
            else:
                counts = joint[parent, axis] if (parent, axis) in joint else joint[axis, parent].T
            total = counts.sum(axis=1, keepdims=True)
            tables.append(np.where(total > 0, counts / np.where(total > 0, total, 1), ones[axis] / rows))
        return cls(order, parents, tuple(tables))

    def sample(self, rows: int, seed: int, given: Mapping[int, int] | None = None) -> np.ndarray:
        """Cells of ``rows`` rows, int64, shape (rows, n_axes); axes in ``given`` have the cell given there.

        Quasi-random (scrambled Sobol) points, so that counts stray from the model less than by chance.

        Raises
        ------
        GeneratorError
            No row can have the cells given together.
        """
        tables = self._conditioned(given) if given else self.tables
        points = qmc.Sobol(len(self.order), rng=np.random.default_rng(seed))
        codes = np.empty((rows, len(self.order)), dtype="int64")
        for start in range(0, rows, _CHUNK):
            part = codes[start : start + _CHUNK]
            u = points.random(1 << (len(part) - 1).bit_length())[: len(part)]  # they come in powers of two
            for axis in self.order:
                parent = self.parents[axis]
                part[:, axis] = _draw(tables[axis], None if parent is None else part[:, parent], u[:, axis])
        return np.random.default_rng([seed, 1]).permutation(codes)

    def _conditioned(self, given: Mapping[int, int]) -> tuple[np.ndarray, ...]:
        """The tables once some axes are known: what they say of their parents is passed up the tree."""
        tables = list(self.tables)
        weights = [np.ones(t.shape[1]) for t in tables]
        for axis, cell in given.items():
            weights[axis][np.arange(len(weights[axis])) != cell] = 0
        for axis in reversed(self.order):
            table = tables[axis] * weights[axis]
            total = table.sum(axis=1)
            tables[axis] = table / np.where(total > 0, total, 1)[:, None]
            parent = self.parents[axis]
            if parent is not None:
                weights[parent] *= total
            elif total[0] <= 0:
                raise GeneratorError(
                    "No row can have these values together, as far as the noisy counts tell. Ask for fewer conditions."
                )
        return tuple(tables)


def _one_way(release: Release, rows: float, target: int | None) -> list[np.ndarray]:
    """Counts of each axis' cells that add up to ``rows``: its own and those of its pairs, weighted by their noise."""
    estimates = []
    for axis, (counts, sigma) in enumerate(zip(release.ones, release.sigma_ones, strict=True)):
        weight = max(sigma, 1e-9) ** -2
        weights, total = [weight], weight * np.array(counts, dtype=float)
        for pair, table, noise in zip(release.pairs, release.twos, release.sigma_twos, strict=True):
            if axis in pair:
                margin = np.array(table, dtype=float).sum(axis=1 - pair.index(axis))
                weights.append(max(noise, 1e-9) ** -2 / release.axes[pair[1 - pair.index(axis)]].size)
                total = total + weights[-1] * margin
        mean, deviation = total / sum(weights), sum(weights) ** -0.5
        if len(mean) > 1 and (
            axis == target or mean[-1] < _SURE * deviation
        ):  # a column without gaps should not get any from noise
            mean = np.append(_on_simplex(mean[:-1], rows), 0.0)
        else:
            mean = _on_simplex(mean, rows)
        estimates.append(mean)
    return estimates


def _two_way(counts: np.ndarray, sigma: float, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Joint counts with the margins ``first`` and ``second``, none negative, shape (len(first), len(second))."""
    out = np.zeros_like(counts)
    some = np.ix_(first > 0, second > 0)  # what no row has, no row has together with anything
    first, second = first[first > 0], second[second > 0]
    independent = np.outer(first, second) / first.sum()
    excess = _with_margins(counts[some], first, second) - independent
    table = independent + _without_noise(excess, sigma)
    correction = np.zeros_like(table)
    for _ in range(_ROUNDS):  # Dykstra: the nearest table that is both non-negative and consistent
        positive = np.maximum(table + correction, 0)
        correction += table - positive
        table = _with_margins(positive, first, second)
    out[some] = np.maximum(table, 0)
    return out


def _with_margins(table: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The nearest table whose rows add up to ``first`` and whose columns to ``second``."""
    rows, columns = first - table.sum(axis=1), second - table.sum(axis=0)
    n, m = table.shape
    return table + rows[:, None] / m + columns / n - rows.sum() / (n * m)


def _without_noise(excess: np.ndarray, sigma: float) -> np.ndarray:
    """What a noisy table has beyond independence, its singular values shrunk as far as noise alone explains them.

    The shrinkage with the least mean squared error for white noise (Gavish and Donoho, 2017).
    """
    n, m = (size - 1 for size in excess.shape)  # margins are given
    if min(n, m) < 1 or sigma <= 0:
        return excess
    left, values, right = np.linalg.svd(excess, full_matrices=False)
    scale = max(n, m) * sigma**2
    y, beta = values**2 / scale, min(n, m) / max(n, m)
    kept = np.sqrt(np.maximum((y - beta - 1) ** 2 - 4 * beta, 0) / np.maximum(y, 1e-300)) * np.sqrt(scale)
    return (left * np.where(y > (1 + np.sqrt(beta)) ** 2, kept, 0)) @ right


def _on_simplex(values: np.ndarray, total: float) -> np.ndarray:
    """The nearest values that are not negative and add up to ``total``."""
    down = np.sort(values)[::-1]
    excess = (np.cumsum(down) - total) / np.arange(1, len(values) + 1)
    return np.maximum(values - excess[np.flatnonzero(down > excess)[-1]], 0)


def _rooted(axes: int, pairs: Sequence[tuple[int, int]], root: int) -> tuple[tuple[int, ...], tuple[int | None, ...]]:
    """Axes with parents before children, and the parent of each; every part that ``root`` is not in gets its own."""
    near: list[list[int]] = [[] for _ in range(axes)]
    for a, b in pairs:
        near[a].append(b)
        near[b].append(a)
    parents: list[int | None] = [None] * axes
    order: list[int] = []
    for start in (root, *range(axes)):
        if start in order:
            continue
        order.append(start)
        for axis in (reached := [start]):
            for child in near[axis]:
                if child != parents[axis]:
                    parents[child] = axis
                    reached.append(child)
                    order.append(child)
    return tuple(order), tuple(parents)


def _draw(table: np.ndarray, parent: np.ndarray | None, u: np.ndarray) -> np.ndarray:
    """A cell per row by inversion of u in [0, 1), given the parent's cell."""
    rows = np.zeros(len(u), dtype="int64") if parent is None else parent
    upto = np.cumsum(table, axis=1)
    upto /= np.maximum(upto[:, -1:], 1e-300)
    found = np.searchsorted((upto + np.arange(len(table))[:, None]).ravel(), rows + u, side="right")
    return np.clip(found - rows * table.shape[1], 0, table.shape[1] - 1)
