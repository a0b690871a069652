"""Measure the learning curve of a table's training rows, and say what it makes of synthetic rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synth_core.advice import advise, facts_of, measure
from synth_core.progress import Progress
from synth_core.tasks.places import library, write_json

_WORKERS = 2


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Measure and advise; :func:`synth_core.tasks.results.load_advice` reads the result.

    Parameters
    ----------
    spec : dict
        ``dataset`` (id of a stored table), ``seed`` and ``holdout`` (share) of the split whose training rows are used,
        ``goal``, ``sensitive``.
    folder : Path
        Receives ``advice.json``.
    progress : Progress

    Raises
    ------
    SynthError
        The table cannot be measured; the text says why.
    """
    progress.report("reading", 0, 1)
    table = library(folder).get(spec["dataset"])
    train = table.split(holdout=spec["holdout"], seed=spec["seed"]).train
    progress.report("reading", 1, 1)
    found = measure(train, seed=spec["seed"], n_jobs=_WORKERS, progress=progress)
    advice = advise(facts_of(table), goal=spec["goal"], sensitive=spec["sensitive"], learning=found)
    write_json(folder / "advice.json", advice.to_dict())
