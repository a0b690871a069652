"""The models that arms train: each comes as a default, a simpler and a class-weighted version."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.linear_model import LogisticRegression

from synth_core.errors import StudyError
from synth_core.tables.encoding import FeatureEncoder

#: One thread, and the same trees on every machine with the same number of rows.
_LIGHTGBM = {"n_jobs": 1, "verbose": -1, "deterministic": True, "force_row_wise": True}


@dataclass(frozen=True)
class Learner:
    """A model with fixed settings.

    Attributes
    ----------
    title : str
        Name on screen.
    linear : bool
        Logistic regression on the design matrix instead of LightGBM on codes.
    settings : dict
    """

    title: str
    linear: bool = False
    settings: dict[str, Any] = field(default_factory=dict)

    def encode(self, encoder: FeatureEncoder, frame: pd.DataFrame) -> np.ndarray:
        """The matrix this learner wants."""
        return encoder.design(frame) if self.linear else encoder.matrix(frame)

    def fit(self, x: np.ndarray, y: np.ndarray, weight: np.ndarray | None, seed: int):
        """A fitted scikit-learn classifier."""
        if self.linear:
            model = LogisticRegression(max_iter=1_000, **self.settings)
        else:
            model = LGBMClassifier(random_state=seed, **_LIGHTGBM, **self.settings)
        return model.fit(x, y, sample_weight=weight)


@dataclass(frozen=True)
class Family:
    """The three real-rows versions of one learner: default (R1), simpler (R2), class-weighted (W)."""

    default: Learner
    simple: Learner
    weighted: Learner


FAMILIES: dict[str, Family] = {
    "lightgbm": Family(
        Learner("LightGBM, default"),
        Learner(
            "LightGBM, small trees",
            settings={"num_leaves": 4, "n_estimators": 150, "learning_rate": 0.05, "min_child_samples": 20},
        ),
        Learner("LightGBM, class weights", settings={"class_weight": "balanced"}),
    ),
    "logistic": Family(
        Learner("Logistic regression", True),
        Learner("Logistic regression, strong penalty", True, {"C": 0.05}),
        Learner("Logistic regression, class weights", True, {"class_weight": "balanced"}),
    ),
}


def family(name: str) -> Family:
    """The learner family called ``name``.

    Raises
    ------
    StudyError
        Unknown name.
    """
    if name not in FAMILIES:
        raise StudyError(f"There is no learner called “{name}”. Choose one of: {', '.join(FAMILIES)}.")
    return FAMILIES[name]
