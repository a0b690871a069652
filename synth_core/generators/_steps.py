"""One column given the columns before it: a tree, and in each leaf the values that real rows have there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from synth_core.generators._features import level_scores, matrix, ranks, split_groups
from synth_core.generators._splits import Splits
from synth_core.generators.prepare import Variable

#: Rows that decide where trees split; all rows fill the leaves.
_SPLIT_ROWS = 50_000
#: A number that fills this share of a column is a value of its own, never blurred.
_ATOM = 0.01


@dataclass(frozen=True)
class Step:
    """The tree of one variable, and the training values in each of its leaves.

    ``low[i] … high[i]`` is where a draw of leaf value ``i`` may land; leaf ``l`` owns ``count[l]`` values from
    ``first[l]`` on.
    """

    variable: Variable
    predictors: tuple[Variable, ...]
    scores: dict[str, np.ndarray]  # level predictor -> number per level, so that splits can order levels
    splits: Splits | None
    low: np.ndarray
    high: np.ndarray
    first: np.ndarray
    count: np.ndarray

    @classmethod
    def fit(
        cls,
        variable: Variable,
        values: np.ndarray,
        data: dict[str, np.ndarray],
        predictors: tuple[Variable, ...],
        *,
        min_leaf: int,
        smooth: bool,
        seed: int,
    ) -> Self:
        """Learn ``values``, shape (n_rows,), from the columns ``data[p.key]`` of the same rows."""
        response = ranks(values) if variable.is_quantity else split_groups(values.astype(np.intp), variable.levels)
        scores = {p.key: level_scores(p, data[p.key], response, min_leaf) for p in predictors if p.levels}
        splits, leaves = None, np.zeros(len(values), dtype=np.intp)
        if predictors and len(values) >= 2 * min_leaf:
            x = matrix(predictors, scores, data, len(values))
            chosen = slice(None)
            if len(values) > _SPLIT_ROWS:
                chosen = np.random.default_rng(seed).choice(len(values), _SPLIT_ROWS, replace=False)
            kind = DecisionTreeRegressor if variable.is_quantity else DecisionTreeClassifier
            tree = kind(min_samples_leaf=min_leaf, random_state=seed).fit(x[chosen], response[chosen])
            splits = Splits.of(tree)
            leaves = splits.apply(x)
        order = np.lexsort((values, leaves))
        low = high = values[order]
        if variable.is_quantity and smooth:
            low, high = _neighbourhoods(values[order], leaves[order])
        count = np.bincount(leaves)
        return cls(variable, predictors, scores, splits, low, high, np.cumsum(count) - count, count)

    def leaves(self, made: dict[str, np.ndarray], rows: int) -> np.ndarray:
        """The leaf of every row so far, shape (rows,)."""
        if self.splits is None:
            return np.zeros(rows, dtype=np.intp)
        return self.splits.apply(matrix(self.predictors, self.scores, made, rows))

    def draw(self, leaves: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A value for every row. Rows of one leaf share out its values evenly instead of by single throws of a die."""
        at = self.first[leaves] + np.minimum(
            (_even(leaves, rng) * self.count[leaves]).astype(np.intp), self.count[leaves] - 1
        )
        return self.low[at] + rng.random(len(leaves)) * (self.high[at] - self.low[at])

    def share(self, code: int) -> np.ndarray:
        """Share of the level ``code`` in every leaf, shape (n_leaves,)."""
        leaf = np.repeat(np.arange(len(self.count)), self.count)
        return np.bincount(leaf, self.low == code, len(self.count)) / np.maximum(self.count, 1)

    def to_state(self) -> dict[str, Any]:
        """Plain form: the values of each leaf are sorted, so that no order of the training rows is left."""
        return {
            "scores": self.scores,
            "splits": self.splits.to_state() if self.splits else None,
            "low": self.low,
            "high": self.high if self.high is not self.low else None,
            "first": self.first,
            "count": self.count,
        }

    @classmethod
    def from_state(cls, variable: Variable, predictors: tuple[Variable, ...], state: dict[str, Any]) -> Self:
        low = np.asarray(state["low"])
        made = cls(
            variable,
            predictors,
            {key: np.asarray(s) for key, s in state["scores"].items()},
            Splits.from_state(state["splits"], len(predictors)) if state["splits"] else None,
            low,
            low if state["high"] is None else np.asarray(state["high"]),
            np.asarray(state["first"]),
            np.asarray(state["count"]),
        )
        made._check()
        return made

    def _check(self) -> None:
        """Raises ValueError where a leaf owns values that are not there, or levels have no number."""
        leaves = self.splits.leaves if self.splits else 1
        if self.first.shape != (leaves,) or self.count.shape != (leaves,) or self.low.shape != self.high.shape:
            raise ValueError("leaves and their values do not fit together")
        if {self.first.dtype.kind, self.count.dtype.kind} != {"i"} or (self.count < 1).any() or (self.first < 0).any():
            raise ValueError("a leaf without values")
        if (self.first + self.count > len(self.low)).any():
            raise ValueError("a leaf owns values that are not there")
        if any(self.scores[p.key].shape != (p.levels,) for p in self.predictors if p.levels):
            raise ValueError("levels without a number")
        if self.variable.levels and not ((self.low >= 0) & (self.low < self.variable.levels)).all():
            raise ValueError("a level that is not there")


def _even(groups: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Numbers in [0, 1), spread evenly within each group and in random order, shape (n_rows,).

    Stratified draws: each row's own distribution is that of a plain draw, but a group of rows repeats the
    distribution it is drawn from with far less noise (Kitagawa, J. Computational and Graphical Statistics 1996).
    """
    order = np.lexsort((rng.random(len(groups)), groups))
    size = np.bincount(groups)
    rank = np.arange(len(groups)) - (np.cumsum(size) - size)[groups[order]]
    out = np.empty(len(groups))
    out[order] = (rank + rng.random(len(groups))) / size[groups[order]]
    return out


def _neighbourhoods(values: np.ndarray, leaves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For values sorted by leaf: halfway to the neighbours on either side. Frequent values stay where they are."""
    _, codes, counts = np.unique(values, return_inverse=True, return_counts=True)
    frequent = (counts > 1) & (counts >= _ATOM * len(values))
    low, high = values.copy(), values.copy()
    free = np.flatnonzero(~frequent[codes])
    if len(free) > 1:
        together = leaves[free][1:] == leaves[free][:-1]
        middle = (values[free][1:] + values[free][:-1]) / 2
        high[free[:-1]] = np.where(together, middle, values[free[:-1]])
        low[free[1:]] = np.where(together, middle, values[free[1:]])
    return low, high
