"""The locked holdout and the folds, as types that cannot be mixed up.

``Train`` may be fitted on. ``Holdout`` and ``FoldTest`` hold real rows for scoring only: they are different
types, and everything that fits asks for ``Train`` through :func:`require_train`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedKFold, StratifiedShuffleSplit

from synth_core.errors import StudyError, TableError
from synth_core.tables.schema import Schema
from synth_core.tables.table import Table


@dataclass(frozen=True, eq=False)
class _Rows:
    table: Table
    row_ids: np.ndarray  # positions in the table that was split, shape (n_rows,)

    def __len__(self) -> int:
        return len(self.table)

    @property
    def frame(self) -> pd.DataFrame:
        return self.table.frame

    @property
    def schema(self) -> Schema:
        return self.table.schema

    def labels(self) -> np.ndarray:
        return self.table.labels()


class Train(_Rows):
    """Real rows that may be fitted on."""

    @cached_property
    def groups(self) -> np.ndarray:
        """Group number per row, shape (n_rows,): rows with equal features share one."""
        return duplicate_groups(self.table)

    def folds(self, *, folds: int = 5, repeats: int = 5, seed: int) -> Iterator[Fold]:
        """Repeated stratified folds in which duplicates stay together.

        Yields ``folds × repeats`` items; the same seed gives the same folds.
        """
        y = self.labels()
        if (fewest := self.rarest_groups()) < folds:
            raise StudyError(
                f"Only {fewest} distinct training rows in the rarer class: {folds} folds cannot each hold one. "
                "Add rows, or use fewer folds."
            )
        for repeat in range(repeats):
            splitter = StratifiedKFold(n_splits=folds, shuffle=True, random_state=seed + repeat)
            for number, (train, test) in enumerate(_split_groups(splitter, self.groups, y)):
                yield Fold(repeat, number, self, train, test)

    def rarest_groups(self) -> int:
        """Distinct rows of the rarer class: the most folds that :meth:`folds` can make."""
        return int(min(np.bincount(_positive_groups(self.groups, self.labels()), minlength=2)))

    def sample_rows(self, rows: int, *, seed: int) -> Train:
        """A random subset of ``rows`` rows without replacement (all rows if there are fewer)."""
        if rows >= len(self):
            return self
        chosen = np.sort(np.random.default_rng(seed).choice(len(self), rows, replace=False))
        return Train(self.table.take(chosen), self.row_ids[chosen])


class FoldTest(_Rows):
    """Real rows of one fold, for scoring only."""


class Holdout(_Rows):
    """The locked real rows: scored once, at the end, for one arm."""

    def fingerprint(self) -> str:
        """Hash of the row ids, printed in reports so that the same holdout can be recognised."""
        return hashlib.sha256(np.sort(self.row_ids).astype("<i8").tobytes()).hexdigest()[:12]


@dataclass(frozen=True, eq=False)
class Fold:
    """One fold of a cross-validation.

    ``train`` and ``test`` are cut out of ``source`` when they are asked for: 25 folds of a large table would not fit
    into memory side by side.
    """

    repeat: int
    number: int
    source: Train
    train_rows: np.ndarray  # positions in ``source``
    test_rows: np.ndarray

    @property
    def train(self) -> Train:
        return Train(self.source.table.take(self.train_rows), self.source.row_ids[self.train_rows])

    @property
    def test(self) -> FoldTest:
        return FoldTest(self.source.table.take(self.test_rows), self.source.row_ids[self.test_rows])


@dataclass(frozen=True)
class Split:
    """What :meth:`Table.split` returns.

    Attributes
    ----------
    train, holdout
    seed : int
    duplicates : int
        Rows that repeat the features of an earlier row; they sit on the same side as their twin.
    """

    train: Train
    holdout: Holdout
    seed: int
    duplicates: int


def duplicate_groups(table: Table) -> np.ndarray:
    """Group number per row; rows with equal feature values share a number. Shape (n_rows,)."""
    features = table.features()
    if features.shape[1] == 0:
        return np.arange(len(table))
    return pd.factorize(pd.util.hash_pandas_object(features, index=False))[0]


def split(table: Table, *, holdout: float = 0.2, seed: int) -> Split:
    """Lock a stratified holdout in which duplicate feature rows never sit on both sides.

    Parameters
    ----------
    table : Table
    holdout : float
        Share of distinct rows to lock away, between 0.05 and 0.5.
    seed : int

    Raises
    ------
    TableError
        ``holdout`` out of range, or fewer than 10 rows.
    """
    if not 0.05 <= holdout <= 0.5:
        raise TableError(f"A holdout of {holdout:.0%} is not useful: choose between 5 % and 50 %.")
    if len(table) < 10:
        raise TableError(f"The table has {len(table)} rows; at least 10 are needed to lock a holdout.")
    groups = duplicate_groups(table)
    y = table.labels() if table.is_binary else np.zeros(len(table), dtype=np.int8)
    if table.is_binary and min(np.bincount(y, minlength=2)) < 2:
        raise TableError(
            f"Target “{table.target}” has {min(np.bincount(y, minlength=2))} row(s) in its rarer class: "
            "at least 2 are needed so that training and holdout rows can each have one."
        )
    splitter = StratifiedShuffleSplit(n_splits=1, test_size=holdout, random_state=seed)
    try:
        train, held = next(iter(_split_groups(splitter, groups, y)))
    except ValueError:
        raise TableError(
            f"A holdout of {holdout:.0%} cannot be locked: after putting {len(table) - groups.max() - 1:,} repeated "
            "rows with their twins, a class is left with one distinct row. Add rows, or choose more feature columns."
        ) from None
    return Split(
        Train(table.take(train), train),
        Holdout(table.take(held), held),
        seed,
        int(len(table) - groups.max() - 1),
    )


def _split_groups(splitter, groups: np.ndarray, y: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Split whole groups, stratified by whether a group holds a positive; yields row positions."""
    positive = _positive_groups(groups, y)
    for _, test in splitter.split(np.zeros(len(positive)), positive):
        in_test = np.zeros(len(positive), dtype=bool)
        in_test[test] = True
        yield np.flatnonzero(~in_test[groups]), np.flatnonzero(in_test[groups])


def _positive_groups(groups: np.ndarray, y: np.ndarray) -> np.ndarray:
    """1 for every group that holds a positive row."""
    positive = np.zeros(groups.max() + 1, dtype=np.int8)
    np.maximum.at(positive, groups, y)
    return positive


def require_train(rows: object) -> Train:
    """Return ``rows`` if it may be fitted on.

    Raises
    ------
    TypeError
        Anything but :class:`Train`: a holdout, fold-test rows, a whole table, a frame.
    """
    if not isinstance(rows, Train):
        raise TypeError(
            f"fit() takes Train rows, not {type(rows).__name__}: split the table first (table.split(seed=…).train). "
            "Rows kept for scoring can never be fitted on."
        )
    return rows
