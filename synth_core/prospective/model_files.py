"""Trained models as files that hold no training row, and predictions that depend on a row alone.

LightGBM's own text without the ranges of the training values, or the coefficients of a linear model as JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import numpy as np
from lightgbm import Booster
from lightgbm.basic import LightGBMError
from scipy.special import expit

from synth_core.lift.learners import Fitted
from synth_core.tables.encoding import FeatureEncoder

_RANGES = re.compile(r"^feature_infos=.*$", re.MULTILINE)
_END = "end of trees"


@dataclass(frozen=True, eq=False)
class Trees:
    """A LightGBM model read from its text."""

    booster: Booster

    def predict(self, matrix: np.ndarray, encoder: FeatureEncoder) -> np.ndarray:
        """P(positive) of rows as :meth:`FeatureEncoder.matrix` made them, shape (n_rows,)."""
        if not len(matrix):
            return np.empty(0)
        return self.booster.predict(matrix, num_threads=1)


@dataclass(frozen=True, eq=False)
class Linear:
    """A logistic regression on the design matrix; ``weights`` has shape (n_columns,)."""

    weights: np.ndarray
    intercept: float

    def predict(self, matrix: np.ndarray, encoder: FeatureEncoder) -> np.ndarray:
        """P(positive) of rows as :meth:`FeatureEncoder.matrix` made them, shape (n_rows,).

        Column by column, since a matrix product rounds a row differently depending on the rows around it.
        """
        total = np.full(len(matrix), self.intercept)
        for column, weight in zip(encoder.expand(matrix).T, self.weights, strict=True):
            total += column * weight
        return expit(total)


def to_file(fitted: Fitted, *, linear: bool) -> tuple[str, bytes]:
    """Suffix and content of a two-class model's file."""
    if linear:
        model = fitted.model
        content = {"weights": model.coef_[0].tolist(), "intercept": float(model.intercept_[0])}
        return "json", json.dumps(content).encode()
    text = fitted.model.booster_.model_to_string()
    features = fitted.model.booster_.num_feature()
    text = _RANGES.sub("feature_infos=" + " ".join(["none"] * features), text)  # smallest and largest training values
    head, end, _ = text.partition(_END)
    return "txt", f"{head}{end}\n".encode()


def from_file(suffix: str, content: bytes, encoder: FeatureEncoder) -> Trees | Linear:
    """The model in a file that nobody vouches for.

    Raises
    ------
    ValueError
        It is no model for the encoder's features.
    """
    if suffix == "json":
        stored = json.loads(content)
        weights = np.array(stored["weights"], dtype=float)
        width = encoder.expand(np.full((1, len(encoder.features)), np.nan)).shape[1]
        if weights.shape != (width,) or not np.isfinite(weights).all() or not np.isfinite(stored["intercept"]):
            raise ValueError("coefficients do not fit the features")
        return Linear(weights, float(stored["intercept"]))
    text = content.decode("ascii")
    _check_trees(text, len(encoder.features))
    try:
        return Trees(Booster(model_str=text))
    except LightGBMError as error:
        raise ValueError(str(error)) from error


def _check_trees(text: str, features: int) -> None:
    """Refuse trees that point outside themselves or the matrix: LightGBM follows them without looking.

    A child is always a leaf or comes after its parent, so that no walk goes in circles.
    """
    head, *trees = re.split(r"^(?=Tree=)", text.partition(_END)[0], flags=re.MULTILINE)
    facts = _fields(head)
    sizes = [int(n) for n in facts["tree_sizes"].split()]
    if (
        facts["objective"] != "binary sigmoid:1"
        or facts["num_class"] != "1"
        or facts["num_tree_per_iteration"] != "1"
        or int(facts["max_feature_idx"]) + 1 != features
        or len(facts["feature_names"].split()) != features
        or sizes != [len(tree) for tree in trees]
        or not trees
    ):
        raise ValueError("no two-class model for these features")
    for tree in trees:
        _check_tree(_fields(tree), features)


def _check_tree(tree: dict[str, str], features: int) -> None:
    leaves = int(tree["num_leaves"])
    if leaves < 1 or tree["num_cat"] != "0" or tree["is_linear"] != "0":
        raise ValueError("not a tree of numeric splits")
    if len([float(v) for v in tree["leaf_value"].split()]) != leaves:
        raise ValueError("leaves without values")
    if leaves == 1:
        return
    splits = np.arange(leaves - 1)
    lists = {k: tree[k].split() for k in ("split_feature", "threshold", "decision_type", "left_child", "right_child")}
    if any(len(values) != len(splits) for values in lists.values()):
        raise ValueError("splits are not complete")
    split, kinds = (np.array(lists[k], dtype=int) for k in ("split_feature", "decision_type"))
    _ = [float(t) for t in lists["threshold"]]
    inside = (split >= 0).all() and (split < features).all() and (kinds & 1 == 0).all()
    for side in ("left_child", "right_child"):
        child = np.array(lists[side], dtype=int)
        inside &= ((child > splits) | (child < 0)).all() and (child < len(splits)).all() and (child >= -leaves).all()
    if not inside:
        raise ValueError("a split points outside the tree")


def _fields(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
