"""The training loop around CTGAN and TVAE: progress and cancel at every update, the best state, an early stop."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Protocol

import numpy as np
import pandas as pd
from torch import nn

from synth_core.generators._distance import Distance
from synth_core.generators._layout import Coded
from synth_core.generators.budget import Plan
from synth_core.generators.training import Training
from synth_core.progress import Progress

CURVE = "curve"  #: metric that carries the training so far, as JSON
PATIENCE = 8  #: checks without improvement after which training stops
_CHECKS = 40  # comparisons in a whole budget
_NOT_BEFORE = 500  # updates before which no run is stopped: distances often rest between 150 and 400, then fall again
_APART = 5  # updates between two comparisons at least
_CHECKED_ROWS = 2_000


class Model(Protocol):
    """A network that trains one update at a time."""

    def train(self, rows: Coded, updates: int) -> Iterator[dict[str, float]]:
        """Train on rows; yields the losses after each update."""

    def draw(self, rows: int) -> pd.DataFrame:
        """Rows from the network as it stands, quantities as normal scores."""

    @property
    def network(self) -> nn.Module:
        """The part that makes rows."""


def train(
    model: Model,
    rows: Coded,
    spent: Plan,
    draw: Callable[[int], pd.DataFrame],
    distance: Distance,
    begun: Training,
    progress: Progress,
) -> Training:
    """Train ``model`` and leave it in the state whose rows (from ``draw``) were closest to the real ones.

    States count from the middle of the budget only: early ones have smooth columns that hardly depend on each other.
    It stops once :data:`PATIENCE` checks after that have brought nothing better.

    Parameters
    ----------
    begun : Training
        Holds what is known before the first update.
    """
    every = max(_APART, spent.updates // _CHECKS)
    found, best, state, waited = begun, np.inf, None, 0
    shown: dict[str, float | str] = {}
    since: list[dict[str, float]] = []
    progress.report("fitting", 0, spent.updates)
    for update, losses in enumerate(model.train(rows, spent.updates), start=1):
        since.append(losses)
        if update % every == 0 or update == spent.updates:
            now = distance(draw(_CHECKED_ROWS))
            late = 2 * update >= spent.updates
            waited = waited + 1 if late and update > _NOT_BEFORE and now >= best else 0
            if late and now < best:
                best, state = now, copy.deepcopy(model.network.state_dict())
                found = replace(found, kept=update)
            found, since = _checked(found, update, now, since), []
            shown = {"distance": now, CURVE: json.dumps(found.to_dict())}
        progress.report("fitting", update, spent.updates, updates=update, epoch=spent.epoch(update), **losses, **shown)
        if waited >= PATIENCE:
            break
    model.network.load_state_dict(state)
    return replace(found, made=update)


def _checked(found: Training, update: int, distance: float, since: list[dict[str, float]]) -> Training:
    """``found`` with one more point."""
    losses = {name: (*found.losses.get(name, ()), float(np.mean([step[name] for step in since]))) for name in since[-1]}
    return replace(
        found,
        made=update,
        updates=(*found.updates, update),
        distances=(*found.distances, distance),
        losses=losses,
    )
