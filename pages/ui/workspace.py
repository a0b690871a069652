"""Where everything of the user is stored."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st

from pages.ui import access
from pages.ui.frame import ROOT
from synth_core.journeys.library import JourneyLibrary
from synth_core.runs import Store, limits
from synth_core.tables import TableLibrary
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
