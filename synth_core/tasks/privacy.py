"""Measure how much the rows of a finished run give away about the rows its generator was fitted on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synth_core import privacy
from synth_core.errors import RunError
from synth_core.progress import Progress
from synth_core.tasks.places import write_json
from synth_core.tasks.results import load_generate


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Attack the training rows through the synthetic ones; :func:`synth_core.tasks.results.load_privacy` reads it.

    Parameters
    ----------
    spec : dict
        ``run`` (id of a finished run that left synthetic rows), ``dataset`` (its table), ``seed``, ``known`` and
        ``secret_columns`` (columns that an outsider has, and wants).
    folder : Path
        Receives ``privacy.json``.
    progress : Progress

    Raises
    ------
    SynthError
        The run or its table has been deleted, or the columns do not fit; the text says which.
    """
    progress.report("reading", 0, 1)
    source = folder.resolve().parent / spec["run"]
    if not source.is_dir():
        raise RunError("The run whose rows were to be checked has been deleted. Pick another one, or generate again.")
    found = load_generate(source)
    train, holdout = found.compared
    progress.report("reading", 1, 1)
    report = privacy.report(
        train,
        holdout,
        found.synthetic,
        seed=spec["seed"],
        known=spec["known"],
        secret_columns=spec["secret_columns"],
        progress=progress,
    )
    write_json(folder / "privacy.json", report.to_dict())
