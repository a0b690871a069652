"""The one place where real rows are looked at: every count taken here is noisy and paid for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.generators.dp import accountant, select
from synth_core.generators.dp.accountant import ONES, ROWS, TWOS, Account
from synth_core.generators.dp.encode import as_number, as_text, cells_of
from synth_core.generators.dp.columns import Declared, kind_of, modelled
from synth_core.generators.dp.domain import axis_of, check_declared, most_cells
from synth_core.generators.dp.noise import noisy_counts
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
    columns = modelled(schema, unit)
    accountant.check(epsilon, delta, len(columns), unit_rows)
    check_declared(declared, schema)
    unit_rows = unit_rows if unit else 1
    account = Account(accountant.split(epsilon, delta, schema, declared, unit))

    frame = _bounded(table.frame, unit, unit_rows)
    counted = noisy_counts(np.array([len(frame)]), account.rho(ROWS), unit_rows)
    account.charge(ROWS, counted.rho)
    rows = float(counted.counts[0])
    _enough(rows, counted.sigma, epsilon, delta, len(columns), unit_rows)

    search = [c for c in columns if c.name not in declared]
    categorical = sum(kind_of(c, schema) == "levels" for c in search)
    sigma = [unit_rows / np.sqrt(2 * account.rho(what, times)) for what, times in _counted(len(columns))]
    cells = most_cells(rows, sigma[0], sigma[-1])
    axes, codes = [], []
    for number, column in enumerate(columns):
        progress.report("encoding", number, len(columns))
        values = frame[column.name]
        plain = (as_text if kind_of(column, schema) == "levels" else as_number)(values, column.kind)
        axis = axis_of(
            column, schema, plain, declared.get(column.name), account, searched=len(search),
            categorical=categorical, rows=rows, cells=cells, unit_rows=unit_rows,
        )  # fmt: skip
        axes.append(axis)
        codes.append(cells_of(plain, axis))

    ones, twos, sigma_ones, sigma_twos = [], [], [], []
    for axis, code in zip(axes, codes, strict=True):
        noisy = noisy_counts(np.bincount(code, minlength=axis.size), account.rho(ONES, len(axes)), unit_rows)
        account.charge(ONES, noisy.rho)
        ones.append(noisy.counts)
        sigma_ones.append(noisy.sigma)
    progress.report("fitting", 0, 1)
    pairs = select.tree(codes, axes, ones, account, unit_rows)
    for number, (i, j) in enumerate(pairs):
        progress.report("fitting", number, len(pairs))
        exact = select.joint(codes[i], codes[j], axes[i], axes[j])
        noisy = noisy_counts(exact.ravel(), account.rho(TWOS, len(pairs)), unit_rows)
        account.charge(TWOS, noisy.rho)
        twos.append(noisy.counts.reshape(exact.shape))
        sigma_twos.append(noisy.sigma)
    return Release(
        axes=tuple(axes),
        rows=max(rows, 0.0),
        ones=tuple(tuple(map(float, counts)) for counts in ones),
        pairs=pairs,
        twos=tuple(tuple(tuple(map(float, row)) for row in counts) for counts in twos),
        sigma_ones=tuple(sigma_ones),
        sigma_twos=tuple(sigma_twos),
        epsilon=epsilon,
        delta=delta,
        unit=unit,
        unit_rows=unit_rows,
        spent=account.spent,
    )


def _counted(columns: int) -> list[tuple[str, int]]:
    """The steps that count cells, and how many measurements share each."""
    return [(ONES, columns), (TWOS, columns - 1)] if columns > 1 else [(ONES, columns)]


def _bounded(frame: pd.DataFrame, unit: str | None, unit_rows: int) -> pd.DataFrame:
    """At most ``unit_rows`` rows of each person, drawn at random; a row without a person counts as its own."""
    if unit is None:
        return frame
    order = np.random.default_rng().permutation(len(frame))
    shuffled = frame.iloc[order]
    kept = shuffled.groupby(unit, dropna=False, sort=False).cumcount() < unit_rows
    return shuffled[(kept | shuffled[unit].isna()).to_numpy()]


def _enough(rows: float, sigma: float, epsilon: float, delta: float, columns: int, unit_rows: int) -> None:
    """Refuse tables whose rows the noise would drown, as told by their noisy number.

    Raises
    ------
    GeneratorError
        The text names an ε that would do.
    """
    likely = max(rows, sigma)
    least = accountant.smallest_epsilon(columns, delta=delta, unit_rows=unit_rows, rows=likely)
    if epsilon < least:
        raise GeneratorError(
            f"This table has too few rows for ε = {epsilon:g}: the noise would drown every count. "
            f"The smallest workable ε is about {least:g}."
        )
