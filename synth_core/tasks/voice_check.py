"""Say what makes a brand's voice, and measure how well it can be told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synth_core.progress import Progress
from synth_core.tasks.places import brands, write_json
from synth_core.voice.profile import profile


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Measure; :func:`synth_core.tasks.results.load_profile` reads the result.

    Parameters
    ----------
    spec : dict
        ``brand`` (id, or ``id@version``) and ``seed``.
    folder : Path
        Receives ``profile.json``.
    progress : Progress

    Raises
    ------
    VoiceError
        The brand is gone, or has too few different approved lines.
    """
    library = brands(folder)
    brand = library.get(library.exact(spec["brand"]))
    write_json(folder / "profile.json", profile(brand, seed=spec["seed"], progress=progress).to_dict())
