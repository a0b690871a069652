"""Cells of a quantity, found privately: from orders of magnitude, that hold for any column, to what its rows need.

A column's values are counted three times with noise, each time in cells that only depend on the noisy counts before:
first in powers of two, then the full ones cut finer. The bounds are where the counts rise out of the noise.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synth_core.generators.dp.noise import Noisy

ROUNDS = 3
_PARTS = 32  #: a full cell is cut into so many
_STEPS = 8  #: between declared bounds to begin with
_SURE = 4.5  #: standard deviations of the noise that a cell out of a few hundred does not reach by chance
_TAIL = 3.0
_CLEAR = 2.0  #: standard deviations of the noise that a part of a full cell should hold
_FEWEST = 4  #: cells even where the noise would leave fewer
_FULLEST = 32  #: cells with more than 1/32 of the rows are cut finer
_EXTENT = {"number": (-20, 60), "integer": (0, 52), "date": (0, 17)}  # powers of two
_YEAR = 365.25
_YEARS = (1900, 2100)

Count = Callable[[np.ndarray], Noisy]
"""Noisy counts of the values in the intervals between edges, those outside in the first and the last."""


def start(kind: str, whole: bool) -> np.ndarray:
    """Edges that hold for every column of a kind, ascending."""
    low, high = _EXTENT[kind]
    powers = 2.0 ** np.arange(low, high + 1)
    if kind == "date":
        years = np.round((np.arange(_YEARS[0], _YEARS[1] + 1) - 1970) * _YEAR)
        far = 2.0 ** np.arange(16, 18)
        edges = np.concatenate([-far[::-1], years, far])
        return edges - 0.5 if whole else edges
    if whole:  # 0, 1, 2–3, 4–7, …
        return np.concatenate([0.5 - powers[::-1], powers - 0.5])
    tiny = np.nextafter(0.0, 1.0)  # zero by itself, as many rows may have it
    return np.concatenate([-powers[::-1], [0.0, tiny], powers])


def refine(
    edges: np.ndarray, count: Count, *, rows: float, whole: bool, declared: bool = False
) -> tuple[np.ndarray, np.ndarray, float]:
    """Edges of fine cells between the bounds of the values, their noisy counts, and the standard deviation of these.

    ``declared`` bounds stay where they are, others are where the counts rise out of the noise.
    """
    noisy = count(edges)
    edges, counts = (edges, np.maximum(noisy.counts, 0)) if declared else _bounded(edges, noisy.counts, noisy.sigma)
    for _ in range(ROUNDS - 1):
        full = counts > max(_SURE * noisy.sigma, rows / _FULLEST)
        if not declared:
            full[[0, -1]] = True  # the bounds are somewhere in there
        parts = np.clip(counts / (_CLEAR * noisy.sigma), 4, _PARTS).astype(int)
        lower = zip(edges[:-1], edges[1:], np.where(full, parts, 1), strict=True)
        pieces = [_cut(a, b, n, whole) for a, b, n in lower]
        parent = np.repeat(np.arange(len(counts)), [len(p) for p in pieces])
        edges = np.array([*np.concatenate(pieces), edges[-1]])
        noisy = count(edges)
        counts = _within(noisy.counts, counts, parent)
    return *((edges, counts) if declared else _trimmed(edges, noisy.counts, counts, noisy.sigma)), noisy.sigma


def merge(
    edges: np.ndarray, counts: np.ndarray, sigma: float, *, cells: int, least: float, whole: bool
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Points and edges of about ``cells`` cells with about as many rows each, but no fewer than ``least``."""
    least = min(least, counts.sum() / _FEWEST)
    single = np.isclose(edges[1:] - edges[:-1], 1.0) if whole else (edges[:-1] == 0) & (edges[1:] < 1e-300)
    alone = single & (counts > max(0.6 * max(counts.sum() / cells, least), 2 * sigma))
    points = tuple(float(p) for p in np.round((edges[:-1] + edges[1:]) / 2)[alone])
    between = ~alone
    share = max(counts[between].sum() / max(cells - len(points), cells / 2), least, 1e-9)
    if not between.any():
        return points, ()
    first, last = np.flatnonzero(between)[[0, -1]]
    cuts, mass = [float(edges[first])], 0.0
    for i in range(first, last + 1):
        mass += 0.0 if alone[i] else counts[i]
        if mass >= share and i < last and between[i + 1 : last + 1].any():
            cuts.append(float(edges[i + 1]))
            mass = 0.0
    if mass < share / 2 and len(cuts) > 1:  # too few rows are left over for a cell
        cuts.pop()
    return points, (*cuts, float(edges[last + 1]))


def between(low: float, high: float, whole: bool) -> np.ndarray:
    """Edges of equal steps between declared bounds, both included, ascending; zero by itself if it is among them."""
    if whole:
        return np.unique(np.round(np.linspace(low - 0.5, high + 0.5, _STEPS + 1) + 0.5) - 0.5)
    edges = np.linspace(low, high, _STEPS + 1)
    return np.union1d(edges, [0.0, np.nextafter(0.0, 1.0)]) if low <= 0 <= high else edges


def _bounded(edges: np.ndarray, counts: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """The cells from the first to the last that surely hold rows; the fullest one if none surely does."""
    hold = np.flatnonzero(counts > _SURE * sigma)
    first, last = (hold[0], hold[-1]) if len(hold) else (counts.argmax(), counts.argmax())
    return edges[first : last + 2], np.maximum(counts[first : last + 1], 0)


def _cut(low: float, high: float, parts: int, whole: bool) -> np.ndarray:
    """Lower edges of the parts of one cell; half-way between whole numbers where values are whole."""
    if low >= 0 and high < 1e-300:  # zero itself
        return np.array([low])
    lower = np.linspace(low, high, parts, endpoint=False)
    return np.unique(np.floor(lower + 0.5) - 0.5) if whole else lower


def _within(counts: np.ndarray, before: np.ndarray, parent: np.ndarray) -> np.ndarray:
    """The parts' counts without negative ones, scaled to add up to what was counted before they were cut."""
    counts = np.maximum(counts, 0)
    total = np.bincount(parent, counts, minlength=len(before))
    return counts * np.where(total > 0, before / np.where(total > 0, total, 1), 0)[parent]


def _trimmed(edges: np.ndarray, noisy: np.ndarray, counts: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """Without the cells at either end that hold no rows for sure."""
    first = _end(noisy, counts, sigma)
    last = max(len(counts) - _end(noisy[::-1], counts[::-1], sigma), first + 1)
    return edges[first : last + 1], counts[first:last]


def _end(noisy: np.ndarray, counts: np.ndarray, sigma: float) -> int:
    """Cells to leave out at the start, as together they hold no more rows than the noise can make up.

    Without negative counts noise adds up to rows that are not there; the counts as they came tell better where the
    rows begin, unless they would leave out many.
    """
    upto, total = np.cumsum(counts), counts.sum()
    few, many = np.searchsorted(upto, (min(max(_TAIL * sigma, total / 1_000), total / 40), total / 16), side="right")
    clear = np.flatnonzero(np.cumsum(noisy) > _TAIL * sigma * np.sqrt(np.arange(1, len(noisy) + 1)))
    return int(min(max(few, clear[0]) if len(clear) and clear[0] <= many else few, len(counts) - 1))
