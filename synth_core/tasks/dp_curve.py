"""Measure what each ε costs in usefulness: the private generator again and again, between two baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.fidelity.overall import two_way_error, worst_divergence
from synth_core.generators.dp.utility import Measured, Point, Utility, UtilityCurve
from synth_core.generators.registry import create
from synth_core.lift.scores import METRIC
from synth_core.lift.transfer import trained_on
from synth_core.progress import Progress
from synth_core.records import Unavailable
from synth_core.tables import Schema, Split, Train
from synth_core.tasks import ledger
from synth_core.tasks.identity import identity_of
from synth_core.tasks.ledger import Entry
from synth_core.tasks.places import library, workspace, write_json

PRIVATE, OPEN = "dp_mst", "trees"


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Measure; :func:`synth_core.tasks.results.load_dp_curve` reads the result.

    Parameters
    ----------
    spec : dict
        ``dataset`` (id of a stored table), ``epsilons``, ``repeats``, ``seed``, ``holdout`` (share), and ``settings``
        of the private generator other than ε.
    folder : Path
        Receives ``dp_curve.json``.
    progress : Progress

    Raises
    ------
    SynthError
        The table has been removed or cannot be split; the text says why.
    """
    progress.report("reading", 0, 1)
    table = library(folder).get(spec["dataset"])
    split = table.split(holdout=spec["holdout"], seed=spec["seed"])
    progress.report("reading", 1, 1)
    ledger.charge(workspace(folder), identity_of(table), _expense(spec, table.schema, folder))
    write_json(folder / "dp_curve.json", _curve(split, spec, progress).to_dict())


def _expense(spec: dict[str, Any], schema: Schema, folder: Path) -> Entry:
    """All fits in one entry, which counts against no cap: the curve is scored on real rows without noise."""
    listed = ", ".join(f"{e:g}" for e in spec["epsilons"])
    what = f"Usefulness at ε = {listed}, {spec['repeats']} times each"
    run = folder.name.lstrip(".")
    fits = [
        ledger.entry_of(run, what, PRIVATE, {**spec["settings"], "epsilon": epsilon}, schema, exported=False)
        for epsilon in spec["epsilons"]
    ] * spec["repeats"]
    sums = {name: sum(getattr(f, name) for f in fits) for name in ("epsilon", "delta", "rho", "conversion")}
    return replace(fits[0], **sums)


def _curve(split: Split, spec: dict[str, Any], progress: Progress) -> UtilityCurve:
    train, seeds = split.train, [spec["seed"] + i for i in range(spec["repeats"])]
    steps = _Steps(progress, (len(spec["epsilons"]) + 2) * len(seeds))
    points, refused = [], []
    for epsilon in sorted(spec["epsilons"]):
        try:
            made = _rows_of(train, PRIVATE, {**spec["settings"], "epsilon": epsilon})
            points.append(Point(epsilon, _utility(split, made, seeds, steps)))
        except GeneratorError as reason:
            refused.append(Unavailable(f"ε = {epsilon:g}", str(reason)))
            steps.skip(len(seeds))
    metric = METRIC[train.table.task] if train.table.task else None
    if metric is None:
        refused.append(Unavailable("Trained on synthetic rows, scored on real ones", "needs a target to predict"))
    return UtilityCurve(
        points=tuple(points),
        without_noise=_utility(split, _rows_of(train, OPEN, {}), seeds, steps),
        independent=_utility(split, lambda seed: _shuffled(train, seed), seeds, steps),
        real=_known(trained_on(train.frame, train, split.holdout, seed=spec["seed"])) if metric else None,
        metric=metric,
        delta=spec["settings"]["delta"],
        repeats=len(seeds),
        seed=spec["seed"],
        train_rows=len(train),
        holdout_rows=len(split.holdout),
        unavailable=tuple(refused),
    )


class _Steps:
    """Counts the fits, and stops at a cancel."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._done, self._total = progress, 0, total
        progress.report("curves", 0, total)

    def skip(self, count: int) -> None:
        self._done += count
        self._progress.report("curves", self._done, self._total)

    def through(self, seeds: list[int]) -> Iterator[int]:
        for seed in seeds:
            yield seed
            self.skip(1)


def _rows_of(train: Train, name: str, settings: dict[str, Any]) -> Callable[[int], pd.DataFrame]:
    """Fits anew for every seed; the noise of a private fit is new whatever the seed."""

    def made(seed: int) -> pd.DataFrame:
        return create(name, **settings).fit(train, seed=seed).sample(len(train), seed=seed)

    return made


def _shuffled(train: Train, seed: int) -> pd.DataFrame:
    """The training rows with every column in an order of its own."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame({name: train.frame[name].array[rng.permutation(len(train))] for name in train.frame})


def _utility(split: Split, made: Callable[[int], pd.DataFrame], seeds: list[int], steps: _Steps) -> Utility:
    found: list[tuple[float, float, float]] = []
    for seed in steps.through(seeds):
        rows = made(seed)
        score = trained_on(rows, split.train, split.holdout, seed=seed) if split.train.table.task else float("nan")
        found.append((two_way_error(split.train, rows), worst_divergence(split.train, rows), score))
    return Utility(*(Measured(tuple(v for v in column if not isnan(v))) for column in zip(*found, strict=True)))


def _known(value: float) -> float | None:
    return None if isnan(value) else value
