"""Relations between two features: similarity of pairs, and association matrices."""

from __future__ import annotations

import numpy as np
import pandas as pd

FORMULA = (
    "Two numbers: 1 − half the difference of the correlations. Two categories: 1 − half the sum of differences in "
    "joint share. A number and a category: 1 − the difference of the correlation ratios. 1 is equal."
)
_MOST_LEVELS = 50  #: pairs with a feature of more levels are left out, as nearly every joint cell would be empty


def is_quantity(values: pd.Series) -> bool:
    """Floats are quantities, text is levels."""
    return pd.api.types.is_float_dtype(values.dtype)


def comparable(values: pd.Series) -> bool:
    """Whether pairs with this feature can be judged: it varies, and has not too many levels."""
    distinct = values.nunique()
    return distinct > 1 and (is_quantity(values) or distinct <= _MOST_LEVELS)


def correlation_similarity(real: pd.DataFrame, other: pd.DataFrame) -> float | None:
    """1 − |r − r′| / 2 of two quantities (Pearson). Source: SDMetrics ``CorrelationSimilarity``."""
    r, s = _pearson(real), _pearson(other)
    return None if r is None or s is None else 1 - abs(r - s) / 2


def contingency_similarity(real: pd.DataFrame, other: pd.DataFrame) -> float | None:
    """1 − total variation distance of the joint shares. Source: SDMetrics ``ContingencySimilarity``."""
    keys = list(real.columns)
    a, b = (f.dropna().value_counts(subset=keys, normalize=True) for f in (real, other))
    return 1 - float(a.sub(b, fill_value=0).abs().sum()) / 2 if len(a) and len(b) else None


def pair_similarity(real: pd.DataFrame, other: pd.DataFrame) -> float | None:
    """Similarity of one pair of features, 0…1, by their kinds; None if undefined.

    Parameters
    ----------
    real, other : pandas.DataFrame
        The same two columns.
    """
    kinds = [is_quantity(real.iloc[:, j]) for j in (0, 1)]
    if all(kinds):
        return correlation_similarity(real, other)
    if not any(kinds):
        return contingency_similarity(real, other)
    r, s = association(real), association(other)
    return None if r is None or s is None else 1 - abs(r - s)


def association(pair: pd.DataFrame) -> float | None:
    """How strongly two features go together; rows with a missing value are left out.

    Pearson's r (−1…1) for two quantities, Cramér's V for two level features, the correlation ratio η for a mixed pair
    (both 0…1); None if a feature does not vary.
    """
    pair = pair.dropna()
    kinds = [is_quantity(pair.iloc[:, j]) for j in (0, 1)]
    if all(kinds):
        return _pearson(pair)
    if not any(kinds):
        return _cramers_v(pair)
    values, levels = (pair.iloc[:, 0], pair.iloc[:, 1]) if kinds[0] else (pair.iloc[:, 1], pair.iloc[:, 0])
    return _correlation_ratio(values.to_numpy(), levels.to_numpy())


def matrix(frame: pd.DataFrame) -> tuple[tuple[float | None, ...], ...]:
    """Associations of all pairs of columns; symmetric, 1 on the diagonal."""
    size = frame.shape[1]
    out: list[list[float | None]] = [[1.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1, size):
            out[i][j] = out[j][i] = association(frame.iloc[:, [i, j]])
    return tuple(map(tuple, out))


def _pearson(pair: pd.DataFrame) -> float | None:
    x, y = pair.dropna().to_numpy(dtype=float).T
    if len(x) < 2 or x.std() == 0 or y.std() == 0:
        return None
    return float(np.corrcoef(x, y)[0, 1])


def _cramers_v(pair: pd.DataFrame) -> float | None:
    first, second = (pd.factorize(pair.iloc[:, j])[0] for j in (0, 1))
    if not len(first) or first.max() < 1 or second.max() < 1:
        return None
    table = np.zeros((first.max() + 1, second.max() + 1))
    np.add.at(table, (first, second), 1)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    chi2 = ((table - expected) ** 2 / expected).sum()
    return float(np.sqrt(chi2 / (table.sum() * (min(table.shape) - 1))))


def _correlation_ratio(values: np.ndarray, levels: np.ndarray) -> float | None:
    codes, _ = pd.factorize(levels)
    if len(values) < 2 or values.std() == 0 or codes.max() < 1:
        return None
    counts = np.bincount(codes)
    means = np.bincount(codes, values) / counts
    between = (counts * (means - values.mean()) ** 2).sum()
    return float(np.sqrt(min(between / ((values - values.mean()) ** 2).sum(), 1.0)))
