"""The one place where real rows are looked at: every count taken here is noisy and paid for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.generators.dp import accountant, select
from synth_core.generators.dp.account import Account
from synth_core.generators.dp.accountant import ONES, ROWS, TWOS
from synth_core.generators.dp.columns import Declared, classes, kind_of, modelled
from synth_core.generators.dp.domain import Finder, check_declared
from synth_core.generators.dp.encode import cells_of, plain
from synth_core.generators.dp.release import Release
from synth_core.progress import SILENT, Progress
from synth_core.tables import Table

__all__ = ["Declared", "measure"]


def measure(
    table: Table,
    *,
    epsilon: float,
    delta: float,
    unit: str | None = None,
    unit_rows: int = 1,
    declared: Mapping[str, Declared] | None = None,
    progress: Progress = SILENT,
) -> Release:
    """Noisy counts of ``table`` under (ε, δ)-differential privacy for adding or removing one person.

    Taken as known: names, kinds, roles and formats of the columns, the target and its positive class, what is
    ``declared``. Everything else, the number of rows included, is paid for. The noise cannot be seeded.

    Parameters
    ----------
    unit : str, optional
        Column that tells persons apart, which is not modelled; without it one row is one person.
    unit_rows : int
        Most rows of one person that are used, drawn at random; the noise grows with it.

    Raises
    ------
    GeneratorError
        Nothing could be released at this ε, or a declaration does not fit; the text says what to do.
    Cancelled
        ``progress`` asked to stop.
    """
    schema, declared = table.schema, dict(declared or {})
    if unit is not None and unit not in schema:
        raise GeneratorError(f"There is no column “{unit}” that could tell persons apart.")
    columns, unit_rows = modelled(schema, unit), unit_rows if unit else 1
    accountant.check(epsilon, delta, len(columns), unit_rows)
    check_declared(declared, schema)
    account = Account(accountant.split(epsilon, delta, schema, declared, unit), unit_rows)

    frame = _bounded(table.frame, unit, unit_rows)
    rows = account.counts(ROWS, np.array([len(frame)]))
    _enough(rows.counts[0], rows.sigma, epsilon, delta, len(columns), unit_rows)
    axes, codes = [], []
    finder = Finder.of(schema, declared, unit, account, float(rows.counts[0]))
    for number, column in enumerate(columns):
        progress.report("encoding", number, len(columns))
        values = plain(frame[column.name], column.kind, as_levels=kind_of(column, schema) == "levels")
        axes.append(finder.axis(column, values))
        codes.append(cells_of(values, axes[-1]))

    progress.report("fitting", 0, 1)
    ones = [account.counts(ONES, np.bincount(c, minlength=a.size), len(axes)) for a, c in zip(axes, codes, strict=True)]
    pairs = select.pairs(codes, axes, [n.counts for n in ones], classes(schema, columns), account)
    twos = []
    for number, (i, j) in enumerate(pairs):
        progress.report("fitting", number, len(pairs))
        twos.append(account.counts(TWOS, select.joint(codes[i], codes[j], axes[i], axes[j]), len(pairs)))
    return Release(
        axes=tuple(axes),
        rows=max(float(rows.counts[0]), 0.0),
        ones=tuple(tuple(n.counts.tolist()) for n in ones),
        pairs=pairs,
        twos=tuple(tuple(map(tuple, n.counts.tolist())) for n in twos),
        sigma_ones=tuple(n.sigma for n in ones),
        sigma_twos=tuple(n.sigma for n in twos),
        epsilon=epsilon,
        delta=delta,
        unit=unit,
        unit_rows=unit_rows,
        spent=account.spent,
    )


def _bounded(frame: pd.DataFrame, unit: str | None, unit_rows: int) -> pd.DataFrame:
    """At most ``unit_rows`` rows of each person, drawn at random; rows that name nobody are left out."""
    if unit is None:
        return frame
    shuffled = frame.iloc[np.random.default_rng().permutation(len(frame))]
    shuffled = shuffled[shuffled[unit].notna()]
    return shuffled[(shuffled.groupby(unit, sort=False).cumcount() < unit_rows).to_numpy()]


def _enough(rows: float, sigma: float, epsilon: float, delta: float, columns: int, unit_rows: int) -> None:
    """Refuse tables whose rows the noise would drown, as told by their noisy number.

    Raises
    ------
    GeneratorError
        The text names an ε that would do.
    """
    least = accountant.smallest_epsilon(columns, delta=delta, unit_rows=unit_rows, rows=max(rows, sigma))
    if epsilon < least:
        raise GeneratorError(
            f"This table has too few rows for ε = {epsilon:g}: the noise would drown every count. "
            f"The smallest workable ε is about {least:g}."
        )
