"""Freeze both models of a finished lift study into one scorer."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from synth_core.errors import RunError
from synth_core.generators.registry import CATALOGUE
from synth_core.progress import Progress
from synth_core.prospective.scorer import freeze, save
from synth_core.tables import Table, sampled
from synth_core.tasks import ledger
from synth_core.tasks.identity import identity_of
from synth_core.tasks.places import asked_of, library, workspace, write_json
from synth_core.tasks.results import load_study


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Train both models once more and freeze them; :func:`synth_core.tasks.results.load_scorer` reads the result.

    Parameters
    ----------
    spec : dict
        ``study`` (id of a finished ``lift`` run), ``arm`` (key of a candidate, or None for the one it looked at),
        ``name``.
    folder : Path
        Receives ``scorer.zip`` and ``card.json``.
    progress : Progress

    Raises
    ------
    SynthError
        The study or its table has been deleted, its target has not two classes, or its models cannot be trained as
        before; the text says which.
    """
    progress.report("reading", 0, 1)
    source = folder.resolve().parent / spec["study"]
    if not source.is_dir():
        raise RunError("The study whose models were to be frozen has been deleted. Pick another one, or run it again.")
    study, asked = load_study(source), asked_of(folder, spec["study"])
    table = library(folder).get(asked["dataset"])
    split = table.split(holdout=asked["holdout"], seed=asked["seed"], by_date=asked.get("by_date"))
    if study.sampled_from:
        split = sampled(split, study.train_rows + study.holdout_rows)
    progress.report("reading", 1, 1)
    scorer = freeze(
        split,
        study,
        name=spec["name"],
        arm=spec.get("arm"),
        study_id=spec["study"],
        arms=asked["arms"],
        progress=progress,
    )
    _note_private(scorer.card.arm, study, asked["arms"], table, folder)
    save(scorer, folder / "scorer.zip")
    write_json(folder / "card.json", asdict(scorer.card))


def _note_private(key: str, study: Any, arms: list, table: Table, folder: Path) -> None:
    """Write down a private generator's fit; its arm trains on real rows without noise, so no promise leaves with it."""
    name = study.arm(key).generator
    if not CATALOGUE[name].private:
        return
    settings = next((a[1] for a in arms if not isinstance(a, str) and a[0] == name), {})
    what = f"Frozen scorer with {CATALOGUE[name].title}"
    entry = ledger.entry_of(folder.name.lstrip("."), what, name, settings, table.schema, exported=False)
    ledger.charge(workspace(folder), identity_of(table), entry)
