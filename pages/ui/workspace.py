"""The workspace folder, and loaders cached on ids that never change their meaning."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from pages.ui import access, text
from pages.ui.frame import ROOT, empty
from synth_core.errors import SchemaError
from synth_core.journeys.library import JourneyLibrary
from synth_core.runs import Run, Store, limits
from synth_core.tables import Table, TableLibrary
from synth_core.tables.overview import Overview
from synth_core.tables.overview import overview as overview_of
from synth_core.tasks import results
from synth_core.voice.library import BrandLibrary
from synth_core.voice.review import Reviews


def root() -> Path:
    """``$STUDIO_WORKSPACE``, or ``workspace/`` beside ``app.py``."""
    return Path(os.environ.get("STUDIO_WORKSPACE") or ROOT / "workspace").resolve()


def workspace() -> Path:
    """Where everything of the user lies, and nothing of anybody else; the whole workspace where nobody signs in.

    Caches are shared between users, so what they keep is keyed by this.
    """
    return store().layout.home


def store() -> Store:
    """The user's runs."""
    return _store(str(root()), access.owner())


def used() -> int:
    """Bytes that the user stores."""
    return limits.used(workspace())


def make_room(more: int) -> None:
    """See that ``more`` bytes may be stored.

    Raises
    ------
    RunError
        The user's space is full.
    """
    store().limits.check_space(workspace(), more)


def erase() -> None:
    """Delete everything of the user."""
    store().erase()
    for cached in (_table, _overview, _generated, _result, _prospective_test, _scorer):
        cached.clear()
    st.session_state.clear()


def library() -> TableLibrary:
    """The stored tables."""
    return _library(str(workspace() / "datasets"))


def audits() -> TableLibrary:
    """Synthetic tables made elsewhere."""
    return _library(str(workspace() / "audits"))


def journeys() -> JourneyLibrary:
    """Uploaded customer journeys."""
    return JourneyLibrary(workspace() / "journeys")


def brands() -> BrandLibrary:
    """Brands with their lines, briefs and rules."""
    return BrandLibrary(workspace() / "brands")


def reviews() -> Reviews:
    """What people said of new lines."""
    return Reviews(workspace() / "reviews")


def tests():
    """The prospective tests."""
    from synth_core.prospective.library import Tests  # only now: it needs LightGBM, most pages do not

    return Tests(workspace() / "prospective")


@st.cache_resource
def _store(folder: str, owner: str) -> Store:
    found = Store(Path(folder), owner=owner)
    found.database.hold()
    return found


@st.cache_resource
def _library(folder: str) -> TableLibrary:
    return TableLibrary(Path(folder))


def table(dataset: str) -> Table:
    """A stored table; read-only."""
    return _table(str(workspace()), dataset)


def keep(table: Table) -> str:
    """Store a table that was just read and return its id; pages need not read it from the disk again."""
    dataset = library().add(table)
    stored = next(info for info in library().list() if info.id == dataset)
    if (stored.name, stored.notes) == (table.name, table.notes):  # not the same content stored under another name
        _table(str(workspace()), dataset, table)
    return dataset


def overview(dataset: str) -> Overview:
    """What is counted of a stored table; once, as a million rows take seconds."""
    return _overview(dataset, table(dataset))


@st.cache_data(max_entries=32, show_spinner=False)
def _overview(dataset: str, _table: Table) -> Overview:
    return overview_of(_table)


def about(table: Table) -> None:
    """One line: which table this page is about."""
    outcome = f" · target: {table.target}" if table.target else ""
    if table.is_binary:
        outcome += f" = {table.schema.positive}"
    st.caption(f"**{table.name}** · {text.count(len(table))} rows · {len(table.schema.features)} features{outcome}")


def why_no_verdict(table: Table) -> str | None:
    """What keeps models from predicting the target, as a sentence; None where nothing does."""
    try:
        table.outcome  # noqa: B018
    except SchemaError as error:
        return str(error)
    return None


def generated(run: Run):
    """The result of a finished ``generate`` or ``audit`` run."""
    return _generated(str(workspace()), run.id)


def result(run: Run):
    """What a finished run found, as the record that its task stores; for runs without rows."""
    return _result(str(workspace()), run.id, run.task)


def prospective_test(test: str):
    """A prospective test; its frozen scorer is read once, and again when its file changes."""
    folder = tests().get(test).folder
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
    return tests().get(Path(folder).name)


@st.cache_resource(max_entries=4, show_spinner="Reading the frozen models …")
def _scorer(path: str, changed: int, size: int):
    from synth_core.prospective.scorer import load  # only now: it needs LightGBM, most pages do not

    return load(path)


@st.cache_resource(max_entries=8, show_spinner="Reading the table …")
def _table(folder: str, dataset: str, _known: Table | None = None) -> Table:
    return _known if _known is not None else library().get(dataset)


@st.cache_resource(max_entries=4, show_spinner="Reading the result …")
def _generated(folder: str, run: str):
    return results.load_generate(store().folder(run))


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
    return _LOAD[task](store().folder(run))


def current_dataset() -> str:
    """The dataset named in the address, else the one last used here; stops with an empty state when there is none."""
    dataset = st.query_params.get("dataset") or st.session_state.get("dataset")
    if dataset is None:
        stored = library().list()
        dataset = stored[0].id if stored else None
    if dataset is None:
        empty("No table yet. Try the travel sample or upload your own.", button="Choose a table", to="Start")
    remember(dataset)
    return dataset


def pick_dataset() -> str:
    """A selectbox over the stored tables, tied to ``?dataset=``; stops with an empty state when there is none."""
    dataset = current_dataset()
    names = {info.id: info.name for info in library().list()}
    if len(names) > 1 and dataset in names:
        st.session_state["pick-dataset"] = dataset
        st.selectbox("Table", list(names), key="pick-dataset", on_change=_follow_dataset, format_func=names.get)
    return dataset


def _follow_dataset() -> None:
    st.query_params["dataset"] = st.session_state["pick-dataset"]


def remember(dataset: str) -> None:
    """Put ``dataset`` in the address, and in the session for pages opened without one."""
    if st.query_params.get("dataset") != dataset:
        st.query_params["dataset"] = dataset
    if dataset in library():  # the table of a run out of a hand-over pack is not
        st.session_state["dataset"] = dataset


def forget(dataset: str) -> None:
    """Drop a deleted ``dataset`` from the address, the session and the caches."""
    for cached in (_table, _overview, _generated, _result):
        cached.clear()
    st.query_params.pop("dataset", None)
    st.session_state.pop("dataset", None)
