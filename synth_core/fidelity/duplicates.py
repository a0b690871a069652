"""Rows that repeat an earlier row."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_core.tables.row_keys import row_keys

FORMULA = (
    "Share of rows that equal an earlier row in all compared columns, in samples of equal size, as larger ones repeat "
    "more. Lower is better, down to the real rows' own share. Source: counted."
)


def repeated(columns: list[np.ndarray]) -> float | None:
    """Share of rows that repeat an earlier one; None without rows or columns."""
    if not columns or not len(columns[0]):
        return None
    keys = row_keys(pd.DataFrame(dict(enumerate(columns))))
    return 1 - len(np.unique(keys)) / len(keys)
