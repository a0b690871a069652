"""The stated correlations as a matrix, and what had to be changed where they contradict each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synth_core.blueprint.spec import Correlation

_SHOWN = 0.005


def matrix(pairs: Sequence[Correlation], columns: Sequence[str]) -> np.ndarray:
    """The stated correlations, 0 elsewhere; shape (n_columns, n_columns)."""
    place = {name: i for i, name in enumerate(columns)}
    stated = np.eye(len(columns))
    for pair in pairs:
        i, j = place[pair.first], place[pair.second]
        stated[i, j] = stated[j, i] = pair.value
    return stated


def changes(stated: np.ndarray, used: np.ndarray, columns: Sequence[str]) -> str | None:
    """One sentence on what was changed, None where that is nothing to speak of."""
    gap = np.triu(np.abs(stated - used))
    if not gap.size or gap.max() < _SHOWN:
        return None
    i, j = np.unravel_index(gap.argmax(), gap.shape)
    return (
        "The correlations contradict each other; the nearest ones that go together were used. The largest change: "
        f"“{columns[i]}” and “{columns[j]}” from {stated[i, j]:.2f} to {used[i, j]:.2f}."
    )
