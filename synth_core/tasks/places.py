"""Where tasks find what belongs to a run's owner: its folder, draft or published, lies at ``<home>/runs/<name>``."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from synth_core.errors import RunError
from synth_core.journeys.library import JourneyLibrary
from synth_core.runs.database import Database
from synth_core.runs.layout import Layout
from synth_core.tables import TableLibrary
from synth_core.voice.library import BrandLibrary
from synth_core.voice.review import Reviews


def workspace(folder: Path) -> Path:
    """The folder of the owner of a run's ``folder``; the whole workspace where nobody signs in."""
    return folder.resolve().parents[1]


def asked_of(folder: Path, run_id: str) -> dict[str, Any]:
    """What another run of that workspace was asked to do.

    Raises
    ------
    RunError
        It has been deleted.
    """
    layout = Layout.of(workspace(folder))
    row = Database(layout.database).row(run_id)
    if row is None or row["owner"] != layout.owner:
        raise RunError("The run that this one goes on from has been deleted. Pick another one, or run it again.")
    return json.loads(row["spec"])


def library(folder: Path) -> TableLibrary:
    """The stored tables of that workspace."""
    return TableLibrary(workspace(folder) / "datasets")


def audits(folder: Path) -> TableLibrary:
    """Synthetic tables made elsewhere, kept apart from the real ones."""
    return TableLibrary(workspace(folder) / "audits")


def journeys(folder: Path) -> JourneyLibrary:
    """Uploaded customer journeys."""
    return JourneyLibrary(workspace(folder) / "journeys")


def brands(folder: Path) -> BrandLibrary:
    """Stored brands."""
    return BrandLibrary(workspace(folder) / "brands")


def uploads(workspace: Path) -> Path:
    """Files that wait for a run to take them."""
    return workspace / "uploads"


def tests_of(workspace: Path) -> Path:
    """Prospective tests, a folder each."""
    return workspace / "prospective"


def reviews(folder: Path) -> Reviews:
    """What people said of the lines of runs."""
    return Reviews(workspace(folder) / "reviews")


def write_json(path: Path, content: Any) -> None:
    """Write ``content`` whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    draft.replace(path)
