"""One pair of columns, cell by cell."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_core.errors import SchemaError
from synth_core.fidelity import associations, kl, pairs
from synth_core.fidelity.columns import Values, align
from synth_core.fidelity.marginal import reading
from synth_core.fidelity.results import PairDetail
from synth_core.tables import Holdout, Train

_MOST_LEVELS = 12  #: cells for levels; the others share one
_NAMED = 2  #: cells in the sentence
_CLEAR = 0.01  #: smaller differences in share are not named

Table = tuple[tuple[float, ...], ...]


def pair_detail(
    train: Train, holdout: Holdout | None, synthetic: pd.DataFrame, first: str, second: str, *, seed: int
) -> PairDetail:
    """Joint shares of the cells of two columns, on the rows that :func:`synth_core.fidelity.report` compares pairs on.

    Parameters
    ----------
    train : Train
    holdout : Holdout or None
    synthetic : pandas.DataFrame
    first, second : str
        Two different columns.
    seed : int
        The report's, so that the same rows are drawn.

    Raises
    ------
    SchemaError
        A column that cannot be compared.
    """
    aligned = align(train, holdout, synthetic, only=(first, second))
    by_name = {v.name: v for v in associations.sampled(aligned, seed=seed).columns}
    for name in (first, second):
        if name not in by_name:
            reason = next((u.reason for u in aligned.unavailable if u.name == name), "it is not in the table")
            raise SchemaError(f"“{name}” cannot be compared: {reason}. Choose another column.")
    a, b = by_name[first], by_name[second]
    sides = _Side(a), _Side(b)
    tables = [_joint(*(side.place(getattr(v, of)) for side, v in zip(sides, (a, b), strict=True)), sides)
              for of in ("real", "synthetic", "holdout") if getattr(a, of) is not None]  # fmt: skip
    kept = [sum(t.sum(axis=1 - axis) for t in tables) > 0 for axis in (0, 1)]
    shares = [t[kept[0]][:, kept[1]] / max(t.sum(), 1) for t in tables]
    labels = [
        [t for t, keep in zip(side.labels, some, strict=True) if keep] for side, some in zip(sides, kept, strict=True)
    ]
    alike, alike_held = associations.similarity((a, associations.cut(a)), (b, associations.cut(b)))
    return PairDetail(
        first,
        second,
        *map(tuple, labels),
        *map(_plain, shares[:2]),
        _plain(shares[2]) if len(shares) == 3 else None,
        alike,
        alike_held,
        pairs.association(a.real, b.real),
        pairs.association(a.synthetic, b.synthetic),
        _sentence(shares[0], shares[1], labels),
    )


class _Side:
    """The cells of one column in reading order: fifths of a number, the most frequent levels."""

    def __init__(self, values: Values) -> None:
        cells = kl.cells(values.real, len(values.synthetic), associations.PARTS)
        if values.levels is not None:
            cells = kl.Cells(None, cells.own[:_MOST_LEVELS])
        labels, order = reading(values, cells)
        self.labels = [labels[i] for i in order]
        self.place = lambda table: np.argsort(order)[cells.place(table)]


def _joint(first: np.ndarray, second: np.ndarray, sides: tuple[_Side, _Side]) -> np.ndarray:
    """Rows per cell, shape (cells of first, cells of second)."""
    shape = tuple(len(side.labels) for side in sides)
    return np.bincount(first * shape[1] + second, minlength=shape[0] * shape[1]).reshape(shape).astype(float)


def _plain(shares: np.ndarray) -> Table:
    return tuple(tuple(map(float, line)) for line in shares)


def _sentence(real: np.ndarray, made: np.ndarray, labels: list[list[str]]) -> str:
    """The cells that differ most, counted in rows of a hundred."""
    gap = np.abs(real - made)
    worst = [np.unravel_index(i, gap.shape) for i in np.argsort(-gap, axis=None, kind="stable")[:_NAMED]]
    told = [
        f"{labels[0][i]} with {labels[1][j]} in {100 * made[i, j]:.1f} % of rows (real {100 * real[i, j]:.1f} %)"
        for i, j in worst
        if gap[i, j] >= _CLEAR
    ]
    return f"Most different: {'; '.join(told)}." if told else "No cell differs by more than 1 % of the rows."
