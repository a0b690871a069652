"""Labelling policies: who says which class a synthetic row belongs to."""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.ensemble import BaggingClassifier, ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from synth_core.tables import Train, require_train
from synth_core.tables.encoding import FeatureEncoder

#: Most rows a tree of the forests is fitted on, which bounds their time on large tables.
_BAG = 20_000


class Committee:
    """Mean probability of logistic regression, extra trees, a random forest and bagged small-tree LightGBM.

    Fitted on training rows only; labels synthetic rows with probabilities instead of classes (model compression,
    Buciluă, Caruana & Niculescu-Mizil, KDD 2006).
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def fit(self, train: Train) -> Self:
        """Fit the four members.

        Raises
        ------
        TypeError
            ``train`` is not :class:`~synth_core.tables.Train`.
        SchemaError
            No two-class target.
        """
        y = require_train(train).labels()
        self.encoder = FeatureEncoder().fit(train)
        linear, matrix = self.encoder.design(train.frame), self.encoder.matrix(train.frame)
        forest = {"n_estimators": 100, "min_samples_leaf": 3, "bootstrap": True, "n_jobs": 1}
        forest["max_samples"] = min(len(y), _BAG)
        self._linear = LogisticRegression(C=0.3, max_iter=1_000).fit(linear, y)
        self._forests = [
            ExtraTreesClassifier(random_state=self.seed, **forest).fit(matrix, y),
            RandomForestClassifier(random_state=self.seed, **forest).fit(matrix, y),
            BaggingClassifier(_small_trees(), 8, random_state=self.seed, n_jobs=1).fit(matrix, y),
        ]
        return self

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Probability of the positive class, shape (n_rows,)."""
        matrix = self.encoder.matrix(frame)
        linear = self._linear.predict_proba(self.encoder.design(frame))[:, 1]
        return np.mean([linear, *(f.predict_proba(matrix)[:, 1] for f in self._forests)], axis=0)


def _small_trees() -> LGBMClassifier:
    return LGBMClassifier(
        n_estimators=60, num_leaves=7, learning_rate=0.08, min_child_samples=10, n_jobs=1, verbose=-1,
        deterministic=True, force_row_wise=True,
    )  # fmt: skip
