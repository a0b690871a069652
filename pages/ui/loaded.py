"""Stored things read once and kept for later scripts, by ids that never change their meaning.

What is kept is shared between users, so it is keyed by the user's folder.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui import workspace
from synth_core.runs import Run
from synth_core.tables import Table
from synth_core.tables.overview import Overview
from synth_core.tables.overview import overview as overview_of
from synth_core.tasks import results


def table(dataset: str) -> Table:
    """A stored table; read-only."""
    return _table(str(workspace.workspace()), dataset)


def keep(table: Table) -> str:
    """Store a table that was just read and return its id; pages need not read it from the disk again."""
    dataset = workspace.library().add(table)
    stored = next(info for info in workspace.library().list() if info.id == dataset)
    if (stored.name, stored.notes) == (table.name, table.notes):  # not the same content stored under another name
        _table(str(workspace.workspace()), dataset, table)
    return dataset


def overview(dataset: str) -> Overview:
    """What is counted of a stored table; once, as a million rows take seconds."""
    return _overview(dataset, table(dataset))


@st.cache_data(max_entries=32, show_spinner=False)
def _overview(dataset: str, _table: Table) -> Overview:
    return overview_of(_table)


def generated(run: Run):
    """The result of a finished ``generate`` or ``audit`` run."""
    return _generated(str(workspace.workspace()), run.id)


def result(run: Run):
    """What a finished run found, as the record that its task stores; for runs without rows."""
    return _result(str(workspace.workspace()), run.id, run.task)


def prospective_test(test: str):
    """A prospective test; its frozen scorer is read once, and again when its file changes."""
    folder = workspace.tests().get(test).folder
    return _prospective_test(str(folder), *_state(folder / "scorer.zip"))


def scorer(path: Path):
    """A frozen scorer; read again when its file changes."""
    return _scorer(str(path), *_state(path))


def _state(path: Path) -> tuple[int, int]:
    """Changes whenever the file does; zeros where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@st.cache_resource(max_entries=4, show_spinner=False)
def _prospective_test(folder: str, changed: int, size: int):
    return workspace.tests().get(Path(folder).name)


@st.cache_resource(max_entries=4, show_spinner="Reading the frozen models …")
def _scorer(path: str, changed: int, size: int):
    from synth_core.prospective.scorer import load  # only now: it needs LightGBM, most pages do not

    return load(path)


@st.cache_resource(max_entries=8, show_spinner="Reading the table …")
def _table(folder: str, dataset: str, _known: Table | None = None) -> Table:
    return _known if _known is not None else workspace.library().get(dataset)


@st.cache_resource(max_entries=4, show_spinner="Reading the result …")
def _generated(folder: str, run: str):
    return results.load_generate(workspace.store().folder(run))


_LOAD = {
    "lift": results.load_study,
    "advise": results.load_advice,
    "privacy": results.load_privacy,
    "self_test": results.load_self_test,
    "dp_curve": results.load_dp_curve,
    "journeys": results.load_grades,
    "stress": results.load_stress,
    "attribute": results.load_attributed,
    "calibrate": results.load_calibration,
    "voice_check": results.load_profile,
    "voice": results.load_batch,
    "freeze": results.load_card,
    "score": results.load_leads,
}


@st.cache_resource(max_entries=32, show_spinner="Reading the result …")
def _result(folder: str, run: str, task: str):
    """Results without rows: small, so that many are kept."""
    return _LOAD[task](workspace.store().folder(run))


def forget(*, scorers: bool = False) -> None:
    """Read everything anew from the disk: something was deleted; ``scorers``: frozen models, too."""
    for cached in (_table, _overview, _generated, _result, *((_prospective_test, _scorer) if scorers else ())):
        cached.clear()
