"""Workspaces of older and newer versions."""

import sqlite3
import threading
from contextlib import closing

import pytest

from synth_core.errors import RunError
from synth_core.runs import Store
from synth_core.runs.database import Database
from synth_core.runs.schema import STEPS
from tests.runs.conftest import FAKE, ended, submit

#: As version 0.1.0 wrote it before files had a version number.
OLD = """
CREATE TABLE runs (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, task TEXT NOT NULL, spec TEXT NOT NULL,
    title TEXT NOT NULL, dataset TEXT, state TEXT NOT NULL, created REAL NOT NULL, started REAL, finished REAL,
    error TEXT, phases TEXT NOT NULL DEFAULT '[]', cancel_asked REAL, pid INTEGER, pid_created REAL
);
INSERT INTO runs (id, task, spec, title, dataset, state, created, started, finished, phases, pid, pid_created)
VALUES ('r1', 'quick', '{"seed": 3}', 'Zürich', NULL, 'succeeded', 1.0, 2.0, 3.0,
        '[{"name": "fitting", "step": 3, "total": 3, "remaining": null, "metrics": {}}]', 99999999, 1.0);
INSERT INTO runs (id, task, spec, title, dataset, state, created, started, pid, pid_created)
VALUES ('r2', 'quick', '{}', 'was working', NULL, 'running', 1.0, 2.0, 99999999, 1.0);
"""


@pytest.fixture
def old(tmp_path):
    with closing(sqlite3.connect(tmp_path / "runs.db")) as connection:
        connection.executescript(OLD)
    folder = tmp_path / "runs" / "r1"
    folder.mkdir(parents=True)
    (folder / "result.txt").write_text("seed 3", "utf-8")
    return tmp_path


def version(path) -> int:
    with closing(sqlite3.connect(path / "runs.db")) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def test_an_old_workspace_opens_with_everything_in_it_and_goes_on(old):
    store = Store(old, tasks=FAKE)
    assert version(old) == len(STEPS)
    runs = {run.id: run for run in store.list()}
    assert (runs["r1"].state, runs["r1"].title, runs["r1"].spec) == ("succeeded", "Zürich", {"seed": 3})
    assert runs["r1"].phases[0].name == "fitting" and runs["r2"].state == "interrupted"
    assert (store.folder("r1") / "result.txt").read_text("utf-8") == "seed 3"
    assert ended(store, submit(store, "quick")).state == "succeeded"
    assert ended(store, store.rerun("r1")).spec == {"seed": 3}
    assert Store(old, owner="a" * 32, tasks=FAKE).list() == []


def test_many_processes_may_open_an_old_workspace_at_once(old):
    failed, gate = [], threading.Barrier(8)

    def open_it() -> None:
        gate.wait()
        try:
            Database(old / "runs.db")
        except Exception as error:  # noqa: BLE001  whatever it is, the test must say it
            failed.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed and version(old) == len(STEPS)


def test_a_workspace_of_a_newer_version_is_left_alone(old):
    with closing(sqlite3.connect(old / "runs.db")) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    with pytest.raises(RunError, match="newer version"):
        Store(old, tasks=FAKE)
    assert version(old) == len(STEPS) + 1


def test_a_step_that_fails_changes_nothing(old, monkeypatch):
    monkeypatch.setattr("synth_core.runs.schema.STEPS", (*STEPS[:1], (STEPS[1][0], "CREATE TABLE runs (x)")))
    with pytest.raises(sqlite3.OperationalError):
        Database(old / "runs.db")
    monkeypatch.undo()
    assert version(old) == 0 and Store(old, tasks=FAKE).get("r1").title == "Zürich"
