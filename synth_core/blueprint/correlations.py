"""The correlation matrix of the normal scores, and the nearest one where the stated pairs contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synth_core.blueprint.spec import Correlation

#: Smallest eigenvalue that is kept: below it the columns would be tied to each other exactly.
_LEAST = 1e-6
_SHOWN = 0.005


def matrix(pairs: Sequence[Correlation], columns: Sequence[str]) -> np.ndarray:
    """The stated correlations, 0 elsewhere; shape (n_columns, n_columns)."""
    place = {name: i for i, name in enumerate(columns)}
    stated = np.eye(len(columns))
    for pair in pairs:
        i, j = place[pair.first], place[pair.second]
        stated[i, j] = stated[j, i] = pair.value
    return stated


def nearest(stated: np.ndarray, rounds: int = 500, tolerance: float = 1e-9) -> np.ndarray:
    """The correlation matrix nearest to ``stated`` (Frobenius norm), or ``stated`` where it is one.

    Source: Higham, "Computing the nearest correlation matrix", IMA Journal of Numerical Analysis 2002.
    """
    if np.linalg.eigvalsh(stated).min() >= _LEAST:
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


def changes(stated: np.ndarray, used: np.ndarray, columns: Sequence[str]) -> str | None:
    """One sentence on what :func:`nearest` changed, None where that is nothing to speak of."""
    gap = np.triu(np.abs(stated - used))
    if gap.max() < _SHOWN:
        return None
    i, j = np.unravel_index(gap.argmax(), gap.shape)
    return (
        "The correlations contradict each other; the nearest ones that go together were used. The largest change: "
        f"“{columns[i]}” and “{columns[j]}” from {stated[i, j]:.2f} to {used[i, j]:.2f}."
    )
