"""Study whether synthetic rows help a model on real rows nobody trained on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synth_core import lift
from synth_core.generators.registry import CATALOGUE
from synth_core.progress import Progress
from synth_core.tables import Table, sampled
from synth_core.tasks import history, ledger
from synth_core.tasks.identity import identity_of
from synth_core.tasks.places import library, workspace, write_json
from synth_core.tasks.sizes import STUDY_ROWS

_WORKERS = 2
#: What a spec may leave out, because it did not exist when older runs were made.
_DEFAULTS = {"learner": "lightgbm", "by_date": None, "curves": False, "budget": None}


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Run the study; :func:`synth_core.tasks.results.load_study` reads the result.

    Parameters
    ----------
    spec : dict
        ``dataset`` (id of a stored table), ``arms``, ``labels``, ``rows``, ``folds``, ``repeats``, ``seed``,
        ``holdout`` (share), and optionally ``learner``, ``by_date`` (a date column), ``curves``; with ``budget``
        (seconds) an Autopilot search, which chooses ``rows`` itself.
    folder : Path
        Receives ``study.json``.
    progress : Progress

    Raises
    ------
    SynthError
        The table cannot be studied; the text says why.
    """
    asked = {**_DEFAULTS, **spec}
    progress.report("reading", 0, 1)
    table = library(folder).get(asked["dataset"])
    split = sampled(table.split(holdout=asked["holdout"], seed=asked["seed"], by_date=asked["by_date"]), STUDY_ROWS)
    _note_private(asked["arms"], table, folder)
    progress.report("reading", 1, 1)
    past = history.earlier(workspace(folder), spec, split.holdout.fingerprint())
    shared = {
        "arms": asked["arms"],
        "labels": asked["labels"],
        "folds": asked["folds"],
        "repeats": asked["repeats"],
        "seed": asked["seed"],
        "learner": asked["learner"],
        "progress": progress,
        "n_jobs": _WORKERS,
        "earlier_tests": past.tests,
        "earlier_looks": past.looks,
    }
    if asked["budget"] is None:
        study = lift.study(split, rows=asked["rows"], curves=asked["curves"], **shared)
    else:
        study = lift.autopilot(split, budget=asked["budget"], **shared)
    write_json(folder / "study.json", study.to_dict())
    history.record(workspace(folder), spec, study)


def _note_private(arms: list, table: Table, folder: Path) -> None:
    """Write down private arms: scored on real rows without noise, they never leave and count against no cap."""
    for arm in arms:
        name, settings = (arm, {}) if isinstance(arm, str) else arm
        if name in CATALOGUE and CATALOGUE[name].private:
            what = f"Lift study with {CATALOGUE[name].title}, fitted anew in every fold"
            entry = ledger.entry_of(folder.name.lstrip("."), what, name, settings, table.schema, exported=False)
            ledger.charge(workspace(folder), identity_of(table), entry)
