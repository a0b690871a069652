"""A study and a generator benchmark on a cluster that loses a worker, and what studies of larger tables cost.

``python -m tests.benchmarks.cluster`` starts a Dask scheduler and ``--workers`` worker processes on this machine, runs
a study and every cheap generator there, ends one worker with ``kill -9`` once the second fold is done (nothing starts
it again), and does the same work without the cluster. Then it measures the processor time of one fold at ``--sizes``
rows (16 features; as many synthetic rows are added as there are training rows) for arms on real rows, the committee and
each of three generators. The last line is one JSON object:

``workers``, ``pieces`` (folds and fits done there), ``killed``, ``same_numbers`` (every score and every synthetic row,
bit by bit), ``seconds_local`` (one process), ``seconds_cluster``, ``sent_once_mb`` and ``sent_per_piece_mb`` (what
shipping the table takes either way), ``core_seconds`` (by number of rows: ``base`` and each generator), ``exponents``
(of the last two sizes, in rows), and ``core_hours`` (by rows, arms and folds; ``"extrapolated"`` beyond the sizes that
were measured).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from unittest import mock

import numpy as np
import pandas as pd

from synth_core import generators, lift
from synth_core.lift.arms import Arm, candidate, generator_specs
from synth_core.lift.evaluate import Plan, evaluate
from synth_core.lift.learners import family
from synth_core.tables import Split, Train, set_target, table_from_frame
from synth_core.workers import SCHEDULER, in_workers

GENERATORS = ("trees", "smotenc", "copula")
REFERENCES = ("R1", "R2", "W", "D", "C")
TABLE = [(rows, arms, 25) for rows in (1_000, 10_000, 100_000, 1_000_000, 100_000_000) for arms in (3, 10)]


def make_split(rows: int, seed: int) -> Split:
    """Ten quantities and six categories, a fifth of the rows positive; 20 % are locked."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(rows, 3))
    frame = pd.DataFrame({f"x{n}": (hidden[:, n % 3] + rng.normal(size=rows)).round(3) for n in range(10)})
    for n in range(6):
        frame[f"c{n}"] = pd.Series(rng.integers(0, 3 + 4 * n, rows)).map("level {}".format)
    score = hidden.sum(axis=1) + (frame["c1"] == "level 1") + rng.logistic(size=rows)
    frame["booked"] = np.where(score >= np.quantile(score, 0.8), "yes", "no")
    return set_target(table_from_frame(frame), "booked", "yes").split(seed=seed)


