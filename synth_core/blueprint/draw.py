"""Rows from a blueprint: stated marginals joined by a Gaussian copula, and a target from the stated logistic model."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import expit

from synth_core.blueprint import correlations, outcome
from synth_core.blueprint.checks import check
from synth_core.blueprint.copula import Stream, rng, values
from synth_core.blueprint.outcome import Truth
from synth_core.blueprint.schema import column_of, stored
from synth_core.blueprint.spec import Blueprint, Correlation, Faked, Identifier
from synth_core.correlation import nearest
from synth_core.errors import BlueprintError
from synth_core.progress import SILENT, Progress
from synth_core.tables import Role, Schema, Table
from synth_core.tables.fakes import fake
from synth_core.tables.rules import set_rules
from synth_core.tables.schema import Column, Kind

_TRUTH_ROWS, _TRUTH_SEED = 200_000, 1


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
    drawn, said = values(blueprint, rows, seed, progress)
    notes += said
    data: dict[str, pd.Series] = {}
    for position, column in enumerate(columns):
        progress.report("sampling", position, len(columns))
        if isinstance(column, Identifier):
            data[column.name] = _ids(column, rows)
        elif isinstance(column, Faked):
            made = pd.Series(fake(column.what, rows, seed=seed + position), dtype="object")
            blank = rng(seed, Stream.FAKED, position).random(rows) < column.missing
            data[column.name] = made.mask(blank, None)
        else:
            data[column.name] = stored(column, drawn[column.name])
    described = [column_of(c, data[c.name]) for c in columns]
    if blueprint.target:
        data[blueprint.target.name] = _outcomes(blueprint, drawn, truth, seed)
        described.append(_target_column(blueprint))
    target = blueprint.target
    schema = Schema(tuple(described), target and target.name, target and target.labels[1])
    origin = f"Simulated from a blueprint (seed {seed}), not real data."
    if truth:
        origin += f" Best possible AUC: {truth.best_auc:.3f}."
    table = Table(
        pd.DataFrame(data, index=range(rows)), schema, f"{blueprint.name} (simulated)", (origin, *notes)
    )  # fmt: skip
    progress.report("sampling", len(columns), len(columns))
    return Drawn(set_rules(table, blueprint.rules), truth, tuple(notes))


def known_truth(blueprint: Blueprint) -> Truth:
    """Intercept, coefficients and best AUC of the stated model, from 200,000 rows; the same for every seed of a draw.

    Raises
    ------
    BlueprintError
    """
    check(blueprint)
    target = blueprint.target
    odds, scale = np.zeros(_TRUTH_ROWS), {}
    if target.drivers:
        drawn, _ = values(_drivers_only(blueprint), _TRUTH_ROWS, _TRUTH_SEED, SILENT)
        scale = outcome.scales(blueprint, drawn)
        odds = outcome.log_odds(blueprint, drawn, scale)
    start = outcome.intercept(odds, target.prevalence)
    auc, error = outcome.best_auc(expit(start + odds))
    return Truth(start, dict(target.drivers), scale, auc, error)


def _drivers_only(blueprint: Blueprint) -> Blueprint:
    """What the target depends on; the copula of some columns is that part of the whole one."""
    if blueprint.rules:
        return replace(blueprint, columns=blueprint.modelled, target=None)
    drivers = set(blueprint.target.drivers)
    names = [c.name for c in blueprint.modelled]
    used = nearest(correlations.matrix(blueprint.correlations, names))
    kept = [i for i, name in enumerate(names) if name in drivers]
    pairs = tuple(
        Correlation(names[i], names[j], float(used[i, j])) for i in kept for j in kept if i < j
    )  # fmt: skip
    return replace(
        blueprint, columns=tuple(c for c in blueprint.columns if c.name in drivers), correlations=pairs, target=None
    )


def _outcomes(blueprint: Blueprint, drawn: dict[str, np.ndarray], truth: Truth, seed: int) -> pd.Series:
    target, rows = blueprint.target, blueprint.rows
    odds = outcome.log_odds(blueprint, drawn, truth.scales) if target.drivers else np.zeros(rows)
    happened = rng(seed, Stream.OUTCOME, 0).random(rows) < expit(truth.intercept + odds)
    if happened.all() or not happened.any():
        absent = target.labels[0] if happened.all() else target.labels[1]
        raise BlueprintError(
            f"Of {rows:,} rows with a prevalence of {100 * target.prevalence:.2g} % none came out as “{absent}”. "
            "Ask for more rows, or change the prevalence."
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
