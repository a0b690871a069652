"""The locked holdout and the folds, as types that cannot be mixed up.

``Train`` may be fitted on. ``Holdout`` and ``FoldTest`` hold real rows for scoring only: they are different
types, and everything that fits asks for ``Train`` through :func:`require_train`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedKFold, StratifiedShuffleSplit

from synth_core.errors import StudyError, TableError
from synth_core.tables.export import FLAG
from synth_core.tables.row_keys import row_keys
from synth_core.tables.schema import Kind, Schema
from synth_core.tables.table import Table
from synth_core.tables.target import strata


@dataclass(frozen=True, eq=False)
class _Rows:
    table: Table
    row_ids: np.ndarray  # positions in the table that was split, shape (n_rows,)
    by_date: str | None = None  # the date column that the split followed

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

    def only(self, kept: np.ndarray) -> Self:
        """The rows where ``kept``, bool of shape (n_rows,), is true."""
        rows = np.flatnonzero(kept)
        return type(self)(self.table.take(rows), self.row_ids[rows], self.by_date)

    def outcomes(self) -> np.ndarray:
        """What is to be predicted, as numbers (see :meth:`Target.codes`), shape (n_rows,)."""
        return self.table.outcome.codes(self.frame)


class Train(_Rows):
    """Real rows that may be fitted on."""

    @cached_property
    def groups(self) -> np.ndarray:
        """Group number per row, shape (n_rows,): rows with equal features share one."""
        return duplicate_groups(self.table)

    def folds(self, *, folds: int = 5, repeats: int = 5, seed: int) -> Iterator[Fold]:
        """Repeated stratified folds in which duplicates stay together; the same seed gives the same folds.

        Yields ``folds × repeats`` items. After a split by date the folds follow the calendar instead: the earlier half
        trains, the next period is scored, then trains too, and so on; ``folds`` periods, twice as many where repeats
        are asked for, fewer where a period would hold one outcome only.
        """
        if self.by_date is not None:
            yield from self._periods(folds * min(repeats, 2))
            return
        if (fewest := self.rarest_groups()) < folds:
            raise StudyError(
                f"Only {fewest} distinct training rows in the rarer class: {folds} folds cannot each hold one. "
                "Add rows, or use fewer folds."
            )
        stratum = _group_strata(self.groups, strata(self.outcomes(), self.table.outcome.task), folds)
        for repeat in range(repeats):
            splitter = StratifiedKFold(n_splits=folds, shuffle=True, random_state=seed + repeat)
            for number, (train, test) in enumerate(_split_groups(splitter, self.groups, stratum)):
                yield Fold(repeat, number, self, train, test)

    def rarest_groups(self) -> int:
        """Distinct rows of the rarer class (of the second of several classes): the most folds that can be made."""
        if self.table.outcome.task == "regression":
            return int(self.groups.max()) + 1
        counts = np.bincount(_group_maxima(self.groups, self.outcomes().astype(int)), minlength=2)
        return int(np.sort(counts)[-2])

    def _periods(self, count: int) -> Iterator[Fold]:
        """Folds that follow the calendar: train on everything before a period, score the period."""
        days = _last_dates(self.table, self.by_date, self.groups)
        classes = strata(self.outcomes(), self.table.outcome.task)
        edges = np.unique(np.quantile(days, np.linspace(0.5, 1, count + 1), method="lower"))
        parts, start = [], edges[0]
        for end in edges[1:]:
            train, test = np.flatnonzero(days <= start), np.flatnonzero((days > start) & (days <= end))
            if len(np.unique(classes[train])) > 1 and len(np.unique(classes[test])) > 1:
                parts.append((train, test))
                start = end
        if len(parts) < 2:
            raise StudyError(
                f"“{self.by_date}” leaves fewer than two periods in which both outcomes occur, so models cannot be "
                "compared over time. Split at random instead, or add rows."
            )
        for number, (train, test) in enumerate(parts):
            yield Fold(0, number, self, train, test)

    def sample_rows(self, rows: int, *, seed: int) -> Train:
        """A random subset of ``rows`` rows without replacement (all rows if there are fewer)."""
        if rows >= len(self):
            return self
        chosen = np.sort(np.random.default_rng(seed).choice(len(self), rows, replace=False))
        return Train(self.table.take(chosen), self.row_ids[chosen], self.by_date)


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
        return Train(self.source.table.take(self.train_rows), self.source.row_ids[self.train_rows], self.source.by_date)

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
    cutoff : str or None
        After a split by date: the first day of the holdout.
    sampled_from : int or None
        How many rows there were, where only a sample of them is left (see :func:`synth_core.tables.sampled`).
    """

    train: Train
    holdout: Holdout
    seed: int
    duplicates: int
    cutoff: str | None = None
    sampled_from: int | None = None


def duplicate_groups(table: Table) -> np.ndarray:
    """Group number per row; rows with equal feature values share a number. Shape (n_rows,)."""
    features = table.features()
    if features.shape[1] == 0:
        return np.arange(len(table))
    return pd.factorize(row_keys(features))[0]


