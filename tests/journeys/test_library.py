"""Stored journeys: named by content, whatever the upload was called; damage is told, never read."""

import json
import multiprocessing
import time

import numpy as np
import pytest

from synth_core.errors import JourneyError
from synth_core.journeys.library import JourneyLibrary
from synth_core.journeys.reading import read_journeys

EVENTS = b"user,time,channel,conversion\nu1,2024-01-01,A,0\nu1,2024-01-02,B,1\nu2,2024-01-02,B,0\n"
PATHS = b"path,conversions,nulls\nA > B,3,1\nB,1,4\n"


@pytest.fixture
def library(tmp_path):
    return JourneyLibrary(tmp_path / "journeys")


@pytest.mark.parametrize("data", [EVENTS, PATHS])
def test_what_was_stored_comes_back(library, data):
    back, expected = library.get(library.add(data, "log.csv")), read_journeys(data, name="log.csv")
    assert (back.channels, back.notes, back.timed) == (expected.channels, expected.notes, expected.timed)
    for name in ("starts", "channel", "conversions", "nulls", "value", "time", "begin", "end", "user"):
        one, other = getattr(back, name), getattr(expected, name)
        assert (one is None) == (other is None)
        if one is not None:
            np.testing.assert_array_equal(one, other)
            assert one.dtype == other.dtype


def test_the_content_is_the_id_and_the_name_is_no_path(library, tmp_path):
    first = library.add(EVENTS, "../../etc/passwd\n.csv")
    assert library.add(EVENTS, "again.csv") == first
    assert library.add(PATHS, "again.csv") != first
    assert [p.name for p in tmp_path.iterdir()] == ["journeys"]
    assert sorted(p.name for p in (tmp_path / "journeys").iterdir()) == sorted(i.id for i in library.list())
    other = library.add(b"path,conv\nA > B,3\n", "columns.csv", {"path": "path", "conversions": "conv"})
    assert len(library.list()) == 3 and library.get(other).conversions.tolist() == [3]


def test_the_list_is_newest_first_with_what_the_page_shows(library):
    assert library.list() == []
    older = library.add(EVENTS, "log.csv")
    time.sleep(0.01)
    newer = library.add(PATHS, "x" * 500)
    listed = library.list()
    assert [info.id for info in listed] == [newer, older]
    assert (listed[1].name, listed[1].paths, listed[1].touches, listed[1].channels) == ("log.csv", 2, 3, ("A", "B"))
    assert listed[1].timed and not listed[0].timed and listed[0].conversions == 4 and len(listed[0].name) == 120


def test_removed_and_unknown_journeys_are_told(library):
    stored = library.add(PATHS, "paths.csv")
    library.remove(stored)
    assert library.list() == [] and list(library.folder.iterdir()) == []
    for wrong in (stored, "0" * 64, "../x", "", None):
        with pytest.raises(JourneyError, match="not found"):
            library.get(wrong)
    with pytest.raises(JourneyError, match="not found"):
        library.remove(stored)


def test_what_cannot_be_read_leaves_nothing(library):
    with pytest.raises(JourneyError, match="step of the path is empty"):
        library.add(b"path,conversions\nA > > B,3\n", "bad.csv")
    assert not library.folder.exists() or list(library.folder.iterdir()) == []


@pytest.mark.parametrize("damage", ["cut", "gone", "meta", "other"])
def test_damaged_files_are_told_and_stored_anew(library, damage):
    stored = library.add(EVENTS, "log.csv")
    arrays, meta = library.folder / stored / "journeys.npz", library.folder / stored / "meta.json"
    if damage == "cut":
        arrays.write_bytes(arrays.read_bytes()[:100])
    elif damage == "gone":
        arrays.unlink()
    elif damage == "meta":
        meta.write_text("{")
    else:
        meta.write_text(json.dumps({**json.loads(meta.read_text()), "channels": ["B", "A"]}))
    with pytest.raises(JourneyError, match="damaged"):
        library.get(stored)
    assert library.add(EVENTS, "log.csv") == stored
    assert library.get(stored).channels == ("A", "B")


def _add(folder):
    JourneyLibrary(folder).add(EVENTS, "log.csv")


def test_two_writers_of_the_same_content_do_not_harm_each_other(library):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(_add, [library.folder] * 6)
    assert len(library.list()) == 1 and len(list(library.folder.iterdir())) == 1
