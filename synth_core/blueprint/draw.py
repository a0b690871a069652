"""Rows from a blueprint: stated marginals joined by a Gaussian copula, and a target from the stated logistic model."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import expit, ndtr

from synth_core.blueprint import correlations, outcome
from synth_core.blueprint.checks import check
from synth_core.blueprint.marginals import quantile
from synth_core.blueprint.outcome import Truth
from synth_core.blueprint.schema import column_of, stored
from synth_core.blueprint.spec import Blueprint, Correlation, Faked, Identifier
from synth_core.correlation import nearest
from synth_core.errors import BlueprintError
from synth_core.progress import SILENT, Progress
from synth_core.tables import Role, Schema, Table
from synth_core.tables.fakes import fake
from synth_core.tables.schema import Column, Kind

_TRUTH_ROWS, _TRUTH_SEED = 200_000, 1
_COPULA, _BLANKS, _OUTCOME = range(3)  # streams of random numbers


@dataclass(frozen=True)
class Drawn:
    """A table from a blueprint, and what is true of it.

    Attributes
    ----------
    table : Table
        Roles as stated; name and notes say that the rows are simulated.
    truth : Truth or None
        None without a target.
    notes : tuple of str
        Plain sentences on what had to be changed.
    """

    table: Table
    truth: Truth | None
    notes: tuple[str, ...] = ()


def draw(blueprint: Blueprint, rows: int | None = None, *, seed: int, progress: Progress = SILENT) -> Drawn:
    """Draw the table that ``blueprint`` states; the same seed gives the same rows.

    Numbers, dates and levels come from a Gaussian copula: normal scores with the stated correlations, each column read
    off its own distribution at the place of its score. Blank cells fall at random.

    Parameters
    ----------
    rows : int, optional
        The blueprint's number of rows if left out.

    Raises
    ------
    BlueprintError
        The blueprint contradicts itself or lacks something, or no row got one of the two outcomes.
    Cancelled
        ``progress`` asked to stop.
    """
    blueprint = blueprint if rows is None else replace(blueprint, rows=rows)
    check(blueprint)
    rows = blueprint.rows
    columns = blueprint.columns
    notes = list(_correlation_notes(blueprint))
    truth = known_truth(blueprint) if blueprint.target else None
    values = _values(blueprint, rows, seed, progress)
    data: dict[str, pd.Series] = {}
    for position, column in enumerate(columns):
        progress.report("sampling", position, len(columns))
        if isinstance(column, Identifier):
            data[column.name] = _ids(column, rows)
        elif isinstance(column, Faked):
            made = pd.Series(fake(column.what, rows, seed=seed + position), dtype="object")
            blank = _rng(seed, _BLANKS, position).random(rows) < column.missing
            data[column.name] = made.mask(blank, None)
        else:
            data[column.name] = stored(column, values[column.name])
    described = [column_of(c, data[c.name]) for c in columns]
    if blueprint.target:
        data[blueprint.target.name] = _outcomes(blueprint, values, truth, seed)
        described.append(_target_column(blueprint))
    target = blueprint.target
    schema = Schema(tuple(described), target and target.name, target and target.labels[1])
    said = f"Simulated from a blueprint (seed {seed}), not real data."
    if truth:
        said += f" Best possible AUC: {truth.best_auc:.3f}."
    table = Table(
        pd.DataFrame(data, index=range(rows)), schema, f"{blueprint.name} (simulated)", (said, *notes)
    )  # fmt: skip
    progress.report("sampling", len(columns), len(columns))
    return Drawn(table, truth, tuple(notes))


def known_truth(blueprint: Blueprint) -> Truth:
    """Intercept, coefficients and best AUC of the stated model, from 200,000 rows; the same for every seed of a draw.

    Raises
    ------
    BlueprintError
    """
    check(blueprint)
    scale = outcome.scales(blueprint)
    target = blueprint.target
    odds = np.zeros(_TRUTH_ROWS)
    if target.drivers:
        values = _values(_drivers_only(blueprint), _TRUTH_ROWS, _TRUTH_SEED, SILENT)
        odds = outcome.log_odds(blueprint, values, scale)
    start = outcome.intercept(odds, target.prevalence)
    auc, error = outcome.best_auc(expit(start + odds))
    return Truth(start, dict(target.drivers), scale, auc, error)


def _drivers_only(blueprint: Blueprint) -> Blueprint:
    """What the target depends on; the copula of some columns is that part of the whole one."""
    drivers = set(blueprint.target.drivers)
    names = [c.name for c in blueprint.modelled]
    used = nearest(correlations.matrix(blueprint.correlations, names))
    kept = [i for i, name in enumerate(names) if name in drivers]
    pairs = tuple(
        Correlation(names[i], names[j], float(used[i, j])) for i in kept for j in kept if i < j
    )  # fmt: skip
    return replace(blueprint, columns=tuple(c for c in blueprint.columns if c.name in drivers), correlations=pairs)


def _values(blueprint: Blueprint, rows: int, seed: int, progress: Progress) -> dict[str, np.ndarray]:
    """Values of the modelled columns: floats, codes of levels as floats, dates in days; NaN = blank."""
    columns = blueprint.modelled
    names = [c.name for c in columns]
    root = np.linalg.cholesky(nearest(correlations.matrix(blueprint.correlations, names)))
    noise = [_rng(seed, _COPULA, i).standard_normal(rows) for i in range(len(columns))]
    values = {}
    for i, column in enumerate(columns):
        progress.report("sampling", i, 2 * len(columns))
        score = np.zeros(rows)
        for j in np.flatnonzero(root[i]):
            score += root[i, j] * noise[j]
        made = quantile(column)(ndtr(score)).astype(np.float64)
        if column.missing:
            made[_rng(seed, _BLANKS, i).random(rows) < column.missing] = np.nan
        values[column.name] = made
    return values


def _outcomes(blueprint: Blueprint, values: dict[str, np.ndarray], truth: Truth, seed: int) -> pd.Series:
    target, rows = blueprint.target, blueprint.rows
    odds = outcome.log_odds(blueprint, values, truth.scales) if target.drivers else np.zeros(rows)
    happened = _rng(seed, _OUTCOME, 0).random(rows) < expit(truth.intercept + odds)
    if happened.all() or not happened.any():
        absent = target.labels[0] if happened.all() else target.labels[1]
        raise BlueprintError(
            f"Of {rows:,} rows with a prevalence of {target.prevalence:.2%} none came out as “{absent}”. Ask for more "
            "rows, or change the prevalence."
        )
    return pd.Series(np.array(target.labels, dtype=object)[happened.astype(np.int64)], dtype="object")


def _target_column(blueprint: Blueprint) -> Column:
    target = blueprint.target
    reason = f"the column to predict; positive class {target.labels[1]}"
    return Column(target.name, target.name, Kind.TEXT, Role.TARGET, reason, target.labels)


def _correlation_notes(blueprint: Blueprint) -> list[str]:
    names = [c.name for c in blueprint.modelled]
    if not names:
        return []
    stated = correlations.matrix(blueprint.correlations, names)
    said = correlations.changes(stated, nearest(stated), names)
    return [said] if said else []


def _ids(column: Identifier, rows: int) -> pd.Series:
    if not column.prefix:
        return pd.Series(np.arange(1, rows + 1), dtype="Int64")
    return pd.Series([f"{column.prefix}{i:06d}" for i in range(1, rows + 1)], dtype="object")


def _rng(seed: int, stream: int, position: int) -> np.random.Generator:
    return np.random.default_rng([seed, stream, position])
