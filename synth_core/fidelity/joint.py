"""One pair of columns, cell by cell."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_core.errors import SchemaError
from synth_core.fidelity import associations, kl, pairs
from synth_core.fidelity.marginal import reading
from synth_core.fidelity.results import PairDetail
from synth_core.fidelity.samples import bounded
from synth_core.tables import Holdout, Train
from synth_core.tables.alignment import Values, align

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
    aligned = bounded(align(train, holdout, synthetic, only=(first, second)), seed=seed)
    by_name = {v.name: v for v in associations.sampled(aligned, seed=seed).columns}
    for name in (first, second):
        if name not in by_name:
            reason = next((u.reason for u in aligned.unavailable if u.name == name), "it is not in the table")
            raise SchemaError(f"“{name}” cannot be compared: {reason}. Choose another column.")
    a, b = _Side(by_name[first]), _Side(by_name[second])
    tables = [_joint(a, b, of) for of in ("real", "synthetic", "holdout") if getattr(a.values, of) is not None]
    rows, columns = (np.flatnonzero(sum(t.sum(axis=axis) for t in tables)) for axis in (1, 0))  # filled by any table
    shares = [t[np.ix_(rows, columns)] / max(t.sum(), 1) for t in tables]
    alike, alike_held = associations.similarity(a.cut, b.cut)
    return PairDetail(
        first=first,
        second=second,
        first_labels=tuple(a.labels[i] for i in rows),
        second_labels=tuple(b.labels[i] for i in columns),
        real=_plain(shares[0]),
        synthetic=_plain(shares[1]),
        holdout=_plain(shares[2]) if len(shares) == 3 else None,
        similarity=alike,
        similarity_holdout=alike_held,
        association_real=pairs.association(a.values.real, b.values.real),
        association_synthetic=pairs.association(a.values.synthetic, b.values.synthetic),
        sentence=_sentence(shares[0], shares[1], [a.named[i] for i in rows], [b.named[i] for i in columns]),
    )


class _Side:
    """One column's cells in reading order: fifths of a number, the most frequent levels."""

    def __init__(self, values: Values) -> None:
        cells = kl.cells(values.real, len(values.synthetic), associations.PARTS)
        if values.levels is not None:
            cells = kl.Cells(None, cells.own[:_MOST_LEVELS])
        labels, order = reading(values, cells)
        levels = len(cells.own) if values.levels is not None else 0
        self.values = values
        self.cut = values, associations.cut(values)
        self.labels = [labels[i] for i in order]
        self.named = [f"{values.name} " + (f"“{labels[i]}”" if i < levels else labels[i]) for i in order]
        self.place = lambda table: np.argsort(order)[cells.place(table)]


def _joint(first: _Side, second: _Side, of: str) -> np.ndarray:
    """Rows per cell, shape (cells of first, cells of second)."""
    a, b = (side.place(getattr(side.values, of)) for side in (first, second))
    shape = len(first.labels), len(second.labels)
    return np.bincount(a * shape[1] + b, minlength=shape[0] * shape[1]).reshape(shape).astype(float)


def _plain(shares: np.ndarray) -> Table:
    return tuple(tuple(map(float, line)) for line in shares)


def _sentence(real: np.ndarray, made: np.ndarray, first: list[str], second: list[str]) -> str:
    """The cells that differ most."""
    gap = np.abs(real - made)
    worst = [np.unravel_index(i, gap.shape) for i in np.argsort(-gap, axis=None, kind="stable")[:_NAMED]]
    told = [
        f"{first[i]} with {second[j]} in {100 * made[i, j]:.1f} % of rows (real {100 * real[i, j]:.1f} %)"
        for i, j in worst
        if gap[i, j] >= _CLEAR
    ]
    return f"Most different: {'; '.join(told)}." if told else "No cell differs by more than 1 % of the rows."
