"""Which pairs of columns are counted together: the tree that independence describes worst, chosen with noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synth_core.generators.dp.accountant import CHOICE, Account
from synth_core.generators.dp.noise import noisy_argmax
from synth_core.generators.dp.release import Axis


def joint(first: np.ndarray, second: np.ndarray, a: Axis, b: Axis) -> np.ndarray:
    """Exact counts of joint cells, shape (a.size, b.size)."""
    return np.bincount(first * b.size + second, minlength=a.size * b.size).reshape(a.size, b.size)


def tree(
    codes: Sequence[np.ndarray], axes: Sequence[Axis], ones: Sequence[np.ndarray], account: Account, unit_rows: int
) -> tuple[tuple[int, int], ...]:
    """Edges of a spanning tree, each the best of those that close no circle, by noisy choice.

    A pair's score is how far its counts are from independence, in rows, less what chance alone would give. One more
    row changes it by at most 1, as what is expected comes from the noisy counts ``ones``.
    """
    n = len(axes)
    if n < 3:
        return ((0, 1),) if n == 2 else ()
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    scores = np.array([_score(joint(codes[i], codes[j], axes[i], axes[j]), ones[i], ones[j]) for i, j in pairs])
    part, chosen = list(range(n)), []
    for _ in range(n - 1):
        open_ = [k for k, (i, j) in enumerate(pairs) if part[i] != part[j]]
        best, rho = noisy_argmax(scores[open_], account.rho(CHOICE, n - 1), float(unit_rows))
        account.charge(CHOICE, rho)
        i, j = pairs[open_[best]]
        chosen.append((i, j))
        part = [part[i] if p == part[j] else p for p in part]
    return tuple(chosen)


def _score(counts: np.ndarray, first: np.ndarray, second: np.ndarray) -> float:
    first, second = np.maximum(first, 0), np.maximum(second, 0)
    expected = np.outer(first, second) / max((first.sum() + second.sum()) / 2, 1.0)
    return float(np.abs(counts - expected).sum() - np.sqrt(2 / np.pi * expected).sum())
