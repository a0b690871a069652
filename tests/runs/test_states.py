"""The state machine itself: compare-and-set, under random orders and under a race."""

import sqlite3
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from synth_core.runs import TERMINAL, Store
from synth_core.runs.database import Database, as_run, insert, move
from synth_core.runs.model import TRANSITIONS

STATES = ("queued", "running", *TERMINAL)
SLOTS = 2
GONE = (2**22 + 1, 0.0)  # a process number Linux never gives


def add(database: Database, run_id: str) -> None:
    with database.transaction() as connection:
        insert(connection, run_id, "quick", {}, "t", None, GONE)


class States(RuleBasedStateMachine):
    runs = Bundle("runs")

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database(Path(self.folder.name) / "runs.db")
        self.model: dict[str, str] = {}
        self.ended: dict[str, tuple] = {}

    def teardown(self):
        self.folder.cleanup()

    @rule(target=runs)
    def submit(self):
        run_id = f"r{len(self.model)}"
        add(self.database, run_id)
        self.model[run_id] = "queued"
        return run_id

    @rule(run=runs)
    def claim(self, run):
        oldest = next((r for r, s in self.model.items() if s == "queued"), None)
        expected = run == oldest and sum(s == "running" for s in self.model.values()) < SLOTS
        assert self.database.claim(run, SLOTS) == expected
        if expected:
            self.model[run] = "running"

    @rule(run=runs, old=st.sampled_from(STATES), new=st.sampled_from(STATES))
    def move(self, run, old, new):
        with self.database.transaction() as connection:
            if (old, new) not in TRANSITIONS:
                with pytest.raises(ValueError):
                    move(connection, run, old, new)
                return
            if (old, new) == ("queued", "running"):
                return  # only claim does that
            assert move(connection, run, old, new, "why") == (self.model[run] == old)
        if self.model[run] == old:
            self.model[run] = new

    @rule(run=runs)
    def cancel(self, run):
        self.database.ask_cancel(run)
        if self.model[run] == "queued":
            self.model[run] = "cancelled"

    @invariant()
    def states_are_as_expected_and_terminal_records_never_change(self):
        rows = {r["id"]: r for r in self.database.read("SELECT * FROM runs")}
        assert {i: r["state"] for i, r in rows.items()} == self.model
        for run_id, row in rows.items():
            record = tuple(row)
            assert self.ended.get(run_id, record) == record
            assert (row["finished"] is not None) == (row["state"] in TERMINAL)
            if row["state"] in TERMINAL:
                self.ended[run_id] = record


TestStates = States.TestCase
TestStates.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


def test_of_many_that_end_a_run_at_once_one_wins(tmp_path):
    database = Database(tmp_path / "runs.db")
    add(database, "r")
    assert database.claim("r", 1)
    won, gate = [], threading.Barrier(8)

    def end(state):
        gate.wait()
        with database.transaction() as connection:
            if move(connection, "r", "running", state):
                won.append(state)

    threads = [threading.Thread(target=end, args=(state,)) for state in TERMINAL * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1 and as_run(database.row("r")).state == won[0]


def test_of_many_that_claim_a_slot_at_once_one_wins(tmp_path):
    database = Database(tmp_path / "runs.db")
    for number in range(8):
        add(database, f"r{number}")
    gate = threading.Barrier(8)
    won = []

    def claim(run_id):
        gate.wait()
        if database.claim(run_id, 1):
            won.append(run_id)

    threads = [threading.Thread(target=claim, args=(f"r{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == ["r0"]


def test_a_failed_transaction_leaves_no_trace(tmp_path):
    database = Database(tmp_path / "runs.db")
    add(database, "r")
    with pytest.raises(RuntimeError), database.transaction() as connection:
        move(connection, "r", "queued", "cancelled")
        raise RuntimeError
    assert database.row("r")["state"] == "queued"


def test_a_result_published_just_before_everything_died_is_kept(tmp_path):
    store = Store(tmp_path)
    add(store.database, "r")
    store.database.claim("r", 1)
    store.layout.published("r").mkdir()
    assert store.get("r").state == "succeeded"
    assert store.folder("r").is_dir()


def test_drafts_without_a_run_are_swept_and_results_stay(tmp_path):
    store = Store(tmp_path)
    for folder in (store.layout.draft("a"), store.layout.scratch("a"), store.layout.published("b")):
        folder.mkdir()
    Store(tmp_path)
    assert not store.layout.unfinished() and store.layout.published("b").exists()


def test_readers_are_not_blocked_by_a_writer(tmp_path):
    database = Database(tmp_path / "runs.db")
    add(database, "r")
    with database.transaction() as connection:
        move(connection, "r", "queued", "cancelled")
        assert database.row("r")["state"] == "queued"
    with closing(sqlite3.connect(database.path)) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
