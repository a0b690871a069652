"""Columns as the metrics take them, and as SDMetrics does."""

from __future__ import annotations

import numpy as np
import pandas as pd

from synth_core.tables import Holdout, Train, set_target, table_from_frame
from synth_core.tables.alignment import Aligned, align

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def numbers(values) -> np.ndarray:
    return np.array(values, dtype="float64")


def levels(values) -> np.ndarray:
    """Codes of words by their first letter; None becomes −1."""
    return np.array([-1 if v is None else LETTERS.index(v[0]) for v in values], dtype=np.int64)


def words(codes: np.ndarray) -> pd.Series:
    """Codes as the text that they stand for."""
    return pd.Series([None if c < 0 else f"level {c}" for c in codes], dtype=object)


def rows(frame: pd.DataFrame, target: str | None = None) -> Train:
    table = table_from_frame(frame)
    return Train(set_target(table, target) if target else table, np.arange(len(frame)))


def held(frame: pd.DataFrame, train: Train) -> Holdout:
    """``frame`` (kinds as in ``train``) as a holdout of the same table."""
    table = train.table
    return Holdout(type(table)(frame.reset_index(drop=True), table.schema), np.arange(len(frame)))


def aligned(real: pd.DataFrame, synthetic: pd.DataFrame, target: str | None = None) -> Aligned:
    return align(rows(real, target), None, synthetic)
