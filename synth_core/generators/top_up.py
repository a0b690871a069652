"""Levels of the real rows that no synthetic row has, and rows made for them afterwards."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.generators.base import Generator
from synth_core.progress import SILENT, Progress
from synth_core.records import build
from synth_core.tables import Kind, Role, Schema
from synth_core.tables.schema import LEVELS

MOST = 50  #: levels that are topped up at once
_CLASSES = 50  #: a target of numbers with more values than this has no classes


@dataclass(frozen=True)
class Gap:
    """A level that occurs in the training rows and in no row made.

    Attributes
    ----------
    column, value : str
    rows : int
        Training rows that have it.
    """

    column: str
    value: str
    rows: int


@dataclass(frozen=True)
class Gaps:
    """Every level of every category, yes/no column and class, checked.

    Attributes
    ----------
    found : tuple of Gap
        Those that did not come, the most frequent in the real rows first; at most 50.
    absent, checked : int
        How many did not come, of how many.
    by_chance : float
        How many would be absent on average from as many rows drawn with the real shares.
    """

    found: tuple[Gap, ...]
    absent: int
    checked: int
    by_chance: float

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; :meth:`from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Gaps:
        return build(cls, data)


def gaps(train: pd.DataFrame, made: pd.DataFrame, schema: Schema) -> Gaps:
    """Compare the levels of ``made`` with those of the training rows it was learned from."""
    found, checked, by_chance = [], 0, 0.0
    for column in schema:
        if not (column.role in LEVELS or (column.role is Role.TARGET and _is_classes(column.kind, train[column.name]))):
            continue
        counts = train[column.name].value_counts()
        here = set(made[column.name].dropna())
        checked += len(counts)
        by_chance += float(((1 - counts.to_numpy() / len(train)) ** len(made)).sum())
        found += [Gap(column.name, str(level), int(n)) for level, n in counts.items() if level not in here]
    found.sort(key=lambda gap: (-gap.rows, gap.column, gap.value))
    return Gaps(tuple(found[:MOST]), len(found), checked, by_chance)


def top_up(
    generator: Generator,
    made: pd.DataFrame,
    missing: Gaps,
    train_rows: int,
    *,
    seed: int,
    progress: Progress = SILENT,
) -> tuple[pd.DataFrame, list[str]]:
    """``made`` and, behind it, rows for each level that is missing: as many as its real share asks for, one at least.

    Parameters
    ----------
    generator : Generator
        The fitted one that made ``made``.
    train_rows : int
        Rows it learned from.

    Returns
    -------
    rows : pandas.DataFrame
    notes : list of str
        What was added for each level, how many rows had to be made for it, and what could not be made.
    """
    parts, notes, own = [made], [], list(generator.notes)
    for number, gap in enumerate(missing.found, 1):
        wanted = max(1, round(len(made) * gap.rows / train_rows))
        what = f"“{gap.column}” = {gap.value}"
        try:
            added = generator.sample(wanted, seed=seed + number, progress=progress, where={gap.column: gap.value})
        except GeneratorError as refusal:
            notes.append(f"No row with {what} could be added: {refusal}")
            continue
        finally:
            said = [n for n in generator.notes if n.startswith("Every row has ")]
            generator.notes = list(own)
        parts.append(added)
        effort = said[-1].partition(".")[2].strip() if said else ""
        notes.append(f"{len(added):,} row{'s' * (len(added) > 1)} with {what} {_were(added)} added. {effort}".strip())
    together = pd.concat(parts, ignore_index=True)
    return (generator._preparer.renew_aside(together, seed=seed) if len(parts) > 1 else made), notes


def _were(rows: pd.DataFrame) -> str:
    return "were" if len(rows) > 1 else "was"


def _is_classes(kind: Kind, values: pd.Series) -> bool:
    return kind in (Kind.TEXT, Kind.INTEGER) and 1 < np.count_nonzero(values.value_counts()) <= _CLASSES
