"""From noisy counts to one distribution over a tree of columns, and rows drawn from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.stats import qmc

from synth_core.errors import GeneratorError
from synth_core.generators.dp.release import Release
from synth_core.progress import SILENT, Progress

_ROUNDS = 60  #: of alternating projections; counts then move by far less than one row
_FITS = 30  #: rounds of proportional fitting
_NEVER = 1e-8  #: a share of the rows that is none
_CHUNK = 1 << 17  #: quasi-random points at a time
_SURE = 3.0  #: standard deviations of noise above which missing values are believed


@dataclass(frozen=True, eq=False)
class Tree:
    """A distribution over cells of axes, each of which depends on one other and on the target at most.

    Attributes
    ----------
    target : int or None
        The axis that all others may depend on.
    order : tuple of int
        The other axes by position, parents before their children.
    parents : tuple of (int or None)
        The parent of each axis, the target aside; None for a root.
    shares : array, shape (n_target,)
        Probabilities of the target's cells; a single 1 without a target.
    tables : tuple of arrays, shape (n_target, n_parent, n_axis)
        Probabilities of each axis' cells, by cell of the target and of the parent (one where there is none).
    """

    target: int | None
    order: tuple[int, ...]
    parents: tuple[int | None, ...]
    shares: np.ndarray
    tables: tuple[np.ndarray, ...]

    @classmethod
    def fit(cls, release: Release, target: int | None = None) -> Self:
        """The distribution that agrees best with the counts: least squares by noise, none negative, all consistent.

        The pairs form a tree, or would without those of ``target`` (an axis). That one is never missing: a row
        without its outcome teaches nothing.
        """
        rows = max(release.rows, 1.0)
        ones = _one_way(release, rows, target)
        joint: dict[tuple[int, int], np.ndarray] = {}
        for (a, b), counts, sigma in zip(release.pairs, release.twos, release.sigma_twos, strict=True):
            joint[a, b] = _two_way(np.array(counts, dtype=float), sigma, ones[a], ones[b])
            joint[b, a] = joint[a, b].T
        order, parents = _rooted(len(release.axes), joint, target)
        classes = np.array([rows]) if target is None else ones[target]
        tables = []
        for axis, parent in enumerate(parents):
            counts = _three_way(
                ones[axis][None] if parent is None else joint[parent, axis],
                classes[:, None] if parent is None else joint.get((target, parent)),
                joint.get((target, axis), classes[:, None] * ones[axis] / rows if parent is None else None),
                classes,
            )
            total = counts.sum(axis=2, keepdims=True)
            tables.append(np.where(total > 0, counts / np.where(total > 0, total, 1), ones[axis] / rows))
        return cls(target, order, parents, classes / classes.sum(), tuple(tables))

    def sample(
        self, rows: int, seed: int, given: Mapping[int, int] | None = None, progress: Progress = SILENT
    ) -> np.ndarray:
        """Cells of ``rows`` rows, int64, shape (rows, n_axes); axes in ``given`` have the cell given there.

        Quasi-random (scrambled Sobol) points, so that counts stray from the model less than by chance.

        Raises
        ------
        GeneratorError
            No row can have the cells given together.
        Cancelled
            ``progress`` asked to stop.
        """
        shares, tables = self._conditioned(given) if given else (self.shares, self.tables)
        points = qmc.Sobol(len(tables), rng=np.random.default_rng(seed))
        codes = np.zeros((rows, len(tables)), dtype="int64")
        for start in range(0, rows, _CHUNK):
            progress.report("sampling", start, rows)
            part = codes[start : start + _CHUNK]
            u = points.random(1 << (len(part) - 1).bit_length())[: len(part)]  # they come in powers of two
            classes = np.zeros(len(part), dtype="int64")
            if self.target is not None:
                classes = part[:, self.target] = _draw(shares[None], classes, u[:, self.target])
            for axis in self.order:
                parent = self.parents[axis]
                place = classes * tables[axis].shape[1] + (0 if parent is None else part[:, parent])
                part[:, axis] = _draw(tables[axis].reshape(-1, tables[axis].shape[2]), place, u[:, axis])
        return np.random.default_rng([seed, 1]).permutation(codes)

    def _conditioned(self, given: Mapping[int, int]) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """Shares and tables once some axes are known: what they say of their parents is passed up the tree."""
        shares, tables = self.shares.copy(), list(self.tables)
        weights = [np.ones((len(shares), t.shape[2])) for t in tables]
        for axis, cell in given.items():
            if axis == self.target:
                shares[np.arange(len(shares)) != cell] = 0
            else:
                weights[axis][:, np.arange(tables[axis].shape[2]) != cell] = 0
        for axis in reversed(self.order):
            table = tables[axis] * weights[axis][:, None, :]
            total = table.sum(axis=2)
            tables[axis] = table / np.where(total > 0, total, 1)[..., None]
            parent = self.parents[axis]
            if parent is None:
                shares *= total[:, 0]
            else:
                weights[parent] *= total
        if shares.sum() < _NEVER:
            raise GeneratorError(
                "No row can have these values together, as far as the noisy counts tell. Ask for fewer conditions."
            )
        return shares / shares.sum(), tuple(tables)


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
        held = np.ones(len(mean), dtype=bool)  # noise alone should give no column gaps, or levels beside its labels
        if len(mean) > 1:
            held[-1] = axis != target and mean[-1] >= _SURE * deviation
        if release.axes[axis].labels and release.axes[axis].other:
            held[-2] = mean[-2] >= _SURE * deviation
        mean[held], mean[~held] = _on_simplex(mean[held], rows), 0
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


def _three_way(
    pair: np.ndarray, of_parent: np.ndarray | None, of_axis: np.ndarray | None, classes: np.ndarray
) -> np.ndarray:
    """Counts by target, parent and axis that agree with the pairs known, and relate nothing else to anything.

    Parameters
    ----------
    pair : array, shape (n_parent, n_axis)
    of_parent, of_axis : array, shape (n_target, n_parent) and (n_target, n_axis), or None
        None where the pair was not counted.
    classes : array, shape (n_target,)
    """
    out = classes[:, None, None] * pair / classes.sum()
    for _ in range(_FITS if of_parent is not None and of_axis is not None else 1):
        for axis, margin in ((2, of_parent), (1, of_axis), (0, pair)):
            if margin is not None:
                now = out.sum(axis=axis)
                out = out * np.expand_dims(margin / np.where(now > 0, now, np.inf), axis)
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


def _rooted(
    axes: int, pairs: Iterable[tuple[int, int]], target: int | None
) -> tuple[tuple[int, ...], tuple[int | None, ...]]:
    """All axes but the target with parents before children, and their parents; roots are next to the target."""
    near: list[list[int]] = [[] for _ in range(axes)]
    for a, b in pairs:  # each in both directions
        near[a].append(b)
    parents: list[int | None] = [None] * axes
    order: list[int] = []
    for start in (*(near[target] if target is not None else ()), *range(axes)):
        if start in order or start == target:
            continue
        order.append(start)
        for axis in (reached := [start]):
            for child in near[axis]:
                if child != target and child not in order:
                    parents[child] = axis
                    reached.append(child)
                    order.append(child)
    return tuple(order), tuple(parents)


def _draw(table: np.ndarray, place: np.ndarray, u: np.ndarray) -> np.ndarray:
    """A cell per row by inversion of u in [0, 1), from the row of ``table`` at its ``place``."""
    upto = np.cumsum(table, axis=1)
    upto /= np.maximum(upto[:, -1:], 1e-300)
    found = np.searchsorted((upto + np.arange(len(table))[:, None]).ravel(), place + u, side="right")
    return np.clip(found - place * table.shape[1], 0, table.shape[1] - 1)
