"""Stored tables: named by content, newest first, unharmed by damage next door or by two writers."""

import json
import multiprocessing
import time

import numpy as np
import pandas as pd
import pytest

from synth_core.errors import TableError
from synth_core.tables import Release, Role, TableLibrary, load_sample, set_roles, set_target
from synth_core.tables.release import set_releases
from tests.tables.makers import csv


@pytest.fixture
def library(tmp_path):
    return TableLibrary(tmp_path / "datasets")


def small(value=1):
    return csv(f"zip,day,spend,n,note\n06520,2024-01-01,1.50,{value},a\n00501,2024-02-01,,2,\n10001,,2.25,,c\n")


def test_stored_table_comes_back_equal(library):
    table = small()
    back = library.get(library.add(table))
    pd.testing.assert_frame_equal(back.frame, table.frame)
    assert back.schema == table.schema
    assert (back.name, back.notes) == (table.name, table.notes)
    assert back.sha256() == table.sha256()


def test_id_is_the_content(library):
    first = library.add(small())
    assert library.add(small()) == first
    assert len(library.list()) == 1
    assert library.add(small(5)) != first
    assert library.add(set_roles(small(), {"n": Role.CATEGORICAL})) != first
    assert len(library.list()) == 3


def test_how_dates_and_decimals_are_written_belongs_to_the_content(library):
    iso, slashes = csv("day,n\n2024-01-31,1.5\n2024-02-29,2\n"), csv("day,n\n31/01/2024,1.5\n29/02/2024,2\n")
    assert iso.frame.equals(slashes.frame)
    assert library.add(iso) != library.add(slashes)


def test_list_is_newest_first_with_what_the_page_shows(library):
    assert library.list() == []
    older = library.add(small())
    time.sleep(0.01)
    newer = library.add(load_sample("travel"))
    listed = library.list()
    assert [info.id for info in listed] == [newer, older]
    assert (listed[0].name, listed[0].rows, listed[0].target) == ("Luxury travel bookings (simulated)", 1200, "booked")
    assert listed[1].target is None


@pytest.mark.parametrize(
    "damage", ["truncate meta", "not json", "wrong json", "missing schema", "empty rows", "no rows"]
)
def test_damage_to_one_table_leaves_the_others_and_can_be_repaired(library, damage):
    good, bad = library.add(small()), library.add(small(9))
    place = library.folder / bad
    if damage == "truncate meta":
        (place / "meta.json").write_text((place / "meta.json").read_text()[:20])
    elif damage == "not json":
        (place / "schema.json").write_bytes(b"\xff\xfe\x00garbage")
    elif damage == "wrong json":
        (place / "schema.json").write_text("[1, 2]")
    elif damage == "missing schema":
        (place / "schema.json").unlink()
    elif damage == "empty rows":
        (place / "rows.parquet").write_bytes(b"")
    else:
        (place / "rows.parquet").unlink()
    assert good in [info.id for info in library.list()]
    with pytest.raises(TableError, match=r"are damaged\. Upload the table again"):
        library.get(bad)
    assert library.add(small(9)) == bad
    pd.testing.assert_frame_equal(library.get(bad).frame, small(9).frame)


def test_foreign_files_in_the_folder_are_ignored(library):
    kept = library.add(small())
    (library.folder / "notes.txt").write_text("mine")
    (library.folder / ".draft-left-by-a-crash").mkdir()
    (library.folder / ("a" * 64)).write_text("a file, not a folder")
    assert [info.id for info in library.list()] == [kept]


@pytest.mark.parametrize("name", ["", "..", "../../etc", "0" * 64, "x" * 64, "A" * 64, None])
def test_unknown_ids_are_not_found(library, name):
    library.add(small())
    with pytest.raises(TableError, match="This table was not found"):
        library.get(name)


def test_removed_table_is_gone_and_leaves_nothing_behind(library):
    table_id = library.add(small())
    library.remove(table_id)
    assert library.list() == []
    assert list(library.folder.iterdir()) == []
    with pytest.raises(TableError, match="not found"):
        library.get(table_id)


def _add_many(folder, start, ids):
    start.wait()
    library = TableLibrary(folder)
    ids.put([library.add(small(n)) for n in range(15)])


def test_two_processes_store_the_same_tables_at_once(library):
    context = multiprocessing.get_context("spawn")
    start, ids = context.Event(), context.Queue()
    workers = [context.Process(target=_add_many, args=(library.folder, start, ids)) for _ in range(2)]
    for worker in workers:
        worker.start()
    start.set()
    found = [ids.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    assert found[0] == found[1]
    assert {info.id for info in library.list()} == set(found[0])
    assert sorted(p.name for p in library.folder.iterdir()) == sorted(found[0])
    assert [library.get(i).frame["n"].iloc[0] for i in found[0]] == list(range(15))


def test_choices_are_taken_over_for_files_with_the_same_headers(library):
    before = csv("age,channel,y\n" + "31,web,2\n45,mail,1\n" * 20)
    assert library.recalled(before) is before
    library.remember(set_target(set_roles(before, {"age": Role.CATEGORICAL}), "y", 1))
    after = library.recalled(csv("age,channel,y\n" + "52,web,1\n38,shop,2\n29,web,2\n" * 20))
    assert after.schema["age"].role is Role.CATEGORICAL
    assert (after.target, after.schema.positive) == ("y", "1")
    assert after.notes[-1] == "Roles and target were taken over from an earlier file: age, y."
    other = csv("age,channel,z\n31,web,2\n45,mail,1\n")
    assert library.recalled(other) is other


def test_what_comes_out_of_a_sensitive_column_is_remembered_too(library):
    rows = "".join(f"p{n}@agency.example,{n % 3}\n" for n in range(30))
    before = csv("email,y\n" + rows)
    library.remember(set_releases(before, {"email": Release.FAKE}))
    assert library.recalled(csv("email,y\n" + rows)).schema["email"].comes_out is Release.FAKE
    changed = library.recalled(csv("email,y\n" + "1.5,0\n2.5,1\n" * 20))
    assert any("“email” is numeric: its values are sampled" in note for note in changed.notes)
    stored = library.get(library.add(set_releases(before, {"email": Release.HASH})))
    assert stored.schema["email"].comes_out is Release.HASH


def test_a_choice_that_no_longer_fits_is_left_and_said(library):
    before = csv("age,note,y\n" + "31,a,0\n45,b,1\n" * 20)
    library.remember(set_target(set_roles(before, {"note": Role.BOOLEAN, "age": Role.CATEGORICAL}), "y"))
    after = library.recalled(csv("age,note,y\n" + "31,a,1\n45,b,1\n27,c,1\n" * 20))
    assert after.schema["age"].role is Role.CATEGORICAL
    assert after.schema["note"].role is Role.CATEGORICAL
    assert after.target is None
    assert sum("not taken over" in note for note in after.notes) == 2
    assert any("“note” has 3 different values" in note for note in after.notes)


def test_headers_no_file_format_likes_survive(library):
    table = csv('"a.b","a b","=1+1","日本 🙂","c0"\n1,2,3,x,4\n5,6,7,y,8\n')
    back = library.get(library.add(table))
    assert back.schema.names == table.schema.names
    assert np.array_equal(back.frame["c0"].to_numpy(dtype="int64"), [4, 8])
    assert json.loads((library.folder / table.sha256() / "meta.json").read_text("utf-8"))["rows"] == 2
