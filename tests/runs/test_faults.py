"""A full disk, a workspace that cannot be written, a locked or damaged list of runs, a clock that moves."""

import shutil
import sqlite3
import subprocess
import threading
import time
from contextlib import closing, contextmanager

import pytest

from synth_core.errors import RunError
from synth_core.runs import Store, processes
from tests.runs.conftest import FAKE, ended, submit, until, working


@contextmanager
def disk(place, megabytes: int):
    """A small disk at ``place``."""
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", place], capture_output=True)
    if made.returncode:
        pytest.skip(f"no small disk can be mounted here: {made.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def serving(place) -> Store:
    """The store as a server uses it."""
    store = Store(place, tasks=FAKE)
    store.database.hold()
    return store


def fill(place) -> None:
    """Leave no byte free on the disk at ``place``."""
    with (place / "filler").open("ab", buffering=0) as file:
        for size in (65_536, 512, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def free(place) -> None:
    (place / "filler").unlink()


def test_a_run_that_fills_the_disk_fails_in_words_and_everything_stored_is_there(tmp_path):
    with disk(tmp_path / "d", 4) as place:
        store = serving(place)
        kept = ended(store, submit(store, "quick", seed=3))
        run = ended(store, submit(store, "greedy"))
        assert run.state == "failed" and run.error.startswith("The disk is full.")
        assert (store.folder(kept.id) / "result.txt").read_text("utf-8") == "seed 3"
        until(lambda: not store.layout.unfinished(), what="tidied up")
        assert shutil.disk_usage(place).free > 3_000_000
        assert ended(store, submit(store, "quick")).state == "succeeded"


def test_on_a_full_disk_runs_are_listed_submitting_is_refused_and_a_dead_run_is_settled_later(tmp_path):
    with disk(tmp_path / "d", 4) as place:
        store = serving(place)
        kept = ended(store, submit(store, "quick", seed=3))
        run = working(store, submit(store, "slow", seconds=60))
        fill(place)
        for process in processes.left(run.id):
            process.kill()
        until(lambda: not processes.left(run.id), what="killed")
        assert [r.id for r in store.list()] == [run.id, kept.id]
        assert (store.folder(kept.id) / "result.txt").read_text("utf-8") == "seed 3"
        fill(place)
        with pytest.raises(RunError, match=r"^The disk (is full|could not be written: most often it is full)"):
            submit(store, "quick")
        free(place)
        assert store.get(run.id).state == "interrupted" and len(store.list()) == 2
        assert ended(store, submit(store, "quick")).state == "succeeded"


def test_a_run_that_meets_a_full_disk_ends_in_words_when_there_is_room(tmp_path):
    with disk(tmp_path / "d", 4) as place:
        store = serving(place)
        run = working(store, submit(store, "slow", seconds=60))
        stop = threading.Event()

        def keep_full() -> None:
            while not stop.wait(0.01):
                fill(place)

        keeper = threading.Thread(target=keep_full)
        keeper.start()
        try:
            until(lambda: len(processes.left(run.id)) == 1, 40, "end of the task")
            assert store.database.row(run.id)["state"] == "running"
        finally:
            stop.set()
            keeper.join()
        free(place)
        done = ended(store, run)
        assert done.state == "failed" and done.error.startswith("The disk is full.")


def test_a_workspace_that_cannot_be_written_is_told(tmp_path):
    with disk(tmp_path / "d", 4) as place:
        store = Store(place, tasks=FAKE)
        kept = ended(store, submit(store, "quick"))
        until(lambda: not processes.left(kept.id), what="its log is closed")
        subprocess.run(["mount", "-o", "remount,ro", place], check=True)
        with pytest.raises(RunError, match="cannot be written to"):
            Store(place, tasks=FAKE)
        subprocess.run(["mount", "-o", "remount,rw", place], check=True)
        assert Store(place, tasks=FAKE).get(kept.id).state == "succeeded"


@contextmanager
def held(store):
    """Another program in the middle of a write."""
    with closing(sqlite3.connect(store.layout.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")


def test_while_the_list_of_runs_is_locked_it_can_be_read_and_submitting_is_refused_in_words(store, monkeypatch):
    run = ended(store, submit(store, "quick"))
    monkeypatch.setattr("synth_core.runs.database.PATIENCE", 0.2)
    with held(store):
        assert store.list() == [run]
        with pytest.raises(RunError, match="Another program holds the list of runs"):
            submit(store, "quick")
    assert store.list() == [run]
    assert ended(store, submit(store, "quick")).state == "succeeded"


def test_a_run_outlives_a_locked_list_of_runs(store, monkeypatch):
    monkeypatch.setenv("STUDIO_PATIENCE", "0.2")  # of the run's own process
    run = working(store, submit(store, "slow", seconds=1.5))
    with held(store):
        until(lambda: store.layout.outcome(run.id).exists(), what="end of the task")
        time.sleep(1)
        assert store.database.row(run.id)["state"] == "running"
    assert ended(store, run).state == "succeeded"


def test_a_damaged_list_of_runs_is_told_and_left_as_it_is(tmp_path):
    store = Store(tmp_path, tasks=FAKE)
    ended(store, submit(store, "quick"))
    store.database.flush()
    damaged = b"no database" * 2_000
    store.layout.database.write_bytes(damaged)
    with pytest.raises(RunError, match="is damaged"):
        Store(tmp_path, tasks=FAKE)
    assert store.layout.database.read_bytes() == damaged


@pytest.mark.parametrize("moved", [-86_400.0, 86_400.0])
def test_a_clock_that_moves_ends_no_run_and_locks_nobody_out(store, monkeypatch, moved):
    run = working(store, submit(store, "slow", seconds=1))
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + moved)
    assert store.get(run.id).state == "running"
    later = submit(store, "quick")
    assert ended(store, run).state == "succeeded"
    assert ended(store, later).state == "succeeded"
    assert [r.id for r in store.list()] == [later.id, run.id], "the order is that of submission, not of the clock"


@pytest.mark.parametrize("what", ["gone", "empty", "file"])
def test_a_result_that_was_damaged_from_outside_is_told_and_can_be_deleted(store, what):
    run = ended(store, submit(store, "quick"))
    folder = store.layout.published(run.id)
    shutil.rmtree(folder)
    if what == "empty":
        folder.mkdir()
    elif what == "file":
        folder.write_text("x", "utf-8")
    if what != "empty":
        with pytest.raises(RunError, match="no result"):
            store.folder(run.id)
    assert store.get(run.id).state == "succeeded"
    store.remove(run.id)
    assert store.list() == [] and not folder.exists() and not store.layout.draft(run.id).exists()


def test_many_readers_and_writers_at_once_lose_no_run(store, monkeypatch):
    monkeypatch.setenv("STUDIO_SLOTS", "2")
    made, failed = [], []

    def work() -> None:
        try:
            for _ in range(2):
                made.append(submit(store, "quick").id)
                store.list()
        except RunError as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed and len(made) == 8
    assert {ended(store, store.get(i), 120).state for i in made} == {"succeeded"}
