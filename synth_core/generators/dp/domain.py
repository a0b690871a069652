"""The cells of every column: declared by the analyst, or found with part of the budget."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.generators.dp import grid
from synth_core.generators.dp.account import Account
from synth_core.generators.dp.accountant import DOMAIN, ONES, TWOS
from synth_core.generators.dp.columns import Declared, is_whole, kind_of, modelled, number_of_pairs, searched
from synth_core.generators.dp.noise import Noisy
from synth_core.generators.dp.release import Axis
from synth_core.tables import Column, Role, Schema

_MOST_LABELS = 100
_CLEAR = 8.0  #: standard deviations of the noise in a count


def check_declared(declared: Mapping[str, Declared], schema: Schema) -> None:
    """Refuse declarations that do not fit their column.

    Raises
    ------
    GeneratorError
        The text names the column.
    """
    for name, known in declared.items():
        if name not in schema:
            raise GeneratorError(f"There is no column “{name}” to declare values for.")
        if kind_of(schema[name], schema) == "levels":
            if not known.labels:
                raise GeneratorError(f"“{name}” has categories: declare its labels, not a range.")
        elif known.low is None or known.high is None or not known.low < known.high:
            raise GeneratorError(f"“{name}” has a range: declare its lowest and its highest value, the lowest first.")


@dataclass(frozen=True)
class Finder:
    """Finds the cells of one column after the other.

    Attributes
    ----------
    searched, categorical : int
        Columns that share the budget of the search, and those of them that share its δ.
    rows : float
        Noisy number of rows.
    cells : int
        Cells of a quantity that the noise of joint counts leaves room for.
    least : float
        Rows that a cell of a quantity needs to stand out of the noise.
    """

    schema: Schema
    declared: Mapping[str, Declared]
    account: Account
    searched: int
    categorical: int
    rows: float
    cells: int
    least: float

    @classmethod
    def of(
        cls, schema: Schema, declared: Mapping[str, Declared], unit: str | None, account: Account, rows: float
    ) -> Self:
        """What all columns have in common."""
        columns = modelled(schema, unit)
        unknown = searched(schema, columns, declared)
        ones = account.sigma(ONES, len(columns))
        twos = account.sigma(TWOS, number_of_pairs(schema, columns)) if len(columns) > 1 else ones
        categorical = sum(kind_of(c, schema) == "levels" for c in unknown)
        return cls(schema, declared, account, len(unknown), categorical, rows, _cells(rows, twos), _CLEAR * ones)

    def axis(self, column: Column, values: np.ndarray) -> Axis:
        """The cells of ``column``, whose ``values`` are text or numbers (:func:`~.encode.plain`)."""
        kind, known = kind_of(column, self.schema), self.declared.get(column.name)
        if kind == "levels":
            labels = set(known.labels) if known else self._labels(values)
            if column.role is Role.TARGET and self.schema.positive is not None:
                labels.add(self.schema.positive)  # the class to predict is no secret
            return Axis(column.name, kind, labels=tuple(sorted(labels)), other=True, declared=known is not None)
        whole = is_whole(column, self.schema)
        if known and whole and known.few:
            points, edges = tuple(map(float, np.arange(np.ceil(known.low), np.floor(known.high) + 1))), ()
        else:
            start = grid.between(known.low, known.high, whole) if known else grid.start(kind, whole)
            fine = grid.refine(start, self._counter(values), rows=self.rows, whole=whole, declared=bool(known))
            points, edges = grid.merge(*fine, cells=self.cells, least=self.least, whole=whole)
        if kind == "date" and whole and edges:  # days start where they start; the last edge is the last day
            edges = (*(e + 0.5 for e in edges[:-1]), edges[-1] - 0.5)
        return Axis(column.name, kind, points=points, edges=edges, declared=known is not None)

    def _labels(self, values: np.ndarray) -> set[str]:
        """The most frequent labels, all of which many rows have."""
        codes, levels = pd.factorize(values)
        counts = np.bincount(codes[codes >= 0], minlength=len(levels)).tolist()
        found = self.account.frequent(DOMAIN, dict(zip(levels, counts, strict=True)), self.searched, self.categorical)
        return set(sorted(found, key=found.__getitem__, reverse=True)[:_MOST_LABELS])

    def _counter(self, values: np.ndarray) -> grid.Count:
        present = values[~np.isnan(values)]

        def count(edges: np.ndarray) -> Noisy:
            inside = np.clip(np.searchsorted(edges, present, side="right") - 1, 0, len(edges) - 2)
            return self.account.counts(
                DOMAIN, np.bincount(inside, minlength=len(edges) - 1), self.searched * grid.ROUNDS
            )

        return count


def _cells(rows: float, sigma: float) -> int:
    """Tuned on real tables; a tree's joint counts are smoothed, so that many small cells do little harm."""
    return int(min(max(0.8 * math.sqrt(max(rows, 1.0) / sigma), 4), 32))
