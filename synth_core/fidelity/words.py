"""Numbers and values as they stand in sentences."""

from __future__ import annotations

import math

import numpy as np

from synth_core.tables import Kind
from synth_core.tables.alignment import Values


def percent(share: float) -> str:
    """``0.3`` → ``30 %``, with more digits for small shares."""
    if 0 < share < 0.001:
        return "under 0.1 %"
    return f"{100 * share:.0f} %" if 0.1 <= share <= 0.995 or share in (0, 1) else f"{100 * share:.2g} %"


def show(values: Values, value: float) -> str:
    """One value of a column, a level without quotes."""
    if values.levels is not None:
        return values.levels[int(value)]
    if not math.isfinite(value):
        return "−∞" if value < 0 else "∞"
    if values.column.kind is Kind.DATE:
        return str(np.datetime64(round(value), "D"))
    return f"{value:.4g}" if abs(value) < 10_000 else f"{value:,.0f}" if abs(value) < 1e15 else f"{value:.3g}"


def quoted(values: Values, value: float) -> str:
    """One value of a column, a level in quotes."""
    return show(values, value) if values.levels is None else f"“{show(values, value)}”"
