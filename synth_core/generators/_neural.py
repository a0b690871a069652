"""What CTGAN and TVAE share: rows for a network and the way back, held-out rows, notes, and what is stored."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import torch

from synth_core.errors import GeneratorError
from synth_core.generators._distance import Distance, Partition
from synth_core.generators._layout import Coded, Layout, Modes
from synth_core.generators._loop import PATIENCE, Model, train
from synth_core.generators._quantiles import Quantiles
from synth_core.generators._raking import Raking
from synth_core.generators.base import Generator
from synth_core.generators.budget import MOST_LEVELS, Plan, estimate, level_cap, plan
from synth_core.generators.prepare import Encoded
from synth_core.generators.training import Training
from synth_core.progress import Progress
from synth_core.tables import Table

_CHUNK = 1_000  # rows drawn between two reports
_RAKED_ROWS = 10_000
_HELD_FROM = 1_000  # training rows from which some are held out: fewer than 100 rows would tell too little
_HELD_SHARE, _HELD_MOST = 0.1, 2_000


class NeuralGenerator(Generator):
    """Template of the neural generators.

    Quantities are learned as normal scores and come back through their own quantiles, so that a spike (half of all
    customers spent nothing) stays a spike and the scale of a column does not matter. From 1,000 training rows on, a
    tenth of them (2,000 at most) is held out to choose the state that is kept and to stop early; below that the
    training rows themselves are compared with.

    Parameters
    ----------
    steps : int or None
        Most gradient updates to make; None = the preset for the number of rows.
    device : {"cpu", "auto"}
        ``"auto"`` trains on a CUDA GPU where there is one. The same seed gives the same rows on the same kind of
        device only. The GPU path is written for any device but has been run on the processor only.
    """

    max_levels: ClassVar[int | None] = MOST_LEVELS
    min_rows: ClassVar[int] = 50

    def __init__(self, *, steps: int | None = None, device: str = "cpu") -> None:
        if steps is not None and steps < 1:
            raise GeneratorError(f"A step budget of {steps} trains nothing: give 1 or more, or leave it empty.")
        self.steps = steps
        self.device = device

    @abstractmethod
    def _model_for(self, layout: Layout, batch_size: int) -> Model:
        """An untrained model."""

    @abstractmethod
    def _model_state(self) -> dict[str, Any]:
        """What the model needs to draw rows."""

    @abstractmethod
    def _model_from(self, layout: Layout, state: dict[str, Any]) -> Model:
        """A model that draws rows, from :meth:`_model_state`."""

    def _most_levels(self, table: Table) -> int:
        estimate(self.name, table, self.steps)  # refuses what does not fit
        return level_cap(table)

    def _fit(self, encoded: Encoded, *, seed: int, progress: Progress) -> None:
        frame, rng = encoded.frame, np.random.default_rng(seed)
        self._quantiles = {}
        spent = plan(self.name, len(frame), self.steps)
        held, learned = _hold_out(len(frame), rng)
        with running(seed, self._where()):
            rows = self._encode(encoded, learned, rng, progress)
            partition = Partition.of(encoded)
            distance = Distance(partition, frame.iloc[held] if len(held) else frame, rng)
            like = rng.choice(learned, min(len(learned), 2_000), replace=False)
            begun = Training(spent.updates, reference=distance(frame.iloc[like]) if len(held) else None,
                             held_out=len(held))  # fmt: skip
            self._model = self._model_for(self._layout, spent.batch_size)
            self.training = train(self._model, rows, spent, self._made, distance, begun, progress)
            self._raking = Raking.of(partition, frame, self._made(_RAKED_ROWS))
        self._note(spent)

    def _where(self) -> torch.device:
        return torch.device("cuda" if self.device == "auto" and torch.cuda.is_available() else "cpu")

    def _encode(self, encoded: Encoded, learned: np.ndarray, rng: np.random.Generator, progress: Progress) -> Coded:
        """Fit the mixtures and turn the ``learned`` rows into network rows."""
        scores, modes, count = {}, {}, len(encoded.variables)
        for done, key in enumerate(encoded.quantities):
            progress.report("encoding", done, count)
            values = encoded.frame[key].to_numpy()
            quantiles = Quantiles.of(values)
            scores[key], self._quantiles[key] = quantiles.to_scores(values), quantiles.thinned()
            modes[key] = Modes.of(scores[key], rng)
        self._layout = Layout(encoded.variables, modes, self._where())
        rows = self._layout.encode(encoded.frame.assign(**scores).iloc[learned], rng)
        progress.report("encoding", count, count)
        return rows

    def _note(self, spent: Plan) -> None:
        found, rows = self.training, spent.rows - self.training.held_out
        last = f"update {found.made:,} of {found.planned:,} (epoch {spent.epoch(found.made):,})"
        text = f"{self.title} stopped at {last}: no improvement for {PATIENCE} checks."
        if not found.stopped_early:
            text = f"{self.title} made {found.made:,} updates of {spent.batch_size:,} rows each (epoch "
            text += f"{spent.epoch(found.made):,})."
        against = f"{found.held_out:,} real rows held out of training" if found.held_out else "the training rows"
        self.notes.append(
            f"{text} The state after update {found.kept:,} was kept: its rows were closest to {against} "
            f"(distance {min(found.distances):.3f})."
        )
        if not found.held_out:
            self.notes.append(
                f"With {rows:,} rows none were held out to choose that state: all of them were needed for training."
            )
        if spent.updates < spent.usual // 2:
            self.notes.append(
                f"{spent.updates:,} updates are hardly any training: {spent.usual:,} are usual for {self.title} on "
                f"{spent.rows:,} rows. Leave the step budget empty for rows you mean to use."
            )

    def _made(self, rows: int) -> pd.DataFrame:
        made = self._model.draw(rows)
        return made.assign(**{key: q.to_values(made[key].to_numpy()) for key, q in self._quantiles.items()})

    def _sample(self, rows: int, *, seed: int, progress: Progress) -> pd.DataFrame:
        parts, delivered, rng = [], 0, np.random.default_rng(seed)
        with running(seed, self._where()):
            while delivered < rows:
                made = self._made(_CHUNK)
                parts.append(made[self._raking.keep(made, rng)])
                delivered += len(parts[-1])
                progress.report("sampling", min(delivered, rows), rows)
        out = pd.concat(parts, ignore_index=True).head(rows)
        self._note_missing_classes(out)
        return out

    def _note_missing_classes(self, made: pd.DataFrame) -> None:
        """Say which classes of the target do not occur among the rows made."""
        target = next((v for v in self._layout.variables if v.is_target and not v.is_quantity), None)
        if target is None:
            return
        begin = f"No row of “{target.source}” = "
        self.notes = [note for note in self.notes if not note.startswith(begin)]
        names = self._preparer.levels(target.source)
        absent = [str(names[c]) for c in range(target.levels) if not (made[target.key] == c).any()]
        if absent:
            self.notes.append(
                f"{begin}{', '.join(absent)} is among the {len(made):,} rows made: too rare to be drawn. Ask for more "
                "rows, or use Trees or SMOTE for that class."
            )

    def _state(self) -> dict[str, Any]:
        return {
            "modes": self._layout.to_state(),
            "quantiles": {key: q.to_state() for key, q in self._quantiles.items()},
            "raking": self._raking.to_state(),
            "model": self._model_state(),
        }

    def _set_state(self, state: dict[str, Any]) -> None:
        variables = self._preparer.variables
        self._layout = Layout.from_state(state["modes"], variables, self._where())
        self._quantiles = {key: Quantiles.from_state(q) for key, q in state["quantiles"].items()}
        self._raking = Raking.from_state(state["raking"], variables)
        self._model = self._model_from(self._layout, state["model"])


def _hold_out(rows: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the rows to compare with and of those to learn from."""
    order = rng.permutation(rows)
    held = min(_HELD_MOST, round(rows * _HELD_SHARE)) if rows >= _HELD_FROM else 0
    return order[:held], np.sort(order[held:])


@contextmanager
def running(seed: int, device: torch.device) -> Iterator[None]:
    """Seed torch's global generators and use one thread; put everything back afterwards.

    One thread on purpose: workers run side by side, and two busy threads on two busy cores are many times slower.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.random.fork_rng([device] if device.type == "cuda" else []):
            torch.manual_seed(seed)
            yield
    finally:
        torch.set_num_threads(threads)
