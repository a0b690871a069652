"""Which pairs of columns are counted together: those that independence describes worst, chosen with noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synth_core.generators.dp.account import Account
from synth_core.generators.dp.accountant import CHOICE
from synth_core.generators.dp.release import Axis


def joint(first: np.ndarray, second: np.ndarray, a: Axis, b: Axis) -> np.ndarray:
    """Exact counts of joint cells, shape (a.size, b.size)."""
    return np.bincount(first * b.size + second, minlength=a.size * b.size).reshape(a.size, b.size)


def pairs(
    codes: Sequence[np.ndarray],
    axes: Sequence[Axis],
    ones: Sequence[np.ndarray],
    target: int | None,
    account: Account,
) -> tuple[tuple[int, int], ...]:
    """A spanning tree of the axes, each edge the best of those that close no circle, by noisy choice.

    With ``target``, an axis of few cells, every other axis is paired with it and the tree spans the others.
    A pair's score is how far its counts are from independence, in rows, less what chance alone would give. One more
    row changes it by at most 1, as what is expected comes from the noisy counts ``ones``.
    """
    inner = [i for i in range(len(axes)) if i != target]
    chosen = [(min(i, target), max(i, target)) for i in inner] if target is not None else []
    if len(inner) == 2:
        return (*chosen, (inner[0], inner[1]))
    open_ = {
        (i, j): _score(joint(codes[i], codes[j], axes[i], axes[j]), ones[i], ones[j])
        for i in inner for j in inner if i < j
    }  # fmt: skip
    part = {i: i for i in inner}
    for _ in inner[1:]:
        i, j = list(open_)[account.argmax(CHOICE, np.array([*open_.values()]), len(inner) - 1)]
        chosen.append((i, j))
        part = {k: part[i] if p == part[j] else p for k, p in part.items()}
        open_ = {(i, j): score for (i, j), score in open_.items() if part[i] != part[j]}
    return tuple(chosen)


def _score(counts: np.ndarray, first: np.ndarray, second: np.ndarray) -> float:
    first, second = np.maximum(first, 0), np.maximum(second, 0)
    expected = np.outer(first, second) / max((first.sum() + second.sum()) / 2, 1.0)
    return float(np.abs(counts - expected).sum() - np.sqrt(2 / np.pi * expected).sum())