@contextmanager
def cluster(workers: int) -> Iterator[list[subprocess.Popen]]:
    """A scheduler and worker processes that nothing restarts; ``$STUDIO_DASK`` points there meanwhile."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": {**os.environ, "OMP_NUM_THREADS": "1"}}
    cli = [sys.executable, "-m"]
    scheduler = subprocess.Popen([*cli, "distributed.cli.dask_scheduler", "--host", address, "--no-dashboard"], **quiet)
    command = [*cli, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    started = [subprocess.Popen(command, **quiet) for _ in range(workers)]
    os.environ[SCHEDULER] = address
    try:
        _wait_for(address, workers)
        yield started
    finally:
        del os.environ[SCHEDULER]
        for process in (*started, scheduler):
            process.kill()
            process.wait()


def _wait_for(address: str, workers: int) -> None:
    from distributed import Client

    with Client(address, timeout="120s", set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=120)


class KillAfter:
    """A progress that ends a worker, as a machine that fails would, once ``folds`` folds are done."""

    def __init__(self, worker: subprocess.Popen | None, folds: int = 2) -> None:
        self.worker, self.folds, self.done = worker, folds, 0

    def report(self, phase: str, step: float, total: float, **metrics: object) -> None:
        self.done += phase == "fitting"
        if self.worker is not None and self.done >= self.folds:
            self.worker.send_signal(signal.SIGKILL)
            self.worker.wait()
            self.worker = None


def work(split: Split, seed: int, worker: subprocess.Popen | None = None) -> tuple[list, list[str], int, float]:
    """A study and the generators: arms without their times, hashes of the rows, pieces, seconds."""
    start, progress = time.perf_counter(), KillAfter(worker)
    request = {"arms": list(GENERATORS), "labels": ["committee"], "rows": 500, "repeats": 1}
    study = lift.study(split, **request, seed=seed, n_jobs=1, progress=progress)
    made = list(in_workers(fingerprint, [(name, seed) for name in GENERATORS], 1, shared=(split.train,)))
    arms = [replace(a, seconds=0.0) for a in study.arms]
    return [arms, study.holdout], made, progress.done + 1 + len(made), time.perf_counter() - start


def fingerprint(train: Train, name: str, seed: int) -> str:
    """Of the rows that a generator makes."""
    made = generators.create(name).fit(train, seed=seed).sample(len(train), seed=seed)
    return hashlib.sha256(made.to_csv().encode()).hexdigest()


def shipping(split: Split, folds: int, passes: int) -> dict[str, float]:
    """Megabytes that a study sends, its table once or with every fold."""
    table = len(pickle.dumps(split.train)) / 1e6
    return {"sent_once_mb": round(table * passes, 2), "sent_per_piece_mb": round(table * passes * folds, 2)}


def core_seconds(rows: int, seed: int) -> dict[str, float]:
    """Processor time of one fold: arms on real rows with the committee, and what each generator's arm adds."""
    fold = next(make_split(rows, seed).train.folds(folds=5, repeats=1, seed=seed))
    train, test = fold.train, fold.test
    models = family("lightgbm", "binary")
    plan = Plan(train.table.outcome, models, models.simple, len(train))
    base = [Arm(key, key, "reference") for key in REFERENCES]
    specs = generator_specs(list(GENERATORS))
    arms = [candidate(spec, "committee") for spec in specs]
    evaluate(train.sample_rows(300, seed=seed), test, [*base, *arms], plan, seed=seed)  # libraries are loaded
    clock = SimpleNamespace(perf_counter=time.process_time)
    with mock.patch.object(sys.modules[evaluate.__module__], "time", clock):
        found = evaluate(train, test, [*base, *arms], plan, seed=seed)
    by_arm = {spec.name: found[arm.key].seconds for spec, arm in zip(specs, arms, strict=True)}
    by_arm["base"] = sum(found[arm.key].seconds for arm in base)  # the committee is fitted for the first that needs it
    return {name: round(value, 2) for name, value in by_arm.items()}


def exponents(found: dict[int, dict[str, float]]) -> dict[str, float]:
    """Power of the number of rows that the cost grows with, between the two largest sizes."""
    small, large = sorted(found)[-2:]
    span = np.log(large / small)
    return {k: round(float(np.log(found[large][k] / found[small][k]) / span), 2) for k in found[large]}


def core_hours(found: dict[int, dict[str, float]], rows: int, arms: int, folds: int) -> float:
    """Of a study with ``arms`` generators (the mean of those measured).

    Beyond the sizes that were measured the cost grows by its exponent, but at least with the rows: what a fold costs
    however small it is makes the exponents of small tables look better than those of large ones.
    """
    nearest = min(found, key=lambda size: abs(np.log(size / rows)))
    powers = {k: max(p, 1.0) if rows > max(found) else p for k, p in exponents(found).items()}
    grown = {k: v * (rows / nearest) ** powers[k] for k, v in found[nearest].items()}
    each = np.mean([grown[name] for name in GENERATORS])
    return round(float(folds * (grown["base"] + arms * each) / 3_600), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rows", type=int, default=1_000, help="of the table whose study is compared")
    parser.add_argument("--sizes", nargs="*", type=int, default=[1_000, 10_000, 100_000])
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    split = make_split(options.rows, options.seed)
    here, rows_here, _, seconds_local = work(split, options.seed)
    with cluster(options.workers) as workers:
        there, rows_there, pieces, seconds_cluster = work(split, options.seed, workers[0])
        killed = sum(w.poll() is not None for w in workers)
    figures = {
        "workers": options.workers,
        "pieces": pieces,
        "killed": killed,
        "same_numbers": here == there and rows_here == rows_there,
        "seconds_local": round(seconds_local, 1),
        "seconds_cluster": round(seconds_cluster, 1),
        **shipping(split, folds=5, passes=2),
    }
    print(json.dumps(figures), flush=True)
    found = {}
    for rows in options.sizes:
        found[rows] = core_seconds(rows, options.seed)
        print(rows, json.dumps(found[rows]), flush=True)
    if len(found) > 1:
        figures |= {"core_seconds": found, "exponents": exponents(found)}
        figures["core_hours"] = [
            {"rows": r, "arms": a, "folds": f, "core_hours": core_hours(found, r, a, f), "extrapolated": r > max(found)}
            for r, a, f in TABLE
        ]
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
