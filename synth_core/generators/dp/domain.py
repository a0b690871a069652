"""The cells of every column: declared by the analyst, or found with part of the budget."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.generators.dp import grid
from synth_core.generators.dp.accountant import DOMAIN, Account
from synth_core.generators.dp.columns import Declared, kind_of
from synth_core.generators.dp.noise import Noisy, frequent, noisy_counts
from synth_core.generators.dp.release import Axis
from synth_core.tables import Column, Schema

_MOST_LABELS = 100


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


def axis_of(
    column: Column,
    schema: Schema,
    values: np.ndarray,
    known: Declared | None,
    account: Account,
    *,
    searched: int,
    categorical: int,
    rows: float,
    cells: int,
    unit_rows: int,
) -> Axis:
    """The cells of one column; ``searched`` columns share the budget, ``categorical`` of them δ.

    ``values`` are texts or numbers as :mod:`~synth_core.generators.dp.encode` makes them, ``cells`` is the most
    intervals and ``rows`` the noisy number of rows.
    """
    kind, rho = kind_of(column, schema), account.rho(DOMAIN, searched) if not known else 0.0
    if kind == "levels":
        labels = dict.fromkeys(known.labels) if known else _found(values, rho, account, categorical, unit_rows)
        if column.name == schema.target and schema.positive is not None:
            labels = {**labels, schema.positive: None}  # the class to predict is no secret
        return Axis(column.name, kind, labels=tuple(sorted(labels)), other=True, declared=known is not None)
    whole = is_whole(column, schema)
    if known:
        points, edges = grid.fixed(known.low, known.high, whole=whole)
        return Axis(column.name, kind, points=points, edges=_days(edges, kind, whole), declared=True)
    present = values[~np.isnan(values)]

    def count(edges: np.ndarray) -> Noisy:
        inside = np.clip(np.searchsorted(edges, present, side="right") - 1, 0, len(edges) - 2)
        noisy = noisy_counts(np.bincount(inside, minlength=len(edges) - 1), rho / grid.ROUNDS, unit_rows)
        account.charge(DOMAIN, noisy.rho)
        return noisy

    fine, counts, sigma = grid.refine(grid.start(kind, whole), count, rows=rows, whole=whole)
    points, edges = grid.merge(fine, counts, sigma, cells=cells, whole=whole)
    return Axis(column.name, kind, points=points, edges=_days(edges, kind, whole))


def _days(edges: tuple[float, ...], kind: str, whole: bool) -> tuple[float, ...]:
    """Days start where they start, and the last edge is the last day; other whole numbers have edges between them."""
    if kind != "date" or not whole or not edges:
        return edges
    return (*(e + 0.5 for e in edges[:-1]), edges[-1] - 0.5)


def is_whole(column: Column, schema: Schema) -> bool:
    """Whether values are whole numbers, or days without a time of day; told by kind and format, not by the rows."""
    kind = kind_of(column, schema)
    if kind == "date":
        return "%" in (column.format or "") and not any(f"%{c}" in column.format for c in "HIMSf")
    return kind == "integer"


def _found(values: np.ndarray, rho: float, account: Account, categorical: int, unit_rows: int) -> dict[str, float]:
    """The most frequent labels, all of which many rows have."""
    codes, levels = pd.factorize(values)
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    delta = account.delta(DOMAIN) / categorical
    found, spent_rho, spent_delta = frequent(
        dict(zip(map(str, levels), map(int, counts), strict=True)), rho, delta, unit_rows
    )
    account.charge(DOMAIN, spent_rho, spent_delta)
    return dict(sorted(found.items(), key=lambda item: -item[1])[:_MOST_LABELS])


def most_cells(rows: float, sigma_ones: float, sigma_twos: float) -> int:
    """Intervals of a quantity that the noise leaves room for."""
    room = min(0.5 * math.sqrt(max(rows, 1.0) / sigma_twos), rows / (8 * sigma_ones))
    return int(min(max(room, 4), 32))
