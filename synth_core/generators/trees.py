"""Trees: every column drawn from a decision tree on the columns before it."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.generators._features import SPLIT_LEVELS
from synth_core.generators._related import by_relation
from synth_core.generators._steps import Step
from synth_core.generators.base import Generator
from synth_core.generators.prepare import Encoded, Variable
from synth_core.progress import SILENT, Progress
from synth_core.tables.row_keys import row_keys

_USUAL_LEAF = 15
_LEAVES = (8, 15, 30, 60, 120)  #: leaf sizes that are tried, where the table says which is right
_TRIAL_ROWS = 5_000
_CHUNK = 100_000
_MOST_CANDIDATES = 1_000_000


class Trees(Generator):
    """Sequential CART: the target first, then each column given the ones before it, drawn from the leaf's rows.

    Rows that reach the same leaf share out its values evenly, which repeats the real distribution with less noise than
    independent draws.

    Parameters
    ----------
    min_leaf : int or None
        Fewest training rows in a leaf. Larger leaves copy less and blur more. None = the smallest that makes copies of
        training rows no more frequent than repeats are among the real rows; 15 where no real row repeats.
    numbers : {"smoothed", "real"}
        Whether a drawn number is moved at random towards its neighbours in the leaf, or kept as it is in a real row.
    order : {"related", "table"}
        After the target: columns most related to it first, or in the order of the table.

    Notes
    -----
    Source: Reiter, "Using CART to generate partially synthetic public use microdata", J. Official Statistics 2005.
    """

    name: ClassVar[str] = "trees"
    title: ClassVar[str] = "Trees"
    aims: ClassVar[bool] = True

    def __init__(self, min_leaf: int | None = None, numbers: str = "smoothed", order: str = "related") -> None:
        self.min_leaf = min_leaf if min_leaf is None else int(min_leaf)
        self.numbers = numbers
        self.order = order

    def _fit(self, encoded: Encoded, *, seed: int, progress: Progress) -> None:
        data = _with_gaps(encoded.frame, encoded.variables)
        ordered = by_relation(encoded.variables, data) if self.order == "related" else list(encoded.variables)
        self._order = sorted(ordered, key=lambda v: (not v.is_target, (v.levels or 0) > SPLIT_LEVELS))
        self._grow(data, self.min_leaf or _USUAL_LEAF, seed, progress)
        if self.min_leaf is None:
            self._choose_leaf(data, seed, progress)

    def _grow(self, data: dict[str, np.ndarray], min_leaf: int, seed: int, progress: Progress) -> None:
        self._leaf, self._steps = min_leaf, []
        seen: list[Variable] = []
        for number, variable in enumerate(self._order):
            progress.report("fitting", number, len(self._order))
            known = ~np.isnan(data[variable.key])
            rows = data if known.all() else {v.key: data[v.key][known] for v in seen}
            step = Step.fit(
                variable, data[variable.key][known], rows, tuple(seen), min_leaf=min_leaf,
                smooth=self.numbers == "smoothed", seed=seed,
            )  # fmt: skip
            self._steps.append(step)
            seen.append(variable)

    def _choose_leaf(self, data: dict[str, np.ndarray], seed: int, progress: Progress) -> None:
        """Grow again with the smallest leaf that copies no more rows than the real rows repeat each other.

        Where (nearly) no real row repeats another, copies say nothing about leaves, and the usual size stays.
        """
        rows = len(next(iter(data.values())))
        real = _hashes(data)
        _, counts = np.unique(real, return_counts=True)
        repeats = counts[counts > 1].sum() / rows  # how often a real row equals one of the others
        usual = _LEAVES.index(_USUAL_LEAF)
        at = usual
        most = max(repeats, 1 / rows)
        while at + 1 < len(_LEAVES) and rows > 32 * _LEAVES[at + 1] and self._copies(real, seed) > most:
            at += 1
            self._grow(data, _LEAVES[at], seed, progress)
        if at == usual and repeats > 0.01:
            self._grow(data, _LEAVES[0], seed, progress)
            if self._copies(real, seed) > repeats:
                self._grow(data, _USUAL_LEAF, seed, progress)
        if self._leaf != _USUAL_LEAF:
            self.notes.append(
                f"Leaves of at least {self._leaf} rows were chosen, so that copies of training rows are about as rare "
                f"as repeats among the real rows ({repeats:.1%})."
            )

    def _copies(self, real: np.ndarray, seed: int) -> float:
        """Share of made rows that equal a training row."""
        rows = min(max(len(real), 500), _TRIAL_ROWS)
        made = self._chain(rows, {}, np.random.default_rng(seed))
        return float(np.isin(_hashes(self._as_restored(made)), real).mean())

    def _as_restored(self, made: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Made variables as they look after rounding to the columns' grids."""
        out = dict(made)
        for variable in self._order:
            if variable.is_quantity:
                known = ~np.isnan(made[variable.key])
                out[variable.key] = np.full(len(known), np.nan)
                out[variable.key][known] = self._preparer.on_grid(variable, made[variable.key][known])
        return out

    def _sample(self, rows: int, *, seed: int, progress: Progress) -> pd.DataFrame:
        return self._sample_given(rows, {}, seed=seed, progress=progress)

    def _sample_given(
        self, rows: int, given: dict[str, int], *, seed: int, progress: Progress = SILENT
    ) -> pd.DataFrame:
        """Rows with the levels ``given`` by variable key; without rejection, see :meth:`_chain`."""
        rng = np.random.default_rng(seed)
        parts = []
        for start in range(0, rows, _CHUNK):
            count = min(_CHUNK, rows - start)
            parts.append(pd.DataFrame(self._chain(count, given, rng)))
            progress.report("sampling", start + count, rows)
        return pd.concat(parts, ignore_index=True).fillna(0.0)  # only where a flag says "missing": it is ignored

    def _chain(self, rows: int, given: dict[str, int], rng: np.random.Generator) -> dict[str, np.ndarray]:
        """``rows`` rows column by column, NaN where missing.

        A given level is not waited for: when its column comes, more rows are under way than are needed, and those go
        on that are likely to have it, drawn by the probability of the level in their leaf (importance resampling:
        Rubin 1987). The levels of the first column and of conditions that are certain cost nothing.
        """
        count = rows if not given else self._candidates(rows, given)
        made: dict[str, np.ndarray] = {}
        left = set(given)
        for step in self._steps:
            leaves = step.leaves(made, count)
            key = step.variable.key
            if key in left:
                left.discard(key)
                weight = step.share(given[key])[leaves]
                if not weight.any():
                    raise GeneratorError(
                        "No training row has the levels asked for together, nor is there a path to them: "
                        "ask for fewer conditions."
                    )
                count = count if left else rows
                going = _resampled(weight, count, rng)
                made = {k: v[going] for k, v in made.items()}
                values = np.full(count, float(given[key]))
            else:
                values = step.draw(leaves, rng)
            if step.variable.missing_flag:
                values = np.where(made[step.variable.missing_flag] == 1, np.nan, values)
            made[key] = values
        return made

    def _candidates(self, rows: int, given: dict[str, int]) -> int:
        """How many rows to start with so that enough of them fit the conditions."""
        first = self._steps[0].variable.key
        share = 1.0
        for step in self._steps:
            if step.variable.key in given and step.variable.key != first:
                share *= max(float((step.low == given[step.variable.key]).mean()), 1e-6)
        return int(np.clip(2 * rows / share, rows, max(rows, _MOST_CANDIDATES)))

    def _state(self) -> dict[str, Any]:
        return {
            "order": [v.key for v in self._order],
            "leaf": self._leaf,
            "steps": [s.to_state() for s in self._steps],
        }

    def _set_state(self, state: dict[str, Any]) -> None:
        by_key = {v.key: v for v in self._preparer.variables}
        self._order = [by_key[key] for key in state["order"]]
        self._leaf = int(state["leaf"])
        self._steps = [
            Step.from_state(v, tuple(self._order[:i]), s)
            for i, (v, s) in enumerate(zip(self._order, state["steps"], strict=True))
        ]


def _with_gaps(frame: pd.DataFrame, variables: tuple[Variable, ...]) -> dict[str, np.ndarray]:
    """Columns by key, float64; NaN instead of stand-ins where a quantity is missing, since trees split on NaN."""
    data = {v.key: frame[v.key].to_numpy(dtype="float64") for v in variables}
    for variable in variables:
        if variable.missing_flag:
            data[variable.key] = np.where(data[variable.missing_flag] == 1, np.nan, data[variable.key])
    return data


def _hashes(data: dict[str, np.ndarray]) -> np.ndarray:
    """One number per row, equal for equal rows."""
    return row_keys(pd.DataFrame(dict(sorted(data.items()))))


def _resampled(weight: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """``count`` row positions in random order, in proportion to ``weight`` (systematic resampling)."""
    edges = np.cumsum(weight) / weight.sum()
    chosen = np.searchsorted(edges, (np.arange(count) + rng.random()) / count)
    return rng.permutation(np.minimum(chosen, len(weight) - 1))
