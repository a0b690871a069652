"""The models that arms train: each comes as a default, a simpler and a class-weighted version."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn.linear_model import LogisticRegression, Ridge

from synth_core.errors import StudyError
from synth_core.tables import Target, Task
from synth_core.tables.encoding import FeatureEncoder

#: One thread, and the same trees on every machine with the same number of rows.
_LIGHTGBM = {"n_jobs": 1, "verbose": -1, "deterministic": True, "force_row_wise": True}


@dataclass(frozen=True)
class Fitted:
    """A trained model whose predictions have a column for every class of the target."""

    model: Any
    target: Target

    def predict(self, x: np.ndarray) -> np.ndarray:
        """P(positive) or the number itself, shape (n_rows,); of several classes (n_rows, n_classes)."""
        if self.target.task == "regression":
            return self.model.predict(x)
        found = self.model.predict_proba(x)
        if self.target.task == "binary":
            return found[:, 1]
        out = np.zeros((len(x), len(self.target.classes)))
        out[:, self.model.classes_.astype(int)] = found
        return out


@dataclass(frozen=True)
class Learner:
    """A model with fixed settings.

    Attributes
    ----------
    title : str
        Name on screen.
    linear : bool
        Linear model on the design matrix instead of LightGBM on codes.
    settings : dict
    """

    title: str
    linear: bool = False
    settings: dict[str, Any] = field(default_factory=dict)

    def encode(self, encoder: FeatureEncoder, frame: pd.DataFrame) -> np.ndarray:
        """The matrix this learner wants."""
        return encoder.design(frame) if self.linear else encoder.matrix(frame)

    def fit(self, x: np.ndarray, y: np.ndarray, weight: np.ndarray | None, seed: int, target: Target) -> Fitted:
        """Train on rows ``x`` with outcomes ``y`` as in :meth:`Target.codes`."""
        number = target.task == "regression"
        if self.linear:
            model = Ridge(**self.settings) if number else LogisticRegression(max_iter=1_000, **self.settings)
        else:
            model = (LGBMRegressor if number else LGBMClassifier)(random_state=seed, **_LIGHTGBM, **self.settings)
        return Fitted(model.fit(x, y, sample_weight=weight), target)


@dataclass(frozen=True)
class Family:
    """The real-rows versions of one learner: default (R1), simpler (R2), class-weighted (W; none for a number)."""

    default: Learner
    simple: Learner
    weighted: Learner | None


_SMALL = {"num_leaves": 4, "n_estimators": 150, "learning_rate": 0.05, "min_child_samples": 20}
_BALANCED = {"class_weight": "balanced"}
#: What the form offers, in words that fit classes and numbers.
LEARNERS = {"lightgbm": "LightGBM", "logistic": "Linear model"}


def family(name: str, task: Task = "binary") -> Family:
    """The learner family called ``name``: LightGBM, or logistic (of numbers: ridge) regression.

    Raises
    ------
    StudyError
        Unknown name.
    """
    if name not in LEARNERS:
        raise StudyError(f"There is no learner called “{name}”. Choose one of: {', '.join(LEARNERS)}.")
    number = task == "regression"
    if name == "lightgbm":
        return Family(
            Learner("LightGBM, default"),
            Learner("LightGBM, small trees", settings=_SMALL),
            None if number else Learner("LightGBM, class weights", settings=_BALANCED),
        )
    if number:
        return Family(
            Learner("Ridge regression", True, {"alpha": 1.0}),
            Learner("Ridge regression, strong penalty", True, {"alpha": 100.0}),
            None,
        )
    return Family(
        Learner("Logistic regression", True),
        Learner("Logistic regression, strong penalty", True, {"C": 0.05}),
        Learner("Logistic regression, class weights", True, _BALANCED),
    )
