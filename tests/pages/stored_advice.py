"""Finished measurements written by hand into a workspace."""

from __future__ import annotations

import uuid

from synth_core.advice import Advice
from synth_core.runs import Run, Store
from synth_core.runs.database import insert, move
from synth_core.tasks.places import write_json

SPEC = {"seed": 7, "holdout": 0.2, "goal": "predict", "sensitive": False}


def store_advice(store: Store, found: Advice, dataset: str) -> Run:
    """``found`` as the result of an ``advise`` run that succeeded."""
    run = uuid.uuid4().hex
    with store.database.transaction() as connection:
        insert(connection, run, "advise", {**SPEC, "dataset": dataset}, "Learning curve", dataset, (0, 0.0))
        move(connection, run, "queued", "running")
        move(connection, run, "running", "succeeded")
    folder = store.layout.published(run)
    folder.mkdir(parents=True)
    write_json(folder / "advice.json", found.to_dict())
    return store.get(run)
