"""A table at a glance: size, missing cells, class balance, and what to know before generating anything."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from synth_core.tables.schema import QUANTITIES, Kind, Role
from synth_core.tables.split import duplicate_groups
from synth_core.tables.table import Table
from synth_core.tables.target import MOST_CLASSES

#: No verdict is given under this many rows of the rarer class; intervals are wide under this many rows.
MIN_RARE = 50
FEW_ROWS = 200
#: One feature alone that separates the classes this well (AUC on rows it was not measured on) was probably written
#: down after the outcome.
LEAK_AUC = 0.97
MANY_LEVELS = 100
_BINS = 20
_CHECKED_ROWS = 20_000


@dataclass(frozen=True)
class Flag:
    """Something an analyst should know, as one plain sentence.

    Attributes
    ----------
    kind : str
        ``"target"``, ``"rows"``, ``"leak"``, ``"aside"``, ``"levels"`` or ``"duplicates"``.
    text : str
    column : str or None
        The column it is about, where it is about one.
    """

    kind: str
    text: str
    column: str | None = None


@dataclass(frozen=True)
class Overview:
    """What :func:`overview` returns.

    Attributes
    ----------
    rows, columns, features : int
    missing : float
        Share of all cells that are missing, 0…1.
    missing_by_column : dict of str to float
    classes : dict of str to int
        Rows per target class, largest first; empty without a two-class target.
    positives : int or None
        Rows of the positive class; None without a complete two-class target.
    flags : tuple of Flag
    """

    rows: int
    columns: int
    features: int
    missing: float
    missing_by_column: dict[str, float]
    classes: dict[str, int]
    positives: int | None
    flags: tuple[Flag, ...]

    @property
    def positive_share(self) -> float | None:
        return None if self.positives is None else self.positives / self.rows


def classes(table: Table, column: str) -> list[str]:
    """Distinct values of ``column`` as they are compared with ``Schema.positive``, sorted; at most 50."""
    return sorted(table.frame[column].dropna().drop_duplicates().head(50).astype(str))


def overview(table: Table) -> Overview:
    """Count what the Data page shows, and check for what would spoil a verdict.

    Takes well under a second on 100,000 rows: leaks are looked for on at most 20,000 rows.
    """
    missing = table.frame.isna().mean()
    counts: dict[str, int] = {}
    positives = None
    if table.is_binary:
        counts = {str(k): int(n) for k, n in table.frame[table.target].astype(str).value_counts().items()}
        if not table.frame[table.target].isna().any():
            positives = int(table.labels().sum())
    return Overview(
        len(table),
        len(table.schema.columns),
        len(table.schema.features),
        float(missing.mean()) if len(table) else 0.0,
        {str(name): float(share) for name, share in missing.items()},
        counts,
        positives,
        (*_target_flags(table, positives), *_column_flags(table), *(_leaks(table) if positives is not None else ())),
    )


def leak_auc(values: pd.Series, kind: Kind, role: Role, y: np.ndarray) -> float:
    """How well one feature alone tells the classes apart: AUC of class rates per bin or level, across two halves.

    Rates learned on the even rows score the odd rows and the other way round, so that a column of many rare levels
    does not look like the outcome by chance. Missing values are a level of their own.

    Parameters
    ----------
    values : pandas.Series, shape (n_rows,)
    y : int array, shape (n_rows,)
        0/1, both present.
    """
    if role in QUANTITIES:
        numbers = values.astype("int64") if kind is Kind.DATE else values.astype("float64")
        ranks = rankdata(numbers.to_numpy(dtype="float64"), method="average", nan_policy="omit")
        known = ~values.isna().to_numpy()
        bins = np.where(known, np.floor(_BINS * (ranks - 0.5) / max(known.sum(), 1)), -1)
        codes = pd.factorize(bins)[0]
    else:
        codes = pd.factorize(values.astype("object").where(values.notna(), "\0missing").astype(str))[0]
    scores = np.empty(len(y))
    halves = np.arange(len(y)) % 2 == 0
    for learn, score in ((halves, ~halves), (~halves, halves)):
        rows = np.bincount(codes[learn], minlength=codes.max() + 1)
        hits = np.bincount(codes[learn], weights=y[learn], minlength=codes.max() + 1)
        scores[score] = ((hits + y.mean()) / (rows + 1))[codes[score]]
    return _auc(scores, y)


def _auc(scores: np.ndarray, y: np.ndarray) -> float:
    positives = int(y.sum())
    ranks = rankdata(scores)
    return float((ranks[y == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(y) - positives)))


def _target_flags(table: Table, positives: int | None) -> list[Flag]:
    found = []
    target = table.target
    if target is None:
        text = "No target is chosen. You can generate rows and see their fidelity, but not a verdict."
        found.append(Flag("target", text))
    elif missing := int(table.frame[target].isna().sum()):
        text = f"Target “{target}” is missing in {missing:,} rows: a verdict needs every outcome."
        found.append(Flag("target", text, target))
    elif table.task is None:
        distinct = table.frame[target].nunique()
        text = (
            f"Target “{target}” has {distinct:,} different values that are no numbers to predict: no verdict. Choose a "
            f"column with at most {MOST_CLASSES} classes, or a number."
        )
        found.append(Flag("target", text, target))
    elif positives is None:
        counts = table.frame[target].value_counts()
        if table.task == "multiclass" and (rare := [str(c) for c, n in counts.items() if n < MIN_RARE]):
            text = (
                f"Fewer than {MIN_RARE} rows have {_some(rare)} in “{target}”: models learn but are not scored on them."
            )
            found.append(Flag("rows", text, target))
    elif (rare := min(positives, len(table) - positives)) < MIN_RARE:
        text = f"Only {rare} rows of the rarer outcome in “{target}”: no verdict is given under {MIN_RARE}."
        found.append(Flag("rows", text, target))
    if len(table) < FEW_ROWS:
        found.append(Flag("rows", f"Only {len(table):,} rows: expect wide intervals. More real rows help most."))
    if not table.schema.features:
        text = "No column is left for a model to look at. Change the role of at least one column."
        found.append(Flag("aside", text))
    return found


def _column_flags(table: Table) -> list[Flag]:
    found = []
    aside = table.schema.with_roles(Role.EMPTY, Role.CONSTANT)
    if aside:
        text = f"Empty or constant, set aside and put back on export: {_some(aside)}."
        found.append(Flag("aside", text))
    sensitive = table.schema.with_roles(Role.SENSITIVE)
    if sensitive:
        found.append(Flag("aside", f"Sensitive, never shown to a model: {_some(sensitive)}."))
    for column in table.schema:
        if column.role is Role.CATEGORICAL and (n := table.frame[column.name].nunique()) > MANY_LEVELS:
            text = f"“{column.name}” has {n:,} different values: is it an identifier or free text?"
            found.append(Flag("levels", text, column.name))
    repeated = len(table) - duplicate_groups(table).max() - 1 if table.schema.features else 0
    if repeated > 0.01 * len(table):
        text = (
            f"{repeated:,} rows ({repeated / len(table):.0%}) repeat the features of another row; twins stay on the "
            "same side of every split."
        )
        found.append(Flag("duplicates", text))
    return found


def _leaks(table: Table) -> list[Flag]:
    y = table.labels()
    if min(y.sum(), len(y) - y.sum()) < 10:
        return []
    if len(y) > _CHECKED_ROWS:
        chosen = _keep_rare(y)
        table, y = table.take(chosen), y[chosen]
    found = []
    for name in table.schema.features:
        column = table.schema[name]
        auc = leak_auc(table.frame[name], column.kind, column.role, y)
        if auc >= LEAK_AUC:
            how = "determines" if auc > 0.9995 else "nearly determines"
            text = (
                f"“{name}” alone {how} “{table.target}” (AUC {auc:.3f}). If it is known only after the outcome, "
                "give it the role “free text” so that no model sees it."
            )
            found.append(Flag("leak", text, name))
    return found


def _keep_rare(y: np.ndarray) -> np.ndarray:
    """Row positions of a sample that keeps up to half its rows for the rarer class; AUC does not mind the ratio."""
    rng = np.random.default_rng(0)
    half = _CHECKED_ROWS // 2
    parts = [rng.permutation(np.flatnonzero(y == label))[:half] for label in (0, 1)]
    return rng.permutation(np.concatenate(parts))


def _some(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
