"""Cancel and kill -9: of the work, of the run's parent, of the server, of everything."""

import os
import signal
import subprocess
import sys
import time

import psutil

from synth_core.runs import Store, processes
from tests.runs.conftest import FAKE, ended, members, submit, until, working

SERVER = """
import sys, time
from pathlib import Path
from synth_core.runs import Store
store = Store(Path(sys.argv[1]), tasks=sys.argv[2])
print(store.submit(sys.argv[3], {"seconds": 1.0}, title="t", dataset=None).id, flush=True)
time.sleep(600)
"""

CANCEL = """
import sys
from pathlib import Path
from synth_core.runs import Store
Store(Path(sys.argv[1])).cancel(sys.argv[2])
"""


def test_a_queued_run_is_cancelled_at_once(store):
    first, waiting = submit(store, "slow", seconds=30), submit(store, "quick")
    working(store, first)
    store.cancel(waiting.id)
    assert store.get(waiting.id).state == "cancelled"
    until(lambda: not members(waiting), 2, "end of the waiting process")
    assert store.get(first.id).state == "running"


def test_cancel_ends_every_kind_of_work_within_ten_seconds(store, monkeypatch, record_property):
    monkeypatch.setenv("STUDIO_SLOTS", "4")
    runs = {name: submit(store, name, seconds=60) for name in ("slow", "asleep", "stubborn", "parallel")}
    for run in runs.values():
        working(store, run)
    until(lambda: len(members(runs["stubborn"])) >= 3 and len(members(runs["parallel"])) >= 4, what="children")
    time.sleep(1.2)  # the stubborn one is in C by now
    began = time.monotonic()
    for run in runs.values():
        store.cancel(run.id)
    assert store.get(runs["stubborn"].id).cancelling
    took = {}
    while len(took) < len(runs):
        assert time.monotonic() - began < 12, f"still alive: {runs.keys() - took.keys()}"
        for name, run in runs.items():
            # The state is asked of the file, without reconcile: nobody looks at a page.
            state = store.database.row(run.id)["state"]
            gone = not [p for p in members(run) if p.pid != store.database.row(run.id)["pid"]]
            assert gone or state == "running", f"{name} is {state} while its processes live"
            if gone and state == "cancelled":
                took.setdefault(name, time.monotonic() - began)
        time.sleep(0.05)
    for name, seconds in took.items():
        record_property(name, round(seconds, 2))
    assert max(took["slow"], took["parallel"]) < 5, f"work that reports needs no signal: {took}"
    assert max(took.values()) < 10, took
    until(lambda: not any(members(r) for r in runs.values()), 1, "parents gone")
    assert not list((store.workspace / "runs").iterdir())
    assert {store.get(r.id).state for r in runs.values()} == {"cancelled"}


def test_cancel_works_when_the_server_that_asked_is_gone(store):
    run = submit(store, "slow", seconds=60)
    working(store, run)
    subprocess.run([sys.executable, "-c", CANCEL, str(store.workspace), run.id], check=True)
    until(lambda: store.database.row(run.id)["state"] == "cancelled", 3, "cancelled")


def test_cancel_after_the_end_changes_nothing(store):
    run = ended(store, submit(store, "quick"))
    store.cancel(run.id)
    assert store.get(run.id) == run


def test_kill_9_of_the_work_is_seen_at_once_and_the_run_can_be_run_again(store):
    run = submit(store, "slow", seconds=60)
    working(store, run)
    parent = store.database.row(run.id)["pid"]
    (child,) = [p.pid for p in members(run) if p.pid != parent]
    os.kill(child, signal.SIGKILL)
    done = ended(store, run)
    assert done.state == "interrupted" and not store.layout.published(run.id).exists()
    until(lambda: not members(run), 2, f"end of {parent}")
    again = store.rerun(run.id)
    assert working(store, again).spec == run.spec


def test_kill_9_of_the_parent_takes_the_work_and_its_children_with_it(store):
    run = submit(store, "parallel")
    working(store, run)
    until(lambda: len(members(run)) >= 4, what="joblib's workers")
    parent = psutil.Process(store.database.row(run.id)["pid"])
    (child,) = parent.children()
    parent.kill()
    until(lambda: not child.is_running() or child.status() == "zombie", 1, "end of the work, with nobody looking")
    assert ended(store, run).state == "interrupted"
    assert not members(run)
    assert not store.layout.unfinished()
    after = ended(store, submit(store, "quick"))
    assert after.state == "succeeded", "the slot must be free again"


def serve(store, task):
    command = [sys.executable, "-c", SERVER, str(store.workspace), FAKE, task]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    return server, store.get(server.stdout.readline().strip())


def test_kill_9_of_the_server_leaves_the_run_going(store):
    server, run = serve(store, "slow")
    os.killpg(server.pid, signal.SIGKILL)
    server.communicate()
    assert ended(Store(store.workspace, tasks=FAKE), run).state == "succeeded"
    assert len(list(store.folder(run.id).iterdir())) == 50


def test_kill_9_of_server_and_run_is_interrupted_at_the_next_start(store):
    kept = ended(store, submit(store, "quick", seed=1))
    server, run = serve(store, "asleep")
    working(store, run)
    waiting = submit(store, "quick")
    os.killpg(server.pid, signal.SIGKILL)
    for process in members(waiting) + members(run):  # the waiting one first: it must not get the freed slot
        process.kill()
    until(lambda: not members(waiting) + members(run), what="end of the killed processes")
    server.communicate()
    restarted = Store(store.workspace, tasks=FAKE)
    assert {r.id: r.state for r in restarted.list()} == {
        waiting.id: "interrupted",
        run.id: "interrupted",
        kept.id: "succeeded",
    }
    assert (restarted.folder(kept.id) / "result.txt").read_text("utf-8") == "seed 1"


def test_a_cancelled_run_whose_processes_were_killed_is_cancelled(store):
    run = submit(store, "asleep")
    working(store, run)
    store.cancel(run.id)
    os.kill(store.database.row(run.id)["pid"], signal.SIGKILL)
    assert ended(store, run).state == "cancelled"


def test_another_process_with_the_same_number_is_not_the_run(store):
    run = submit(store, "slow", seconds=60)
    working(store, run)
    row = store.database.row(run.id)
    assert processes.alive(row["pid"], row["pid_created"], run.id)
    assert processes.alive(row["pid"], row["pid_created"] + 3600, run.id), "the clock was set back"
    assert not processes.alive(os.getpid(), row["pid_created"] - 3600, run.id)
    assert not processes.alive(2**22 + 1, row["pid_created"], run.id)
