"""What becomes of a run that is left alone, waits, fails or crashes."""

import json
import signal
import subprocess
import sys
import threading
from dataclasses import FrozenInstanceError

import psutil
import pytest

from synth_core.errors import RunError
from synth_core.runs import Store
from tests.runs.conftest import ended, submit, until, working


def test_a_run_succeeds_and_its_result_and_record_are_there_for_another_server(store):
    run = submit(store, "quick", seed=3, name="Zürich")
    done = ended(store, run)
    assert (done.state, done.error, done.spec) == ("succeeded", None, {"seed": 3, "name": "Zürich"})
    assert done.created <= done.started <= done.finished
    assert [(p.name, p.step, p.total) for p in done.phases] == [("fitting", 3, 3)]
    other = Store(store.workspace, tasks=store.tasks)
    assert other.get(run.id) == done
    assert (other.folder(run.id) / "result.txt").read_text("utf-8") == "seed 3"
    with pytest.raises(FrozenInstanceError):
        done.state = "failed"


def test_the_same_run_again_has_the_same_spec_and_lists_come_newest_first(store):
    first = ended(store, submit(store, "quick", seed=5))
    again = ended(store, store.rerun(first.id))
    assert (again.spec, again.title, again.task) == (first.spec, first.title, first.task)
    assert [r.id for r in store.list()] == [again.id, first.id]


def test_a_refusal_is_shown_as_it_stands_and_leaves_no_half_result(store):
    run = ended(store, submit(store, "refusing"))
    assert (run.state, run.error) == ("failed", "Column “age” has no values. Choose another target.")
    with pytest.raises(RunError, match="no result"):
        store.folder(run.id)
    assert not list((store.workspace / "runs").iterdir())


@pytest.mark.parametrize(
    ("task", "spec", "sentence"),
    [
        ("broken", {}, "Something unexpected went wrong; the log has the details"),
        ("broken", {"memory": True}, "ran out of memory"),
        ("crashing", {}, "Something unexpected went wrong; the log has the details"),
        ("missing_library", {}, "Something unexpected went wrong; the log has the details"),
    ],
)
def test_a_bug_is_one_sentence_and_the_traceback_is_in_the_log(store, task, spec, sentence):
    run = ended(store, submit(store, task, **spec))
    assert run.state == "failed" and sentence in run.error
    assert "secret detail" not in run.error
    log = store.log(run.id)
    if task == "broken" and not spec:
        assert "about to break" in log and "ZeroDivisionError: secret detail" in log
    if task == "crashing":
        assert "Segmentation fault" in log
    if task == "missing_library":
        assert "ModuleNotFoundError" in log


def test_a_process_killed_from_outside_is_interrupted_not_failed(store):
    run = ended(store, submit(store, "crashing", signal=signal.SIGKILL))
    assert run.state == "interrupted" and "killed" in run.error


@pytest.mark.parametrize("leave", ["fault", "never"])
def test_a_library_that_dies_or_hangs_while_leaving_does_not_cost_the_result(store, leave):
    run = ended(store, submit(store, "leaving", leave=leave), 30)
    assert run.state == "succeeded"
    assert (store.folder(run.id) / "result.txt").read_text("utf-8") == "whole"


def test_the_task_finds_one_thread_nothing_heavy_loaded_and_its_own_temporary_folder(store):
    run = ended(store, submit(store, "surroundings"))
    found = json.loads((store.folder(run.id) / "found.json").read_text("utf-8"))
    assert found["heavy"] == [] and found["threads"] == "1"
    assert found["tmp"].startswith(str(store.workspace))
    until(lambda: not list((store.workspace / "scratch").iterdir()), 2, "tidying")


def test_one_slot_runs_one_at_a_time_in_order(store):
    runs = [submit(store, "slow", seconds=0.3) for _ in range(3)]
    working(store, runs[0])
    assert [store.get(r.id).state for r in runs[1:]] == ["queued", "queued"]
    first, second, third = (ended(store, r) for r in runs)
    assert first.finished <= second.started and second.finished <= third.started


def test_two_slots_run_two_at_once(store, monkeypatch):
    monkeypatch.setenv("STUDIO_SLOTS", "2")
    runs = [submit(store, "slow", seconds=1.5) for _ in range(3)]
    working(store, runs[0]), working(store, runs[1])
    assert store.get(runs[2].id).state == "queued"


def test_a_result_appears_whole(store):
    run = submit(store, "slow", seconds=0.6)
    place = store.layout.published(run.id)
    with pytest.raises(RunError):
        store.folder(run.id)
    until(place.exists)
    assert len(list(place.iterdir())) == 30
    assert ended(store, run).state == "succeeded"


def test_ended_runs_leave_no_zombie_behind(store):
    before = set(psutil.Process().children())  # other tests' pools of workers may still be there
    runs = [submit(store, "quick") for _ in range(2)]
    for run in runs:
        ended(store, run)
    until(lambda: store.list() and not set(psutil.Process().children()) - before, what="children collected")


def test_removing_deletes_result_log_and_row_but_never_an_active_run(store):
    run = submit(store, "slow", seconds=0.5)
    with pytest.raises(RunError, match="cancel it first"):
        store.remove(run.id)
    ended(store, run)
    store.remove(run.id)
    assert not store.list() and not list((store.workspace / "runs").iterdir())
    assert not list((store.workspace / "logs").iterdir())
    for call in (store.get, store.folder, store.log, store.cancel, store.rerun, store.remove):
        with pytest.raises(RunError, match="not found"):
            call(run.id)


@pytest.mark.parametrize("task", ["nothing", "../quick", "quick.x", "", "os"])
def test_an_unknown_task_is_refused_at_once(store, task):
    with pytest.raises(RunError, match="no task"):
        submit(store, task)
    assert not store.list()


def test_a_spec_that_is_not_json_starts_nothing(store):
    with pytest.raises(TypeError):
        submit(store, "quick", rows={1, 2})
    assert not store.list()


def test_many_servers_may_open_a_new_workspace_at_once(tmp_path):
    code = f"from synth_core.runs import Store; from pathlib import Path; Store(Path({str(tmp_path / 'new')!r})).list()"
    servers = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(6)]
    assert [s.wait(30) for s in servers] == [0] * 6


def test_pages_may_use_one_store_from_many_threads(store):
    failures = []

    def page():
        try:
            for _ in range(20):
                store.list()
        except Exception as error:  # noqa: BLE001  any kind is what this test looks for
            failures.append(error)

    run = submit(store, "slow", seconds=0.5)
    threads = [threading.Thread(target=page) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and ended(store, run).state == "succeeded"
