"""Several owners on one server: nobody finds what belongs to another, all wait in one queue, deleted means gone."""

import threading
import time
from pathlib import Path

import pytest

from synth_core.errors import RunError, TableError
from synth_core.runs import Limits, Store, processes
from synth_core.runs.layout import Layout
from synth_core.tables import TableLibrary, load_sample, read_table
from synth_core.tasks import places
from synth_core.tasks.deleting import delete_table
from tests.runs.conftest import FAKE, ended, submit, until, working

ANN, BOB = "a" * 32, "b" * 32
SENTINEL = "Quetzalcoatlus-77"


@pytest.fixture
def ann(tmp_path):
    store = Store(tmp_path, owner=ANN, tasks=FAKE)
    yield store
    for row in store.database.read("SELECT id FROM runs"):
        assert processes.kill_all(row["id"])


@pytest.fixture
def bob(ann):
    return Store(ann.workspace, owner=BOB, tasks=FAKE)


def holding(folder: Path, word: str) -> list[Path]:
    """Files below ``folder`` whose name or content has ``word``."""
    return [p for p in folder.rglob("*") if p.is_file() and (word in p.name or word.encode() in p.read_bytes())]


def test_what_one_owner_made_is_not_found_by_another(ann, bob):
    run = ended(ann, submit(ann, "quick", seed=3))
    assert ann.layout.home in ann.folder(run.id).parents and bob.layout.home not in ann.folder(run.id).parents
    assert bob.list() == [] and Store(ann.workspace, tasks=FAKE).list() == []
    for reach in (bob.get, bob.folder, bob.log, bob.cancel, bob.remove, bob.rerun):
        with pytest.raises(RunError, match="not found"):
            reach(run.id)
    with pytest.raises(RunError, match="deleted"):
        places.asked_of(bob.layout.published("x"), run.id)
    assert places.asked_of(ann.layout.published("x"), run.id) == {"seed": 3}
    assert ann.get(run.id).state == "succeeded" and ann.log(run.id) == ""


@pytest.mark.parametrize("owner", ["..", "../../etc", "a" * 31, "A" * 32, "a" * 32 + "\n", "owners"])
def test_an_owner_that_is_no_owner_names_no_folder(tmp_path, owner):
    with pytest.raises(ValueError, match="hexadecimal"):
        Store(tmp_path, owner=owner)


def test_a_home_leads_back_to_its_workspace(tmp_path):
    for layout in (Layout(tmp_path, ANN), Layout(tmp_path)):
        assert Layout.of(layout.home) == layout


def test_owners_wait_in_one_queue(ann, bob, monkeypatch):
    monkeypatch.setenv("STUDIO_SLOTS", "1")
    first = working(ann, submit(ann, "slow", seconds=60))
    second = submit(bob, "quick")
    assert bob.ahead(second.id) == 1
    time.sleep(0.5)
    assert bob.get(second.id).state == "queued"
    ann.cancel(first.id)
    assert ended(bob, second).state == "succeeded"


def test_a_dead_run_of_one_owner_does_not_hold_up_another(ann, bob, monkeypatch):
    monkeypatch.setenv("STUDIO_SLOTS", "1")
    dead = working(ann, submit(ann, "asleep"))
    waiting = submit(bob, "quick")
    for process in processes.left(dead.id):
        process.kill()
    assert ended(bob, waiting).state == "succeeded"
    assert ann.get(dead.id).state == "interrupted" and not ann.layout.draft(dead.id).exists()


def test_a_run_from_elsewhere_is_adopted_whole_or_not_at_all(ann, bob):
    def fill(folder: Path) -> None:
        (folder / "result.txt").write_text("whole", "utf-8")

    def fail(folder: Path) -> None:
        fill(folder)
        raise RunError("damaged")

    run = ann.adopt("quick", {"seed": 1}, title="from a pack", dataset=None, fill=fill)
    assert (run.state, run.spec, run.title) == ("succeeded", {"seed": 1}, "from a pack")
    assert (ann.folder(run.id) / "result.txt").read_text("utf-8") == "whole" and bob.list() == []
    with pytest.raises(RunError, match="damaged"):
        ann.adopt("quick", {}, title="bad", dataset=None, fill=fail)
    assert [r.id for r in ann.list()] == [run.id] and [p.name for p in (ann.layout.home / "runs").iterdir()] == [run.id]


