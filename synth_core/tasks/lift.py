"""Study whether synthetic rows help a model on real rows nobody trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synth_core import lift
from synth_core.progress import Progress
from synth_core.tasks import history
from synth_core.tasks.places import library, workspace, write_json

_WORKERS = 2


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Run the study; :func:`synth_core.tasks.results.load_study` reads the result.

    Parameters
    ----------
    spec : dict
        ``dataset`` (id of a stored table), ``arms``, ``labels``, ``rows``, ``folds``, ``repeats``, ``seed``,
        ``holdout`` (share), and optionally ``learner``.
    folder : Path
        Receives ``study.json``.
    progress : Progress

    Raises
    ------
    SynthError
        The table cannot be studied; the text says why.
    """
    progress.report("reading", 0, 1)
    split = library(folder).get(spec["dataset"]).split(holdout=spec["holdout"], seed=spec["seed"])
    progress.report("reading", 1, 1)
    past = history.earlier(workspace(folder), spec, split.holdout.fingerprint())
    study = lift.study(
        split,
        arms=spec["arms"],
        labels=spec["labels"],
        rows=spec["rows"],
        folds=spec["folds"],
        repeats=spec["repeats"],
        seed=spec["seed"],
        learner=spec.get("learner", "lightgbm"),
        progress=progress,
        n_jobs=_WORKERS,
        earlier_tests=past.tests,
        earlier_looks=past.looks,
    )
    write_json(folder / "study.json", study.to_dict())
    history.record(workspace(folder), spec, study)
