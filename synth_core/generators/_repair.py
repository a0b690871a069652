"""Rows as a generator made them, changed as little as rules between columns ask for."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_core.generators._grids import clipped, smallest_step
from synth_core.generators._rewrite import Computed, Rewrite
from synth_core.generators.prepare import Quantity
from synth_core.tables import Column, Kind, Schema
from synth_core.tables.rules import Inequality, Range, Ratio, breaks_any
from synth_core.tables.rules.base import comparable

States = dict[str, tuple[np.ndarray, np.ndarray]]


def repair(frame: pd.DataFrame, plan: Rewrite, states: States) -> tuple[pd.DataFrame, np.ndarray]:
    """``frame`` with computed columns filled in and values moved until the rules hold, if they can.

    Values stay within the real column's limits and on its steps. A row's last resort is to be drawn anew, by the
    caller.

    Returns
    -------
    frame : pandas.DataFrame
    moved : numpy.ndarray of bool, shape (n_rows,)
        Rows in which a value was moved (computing a computed column is no move).
    """
    columns = {name: frame[name] for name in frame}
    moved = np.zeros(len(frame), dtype=bool)
    ranges = [r for r in plan.schema.rules if isinstance(r, Range) and r.column in plan.movable]
    orders = _low_first([r for r in plan.schema.rules if isinstance(r, Inequality)])
    for number in range(len(orders) + 2):
        _compute(columns, plan.computed, plan.schema, states)
        current = pd.DataFrame(columns)
        if number and not breaks_any(current, [*ranges, *orders]).any():
            break
        for rule in ranges:
            _clip(columns, rule, plan, moved)
        # Raising goes up the chain; what cannot be raised any more is lowered, down the chain.
        for rule in orders:
            _order(columns, rule, plan, moved, up=True)
        for rule in reversed(orders):
            _order(columns, rule, plan, moved, up=False)
    _compute(columns, plan.computed, plan.schema, states)
    return pd.DataFrame(columns), moved


def _compute(columns: dict[str, pd.Series], computed: list[Computed], schema: Schema, states: States) -> None:
    frame = pd.DataFrame(columns)
    for part in computed:
        rule, column = part.rule, schema[part.rule.derived]
        values = rule.expected(frame)
        unknown = np.isnan(values)
        if rule.derived in states:
            blank, spare = states[rule.derived]
            values = np.where(blank, np.nan, np.where(unknown, spare, values))
        if isinstance(rule, Ratio):
            values[rule.zero_denominator(frame)] = part.zero
        if column.kind is Kind.INTEGER:
            values = np.rint(values)
        elif column.decimals is not None:
            values = np.round(values, column.decimals)
        filled = pd.Series(values, index=frame.index)
        columns[column.name] = frame[column.name] = filled.astype("Int64") if column.kind is Kind.INTEGER else filled


def _clip(columns: dict[str, pd.Series], rule: Range, plan: Rewrite, moved: np.ndarray) -> None:
    values = columns[rule.column]
    broken = rule.broken(pd.DataFrame({rule.column: values}))
    if broken.any():
        values = values.copy()
        values[broken] = clipped(values[broken], plan.grids[rule.column], plan.schema[rule.column])
        columns[rule.column] = values
        moved |= broken


def _order(columns: dict[str, pd.Series], rule: Inequality, plan: Rewrite, moved: np.ndarray, *, up: bool) -> None:
    """Raise the high side to the low side, or lower the low side to the high side, where that can be done."""
    name, other = (rule.high, rule.low) if up else (rule.low, rule.high)
    if name not in plan.movable:
        return
    rows = np.flatnonzero(rule.broken(pd.DataFrame({n: columns[n] for n in rule.columns})))
    if not len(rows):
        return
    column, grid = plan.schema[name], plan.grids[name]
    bound = _native(columns[other].iloc[rows])
    wanted = _next(bound, grid, column, 1 if up else -1, strict=rule.strict)
    possible = wanted <= grid.high if up else wanted >= grid.low
    rows, wanted = rows[possible], wanted[possible]
    if not len(rows):
        return
    values = columns[name].copy()
    values.iloc[rows] = pd.to_datetime(wanted) if column.kind is Kind.DATE else wanted
    columns[name] = values
    moved[rows] = True


def _native(values: pd.Series) -> np.ndarray:
    """Values without missing ones: dates as int64 nanoseconds, numbers as float64."""
    found = comparable(values)
    return found.astype("int64") if found.dtype.kind == "M" else found


def _next(bound: np.ndarray, grid: Quantity, column: Column, sign: int, *, strict: bool) -> np.ndarray:
    """The column's nearest own value at or beyond ``bound``, upwards (``sign`` 1) or downwards (−1)."""
    if column.kind is Kind.FLOAT:
        if grid.decimals is None:
            return np.nextafter(bound, sign * np.inf) if strict else bound
        step = smallest_step(column, grid)
        near = np.round(bound, grid.decimals)
        short = sign * (near - bound) < 0
        if strict:
            short |= near == bound
        return np.where(short, np.round(near + sign * step, grid.decimals), near)
    step, start = int(grid.step), int(grid.low)
    whole = np.floor(bound) if sign < 0 else np.ceil(bound)
    whole = (bound if bound.dtype.kind == "i" else whole).astype("int64")
    if strict:
        whole = np.where(whole == bound, whole + sign, whole)
    steps = -((start - whole) // step) if sign > 0 else (whole - start) // step
    return start + steps * step


def _low_first(rules: list[Inequality]) -> list[Inequality]:
    """Inequalities so that raising one high side after the other settles a whole chain."""
    ordered: list[Inequality] = []
    while len(ordered) < len(rules):
        left = [r for r in rules if r not in ordered]
        highs = {r.high for r in left}
        ordered += [r for r in left if r.low not in highs]
    return ordered
