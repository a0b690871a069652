"""Ids in the address name nothing but stored things: no path, no markup, no failure."""

import sys

import pytest

from pages.ui import workspace
from pages.ui.frame import ICONS
from synth_core.tables import load_sample
from tests.pages.opening import open_page, said

MARK = "canary-7f3a"
PARAMETERS = (
    "run", "check", "study", "test", "brand", "journeys", "world", "view", "with", "generator", "rows", "dataset",
)  # fmt: skip
VALUES = (f"../../{MARK}", f"%2e%2e%2f{MARK}\0<script>alert(1)</script>" + "x" * 500)

_touched: list[str] = []


def _listen(event: str, given: tuple) -> None:
    if event in ("open", "os.listdir", "os.scandir", "os.rename", "os.remove", "os.mkdir", "sqlite3.connect"):
        _touched.extend(str(part) for part in given if MARK in str(part))


sys.addaudithook(_listen)  # for good, so there is one


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    """A workspace two folders below one that holds what must not be read."""
    (tmp_path / MARK).mkdir()
    (tmp_path / MARK / "meta.json").write_text('{"name": "stolen"}')
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path / "workspace"))
    _touched.clear()


def test_the_listener_hears(tmp_path):
    (tmp_path / MARK / "meta.json").read_text()
    assert _touched


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize("name", ICONS)
def test_a_page_asked_for_a_path_touches_no_such_file(name, stored):
    asked = dict.fromkeys(PARAMETERS, VALUES[stored])
    if stored:
        asked["dataset"] = workspace.library().add(load_sample("travel"))
    words = said(open_page(name, **asked))
    assert "Something went wrong" not in words and "stolen" not in words and "<script>" not in words
    assert not _touched
