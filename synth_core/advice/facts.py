"""What the adviser knows of a table without training anything."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth_core.advice.drift import Drift, drift_of
from synth_core.advice.thresholds import HOLLOW
from synth_core.errors import SchemaError, TableError
from synth_core.generators.dp.columns import modelled
from synth_core.tables import Role, Table, Task
from synth_core.tables.overview import MANY_LEVELS, overview
from synth_core.tables.schema import LEVELS
from synth_core.tables.split import duplicate_groups

HOLDOUT, SEED = 0.2, 7  #: the split that Generate and Lift propose
_CLOSELY = 100_000  #: rows


@dataclass(frozen=True)
class Facts:
    """Counts of the whole table; what relates columns to the outcome or to time comes from training rows only.

    Attributes
    ----------
    rows, distinct, train_rows : int
        All rows; rows with features of their own; training rows of the usual split.
    features, levels : int
        Columns that models see, and those of them with categories.
    task, target, positive
        What is to be predicted; None where nothing can be.
    obstacle : str or None
        Why the target cannot be predicted.
    rare, rare_distinct : int or None
        Rows that decide whether there can be a verdict: of the rarer class; of several classes the second largest; of a
        number, half of all. And as many with features of their own.
    rare_share : float or None
        Share of the rarest class; None of a number.
    to_balance : int
        Rows of the rarest class that make it as common as the largest, in the training rows.
    missing : float
        Share of the cells of features that are missing.
    hollow : tuple of str
        Features of which more than half is missing.
    crowded : tuple of (str, int)
        Categorical features with many levels, and how many.
    identifiers, sensitive, free_text : tuple of str
    person : (str, int) or None
        An id that comes back, and the most rows it has.
    leaks : tuple of str
        Features that give the outcome away, as sentences.
    drift : Drift or None
    modelled : int
        Columns that a private generator measures.
    """

    rows: int
    distinct: int
    train_rows: int
    features: int
    levels: int
    task: Task | None
    target: str | None
    positive: str | None
    obstacle: str | None
    rare: int | None
    rare_distinct: int | None
    rare_share: float | None
    to_balance: int
    missing: float
    hollow: tuple[str, ...]
    crowded: tuple[tuple[str, int], ...]
    identifiers: tuple[str, ...]
    sensitive: tuple[str, ...]
    free_text: tuple[str, ...]
    person: tuple[str, int] | None
    leaks: tuple[str, ...]
    drift: Drift | None
    modelled: int


def facts_of(table: Table) -> Facts:
    """Look at ``table``; well under a second for 100,000 rows.

    Drift, leaks and the share of training rows are those of at most 100,000 rows, drawn at random.
    """
    schema, groups, close = table.schema, duplicate_groups(table), _look(table)
    scale = len(table) / max(len(close), 1)
    gaps = table.features().isna().mean()
    obstacle = None
    try:
        table.outcome  # noqa: B018
    except SchemaError as error:
        obstacle = str(error)
    train = None
    try:
        train = close.split(HOLDOUT, seed=SEED).train if len(table) else None
    except TableError as error:
        obstacle = obstacle or str(error)
    y = None if obstacle else table.outcome.codes(table.frame)
    task = None if obstacle else table.task
    rare, rare_share = _rare(y, task)
    first = np.unique(groups, return_index=True)[1] if len(table) else np.array([], dtype=int)
    return Facts(
        rows=len(table),
        distinct=len(first),
        train_rows=round(scale * len(train)) if train else len(table),
        features=len(schema.features),
        levels=sum(schema[n].role in LEVELS for n in schema.features),
        task=task,
        target=table.target,
        positive=schema.positive,
        obstacle=obstacle,
        rare=rare,
        rare_distinct=None if y is None else _rare(y[first], task)[0],
        rare_share=rare_share,
        to_balance=round(scale * _to_balance(train.outcomes())) if train and task in ("binary", "multiclass") else 0,
        missing=float(gaps.mean()) if len(gaps) and len(table) else 0.0,
        hollow=tuple(str(n) for n, share in gaps.items() if share > HOLLOW),
        crowded=_crowded(table),
        identifiers=tuple(schema.with_roles(Role.IDENTIFIER)),
        sensitive=tuple(schema.with_roles(Role.SENSITIVE)),
        free_text=tuple(schema.with_roles(Role.FREE_TEXT)),
        person=_person(table),
        leaks=tuple(f.text for f in overview(train.table).flags if f.kind == "leak") if train and y is not None else (),
        drift=drift_of(train) if train else None,
        modelled=len(modelled(schema, None)),
    )


def _look(table: Table) -> Table:
    """The rows that are looked at closely."""
    if len(table) <= _CLOSELY:
        return table
    return table.take(np.sort(np.random.default_rng(SEED).choice(len(table), _CLOSELY, replace=False)))


def _rare(y: np.ndarray | None, task: Task | None) -> tuple[int | None, float | None]:
    """Rows that decide whether there can be a verdict, and the share of the rarest class."""
    if y is None or not len(y):
        return None, None
    if task == "regression":
        return len(y) // 2, None
    counts = np.sort(np.bincount(y.astype(int), minlength=2))
    present = counts[counts > 0]
    return int(counts[0] if task == "binary" else counts[-2]), float(present[0] / len(y))


def _to_balance(y: np.ndarray) -> int:
    counts = np.bincount(y.astype(int))
    return int(counts.max() - counts[counts > 0].min())


def _crowded(table: Table) -> tuple[tuple[str, int], ...]:
    names = [n for n in table.schema.features if table.schema[n].role is Role.CATEGORICAL]
    found = ((n, int(table.frame[n].nunique())) for n in names)
    return tuple(sorted(((n, count) for n, count in found if count > MANY_LEVELS), key=lambda pair: -pair[1]))


def _person(table: Table) -> tuple[str, int] | None:
    """The identifier whose values come back most often."""
    again = (n for n in table.schema.with_roles(Role.IDENTIFIER) if table.frame[n].dropna().duplicated().any())
    most = [(n, int(table.frame[n].value_counts().max())) for n in again]
    back = [pair for pair in most if pair[1] > 1]
    return max(back, key=lambda pair: pair[1]) if back else None
