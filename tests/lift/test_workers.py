"""Work in other processes: the same results, in order, on this machine and on a Dask cluster."""

import operator
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from importlib.metadata import version

import pytest
from threadpoolctl import threadpool_info

import synth_core.cluster as cluster_module
from synth_core import lift
from synth_core.errors import StudyError
from synth_core.workers import SCHEDULER, in_workers
from tests.lift.conftest import make_table


@pytest.fixture(scope="module")
def cluster():
    """Two worker processes; one that is killed is started again."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    import dask

    once_more = dask.config.set({"distributed.scheduler.allowed-failures": 2})  # to be told sooner
    with (
        once_more,
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as started,
    ):
        yield started


@pytest.fixture
def dask(cluster, monkeypatch):
    monkeypatch.setenv(SCHEDULER, cluster.scheduler_address)
    return cluster


def kill_one(cluster) -> None:
    """``kill -9`` of the worker process that has been there longest."""
    nanny = next(iter(cluster.workers.values()))
    os.kill(nanny.process.pid, signal.SIGKILL)


def slowly(piece: int) -> int:
    time.sleep(0.2)
    return piece


def added(shared: list[int], piece: int) -> int:
    time.sleep(0.1)
    return sum(shared) + piece


def ends_its_process(piece: int) -> None:
    os._exit(1)


def threads(piece: int) -> int:
    return max(pool["num_threads"] for pool in threadpool_info())


def test_pieces_come_in_order():
    assert list(in_workers(operator.mul, [(n, n) for n in range(7)], 2)) == [n * n for n in range(7)]


def test_pieces_are_cut_when_they_are_needed():
    """25 folds of a large table must not be cut all at once."""
    cut = []

    def pieces():
        for n in range(40):
            cut.append(n)
            yield (n,)

    found = in_workers(slowly, pieces(), 2)
    assert next(found) == 0 and len(cut) < 20
    found.close()


def test_what_is_shared_comes_before_each_piece(dask, monkeypatch):
    there = list(in_workers(added, [(n,) for n in range(3)], 1, shared=([1, 2],)))
    monkeypatch.delenv(SCHEDULER)
    assert there == list(in_workers(added, [(n,) for n in range(3)], 1, shared=([1, 2],))) == [3, 4, 5]


class Listen:
    """Keeps what is reported, and does something once when the second fold is done."""

    def __init__(self, then) -> None:
        self.steps: list[float] = []
        self.then = then

    def report(self, phase, step, total, **metrics):
        if phase == "fitting":
            self.steps.append(step)
            if len(self.steps) == 2:
                self.then()


REQUEST = {"arms": ["trees"], "labels": ["committee"], "rows": 60, "folds": 2, "repeats": 1, "seed": 7, "n_jobs": 1}


@pytest.fixture(scope="module")
def here():
    """A study on this machine."""
    assert SCHEDULER not in os.environ
    return lift.study(make_table(180).split(seed=3), **REQUEST)


def test_a_cluster_that_loses_a_worker_gives_the_same_study(here, dask):
    progress = Listen(lambda: kill_one(dask))
    there = lift.study(make_table(180).split(seed=3), **REQUEST, progress=progress)
    assert [replace(a, seconds=0) for a in there.arms] == [replace(a, seconds=0) for a in here.arms]
    assert (there.holdout, there.verdict) == (here.holdout, here.verdict)
    assert len(set(progress.steps)) == 4  # each fold of both passes


def test_pieces_of_a_lost_worker_and_what_was_sent_to_it_are_made_up_for(dask):
    found = in_workers(added, [(n,) for n in range(12)], 1, shared=([1, 2],))
    assert next(found) == 3
    for nanny in list(dask.workers.values()):  # both: what they hold is nowhere else
        os.kill(nanny.process.pid, signal.SIGKILL)
    assert list(found) == list(range(4, 15))


def test_a_piece_that_ends_every_worker_is_told(dask):
    with pytest.raises(StudyError, match=r"ended 3 workers one after the other.*memory"):
        list(in_workers(ends_its_process, [(1,)], 1))


def test_pieces_have_one_thread(dask):
    assert set(in_workers(threads, [(1,), (2,)], 1)) == {1}


def test_dask_takes_pieces_a_few_at_a_time_and_yields_each_as_it_comes(dask):
    cut = []

    def pieces():
        for n in range(9):
            cut.append(n)
            yield (n,)

    found = in_workers(slowly, pieces(), 1)
    assert next(found) == 0 and len(cut) <= 4
    assert list(found) == list(range(1, 9))


def test_a_cancelled_run_gives_the_cluster_back(dask):
    distributed = pytest.importorskip("distributed")
    found = in_workers(slowly, [(n,) for n in range(100)], 1)
    next(found)
    found.close()
    with distributed.Client(dask.scheduler_address, set_as_default=False) as client:
        deadline = time.monotonic() + 20
        while client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)):
            assert time.monotonic() < deadline, "the cluster still works on a run that was cancelled"
            time.sleep(0.1)


def test_workers_with_other_versions_are_refused(dask, monkeypatch):
    versions = tuple((n, "0.1" if n == "lightgbm" else v) for n, v in cluster_module._versions())
    monkeypatch.setattr(cluster_module, "_versions", lambda: versions)
    with pytest.raises(StudyError, match=rf"lightgbm {version('lightgbm')} instead of 0\.1: figures could differ"):
        list(in_workers(slowly, [(1,)], 1))


def test_a_refusal_in_a_piece_arrives_as_it_is(dask):
    with pytest.raises(StudyError, match="0 rows in 5 folds"):
        list(in_workers(refused, [(1,)], 1))


def refused(piece: int) -> None:
    lift.study(make_table(50).split(seed=3), arms=["trees"], rows=0, seed=1)


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    pytest.importorskip("distributed", reason="Dask is not installed")
    monkeypatch.setenv(SCHEDULER, "tcp://127.0.0.1:9")
    with pytest.raises(StudyError, match=r"tcp://127\.0\.0\.1:9"):
        list(in_workers(operator.mul, [(1, 2)], 1))


@pytest.fixture
def scheduler(monkeypatch):
    """A scheduler process without workers."""
    pytest.importorskip("distributed", reason="Dask is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", address, "--no-dashboard"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    monkeypatch.setenv(SCHEDULER, address)
    yield process
    process.kill()
    process.wait()


def test_a_cluster_without_workers_and_a_lost_scheduler_are_told(scheduler, monkeypatch):
    monkeypatch.setattr(cluster_module, "PATIENCE", 1.0)
    monkeypatch.setattr(cluster_module, "_STEP", 0.3)
    with pytest.raises(StudyError, match="no worker for 1 seconds"):
        list(in_workers(slowly, [(1,)], 1))
    monkeypatch.setattr(cluster_module, "PATIENCE", 60.0)
    threading.Timer(1.0, scheduler.kill).start()
    with pytest.raises(StudyError, match="was lost while the study ran"):
        list(in_workers(slowly, [(1,)], 1))
