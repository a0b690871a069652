"""Has the table changed over time? Its last fifth by date against what came before, on training rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from synth_core.advice.thresholds import CHANCE, ODDS, PSI
from synth_core.tables import Kind, Role, Train
from synth_core.tables.schema import LEVELS

LAST = 0.2  #: share of the rows that a holdout by date locks away, too
_FEWEST = 200  # rows below which a last fifth is too small to compare
_BORN = re.compile(r"birth|born|dob", re.I)
_BINS = 10


@dataclass(frozen=True)
class Drift:
    """What changed.

    Attributes
    ----------
    column : str
        The date column.
    since : str
        First day of the last fifth.
    before, after : float or None
        Share of positives (two classes) or mean (a number) before that day and from it on.
    outcome_moved : bool
    shifted : tuple of (str, float)
        Features whose distribution shifted, with their stability index, the most first.
    """

    column: str
    since: str
    before: float | None
    after: float | None
    outcome_moved: bool
    shifted: tuple[tuple[str, float], ...]


def drift_of(train: Train) -> Drift | None:
    """Compare the last fifth of the rows with the rest; None without a complete date column or with few rows."""
    column = _date_column(train)
    if column is None or len(train) < _FEWEST:
        return None
    days = train.frame[column].to_numpy()
    edge = np.quantile(days.astype("int64"), 1 - LAST, method="lower")
    late = days.astype("int64") > edge
    if not 0.05 < late.mean() < 0.5:
        return None
    before, after, moved = _outcome(train, late)
    return Drift(column, str(pd.Timestamp(days[late].min()).date()), before, after, moved, _shifted(train, late))


def _date_column(train: Train) -> str | None:
    names = [c.name for c in train.schema if c.kind is Kind.DATE and c.role is Role.DATE]
    full = (n for n in names if not _BORN.search(n) and not train.frame[n].isna().any())
    return next(full, None)


def _outcome(train: Train, late: np.ndarray) -> tuple[float | None, float | None, bool]:
    if train.table.task is None:
        return None, None, False
    y = train.outcomes()
    if train.table.task == "binary":
        before, after = float(y[~late].mean()), float(y[late].mean())
        share = y.mean()
        error = np.sqrt(share * (1 - share) * (1 / late.sum() + 1 / (~late).sum()))
        beyond = 2 * norm.sf(abs(after - before) / error) < CHANCE if error else False
        odds = [(p * late.size + 0.5) / ((1 - p) * late.size + 0.5) for p in (before, after)]
        return before, after, bool(beyond and max(odds) / min(odds) >= ODDS)
    moved = _index(pd.Series(y), late, levels=train.table.task == "multiclass") > PSI
    if train.table.task == "multiclass":
        return None, None, moved
    return float(y[~late].mean()), float(y[late].mean()), moved


def _shifted(train: Train, late: np.ndarray) -> tuple[tuple[str, float], ...]:
    found = []
    for name in train.schema.features:
        column = train.schema[name]
        if column.role is not Role.DATE:
            index = _index(train.frame[name], late, levels=column.role in LEVELS)
            if index > PSI:
                found.append((name, index))
    return tuple(sorted(found, key=lambda pair: -pair[1]))


def _index(values: pd.Series, late: np.ndarray, *, levels: bool) -> float:
    """Population stability index over deciles of the earlier rows, or the commonest levels, less what chance gives."""
    if levels:
        kept = values[~late].value_counts().index[: _BINS - 1]
        codes = values.where(values.isin(kept)).map({v: i for i, v in enumerate(kept)}).fillna(_BINS).to_numpy(int)
    else:
        numbers = values.astype("float64").to_numpy(dtype="float64", na_value=np.nan)
        known = numbers[~late][~np.isnan(numbers[~late])]
        if not len(known):
            return 0.0
        edges = np.unique(np.quantile(known, np.linspace(0, 1, _BINS + 1)[1:-1]))
        codes = np.where(np.isnan(numbers), _BINS, np.searchsorted(edges, numbers, side="right"))
    earlier, later = (np.bincount(codes[part], minlength=_BINS + 1) + 0.5 for part in (~late, late))
    p, q = earlier / earlier.sum(), later / later.sum()
    noise = (len(np.unique(codes)) - 1) * (1 / late.sum() + 1 / (~late).sum())
    return max(float(((q - p) * np.log(q / p)).sum() - noise), 0.0)
