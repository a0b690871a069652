"""Simulate journeys in a stated world and grade attribution models on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synth_core.journeys import export
from synth_core.journeys.simulate import simulate
from synth_core.journeys.study import study
from synth_core.journeys.world import World
from synth_core.progress import Progress
from synth_core.tasks.places import write_json


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Grade; :func:`synth_core.tasks.results.load_grades` reads the result.

    Parameters
    ----------
    spec : dict
        ``world`` (:meth:`~synth_core.journeys.world.World.to_dict`), ``users``, ``seeds``, ``seed``, ``models`` (keys)
        and ``resamples``.
    folder : Path
        Receives ``grades.json`` and the journeys of the first seed: ``events.parquet`` and ``paths.parquet``.
    progress : Progress

    Raises
    ------
    SynthError
        The world cannot be simulated; the text says why.
    """
    world = World.from_dict(spec["world"])
    progress.report("simulating", 0, 1)
    journeys = simulate(world, spec["users"], seed=spec["seed"]).observed
    export.events(journeys).to_parquet(folder / "events.parquet", index=False)
    export.paths(journeys).to_parquet(folder / "paths.parquet", index=False)
    progress.report("simulating", 1, 1)
    graded = study(
        world,
        users=spec["users"],
        seeds=spec["seeds"],
        seed=spec["seed"],
        models=spec["models"],
        resamples=spec["resamples"],
        progress=progress,
    )
    write_json(folder / "grades.json", graded.to_dict())
