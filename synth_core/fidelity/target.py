"""How a feature alone tells the outcome: marginals can be perfect while this is wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

FORMULA = (
    "AUC of the feature alone for the outcome: numbers as they are, categories by their positive share in the real "
    "training rows. 0.5 tells nothing; real and synthetic should agree."
)


class FeatureScore:
    """A score from one feature, fitted on the real training rows, applied to any rows."""

    def __init__(self, values: pd.Series, y: np.ndarray) -> None:
        self._rates = None
        if pd.api.types.is_float_dtype(values.dtype):
            self._missing = float(values.median())
        else:
            self._missing = float(y.mean())
            self._rates = pd.Series(y).groupby(values.to_numpy()).mean()

    def auc(self, values: pd.Series, y: np.ndarray) -> float | None:
        """AUC of the score; None if only one outcome is there."""
        if len(np.unique(y)) < 2:
            return None
        scores = values if self._rates is None else values.map(self._rates).astype(float)
        return float(roc_auc_score(y, scores.fillna(self._missing)))