def split(table: Table, *, holdout: float = 0.2, seed: int, by_date: str | None = None) -> Split:
    """Lock a holdout in which duplicate feature rows never sit on both sides.

    Parameters
    ----------
    table : Table
    holdout : float
        Share of distinct rows to lock away, between 0.05 and 0.5.
    seed : int
    by_date : str, optional
        A date column: the last period is locked instead of a stratified random part.

    Raises
    ------
    TableError
        ``holdout`` out of range, fewer than 10 rows, dates that cannot be split, or rows that are marked synthetic:
        those must never reach a holdout.
    """
    _refuse_synthetic(table)
    if not 0.05 <= holdout <= 0.5:
        raise TableError(f"A holdout of {holdout:.0%} is not useful: choose between 5 % and 50 %.")
    if len(table) < 10:
        raise TableError(f"The table has {len(table)} rows; at least 10 are needed to lock a holdout.")
    groups, classes = duplicate_groups(table), np.zeros(len(table), dtype=int)
    if table.task is not None:
        classes = strata(table.outcome.codes(table.frame), table.outcome.task)
    if table.is_binary and min(np.bincount(classes, minlength=2)) < 2:
        raise TableError(
            f"Target “{table.target}” has {min(np.bincount(classes, minlength=2))} row(s) in its rarer class: "
            "at least 2 are needed so that training and holdout rows can each have one."
        )
    cutoff = None
    if by_date is not None:
        train, held, cutoff = _by_date(table, by_date, groups, classes, holdout)
    else:
        splitter = StratifiedShuffleSplit(n_splits=1, test_size=holdout, random_state=seed)
        stratum = _group_maxima(groups, classes) if table.is_binary else _group_strata(groups, classes, 2)
        try:
            train, held = next(iter(_split_groups(splitter, groups, stratum)))
        except ValueError:
            raise TableError(
                f"A holdout of {holdout:.0%} cannot be locked: after putting {len(table) - groups.max() - 1:,} "
                "repeated rows with their twins, a class is left with one distinct row. Add rows, or choose more "
                "feature columns."
            ) from None
    return Split(
        Train(table.take(train), train, by_date),
        Holdout(table.take(held), held, by_date),
        seed,
        int(len(table) - groups.max() - 1),
        cutoff,
    )


def _refuse_synthetic(table: Table) -> None:
    """Rows exported together with synthetic ones carry a flag; splitting them would score models on made-up rows."""
    for column in table.schema:
        if column.original.strip().lower() == FLAG:
            marked = table.frame[column.name].astype(str).str.lower().isin(["true", "1", "1.0", "yes"])
            if marked.any():
                raise TableError(
                    f"“{column.original}” marks {int(marked.sum()):,} rows as synthetic, first row "
                    f"{int(marked.to_numpy().argmax()) + 1:,}: only real rows can be split into training and holdout. "
                    "Upload the real rows alone."
                )


def _by_date(
    table: Table, column: str, groups: np.ndarray, classes: np.ndarray, share: float
) -> tuple[np.ndarray, np.ndarray, str]:
    """Positions before and from a day on that leaves about ``share`` of the rows for the holdout, and that day."""
    days = _last_dates(table, column, groups)
    edge = np.quantile(days, 1 - share, method="lower")
    train, held = np.flatnonzero(days <= edge), np.flatnonzero(days > edge)
    wanted = 2 if table.task in ("binary", "multiclass") else 1
    if min(len(np.unique(classes[rows])) for rows in (train, held)) < wanted:
        raise TableError(
            f"The last {share:.0%} of the rows by “{column}” cannot be locked: one side of the cut would have no row "
            "of one outcome. Choose a larger holdout, another date column, or a random holdout."
        )
    return train, held, str(days[held].min().astype("datetime64[s]").astype("datetime64[D]"))


def _last_dates(table: Table, column: str, groups: np.ndarray) -> np.ndarray:
    """The latest date (seconds) of each row's group: a twin from the past goes with the later one."""
    if table.schema[column].kind is not Kind.DATE:
        raise TableError(f"“{column}” is not a date column (it is {table.schema[column].role}): choose one that is.")
    dates = table.frame[column]
    if missing := int(dates.isna().sum()):
        raise TableError(
            f"“{column}” has no date in {missing:,} rows, first in row {int(dates.isna().to_numpy().argmax()) + 1:,}: "
            "they cannot be put in order. Fill them in, or split at random."
        )
    return _group_maxima(groups, dates.to_numpy().astype("datetime64[s]").astype("int64"))[groups]


def _split_groups(splitter, groups: np.ndarray, stratum: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Split whole groups, stratified; yields row positions."""
    for _, test in splitter.split(np.zeros(len(stratum)), stratum):
        in_test = np.zeros(len(stratum), dtype=bool)
        in_test[test] = True
        yield np.flatnonzero(~in_test[groups]), np.flatnonzero(in_test[groups])


def _group_strata(groups: np.ndarray, classes: np.ndarray, needed: int) -> np.ndarray:
    """The stratum of every group; classes of fewer than ``needed`` groups go with the largest one."""
    stratum = _group_maxima(groups, classes)
    counts = np.bincount(stratum)
    return np.where(counts[stratum] < needed, counts.argmax(), stratum)


def _group_maxima(groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The largest value in every group: of two classes, 1 for a group that holds a positive row."""
    largest = np.full(groups.max() + 1, np.iinfo(values.dtype).min, dtype=values.dtype)
    np.maximum.at(largest, groups, values)
    return largest


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
