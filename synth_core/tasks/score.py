"""Score a file of leads, however long, by both models of a frozen scorer."""

from __future__ import annotations

import time
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from synth_core.errors import RunError
from synth_core.progress import Progress
from synth_core.prospective.batch import score_file
from synth_core.prospective.scorer import load
from synth_core.tasks.places import tests_of, uploads, workspace, write_json

_KEPT = 7 * 86_400  #: seconds after which a file that no run took is removed


def stage(workspace: Path, file: BinaryIO) -> str:
    """Store an uploaded file until a run takes it; what is returned goes into the run's spec as ``file``."""
    folder = uploads(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - _KEPT:
            old.unlink(missing_ok=True)
    name = uuid.uuid4().hex
    with (folder / name).open("wb") as out:
        while block := file.read(1 << 20):
            out.write(block)
    return name


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Score; :func:`synth_core.tasks.results.load_leads` reads what was found, ``scores.csv`` is for the user.

    Parameters
    ----------
    spec : dict
        ``scorer`` (id of a ``freeze`` run) or ``test`` (id of a prospective test), ``file`` (from :func:`stage`),
        ``label`` (the file's name), ``id_column``.
    folder : Path
        Receives ``scores.csv`` and ``leads.json``.
    progress : Progress

    Raises
    ------
    SynthError
        The scorer or the file is gone or cannot be used; the text says why.
    """
    place = workspace(folder)
    if spec.get("test"):
        source = tests_of(place) / Path(spec["test"]).name / "scorer.zip"
    else:
        source = place / "runs" / Path(spec["scorer"]).name / "scorer.zip"
    if not source.is_file():
        raise RunError("The scorer has been deleted. Pick another one, or freeze it again.")
    upload = uploads(place) / Path(spec["file"]).name
    if not upload.is_file():
        raise RunError(f"The uploaded file “{spec['label']}” is kept for one run only. Upload it again.")
    found = score_file(
        upload, load(source), folder / "scores.csv", id_column=spec["id_column"], name=spec["label"], progress=progress
    )
    write_json(folder / "leads.json", asdict(found))
    upload.unlink(missing_ok=True)
