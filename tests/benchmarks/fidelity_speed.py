"""How long fidelity takes beside SDMetrics, and distances to the closest record of 30,000 rows.

16,000 training rows of the adult table (14 columns) against 16,000 other rows of it, in one process: every column shape
and every pair of columns as SDMetrics' QualityReport defines them (pairs of a number and a category on its ten
intervals of each table), by SDMetrics and by ours; then the whole report. 30,000 against 30,000 rows (drawn from the
32,561 with repeats) for the distances, in a process of its own. Run with ``python -m tests.benchmarks.fidelity_speed``;
the last line is one JSON object: ``sdmetrics_s``, ``ours_s`` and their ratio ``speedup_over_sdmetrics``,
``largest_difference`` between the numbers, ``report_s`` and ``report_with_holdout_s``, ``dcr_s`` and ``dcr_peak_mb``.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
import warnings
from itertools import combinations

import numpy as np
import pandas as pd

from synth_core import fidelity
from synth_core.fidelity import pairs, shape
from synth_core.fidelity.design import points
from synth_core.privacy.neighbours import closest
from synth_core.tables import Holdout, Table, Train
from synth_core.tables.alignment import align, known
from tests.benchmarks.real_sets import SETS

ADULT = next(s for s in SETS if s.name == "adult")
ROWS, DCR_ROWS = 16_000, 30_000


def sdmetrics_numbers(real: pd.DataFrame, other: pd.DataFrame, quantities: list[str]) -> dict[tuple[str, ...], float]:
    """Every score of a QualityReport that leaves out no pair."""
    from sdmetrics.reports import QualityReport

    columns = {n: {"sdtype": "numerical" if n in quantities else "categorical"} for n in real}
    report = QualityReport()
    report.real_correlation_threshold = report.real_association_threshold = 0
    metadata = {"tables": {"rows": {"columns": columns}}, "relationships": []}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report.generate({"rows": real}, {"rows": other}, metadata, verbose=False)
    shapes, trends = report.get_details("Column Shapes"), report.get_details("Column Pair Trends")
    found = {(row["Column"],): row["Score"] for _, row in shapes.iterrows()}
    return found | {(row["Column 1"], row["Column 2"]): row["Score"] for _, row in trends.iterrows()}


def our_numbers(train: Train, other: pd.DataFrame) -> dict[tuple[str, ...], float]:
    """The same scores."""
    columns = align(train, None, other).columns
    found = {(v.name,): shape.complement(v.real, v.synthetic) for v in columns}
    cut = {v.name: (_ten(v.real), _ten(v.synthetic)) for v in columns if v.levels is None}
    for a, b in combinations(columns, 2):
        if a.levels is None and b.levels is None:
            alike = pairs.correlation_similarity((a.real, b.real), (a.synthetic, b.synthetic))
        else:
            first, second = (cut[v.name] if v.levels is None else (v.real, v.synthetic) for v in (a, b))
            alike = pairs.contingency_similarity((first[0], second[0]), (first[1], second[1]))
        found[a.name, b.name] = alike
    return found


def _ten(values: np.ndarray) -> np.ndarray:
    """SDMetrics' intervals: ten of equal width over the table's own range."""
    return np.digitize(values, np.histogram_bin_edges(known(values)))


def timed(work, *args, **options) -> tuple[float, object]:
    start = time.perf_counter()
    found = work(*args, **options)
    return time.perf_counter() - start, found


def beside_sdmetrics(table: Table, seed: int) -> dict[str, float]:
    order = np.random.default_rng(seed).permutation(len(table))
    train = Train(table.take(order[:ROWS]), order[:ROWS])
    other = table.take(order[ROWS : 2 * ROWS]).frame
    names = [v.name for v in align(train, None, other).columns]
    quantities = [v.name for v in align(train, None, other).columns if v.levels is None]
    as_given = {n: "float64" if n in quantities else object for n in names}
    real, made = (f[names].astype(as_given).reset_index(drop=True) for f in (train.frame, other))
    our_numbers(train, other.head(100))  # libraries are loaded before anything is timed
    sdmetrics_numbers(real.head(100), made.head(100), quantities)
    theirs_s, theirs = timed(sdmetrics_numbers, real, made, quantities)
    ours_s, ours = timed(our_numbers, train, other)
    if set(ours) != set(theirs):
        sys.exit("The two did not compute the same scores.")
    report_s, _ = timed(fidelity.report, train, None, other, seed=seed)
    held_s, _ = timed(fidelity.report, train, Holdout(table.take(order[ROWS:]), order[ROWS:]), other, seed=seed)
    return {
        "numbers": len(ours),
        "sdmetrics_s": round(theirs_s, 2),
        "ours_s": round(ours_s, 3),
        "speedup_over_sdmetrics": round(theirs_s / ours_s, 1),
        "largest_difference": max(abs(ours[key] - theirs[key]) for key in ours),
        "report_s": round(report_s, 2),
        "report_with_holdout_s": round(held_s, 2),
    }


def distances(table: Table, seed: int) -> dict[str, float]:
    """Each of 30,000 synthetic rows to the closest of 30,000 training rows, encoding included."""
    rng = np.random.default_rng(seed)
    rows, other = (rng.integers(0, len(table), DCR_ROWS) for _ in range(2))
    train, made = Train(table.take(rows), rows), table.take(other).frame
    start = time.perf_counter()
    real, synthetic, _ = points(align(train, None, made))
    found, _ = closest(real, synthetic)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    zero = float((found == 0).mean())  # most rows were drawn into both
    return {"dcr_s": round(seconds, 2), "dcr_peak_mb": round(peak), "dcr_zero": round(zero, 3)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--distances", action="store_true", help="only these, in this process")
    options = parser.parse_args()
    if not ADULT.path.exists():
        sys.exit(f"The table {ADULT.file} is not in the shared data folder: nothing was measured.")
    if options.distances:
        print(json.dumps(distances(ADULT.table(), options.seed)))
        return
    figures = beside_sdmetrics(ADULT.table(), options.seed)
    print(figures, flush=True)
    command = [sys.executable, "-m", "tests.benchmarks.fidelity_speed", "--distances", "--seed", str(options.seed)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    print(json.dumps(figures | json.loads(done.stdout.splitlines()[-1])))


if __name__ == "__main__":
    main()
