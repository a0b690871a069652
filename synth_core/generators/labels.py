"""Labelling policies: who says which class a synthetic row belongs to."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier, LGBMRegressor
from scipy.optimize import minimize
from sklearn.base import clone
from sklearn.ensemble import (
    BaggingClassifier,
    BaggingRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
)
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import SplineTransformer

from synth_core.tables import Target, Train, require_train
from synth_core.tables.encoding import FeatureEncoder

#: Most rows that a tree, or a bag of them, is fitted on, which bounds their time on large tables.
_BAG = 10_000
#: Pull of the weights towards equal ones: the best of three that were tried on ten public tables of 960 rows.
_SHRINK = 0.003
_TREES = {"n_jobs": 1, "verbose": -1, "deterministic": True, "force_row_wise": True}


@dataclass
class _Member:
    """One model, the matrix it wants, and its predictions for training rows that it did not see."""

    name: str
    model: Any
    view: str  # "design" or "matrix"
    folds: int = 0  # for predictions of unseen rows; 0 = out of bag
    unseen: np.ndarray | None = None


class Committee:
    """Weighted mean of two linear models, two kinds of extra trees and two of boosted trees.

    Fitted on training rows only; labels synthetic rows with probabilities instead of classes (model compression,
    Buciluă, Caruana & Niculescu-Mizil, KDD 2006). The weights minimise the log loss (of a number: the squared error)
    of predictions for training rows that the member did not see, out of bag or out of fold, drawn towards equal
    weights (stacking: Wolpert, Neural Networks 1992).

    Attributes
    ----------
    target : Target
    weights : dict of str to float
        By member, summing to 1.
    out_of_fold : array of float, shape (n_train,) or (n_train, n_classes)
        What the committee says of each training row without having seen it; NaN where no member can tell.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def fit(self, train: Train) -> Self:
        """Fit the members and their weights.

        Raises
        ------
        TypeError
            ``train`` is not :class:`~synth_core.tables.Train`.
        SchemaError
            No target that models can predict.
        """
        self.target = require_train(train).table.outcome
        y = train.outcomes()
        self.encoder = FeatureEncoder().fit(train)
        views = {"design": self.encoder.design(train.frame), "matrix": self.encoder.matrix(train.frame)}
        self._classes = np.unique(y) if self.target.task != "regression" else None
        self._members = _members(self.target, len(y), self.seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # rows that are in every bag are left out below
            for member in self._members:
                x = views[member.view]
                member.model.fit(x, y)
                if member.folds:
                    unseen = _out_of_fold(member.model, x, y, member.folds, self.seed)
                else:
                    unseen = _out_of_bag(member.model)
                member.unseen = self._expand(unseen)
        unseen = np.stack([m.unseen for m in self._members])
        weights = _weights(unseen, y, self.target)
        self.weights = {m.name: float(w) for m, w in zip(self._members, weights, strict=True)}
        self.out_of_fold = self._compact(np.tensordot(weights, unseen, axes=1))
        return self

    def predict(self, frame: pd.DataFrame) -> np.ndarray:
        """Probability of the positive class or the number itself, shape (n_rows,); of several classes (n_rows, k)."""
        views = {"design": self.encoder.design(frame), "matrix": self.encoder.matrix(frame)}
        out = 0.0
        for member in self._members:
            out = out + self.weights[member.name] * self._expand(_predict(member.model, views[member.view]))
        return self._compact(out)

    def _expand(self, found: np.ndarray) -> np.ndarray:
        """Predictions with a column for every class of the target; one column for a number."""
        if self._classes is None:
            return found[:, None]
        full = np.zeros((len(found), len(self.target.classes)))
        full[:, self._classes.astype(int)] = found
        return full

    def _compact(self, full: np.ndarray) -> np.ndarray:
        if self.target.task == "multiclass":
            return full
        return full[:, -1]


def confidently_wrong(committee: Committee, frame: pd.DataFrame, train: Train) -> np.ndarray:
    """Rows whose own outcome the committee contradicts with confidence, bool, shape (n_rows,).

    Of classes: another class has at least the probability that rows of that class get on average, unseen, and more
    than the row's own (confident learning: Northcutt, Jiang & Chuang, JAIR 2021). Of a number: the distance is larger
    than for 95 % of the training rows, unseen.
    """
    real, unseen = train.outcomes(), committee.out_of_fold
    own, said = committee.target.codes(frame), committee.predict(frame)
    if committee.target.task == "regression":
        errors = np.abs(unseen - real)
        return np.abs(said - own) > np.nanquantile(errors, 0.95) if not np.isnan(errors).all() else own != own
    if said.ndim == 1:
        unseen, said = np.column_stack([1 - unseen, unseen]), np.column_stack([1 - said, said])
    count = said.shape[1]
    known = ~np.isnan(unseen).any(axis=1)
    usual = np.array(
        [unseen[rows, c].mean() if (rows := known & (real == c)).any() else np.inf for c in range(count)]
    )  # fmt: skip
    others = np.where(np.eye(count, dtype=bool)[own.astype(int)], -np.inf, said)
    mine = said[np.arange(len(own)), own.astype(int)]
    return ((others >= usual) & (others > mine[:, None])).any(axis=1)


def _members(target: Target, rows: int, seed: int) -> list[_Member]:
    """Unfitted members: what elimination left of seventeen on ten public tables of 960 rows."""
    number = target.task == "regression"
    forest = {"n_estimators": 40, "bootstrap": rows > _BAG, "random_state": seed, "n_jobs": 1}
    forest["max_samples"] = _BAG if rows > _BAG else None
    extra_trees = ExtraTreesRegressor if number else ExtraTreesClassifier
    bagging = BaggingRegressor if number else BaggingClassifier
    boosted = LGBMRegressor if number else LGBMClassifier
    linear = Ridge(alpha=10.0) if number else LogisticRegression(C=0.1, max_iter=500)
    small = boosted(n_estimators=50, num_leaves=7, learning_rate=0.09, min_child_samples=10, **_TREES)
    sparse = boosted(
        n_estimators=100, num_leaves=6, learning_rate=0.07, min_child_samples=5, colsample_bytree=0.4, reg_lambda=5.0,
        **_TREES,
    )  # fmt: skip
    bags = {"random_state": seed, "n_jobs": 1}
    return [
        _Member("linear", clone(linear), "design", 5),
        _Member("splines", make_pipeline(_Splines(), clone(linear)), "design", 5),
        _Member("extra trees", extra_trees(min_samples_leaf=3, max_features=0.3, **forest), "design", 2),
        _Member("extra trees, all features", extra_trees(min_samples_leaf=4, max_features=1.0, **forest), "matrix", 2),
        _Member("boosted trees", bagging(small, 10, max_samples=min(rows, _BAG), oob_score=True, **bags), "matrix"),
        _Member(
            "boosted trees on parts",
            bagging(sparse, 4, max_samples=min(round(0.8 * rows), _BAG), bootstrap=False, **bags),
            "matrix",
            2,
        ),
    ]


class _Splines(SplineTransformer):
    """Splines of the columns that have enough values for knots; the others as they are."""

    def __init__(self) -> None:
        super().__init__(n_knots=5, knots="quantile", extrapolation="constant")

    def fit(self, X, y=None, sample_weight=None):
        self._smooth = np.array([len(np.unique(column)) > 3 for column in X.T])
        if self._smooth.any():
            super().fit(X[:, self._smooth])
        return self

    def transform(self, X):
        if not self._smooth.any():
            return X
        return np.hstack([X[:, ~self._smooth], super().transform(X[:, self._smooth])])


def _predict(model, x: np.ndarray) -> np.ndarray:
    return model.predict_proba(x) if hasattr(model, "predict_proba") else model.predict(x)


def _out_of_bag(model) -> np.ndarray:
    """What trees say of rows outside their bag; NaN for rows in every bag."""
    if hasattr(model, "oob_decision_function_"):
        return model.oob_decision_function_
    return model.oob_prediction_


def _out_of_fold(model, x: np.ndarray, y: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """Cross-validated predictions; NaN where a class, or the table, is too small for folds."""
    if hasattr(model, "predict_proba"):
        counts = np.unique(y, return_counts=True)[1]
        found, fewest = np.full((len(y), len(counts)), np.nan), int(counts.min())
        splitter = StratifiedKFold(max(2, min(folds, fewest)), shuffle=True, random_state=seed)
    else:
        found, fewest = np.full(len(y), np.nan), len(y) // 4
        splitter = KFold(folds, shuffle=True, random_state=seed)
    if fewest < 2:
        return found
    for train, test in splitter.split(x, y):
        part = clone(model)
        if part.get_params().get("max_samples"):
            part.set_params(max_samples=min(model.max_samples, round(0.8 * len(train))))
        found[test] = _predict(part.fit(x[train], y[train]), x[test])
    return found


def _weights(unseen: np.ndarray, y: np.ndarray, target: Target) -> np.ndarray:
    """Weights of the members on the simplex, from predictions of shape (members, rows, classes)."""
    members = len(unseen)
    known = ~np.isnan(unseen).any(axis=(0, 2))
    equal = np.full(members, 1 / members)
    if known.sum() < 20:
        return equal
    y = y[known]
    if target.task == "regression":
        said, spread = unseen[:, known, 0], max(float(np.var(y)), 1e-12)
    else:
        said = np.clip(unseen[:, known][:, np.arange(len(y)), y.astype(int)], 1e-4, 1.0)

    def loss(free: np.ndarray) -> tuple[float, np.ndarray]:
        w = np.exp(free - free.max())
        w /= w.sum()
        mean = w @ said
        if target.task == "regression":
            value, slope = np.mean((mean - y) ** 2) / spread, 2 * said @ (mean - y) / len(y) / spread
        else:
            value, slope = -np.mean(np.log(mean)), -said @ (1 / mean) / len(y)
        log = np.log(w * members + 1e-12)
        value, slope = value + _SHRINK * w @ log, slope + _SHRINK * (log + 1)
        return value, w * (slope - slope @ w)

    found = minimize(loss, np.zeros(members), jac=True, method="L-BFGS-B").x
    w = np.exp(found - found.max())
    return w / w.sum()
