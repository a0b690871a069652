"""Relations between two features: similarity of pairs, and association matrices."""

from __future__ import annotations

import numpy as np

from synth_core.fidelity.shape import shares_alike
from synth_core.tables.alignment import distinct, is_missing, is_quantity

FORMULA = (
    "Two numbers: 1 − half the difference of the correlations. Otherwise: 1 − half the sum of differences in joint "
    "share, a number cut at the fifths of the real training rows, missing as a level. Higher is closer; 1 is equal. "
    "Source: SDMetrics."
)
_MOST_LEVELS = 50  #: pairs with a feature of more levels are left out, as nearly every joint cell would be empty
_MOST_CELLS = 1_000_000  #: joint cells that are counted one by one

Pair = tuple[np.ndarray, np.ndarray]


def comparable(values: np.ndarray) -> bool:
    """Whether pairs with this feature can be judged: it varies, and has not too many levels."""
    count = distinct(values)
    return count > 1 and (is_quantity(values) or count <= _MOST_LEVELS)


def correlation_similarity(real: Pair, other: Pair) -> float | None:
    """1 − |r − r′| / 2 of two quantities (Pearson), rows with a missing value left out; None if one does not vary.

    Source: SDMetrics ``CorrelationSimilarity``.
    """
    r, s = _pearson(*_complete(real)), _pearson(*_complete(other))
    return None if r is None or s is None else 1 - abs(r - s) / 2


def contingency_similarity(real: Pair, other: Pair) -> float | None:
    """1 − total variation distance of the joint shares of codes (−1 = missing, a level too); None if a side is empty.

    Source: SDMetrics ``ContingencySimilarity``.
    """
    if not len(real[0]) or not len(other[0]):
        return None
    width = int(max(real[1].max(), other[1].max())) + 2
    a, b = ((first + 1) * width + second + 1 for first, second in (real, other))
    size = int(max(a.max(), b.max())) + 1
    if size > _MOST_CELLS:
        found, places = np.unique(np.concatenate([a, b]), return_inverse=True)
        a, b, size = places[: len(a)], places[len(a) :], len(found)
    return shares_alike(np.bincount(a, minlength=size), np.bincount(b, minlength=size))


def association(first: np.ndarray, second: np.ndarray) -> float | None:
    """How strongly two features go together; rows with a missing value are left out.

    Pearson's r (−1…1) for two quantities, Cramér's V for two level features, the correlation ratio η for a mixed pair
    (both 0…1); None if a feature does not vary.
    """
    first, second = _complete((first, second))
    kinds = is_quantity(first), is_quantity(second)
    if all(kinds):
        return _pearson(first, second)
    if not any(kinds):
        return _cramers_v(first, second)
    return _correlation_ratio(*((first, second) if kinds[0] else (second, first)))


def matrix(columns: list[np.ndarray]) -> tuple[tuple[float | None, ...], ...]:
    """Associations of all pairs of columns; symmetric, 1 on the diagonal."""
    size = len(columns)
    out: list[list[float | None]] = [[1.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1, size):
            out[i][j] = out[j][i] = association(columns[i], columns[j])
    return tuple(map(tuple, out))


def _complete(pair: Pair) -> Pair:
    there = ~(is_missing(pair[0]) | is_missing(pair[1]))
    return (pair[0][there], pair[1][there]) if not there.all() else pair


def _pearson(x: np.ndarray, y: np.ndarray) -> float | None:
    if len(x) < 2 or x.min() == x.max() or y.min() == y.max():
        return None
    with np.errstate(all="ignore"):  # numbers near the end of what floats can hold
        r = float(np.corrcoef(x, y)[0, 1])
    return r if np.isfinite(r) else None


def _cramers_v(first: np.ndarray, second: np.ndarray) -> float | None:
    if not len(first):
        return None
    width = int(second.max()) + 1
    table = np.bincount(first * width + second, minlength=(int(first.max()) + 1) * width).reshape(-1, width)
    table = table[table.any(axis=1)][:, table.any(axis=0)].astype(float)
    if min(table.shape) < 2:
        return None
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    chi2 = ((table - expected) ** 2 / expected).sum()
    return float(np.sqrt(chi2 / (table.sum() * (min(table.shape) - 1))))


def _correlation_ratio(values: np.ndarray, levels: np.ndarray) -> float | None:
    if len(values) < 2 or values.min() == values.max() or levels.min() == levels.max():
        return None
    with np.errstate(all="ignore"):
        counts = np.bincount(levels)
        means = np.bincount(levels, values) / np.maximum(counts, 1)
        between = (counts * (means - values.mean()) ** 2).sum()
        share = between / ((values - values.mean()) ** 2).sum()
    return float(np.sqrt(min(share, 1.0))) if np.isfinite(share) else None
