"""Grade all attribution models in all preset worlds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synth_core.journeys.presets import PRESETS
from synth_core.journeys.study import stress
from synth_core.progress import Progress
from synth_core.tasks.places import write_json


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Grade; :func:`synth_core.tasks.results.load_stress` reads the result.

    Parameters
    ----------
    spec : dict
        ``presets`` (keys of :data:`~synth_core.journeys.presets.PRESETS`), ``users``, ``seeds``, ``seed``, ``models``.
    folder : Path
        Receives ``stress.json``.
    progress : Progress
    """
    found = stress(
        {key: PRESETS[key] for key in spec["presets"]},
        users=spec["users"],
        seeds=spec["seeds"],
        seed=spec["seed"],
        models=spec["models"],
        progress=progress,
    )
    write_json(folder / "stress.json", found.to_dict())
