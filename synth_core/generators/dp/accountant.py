"""The budget: ρ of zero-concentrated DP against (ε, δ), and how it is shared out over the steps of a measurement."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from scipy.optimize import brentq, minimize_scalar

from synth_core.errors import GeneratorError
from synth_core.generators.dp.columns import Declared, classes, kind_of, modelled, searched
from synth_core.generators.dp.release import Spend
from synth_core.tables import Schema

ROWS, DOMAIN, ONES, CHOICE, TWOS, CONVERSION = (
    "number of rows", "categories and ranges", "counts per column", "choice of pairs", "counts per pair",
    "turning the noise into ε",
)  # fmt: skip

_SHARES = {ROWS: 0.02, DOMAIN: 0.20, ONES: 0.23, CHOICE: 0.08, TWOS: 0.47}
_MOST_NOISE = 10_000.0  #: rows; a standard deviation of the noise that drowns any count of a table people have
_CLEAR = 6.0  #: standard deviations of the noise in a count that a category needs to be found; a table has as many rows
_LARGEST_RHO = 1e6


@lru_cache(maxsize=256)
def epsilon_of(rho: float, delta: float) -> float:
    """Smallest ε such that ρ-zCDP implies (ε, δ)-DP; Canonne, Kamath and Steinke (2020), Proposition 12.

    Raises
    ------
    ValueError
        ``rho`` is negative, or ``delta`` is not between 0 and 1.
    """
    if rho < 0 or not 0 < delta < 1:
        raise ValueError(f"ρ = {rho} must not be negative and δ = {delta} must be between 0 and 1.")
    if rho == 0:
        return 0.0

    def bound(log_order: float) -> float:
        less = math.exp(log_order)  # the order α, less 1
        return rho * (1 + less) - math.log(delta * (1 + less)) / less - math.log1p(1 / less)

    centre = 0.5 * math.log(-math.log(delta) / rho)
    found = minimize_scalar(bound, bounds=(centre - 6, centre + 6), method="bounded", options={"xatol": 1e-9})
    return max(float(found.fun), 0.0)


@lru_cache(maxsize=256)
def rho_of(epsilon: float, delta: float) -> float:
    """Largest ρ such that ρ-zCDP implies (ε, δ)-DP; the inverse of :func:`epsilon_of`."""
    if epsilon <= 0:
        raise ValueError(f"ε = {epsilon} must be above 0.")
    found = brentq(lambda rho: epsilon_of(rho, delta) - epsilon, 0.0, _LARGEST_RHO, xtol=1e-16, rtol=1e-13)
    while epsilon_of(found, delta) > epsilon:  # the root may lie a hair on the wrong side
        found *= 1 - 1e-12
    return float(found)


def split(
    epsilon: float,
    delta: float,
    schema: Schema,
    declared: Mapping[str, Declared] | None = None,
    unit: str | None = None,
) -> tuple[Spend, ...]:
    """What each step may cost, known before any row is read.

    Half of δ turns ρ into ε, half finds categories; columns whose labels, or few numbers, are declared give their share
    of the search back to the other steps, and a single column needs no pairs.
    """
    columns, declared = modelled(schema, unit), declared or {}
    unknown = searched(schema, columns, declared)
    search = delta / 2 if any(kind_of(c, schema) == "levels" for c in unknown) else 0.0
    rho = rho_of(epsilon, delta - search)
    shares = dict(_SHARES)
    shares[DOMAIN] *= len(unknown) / max(len(columns), 1)
    if len(columns) < 2:
        shares[TWOS] = 0.0
    if len(columns) - (classes(schema, columns) is not None) < 3:
        shares[CHOICE] = 0.0  # one pair at most is left to choose
    total = sum(shares.values())
    steps = [Spend(what, rho * s / total, search if what == DOMAIN else 0.0) for what, s in shares.items() if s]
    return (*steps, Spend(CONVERSION, 0.0, delta - search))


def smallest_epsilon(columns: int, *, delta: float = 1e-6, unit_rows: int = 1, rows: float | None = None) -> float:
    """Smallest ε at which a count can stand out of the noise, rounded up; no row of the table is looked at.

    Parameters
    ----------
    columns : int
        Columns that are modelled.
    unit_rows : int
        Most rows per person.
    rows : float, optional
        A number of rows that is no secret, such as the noisy one; without it, more than any table has.
    """
    noise = _MOST_NOISE if rows is None else max(rows, 1.0) / _CLEAR
    rho = columns * unit_rows**2 / (2 * _SHARES[ONES] * noise**2)
    epsilon = epsilon_of(min(rho, _LARGEST_RHO), delta / 2)
    step = 10.0 ** (math.floor(math.log10(max(epsilon, 1e-9))) - 1)  # two digits
    return float(f"{math.ceil(epsilon / step) * step:.2g}")


def check(epsilon: float, delta: float, columns: int, unit_rows: int) -> None:
    """Refuse settings with which nothing could be released, before anything is spent.

    Raises
    ------
    GeneratorError
        ``epsilon`` is too small, or a setting makes no sense; the text names the smallest workable ε.
    """
    if not (epsilon > 0 and math.isfinite(epsilon)):
        raise GeneratorError(f"ε = {epsilon:g} is no privacy budget: choose a number above 0, such as 1.")
    if not 0 < delta < 0.1:
        raise GeneratorError(f"δ = {delta:g} must be above 0 and far below 1, such as 0.000001.")
    if unit_rows < 1:
        raise GeneratorError(f"{unit_rows} rows per person cannot be used: keep at least 1.")
    if not columns:
        raise GeneratorError("No column is left to learn: all are ids, sensitive or free text. Change a column's role.")
    least = smallest_epsilon(columns, delta=delta, unit_rows=unit_rows)
    if epsilon < least:
        raise GeneratorError(
            f"ε = {epsilon:g} is too small for {columns:,} columns"
            f"{f' and {unit_rows:,} rows per person' if unit_rows > 1 else ''}: the noise would drown every count. "
            f"The smallest workable ε is {least:g}."
        )