def test_limits_hold_for_each_owner_apart(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_MAX_ACTIVE_RUNS", "1")
    monkeypatch.setenv("STUDIO_MAX_RUNS_PER_HOUR", "2")
    ann, bob = (Store(tmp_path, owner=owner, tasks=FAKE) for owner in (ANN, BOB))
    first = submit(ann, "asleep")
    with pytest.raises(RunError, match="1 of your runs"):
        submit(ann, "quick")
    waiting = submit(bob, "quick")
    ann.cancel(first.id)
    ended(ann, first)
    assert ended(bob, waiting).state == "succeeded"
    ann.remove(first.id)
    ended(ann, submit(ann, "quick"))
    with pytest.raises(RunError, match="2 runs within an hour"):  # a deleted run was a run
        submit(ann, "quick")


def test_of_submissions_at_once_no_more_than_the_limit_get_through(tmp_path):
    store = Store(tmp_path, owner=ANN, limits=Limits(active=2), tasks=FAKE)
    refused, gate = [], threading.Barrier(5)

    def ask() -> None:
        gate.wait()
        try:
            submit(store, "asleep")
        except RunError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 3 and len(store.list()) == 2
    for run in store.list():
        processes.kill_all(run.id)


def test_a_full_space_refuses_in_words_and_keeps_what_is_there(tmp_path):
    store = Store(tmp_path, owner=ANN, limits=Limits(gigabytes=1e-6), tasks=FAKE)
    (store.layout.home / "big").write_bytes(b"x" * 2_000)
    for reach in (lambda: submit(store, "quick"), lambda: store.limits.check_space(store.layout.home)):
        with pytest.raises(RunError, match="that each user has here"):
            reach()
    assert store.list() == [] and (store.layout.home / "big").exists()


def test_someone_alone_has_no_limits(tmp_path):
    assert Store(tmp_path).limits == Limits() and Store(tmp_path, owner=ANN).limits != Limits()


def test_a_deleted_run_leaves_no_trace(ann):
    run = ann.submit("quick", {"where": SENTINEL}, title=f"rows of {SENTINEL}", dataset=None)
    ended(ann, run)
    assert holding(ann.workspace, SENTINEL)
    ann.remove(run.id)
    assert not holding(ann.workspace, SENTINEL) and not holding(ann.workspace, run.id)


def test_a_deleted_table_takes_its_runs_and_what_was_remembered_with_it(ann):
    table = load_sample("travel")
    frame = table.frame.rename(columns={table.schema.names[0]: SENTINEL})
    library = TableLibrary(ann.layout.home / "datasets")
    stored = read_table(frame.to_csv(index=False).encode(), name="t.csv")
    dataset = library.add(stored)
    library.remember(stored)
    library.remember(table)
    kept = library.add(table)
    run = ended(ann, ann.submit("quick", {"column": SENTINEL}, title="t", dataset=dataset))
    busy = working(ann, ann.submit("asleep", {}, title="busy", dataset=dataset))
    with pytest.raises(RunError, match="has not ended"):
        delete_table(ann, dataset)
    assert ann.get(run.id).state == "succeeded" and library.get(dataset).name == "t.csv"
    ann.cancel(busy.id)
    ended(ann, busy)
    delete_table(ann, dataset)
    assert not holding(ann.workspace, SENTINEL)
    assert [i.id for i in library.list()] == [kept] and len(list((library.folder / "roles").iterdir())) == 1
    with pytest.raises(TableError, match="not found"):
        delete_table(ann, dataset)


def test_everything_of_an_owner_can_be_deleted_and_nothing_of_another(ann, bob):
    for store in (ann, bob):
        (store.layout.home / "datasets").mkdir()
        (store.layout.home / "datasets" / "x").write_text(SENTINEL, "utf-8")
        ended(store, store.submit("quick", {"where": SENTINEL}, title="t", dataset=None))
    busy = working(ann, submit(ann, "asleep"))
    with pytest.raises(RunError, match="has not ended"):
        ann.erase()
    ann.cancel(busy.id)
    ended(ann, busy)
    ann.erase()
    assert not holding(ann.layout.home, SENTINEL) and ann.list() == [] and len(bob.list()) == 1
    assert ended(ann, submit(ann, "quick")).state == "succeeded"
    bob.erase()
    assert not holding(ann.workspace, SENTINEL)
    with pytest.raises(RunError, match="workspace folder itself"):
        Store(ann.workspace, tasks=FAKE).erase()


def test_what_an_erasure_left_behind_is_swept(ann, bob):
    grave = ann.layout.home.with_name(f".{ANN}.1")
    grave.mkdir()
    (grave / "x").write_text(SENTINEL, "utf-8")
    Store(ann.workspace, owner=BOB, tasks=FAKE)
    until(lambda: not grave.exists(), what="swept")
