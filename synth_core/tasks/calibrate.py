"""Fit a simulated world to uploaded journeys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synth_core.journeys.calibrate import calibrate
from synth_core.journeys.world import World
from synth_core.progress import Progress
from synth_core.tasks.places import journeys, write_json


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Calibrate; :func:`synth_core.tasks.results.load_calibration` reads the result.

    Parameters
    ----------
    spec : dict
        ``journeys`` (id of stored journeys), ``base`` (a world as a dictionary), ``seed``, and perhaps
        ``organic_share`` (0 to 1; None: that of the base).
    folder : Path
        Receives ``calibration.json``.
    progress : Progress

    Raises
    ------
    SynthError
        The journeys have been removed or are too few, or the base is no world; the text says which.
    """
    progress.report("reading", 0, 1)
    found = journeys(folder).get(spec["journeys"])
    base = World.from_dict(spec["base"])
    progress.report("reading", 1, 1)
    result = calibrate(found, base=base, seed=spec["seed"], organic_share=spec.get("organic_share"), progress=progress)
    write_json(folder / "calibration.json", result.to_dict())
