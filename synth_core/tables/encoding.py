"""Features as numbers for models: fitted on training rows, applied to any rows of the same schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from synth_core.tables.schema import QUANTITIES, Column, Schema
from synth_core.tables.split import Train, require_train

#: Levels that get an indicator of their own in :meth:`FeatureEncoder.design`.
_INDICATORS = 20


@dataclass(frozen=True)
class _Feature:
    column: Column
    codes: dict[str, int] | None  # level -> code by falling frequency; None for a quantity
    median: float = 0.0
    mean: float = 0.0
    scale: float = 1.0
    has_missing: bool = False


class FeatureEncoder:
    """Turns a frame's feature columns into a numeric matrix.

    Quantities stay numbers (dates become days), levels become codes by falling frequency in the training rows, missing
    values and unseen levels become NaN.
    """

    def fit(self, train: Train) -> Self:
        """Learn levels, medians and scales from ``train``.

        Raises
        ------
        TypeError
            ``train`` is not :class:`~synth_core.tables.Train`.
        """
        table = require_train(train).table
        self._features = [_describe(table.schema[name], table.frame[name]) for name in table.schema.features]
        return self

    @property
    def features(self) -> list[str]:
        """Names of the columns it reads, in the order of :meth:`matrix`."""
        return [f.column.name for f in self._features]

    def levels(self, name: str) -> tuple[str, ...] | None:
        """Levels of a column by falling frequency in the training rows; None for a quantity."""
        codes = next(f.codes for f in self._features if f.column.name == name)
        return None if codes is None else tuple(codes)

    def state(self) -> list[dict[str, Any]]:
        """What was learned, as plain values; :meth:`from_state` reads it back."""
        return [
            {
                "name": f.column.name,
                "levels": None if f.codes is None else list(f.codes),
                "median": f.median,
                "mean": f.mean,
                "scale": f.scale,
                "has_missing": f.has_missing,
            }
            for f in self._features
        ]

    @classmethod
    def from_state(cls, state: list[dict[str, Any]], schema: Schema) -> Self:
        """An encoder that gives the same matrices as the one whose state this is."""
        out = cls()
        out._features = [
            _Feature(
                schema[s["name"]],
                None if s["levels"] is None else {str(level): code for code, level in enumerate(s["levels"])},
                float(s["median"]), float(s["mean"]), float(s["scale"]), bool(s["has_missing"]),
            )
            for s in state
        ]  # fmt: skip
        return out

    def matrix(self, frame: pd.DataFrame) -> np.ndarray:
        """For trees: one column per feature, NaN where unknown, shape (n_rows, n_features), float64."""
        out = np.empty((len(frame), len(self._features)))
        for j, feature in enumerate(self._features):
            out[:, j] = _numbers(feature, frame[feature.column.name])
        return out

    def design(self, frame: pd.DataFrame) -> np.ndarray:
        """For linear models: standardised quantities with medians filled in, indicators of levels and of gaps."""
        return self.expand(self.matrix(frame))

    def expand(self, matrix: np.ndarray) -> np.ndarray:
        """:meth:`design` from what :meth:`matrix` made of the same rows."""
        blocks = []
        for feature, values in zip(self._features, matrix.T, strict=True):
            missing = np.isnan(values)
            if feature.codes is None:
                blocks.append((np.where(missing, feature.median, values) - feature.mean) / feature.scale)
                if feature.has_missing:
                    blocks.append(missing.astype(float))
            else:
                shown = range(min(len(feature.codes), _INDICATORS))
                blocks.extend((values == code).astype(float) for code in shown)
        return np.column_stack(blocks) if blocks else np.zeros((len(matrix), 1))


def _describe(column: Column, values: pd.Series) -> _Feature:
    if column.role not in QUANTITIES:
        return _Feature(
            column, {level: code for code, level in enumerate(values.dropna().astype(str).value_counts().index)}
        )
    numbers = _as_float(values)
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return _Feature(column, None, has_missing=True)
    return _Feature(
        column, None, float(np.median(known)), float(known.mean()), float(known.std()) or 1.0, len(known) < len(numbers)
    )


def _numbers(feature: _Feature, values: pd.Series) -> np.ndarray:
    if feature.codes is None:
        return _as_float(values)
    places, levels = pd.factorize(values)  # few levels, many rows; −1 marks a missing value
    codes = [feature.codes.get(str(level), np.nan) for level in levels]
    return np.array([*codes, np.nan])[places]


def _as_float(values: pd.Series) -> np.ndarray:
    if str(values.dtype).startswith("datetime64"):
        days = values.to_numpy().astype("datetime64[s]").astype("float64") / 86_400
        return np.where(values.isna().to_numpy(), np.nan, days)
    return values.to_numpy(dtype="float64", na_value=np.nan)
