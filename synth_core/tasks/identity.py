"""Whose budget is it? Tables are recognised by their rows: other roles, headers or a few rows less change nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_core.tables import Table
from synth_core.tables.export import as_text

_KEPT = 256  #: of the hashes of all rows
_FEWEST = 64  #: distinct rows below which different tables may well have the same ones
_SAME = 0.5  #: share of rows in common (of those in either) from which two tables are about the same people
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Identity:
    """What a table is known by.

    Attributes
    ----------
    key : str
        Hash of all values.
    rows : tuple of int
        The smallest hashes of distinct rows, rising; enough to tell how many rows two tables share (Broder, 1997).
    """

    key: str
    rows: tuple[int, ...] = ()

    def shared(self, other: Iterable[int]) -> float:
        """Estimated share of distinct rows in both tables among those in either; 0 where there are few rows."""
        mine, theirs = set(self.rows), set(other)
        if min(len(mine), len(theirs)) < _FEWEST:
            return 0.0
        smallest = sorted(mine | theirs)[: min(len(mine), len(theirs))]
        return sum(h in mine and h in theirs for h in smallest) / len(smallest)

    def same_people(self, other: Iterable[int]) -> bool:
        """Whether most rows are shared with a table that has these smallest hashes."""
        return self.shared(other) >= _SAME


def identity_of(table: Table) -> Identity:
    """A table by its values as they stand in a file, whatever their roles, kinds and headers."""
    rows = np.zeros(len(table), dtype=np.uint64)
    for column in table.schema:
        codes, distinct = pd.factorize(as_text(table.frame[column.name], column).astype("object"))
        texts = np.array([*map(_plain, distinct), ""], dtype=object)  # missing is −1, and so the last
        hashes = pd.util.hash_array(texts, categorize=False)
        rows = (rows ^ hashes[codes]) * _MIX
        rows ^= rows >> np.uint64(29)
    smallest = np.unique(rows)[:_KEPT]
    return Identity(hashlib.sha256(rows.tobytes()).hexdigest(), tuple(map(int, smallest)))


def _plain(text: str) -> str:
    """Numbers without what their kind adds: ``3.0`` and ``3`` are the same."""
    try:
        return f"{float(text):.12g}"
    except ValueError:
        return text
