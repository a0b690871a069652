"""Correlation matrices that are none, and the nearest one that is."""

from __future__ import annotations

import numpy as np

#: Smallest eigenvalue that is kept: below it the columns would be tied to each other exactly.
_LEAST = 1e-6


def nearest(stated: np.ndarray, rounds: int = 500, tolerance: float = 1e-9) -> np.ndarray:
    """The correlation matrix nearest to ``stated`` (Frobenius norm), or ``stated`` where it is one.

    Parameters
    ----------
    stated : ndarray, shape (p, p)
        Symmetric, ones on the diagonal.
    rounds : int
        Most projections.
    tolerance : float
        Largest change of an entry at which to stop.

    Notes
    -----
    Source: Higham, "Computing the nearest correlation matrix", IMA Journal of Numerical Analysis 2002.
    """
    if not len(stated) or np.linalg.eigvalsh(stated).min() >= _LEAST:
        return stated
    found, correction = stated.copy(), np.zeros_like(stated)
    for _ in range(rounds):
        before = found
        shifted = found - correction
        projected = _positive(shifted)
        correction = projected - shifted
        found = projected.copy()
        np.fill_diagonal(found, 1)
        if np.abs(found - before).max() < tolerance:
            break
    found = _positive(found)  # the last step left the cone by a hair
    scale = 1 / np.sqrt(np.diag(found))
    return found * np.outer(scale, scale)


def _positive(symmetric: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(symmetric)
    return (vectors * np.maximum(values, _LEAST)) @ vectors.T
