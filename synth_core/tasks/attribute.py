"""Share out the conversions of uploaded journeys among their channels, by several models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synth_core.journeys.attribution import attribute
from synth_core.progress import Progress
from synth_core.tasks.places import journeys, write_json


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Attribute; :func:`synth_core.tasks.results.load_attributed` reads the result.

    Parameters
    ----------
    spec : dict
        ``journeys`` (id of stored journeys), ``models`` (keys; None: all), ``resamples`` (of the bootstrap; 0: no
        intervals) and ``seed``.
    folder : Path
        Receives ``attributed.json``.
    progress : Progress

    Raises
    ------
    SynthError
        The journeys have been removed, or a model is unknown; the text says which.
    """
    progress.report("reading", 0, 1)
    found = journeys(folder).get(spec["journeys"])
    progress.report("reading", 1, 1)
    result = attribute(found, spec["models"], resamples=spec["resamples"], seed=spec["seed"], progress=progress)
    write_json(folder / "attributed.json", result.to_dict())
