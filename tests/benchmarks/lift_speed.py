"""How long a full 5 × 5 study takes, and what a local Dask cluster of two workers saves.

1,200 rows of a real table with 18 features, five generators that train in seconds (trees, SMOTE-NC, Borderline-SMOTE,
ADASYN, Gaussian copula) under the committee's labels, and everything they are compared with. Run with
``python -m tests.benchmarks.lift_speed``; ``--dask`` adds the same study in one process and on two Dask workers. The
last line is one JSON object: ``seconds`` on two processes, ``arms``, and with ``--dask`` ``one_process``,
``dask_seconds`` and their ratio ``dask_speed_up``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time

import numpy as np

from synth_core import lift
from synth_core.tables import Split
from synth_core.workers import SCHEDULER
from tests.benchmarks.real_sets import SETS

ARMS = ["trees", "smotenc", "borderline_smote", "adasyn", "copula"]


def timed(split: Split, n_jobs: int, seed: int) -> tuple[float, lift.Study]:
    start = time.perf_counter()
    study = lift.study(split, arms=ARMS, labels=["committee"], rows=4_000, seed=seed, n_jobs=n_jobs)
    return round(time.perf_counter() - start, 1), study


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dask", action="store_true")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    real = SETS[0]
    if not real.path.exists():
        sys.exit(f"The table {real.file} is not in the shared data folder: nothing was measured.")
    table = real.table()
    rows = np.random.default_rng(options.seed).choice(len(table), 1_200, replace=False)
    split = table.take(rows).split(seed=options.seed)
    seconds, study = timed(split, 2, options.seed)
    print(study.verdict, flush=True)
    figures = {"seconds": seconds, "arms": len(study.arms), "candidates": study.tests_made}
    if options.dask:
        from distributed import LocalCluster

        figures["one_process"], _ = timed(split, 1, options.seed)
        with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
            os.environ[SCHEDULER] = cluster.scheduler_address
            figures["dask_seconds"], there = timed(split, 2, options.seed)
            del os.environ[SCHEDULER]
        figures["dask_speed_up"] = round(figures["one_process"] / figures["dask_seconds"], 2)
        figures["same_scores"] = [a.fold_scores for a in there.arms] == [a.fold_scores for a in study.arms]
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
