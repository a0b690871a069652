"""The training loop around CTGAN and TVAE: a step budget, progress and cancel at every update, the best state kept."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Protocol

import joblib
import numpy as np
import pandas as pd
from ctgan.data_transformer import DataTransformer
from torch import nn

from synth_core.errors import GeneratorError
from synth_core.generators._quantiles import Quantiles
from synth_core.generators._sdv import seeded, whole_codes
from synth_core.generators.base import Generator
from synth_core.generators.prepare import Encoded, Variable
from synth_core.progress import Progress

_CHECKS = 12  # how often the second half of a run is compared with the training rows
_CHECKED_ROWS = 2_000
_MIXTURE_ROWS = 5_000  # enough for mixtures of normal scores; the library's time grows with the rows
_CHUNK = 1_000  # rows encoded, or made, between two reports


@dataclass(frozen=True)
class Plan:
    """How a step budget is spent: ``updates`` batches of ``batch_size`` out of ``rows`` rows."""

    rows: int
    batch_size: int
    updates: int

    def epoch(self, update: int) -> int:
        """The pass over the rows that ``update`` belongs to, from 1."""
        return (update - 1) * self.batch_size // self.rows + 1


def plan(rows: int, steps: int, largest_batch: int) -> Plan:
    """Spend ``steps`` gradient updates on ``rows`` rows.

    Batches are small enough for about 16 updates an epoch: with the libraries' 500 rows a batch, a table of 1,000
    rows gets two updates an epoch and is hardly trained at all. Sizes are even, as CTGAN requires.
    """
    return Plan(rows, max(2, min(largest_batch, rows // 16) // 2 * 2), steps)


class Model(Protocol):
    """A network that trains one update at a time."""

    def train(self, transformer: DataTransformer, rows: np.ndarray, updates: int) -> Iterator[dict[str, float]]:
        """Train on transformed rows; yields the losses after each update."""

    def draw(self, rows: int) -> pd.DataFrame:
        """Rows from the network as it stands."""

    @property
    def network(self) -> nn.Module:
        """The part that makes rows."""


class NeuralGenerator(Generator):
    """Template of the neural generators.

    Quantities are learned as normal scores and come back through their own quantiles, so that a spike (half of all
    customers spent nothing) stays a spike and the scale of a column does not matter.

    Parameters
    ----------
    steps : int or None
        Gradient updates to make; None = ``preset_steps``. Batches grow with the table.

    Attributes
    ----------
    updates : int
        Gradient updates made, after ``fit``.
    distance : float
        Distance of the kept state to the training rows, see :meth:`_Cells.distance`.
    """

    max_levels: ClassVar[int | None] = 50
    min_rows: ClassVar[int] = 50
    largest_batch: ClassVar[int] = 500
    preset_steps: ClassVar[int]

    def __init__(self, *, steps: int | None = None) -> None:
        if steps is not None and steps < 1:
            raise GeneratorError(f"A step budget of {steps} trains nothing: give 1 or more, or leave it empty.")
        self._steps = steps

    @abstractmethod
    def _model_for(self, plan: Plan) -> Model:
        """An untrained model."""

    def _fit(self, encoded: Encoded, *, seed: int, progress: Progress) -> None:
        self._variables = encoded.variables
        self._quantiles = {key: Quantiles.of(encoded.frame[key].to_numpy()) for key in encoded.quantities}
        scores = {key: q.to_scores(encoded.frame[key].to_numpy()) for key, q in self._quantiles.items()}
        rows = len(encoded.frame)
        spent = plan(rows, self._steps or self.preset_steps, self.largest_batch)
        self._model = self._model_for(spent)
        with seeded(seed), joblib.parallel_config(backend="sequential"):
            transformer, data = _transformed(encoded.frame.assign(**scores), encoded.levels, progress)
            kept = self._train(transformer, data, spent, _Cells(encoded.frame, encoded.variables), progress)
        self.updates = spent.updates
        self.notes.append(
            f"{self.title} made {spent.updates:,} updates of {spent.batch_size:,} rows each "
            f"({spent.updates * spent.batch_size / rows:,.0f} passes over the {rows:,} training rows). Update {kept:,} "
            f"was kept: its rows were closest to the training rows (distance {self.distance:.3f})."
        )
        if spent.updates < self.preset_steps // 2:
            self.notes.append(
                f"{spent.updates:,} updates are hardly any training: {self.preset_steps:,} are usual for {self.title}. "
                "Leave the step budget empty for rows you mean to use."
            )

    def _train(
        self, transformer: DataTransformer, data: np.ndarray, spent: Plan, cells: _Cells, progress: Progress
    ) -> int:
        """Train and go back to the best state; returns its update.

        Only the second half is compared: early states have smooth columns that hardly depend on each other, and one
        of them would be kept for its columns.
        """
        every = max(1, spent.updates // 2 // _CHECKS)
        best, best_update, state = np.inf, 0, None
        progress.report("fitting", 0, spent.updates)
        for update, losses in enumerate(self._model.train(transformer, data, spent.updates), start=1):
            left = spent.updates - update
            if left % every == 0 and left <= spent.updates // 2:
                found = cells.distance(self._draw(_CHECKED_ROWS))
                if found < best:
                    best, best_update, state = found, update, copy.deepcopy(self._model.network.state_dict())
            shown = {"distance": best} if best_update else {}
            progress.report(
                "fitting", update, spent.updates, updates=update, epoch=spent.epoch(update), **losses, **shown
            )
        self._model.network.load_state_dict(state)
        self.distance = float(best)
        return best_update

    def _draw(self, rows: int) -> pd.DataFrame:
        made = self._model.draw(rows)
        values = {key: q.to_values(made[key].to_numpy()) for key, q in self._quantiles.items()}
        return whole_codes(made.assign(**values), self._variables)

    def _sample(self, rows: int, *, seed: int, progress: Progress) -> pd.DataFrame:
        parts = []
        with seeded(seed):
            for start in range(0, rows, _CHUNK):
                parts.append(self._draw(min(_CHUNK, rows - start)))
                progress.report("sampling", start + len(parts[-1]), rows)
        return pd.concat(parts, ignore_index=True)


def _transformed(frame: pd.DataFrame, levels: list[str], progress: Progress) -> tuple[DataTransformer, np.ndarray]:
    """The library's mode-specific normalisation, and the rows in it as float32."""
    every_level = np.zeros(len(frame), dtype=bool)
    for key in levels:
        every_level |= ~frame[key].duplicated().to_numpy()
    every_level[np.random.permutation(len(frame))[:_MIXTURE_ROWS]] = True  # noqa: NPY002 - seeded by the caller
    transformer = DataTransformer()
    transformer.fit(frame[every_level], levels)
    parts = []
    for start in range(0, len(frame), _CHUNK):
        progress.report("encoding", start, len(frame))
        parts.append(transformer.transform(frame.iloc[start : start + _CHUNK]).astype("float32"))
    return transformer, np.concatenate(parts)


