"""The limits and steps of a column that rules speak of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from synth_core.generators.prepare import Quantity, as_float
from synth_core.tables import Column, Kind
from synth_core.tables.rules import Range


def clipped(values: pd.Series, grid: Quantity, column: Column) -> pd.Series:
    """Values of a column (none missing) brought within its limits."""
    restored = grid.restore(as_float(values), column)
    return restored.set_axis(values.index)


def within(grid: Quantity, limits: list[Range], column: Column) -> Quantity:
    """``grid`` within the ranges that rules set, its ends on the column's own steps."""
    low, high = grid.low, grid.high
    for rule in limits:
        least, most = rule.limits(column.kind is Kind.DATE)
        if column.kind is Kind.DATE:
            least = -np.inf if np.isnat(least) else float(least.astype("int64"))
            most = np.inf if np.isnat(most) else float(most.astype("int64"))
        low, high = np.clip(low, least, most), np.clip(high, least, most)
    if (low, high) == (grid.low, grid.high):
        return grid
    if column.kind is Kind.FLOAT:
        if grid.decimals is None:
            return replace(grid, low=low, high=high)
        scale = 10.0**grid.decimals
        return replace(grid, low=np.ceil(low * scale - 1e-6) / scale, high=np.floor(high * scale + 1e-6) / scale)
    for step in (grid.step, 1):
        first = grid.low + np.ceil((low - grid.low) / step) * step
        last = grid.low + np.floor((high - grid.low) / step) * step
        if first <= last:
            return replace(grid, low=first, high=last, step=step)
    return replace(grid, low=np.ceil(low), high=np.floor(high), step=1)


def smallest_step(column: Column, grid: Quantity) -> float:
    """The least by which two values of a column differ."""
    if column.kind in (Kind.INTEGER, Kind.DATE):
        return float(grid.step)
    return 10.0 ** -(9 if column.decimals is None else column.decimals)
