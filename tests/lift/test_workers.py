"""Work in other processes: the same results, in order, on this machine and on a Dask cluster."""

import operator
import time

import pytest

from synth_core import lift
from synth_core.errors import StudyError
from synth_core.workers import SCHEDULER, in_workers
from tests.lift.conftest import make_table


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as started:
        yield started.scheduler_address


def slowly(piece: int) -> int:
    time.sleep(0.2)
    return piece


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


def test_a_dask_cluster_gives_the_same_study(cluster, monkeypatch):
    split = make_table(200).split(seed=3)
    request = {"arms": ["trees"], "labels": ["committee"], "rows": 100, "folds": 3, "repeats": 1, "seed": 7}
    request["n_jobs"] = 1
    here = lift.study(split, **request)
    monkeypatch.setenv(SCHEDULER, cluster)
    reports = []

    class Listen:
        def report(self, phase, step, total, **metrics):
            reports.append((phase, step))

    there = lift.study(split, **request, progress=Listen())
    assert [a.fold_scores for a in there.arms] == [a.fold_scores for a in here.arms]
    assert there.holdout == here.holdout
    assert len({step for phase, step in reports if phase == "fitting"}) == 6  # each fold of both passes


def test_dask_takes_pieces_in_portions(cluster, monkeypatch):
    monkeypatch.setenv(SCHEDULER, cluster)
    cut = []

    def pieces():
        for n in range(9):
            cut.append(n)
            yield (n,)

    found = in_workers(slowly, pieces(), 1)
    assert next(found) == 0 and len(cut) == 4
    assert list(found) == list(range(1, 9))


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    pytest.importorskip("distributed", reason="Dask is not installed")
    monkeypatch.setenv(SCHEDULER, "tcp://127.0.0.1:9")
    with pytest.raises(StudyError, match=r"tcp://127\.0\.0\.1:9"):
        list(in_workers(operator.mul, [(1, 2)], 1))