class _Cells:
    """Distance of generated rows to real ones, over cells fixed once."""

    def __init__(self, real: pd.DataFrame, variables: tuple[Variable, ...]) -> None:
        self._variables = variables
        self._edges = {v.key: _edges(real[v.key].to_numpy()) for v in variables if v.is_quantity}
        self._target = next((v for v in variables if v.is_target and not v.is_quantity), None)
        self._real = self._shares(real)

    def distance(self, generated: pd.DataFrame) -> float:
        """Mean total variation distance, 0 = the same, 1 = nothing in common.

        Per column, and jointly with the target where it has classes, so that a state whose features no longer go
        with the label is not kept.
        """
        pairs = zip(self._real, self._shares(generated), strict=True)
        return float(np.mean([np.abs(real - made).sum() / 2 for real, made in pairs]))

    def _shares(self, frame: pd.DataFrame) -> list[np.ndarray]:
        classes = frame[self._target.key].to_numpy() if self._target else np.zeros(len(frame), dtype="int64")
        width = self._target.levels if self._target else 1
        out = []
        for v in self._variables:
            if v.is_quantity:
                cells, count = np.searchsorted(self._edges[v.key], frame[v.key]), len(self._edges[v.key]) + 1
            else:
                cells, count = frame[v.key].to_numpy(), v.levels
            out.append(np.bincount(cells * width + classes, minlength=count * width) / len(frame))
        return out


def _edges(values: np.ndarray) -> np.ndarray:
    """Edges of at most 10 cells, halfway between a decile and the next value, so that rounding changes no cell."""
    distinct = np.unique(values)
    above = np.searchsorted(distinct, np.quantile(values, np.linspace(0.1, 0.9, 9), method="inverted_cdf"), "right")
    above = np.unique(above[above < len(distinct)])
    return (distinct[above - 1] + distinct[above]) / 2
