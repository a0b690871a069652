"""From a CSV file to a first verdict: time, memory, fidelity.

Draws 1,200 rows of a real table with a seed, locks 240 of them, makes 4,000 rows with each generator and runs the full
5 × 5 study. Run with ``python -m tests.benchmarks.first_verdict``; ``--ctgan`` adds the quick CTGAN study (5 × 1).
The last line is one JSON object: ``seconds`` and ``peak_mb`` of the whole path (memory of this process and its workers
together, sampled every 0.3 s; pages that processes share are counted once), ``worst_kl`` of the trees, ``verdicts``.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "travel_package_18f.csv"
ARMS = ["trees", "smotenc", "copula"]


class PeakMemory:
    """Highest memory (proportional set size) of this process tree while it is entered, in MB."""

    def __enter__(self) -> PeakMemory:
        self.mb, self._stop = 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._stop.wait(0.3):
            total = 0
            for process in (me, *me.children(recursive=True)):
                try:
                    total += process.memory_full_info().pss
                except psutil.NoSuchProcess:
                    continue
            self.mb = max(self.mb, total / 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ctgan", action="store_true", help="also run the quick CTGAN study (5 × 1)")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    if not DATA.exists():
        sys.exit(f"The table {DATA.name} is not in the shared data folder: nothing was measured.")

    start = time.perf_counter()
    with PeakMemory() as memory:
        from synth_core import fidelity, generators, lift, read_table

        table = read_table(DATA, target="ProdTaken")
        rows = np.random.default_rng(options.seed).choice(len(table), 1_200, replace=False)
        split = table.take(rows).split(holdout=0.2, seed=options.seed)
        print(f"{len(split.train):,} training and {len(split.holdout):,} holdout rows", flush=True)
        made = generators.create("trees").fit(split.train, seed=options.seed).sample(4_000, seed=options.seed)
        report = fidelity.report(split.train, split.holdout, made, seed=options.seed)
        worst = max(report.features, key=lambda f: f.synthetic.kl)
        print(f"trees: worst KL {worst.synthetic.kl:.4f} ({worst.name})", flush=True)
        study = lift.study(split, arms=ARMS, rows=4_000, folds=5, repeats=5, seed=options.seed)
    figures = {
        "seconds": round(time.perf_counter() - start, 1),
        "peak_mb": round(memory.mb),
        "worst_kl": round(worst.synthetic.kl, 4),
        "verdicts": {"+".join(ARMS): study.verdict.word},
        "auc": {a.key: round(a.scores.main, 4) for a in study.arms},
    }
    print(study.verdict, flush=True)
    if options.ctgan:
        start = time.perf_counter()
        quick = lift.study(split, arms=["ctgan"], rows=4_000, folds=5, repeats=1, seed=options.seed)
        print(quick.verdict, flush=True)
        figures["ctgan_quick_seconds"] = round(time.perf_counter() - start, 1)
        figures["verdicts"]["ctgan"] = quick.verdict.word
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
