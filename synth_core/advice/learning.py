"""The learning curve of real rows, measured for advice: training rows only, so that the holdout stays locked."""

from __future__ import annotations

import time

import numpy as np

from synth_core.advice.results import Learning, Model
from synth_core.lift.crossval import CrossValidation
from synth_core.lift.curves import MORE, learning_curve
from synth_core.lift.protocol import Protocol
from synth_core.lift.scores import METRIC
from synth_core.progress import SILENT, Progress
from synth_core.tables import Holdout, Split, Train, require_train

MOST = 50_000  #: training rows that are used; a curve that is flat there is flatter beyond
_PASSES = 0.6  # of the work with models, as far as progress tells


def measure(train: Train, *, seed: int = 7, folds: int = 5, n_jobs: int = 2, progress: Progress = SILENT) -> Learning:
    """How the main score grows with real rows, and what a smaller or weighted model scores, over folds of ``train``.

    Parameters
    ----------
    train : Train
        Only these rows are looked at; a holdout cannot be passed.

    Raises
    ------
    TypeError
        ``train`` is not :class:`~synth_core.tables.Train`.
    StudyError
        Too few rows of the rarer outcome for two folds.
    SchemaError
        No target that models can predict.
    Cancelled
        ``progress`` asked to stop.
    """
    start, rows = time.perf_counter(), len(require_train(train))
    part = train.sample_rows(MOST, seed=seed)
    nobody = np.array([], dtype=int)
    split = Split(part, Holdout(part.table.take(nobody), nobody), seed, 0)
    protocol = Protocol.begin(
        split, rows=1, folds=folds, repeats=1, seed=seed, learner="lightgbm", n_jobs=n_jobs, progress=progress
    )
    weighted = [arm for arm in protocol.reference_arms(committee=False) if arm.key == "W"]
    protocol.cv.run(weighted, protocol.plan, done=_PASSES, share=1 - _PASSES)
    key = protocol.reference()
    curve = learning_curve(protocol, next(a for a in protocol.cv.arms if a.key == key))
    worth = [curve.worth(more) for more in (MORE, curve.now, 4 * curve.now)]
    return Learning(
        metric=METRIC[protocol.plan.target.task],
        points=tuple(p for p in curve.points if np.isfinite([p.mean, p.low, p.high]).all()),
        worth=tuple(worth) if all(worth) else (),
        rows=len(part),
        of=rows,
        models=_models(protocol.cv),
        reference=key,
        folds=len(protocol.cv.folds),
        seed=seed,
        seconds=time.perf_counter() - start,
    )


def _models(cv: CrossValidation) -> tuple[Model, ...]:
    return tuple(
        Model(a.key, a.title, a.scores.main, a.scores.f1_at_half, a.scores.f1_tuned)
        if cv.target.task == "binary"
        else Model(a.key, a.title, a.scores.main)
        for a in cv.results()
    )
