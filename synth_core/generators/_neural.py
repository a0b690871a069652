"""The training loop around CTGAN and TVAE: a step budget, progress and cancel per epoch, and the best epoch kept."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Protocol

import joblib
import numpy as np
import pandas as pd
from torch import nn

from synth_core.errors import GeneratorError
from synth_core.generators._sdv import seeded, whole_codes
from synth_core.generators.base import Generator
from synth_core.generators.prepare import Encoded, Variable
from synth_core.progress import Progress

_CHECKS = 25  # how often a run is compared with the validation rows
_VALIDATION = 0.1
_FEWEST_VALIDATION_ROWS = 20


@dataclass(frozen=True)
class Plan:
    """How a step budget is spent: ``epochs`` of ``batches`` batches of ``batch_size`` rows."""

    batch_size: int
    batches: int
    epochs: int

    @property
    def updates(self) -> int:
        return self.epochs * self.batches


def plan(rows: int, steps: int, largest_batch: int) -> Plan:
    """Spend ``steps`` gradient updates on ``rows`` rows.

    Batches are small enough for about 16 updates an epoch: with the libraries' 500 rows a batch, a table of 1,000
    rows gets two updates an epoch and is hardly trained at all. Sizes are even, as CTGAN requires.
    """
    batch = max(2, min(largest_batch, rows // 16, rows) // 2 * 2)
    batches = -(-rows // batch)
    return Plan(batch, batches, max(1, round(steps / batches)))


class Model(Protocol):
    """A network that trains one epoch at a time."""

    def train_epochs(self, train: pd.DataFrame, discrete: list[str], epochs: int) -> Iterator[dict[str, float]]:
        """Train; yields the losses after each epoch."""

    def draw(self, rows: int) -> pd.DataFrame:
        """Rows from the network as it stands."""

    @property
    def network(self) -> nn.Module:
        """The part that makes rows."""


class NeuralGenerator(Generator):
    """Template of the neural generators.

    Parameters
    ----------
    steps : int or None
        Gradient updates to make; None chooses from the table's size.

    Attributes
    ----------
    updates : int
        Gradient updates made, after ``fit``.
    distance : float
        Distance of the kept epoch to the validation rows, see :func:`distance`.
    """

    max_levels: ClassVar[int | None] = 50
    min_rows: ClassVar[int] = 50
    largest_batch: ClassVar[int] = 500

    def __init__(self, *, steps: int | None = None) -> None:
        if steps is not None and steps < 1:
            raise GeneratorError(f"A step budget of {steps} trains nothing: give 1 or more, or leave it empty.")
        self._steps = steps

    @abstractmethod
    def _model_for(self, plan: Plan) -> Model:
        """An untrained model."""

    @abstractmethod
    def _preset_steps(self, rows: int) -> int:
        """The step budget for ``rows`` training rows."""

    def _fit(self, encoded: Encoded, *, seed: int, progress: Progress) -> None:
        self._variables = encoded.variables
        train, validation = _hold_out(encoded, np.random.default_rng(seed))
        spent = plan(len(train), self._steps or self._preset_steps(len(train)), self.largest_batch)
        self._model = self._model_for(spent)
        every = max(1, spent.epochs // _CHECKS)
        bins = _Bins(validation, encoded.variables)
        best, best_epoch, state = np.inf, 0, None
        with seeded(seed), joblib.parallel_config(backend="sequential"):
            progress.report("fitting", 0, spent.epochs)
            for epoch, losses in enumerate(self._model.train_epochs(train, encoded.levels, spent.epochs), start=1):
                if epoch % every == 0 or epoch == spent.epochs:
                    found = bins.distance(whole_codes(self._model.draw(max(1_000, len(validation))), self._variables))
                    if found < best:
                        best, best_epoch, state = found, epoch, copy.deepcopy(self._model.network.state_dict())
                shown = {"distance": best} if np.isfinite(best) else {}
                progress.report("fitting", epoch, spent.epochs, **losses, **shown)
        self._model.network.load_state_dict(state)
        self.updates, self.distance = spent.updates, float(best)
        self.notes.append(
            f"{self.title} made {spent.updates:,} updates ({spent.epochs:,} epochs of {spent.batches:,} batches of "
            f"{spent.batch_size:,} rows). Epoch {best_epoch:,} was kept: its rows were closest to "
            f"{len(validation):,} rows set apart for checking (distance {best:.3f})."
        )

    def _sample(self, rows: int, *, seed: int, progress: Progress) -> pd.DataFrame:
        with seeded(seed):
            return whole_codes(self._model.draw(rows), self._variables)


def _hold_out(encoded: Encoded, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training and validation rows; the last row of a level never leaves training, so no level is lost."""
    shuffled = encoded.frame.iloc[rng.permutation(len(encoded.frame))]
    needed = np.zeros(len(shuffled), dtype=bool)
    for key in encoded.levels:
        needed |= ~shuffled[key].duplicated().to_numpy()
    free = np.flatnonzero(~needed)[: int(len(shuffled) * _VALIDATION)]
    if len(free) < _FEWEST_VALIDATION_ROWS:
        return encoded.frame, encoded.frame
    chosen = np.zeros(len(shuffled), dtype=bool)
    chosen[free] = True
    return shuffled[~chosen].reset_index(drop=True), shuffled[chosen].reset_index(drop=True)


class _Bins:
    """Distance of generated rows to real ones, over cells fixed once."""

    def __init__(self, real: pd.DataFrame, variables: tuple[Variable, ...]) -> None:
        self._variables = variables
        self._edges = {
            v.key: np.unique(np.quantile(real[v.key], np.linspace(0.1, 0.9, 9))) for v in variables if v.is_quantity
        }
        self._target = next((v for v in variables if v.is_target and not v.is_quantity), None)
        self._real = self._shares(real)

    def distance(self, generated: pd.DataFrame) -> float:
        """Mean total variation distance, 0 = the same, 1 = nothing in common.

        Per column, and jointly with the target where it has classes, so that an epoch whose features no longer go
        with the label is not kept. Quantities are cut at the real rows' deciles.
        """
        pairs = zip(self._real, self._shares(generated), strict=True)
        return float(np.mean([np.abs(real - made).sum() / 2 for real, made in pairs]))

    def _shares(self, frame: pd.DataFrame) -> list[np.ndarray]:
        classes = frame[self._target.key].to_numpy() if self._target else np.zeros(len(frame), dtype="int64")
        width = self._target.levels if self._target else 1
        out = []
        for v in self._variables:
            if v.is_quantity:
                cells, count = np.searchsorted(self._edges[v.key], frame[v.key], side="right"), 10
            else:
                cells, count = frame[v.key].to_numpy(), v.levels
            out.append(np.bincount(cells * width + classes, minlength=count * width) / len(frame))
        return out
