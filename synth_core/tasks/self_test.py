"""Try the privacy meters on rows whose answer is known: a copy, a noisy copy and an independent sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synth_core import privacy
from synth_core.progress import Progress
from synth_core.tasks.places import library, write_json


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Run the meters on the three; :func:`synth_core.tasks.results.load_self_test` reads the result.

    Parameters
    ----------
    spec : dict
        ``dataset`` (id of a stored table), ``holdout`` (share), ``seed``, ``known`` and ``secret_columns`` (columns
        that an outsider has, and wants).
    folder : Path
        Receives ``self_test.json``.
    progress : Progress

    Raises
    ------
    SynthError
        The table has been deleted or has too few rows; the text says which.
    """
    progress.report("reading", 0, 1)
    split = library(folder).get(spec["dataset"]).split(holdout=spec["holdout"], seed=spec["seed"])
    progress.report("reading", 1, 1)
    found = privacy.self_test(
        split.train,
        split.holdout,
        seed=spec["seed"],
        known=spec["known"],
        secret_columns=spec["secret_columns"],
        progress=progress,
    )
    write_json(folder / "self_test.json", found.to_dict())
