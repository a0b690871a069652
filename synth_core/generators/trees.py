"""Trees: every column drawn from a decision tree on the columns before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from synth_core.generators.base import Generator
from synth_core.generators.prepare import Encoded, Variable
from synth_core.progress import Progress

#: Levels a split tells apart; rarer ones are one group for the split (a leaf still returns the exact level).
_SPLIT_LEVELS = 30
#: A number that fills this share of a column is a value of its own, never blurred.
_ATOM = 0.01


class Trees(Generator):
    """Sequential CART: the target first, then each column given the ones before it, drawn from the leaf's rows.

    Parameters
    ----------
    min_leaf : int
        Fewest training rows in a leaf. Larger leaves copy less and blur more.
    numbers : {"smoothed", "real"}
        Whether a drawn number is moved at random towards its neighbours in the leaf, or kept as it is in a real row.

    Notes
    -----
    Source: Reiter, "Using CART to generate partially synthetic public use microdata", J. Official Statistics 2005.
    """

    name: ClassVar[str] = "trees"
    title: ClassVar[str] = "Trees"

    def __init__(self, min_leaf: int = 15, numbers: str = "smoothed") -> None:
        self.min_leaf = int(min_leaf)
        self.numbers = numbers

    def _fit(self, encoded: Encoded, *, seed: int, progress: Progress) -> None:
        self._order = _visit_order(encoded.variables)
        frame, seen = _with_gaps(encoded.frame, self._order), []
        self._steps: list[_Step] = []
        for number, variable in enumerate(self._order):
            progress.report("fitting", number, len(self._order))
            rows = frame[variable.key].notna().to_numpy()
            step = _Step.fit(
                variable, frame.loc[rows, variable.key].to_numpy(), frame.loc[rows], tuple(seen), self.min_leaf, seed,
                smooth=self.numbers == "smoothed",
            )  # fmt: skip
            self._steps.append(step)
            seen.append(variable)

    def _sample(self, rows: int, *, seed: int, progress: Progress) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        made: dict[str, np.ndarray] = {}
        for step in self._steps:
            values = step.draw(made, rows, rng)
            if step.variable.missing_flag:
                values = np.where(made[step.variable.missing_flag] == 1, np.nan, values)
            made[step.variable.key] = values
        return pd.DataFrame(made).fillna(0.0)  # only where a flag says "missing": the value is ignored


def _visit_order(variables: tuple[Variable, ...]) -> list[Variable]:
    """The target, then the columns in table order; those with very many levels last (a flag stays before its own)."""
    return sorted(variables, key=lambda v: (not v.is_target, (v.levels or 0) > _SPLIT_LEVELS))


def _with_gaps(frame: pd.DataFrame, variables: list[Variable]) -> pd.DataFrame:
    """Quantities with NaN instead of stand-ins where they are missing; sklearn's trees split on NaN."""
    frame = frame.astype("float64")
    for variable in variables:
        if variable.missing_flag:
            frame.loc[frame[variable.missing_flag] == 1, variable.key] = np.nan
    return frame


@dataclass(frozen=True)
class _Step:
    """The tree of one variable, and the training values in each of its leaves.

    ``low[i] … high[i]`` is where a draw of leaf value ``i`` may land; leaf ``l`` owns ``count[l]`` values from
    ``first[l]`` on.
    """

    variable: Variable
    predictors: tuple[Variable, ...]
    scores: dict[str, np.ndarray]  # level predictor -> number per level, so that splits can order levels
    tree: DecisionTreeClassifier | DecisionTreeRegressor | None
    low: np.ndarray
    high: np.ndarray
    first: np.ndarray
    count: np.ndarray

    @classmethod
    def fit(
        cls,
        variable: Variable,
        values: np.ndarray,
        frame: pd.DataFrame,
        predictors: tuple[Variable, ...],
        min_leaf: int,
        seed: int,
        *,
        smooth: bool,
    ) -> _Step:
        response = _response(variable, values)
        scores = {p.key: _level_scores(p, frame[p.key].to_numpy(), response, min_leaf) for p in predictors if p.levels}
        tree, leaves = None, np.zeros(len(values), dtype=np.intp)
        if predictors and len(values) >= 2 * min_leaf:
            kind = DecisionTreeRegressor if variable.is_quantity else DecisionTreeClassifier
            matrix = _matrix(predictors, scores, frame, len(values))
            tree = kind(min_samples_leaf=min_leaf, random_state=seed).fit(
                matrix, response[:, 0] if variable.is_quantity else response.argmax(axis=1)
            )
            leaves = tree.apply(matrix)
        order = np.lexsort((values, leaves))
        low = high = values[order]
        if variable.is_quantity and smooth:
            low, high = _neighbourhoods(values[order], leaves[order])
        count = np.bincount(leaves)
        return cls(variable, predictors, scores, tree, low, high, np.cumsum(count) - count, count)

    def draw(self, made: dict[str, np.ndarray], rows: int, rng: np.random.Generator) -> np.ndarray:
        leaves = np.zeros(rows, dtype=np.intp)
        if self.tree is not None:
            leaves = self.tree.apply(_matrix(self.predictors, self.scores, made, rows))
        at = self.first[leaves] + (rng.random(rows) * self.count[leaves]).astype(np.intp)
        return self.low[at] + rng.random(rows) * (self.high[at] - self.low[at])


def _response(variable: Variable, values: np.ndarray) -> np.ndarray:
    """What a tree predicts, shape (n, 1) ranks for a quantity (robust to tails), else (n, classes) indicators."""
    if variable.is_quantity:
        return pd.Series(values).rank(pct=True).to_numpy()[:, None]
    codes = values.astype(np.intp)
    counts = np.bincount(codes, minlength=variable.levels)
    kept = np.sort(np.argsort(-counts, kind="stable")[:_SPLIT_LEVELS])
    group = np.full(len(counts), len(kept))
    group[kept] = np.arange(len(kept))
    return np.eye(len(kept) + 1)[group[codes]]


def _level_scores(predictor: Variable, codes: np.ndarray, response: np.ndarray, min_leaf: int) -> np.ndarray:
    """One number per level: its mean response, along the first principal axis where there are several classes.

    Ordering levels so makes splits on one number as good as splits on subsets (Wright & König, PeerJ 2019). Means
    are shrunk, and levels too rare for a leaf sit at the overall mean, so that a rare level cannot stand for its row.
    """
    codes = codes.astype(np.intp)
    counts = np.bincount(codes, minlength=predictor.levels)
    sums = np.stack([np.bincount(codes, response[:, j], predictor.levels) for j in range(response.shape[1])], axis=1)
    centred = (sums - counts[:, None] * response.mean(axis=0)) / (counts + min_leaf)[:, None]
    centred[counts < min_leaf] = 0.0
    if response.shape[1] == 1:
        return centred[:, 0]
    axis = np.linalg.eigh((centred * counts[:, None]).T @ centred)[1][:, -1]
    return centred @ axis


def _matrix(
    predictors: tuple[Variable, ...], scores: dict[str, np.ndarray], data: pd.DataFrame | dict, rows: int
) -> np.ndarray:
    out = np.empty((rows, len(predictors)), dtype=np.float32)
    for j, predictor in enumerate(predictors):
        values = np.asarray(data[predictor.key])
        out[:, j] = scores[predictor.key][values.astype(np.intp)] if predictor.levels else values
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
