"""How long CTGAN prepares the adult table (32,561 × 14) before its first training update, ours and SDV's.

Everything from ``fit`` to the first update: reading types, mixtures for the numbers, encoding all rows, the tables that
conditions are drawn from. Same process, one thread. Run with ``python -m tests.benchmarks.preparation``; the last line
is one JSON object: ``ours_s``, ``sdv_s`` and their ratio ``prep_speedup_over_sdv``.
"""

from __future__ import annotations

import json
import sys
import time

import joblib
import numpy as np
import torch
from sdv.metadata import Metadata
from sdv.single_table import CTGANSynthesizer

from synth_core.errors import Cancelled
from synth_core.generators import create
from synth_core.generators._sdv import seeded
from synth_core.tables import Role, Table, Train
from tests.benchmarks.real_sets import SETS

ADULT = next(s for s in SETS if s.name == "adult")
ROWS = 32_561


class _UntilTheFirstUpdate:
    """A progress that stops the work once an update has been made."""

    def report(self, phase: str, step: float, total: float, **metrics: float | str) -> None:
        if phase == "fitting" and step >= 1:
            raise Cancelled("Prepared.")


def prep_seconds(table: Table, *, seed: int = 7) -> dict[str, float]:
    """Seconds that both spend before the first update (SDV: a ``fit`` of no epochs)."""
    train = Train(table, np.arange(len(table)))
    create("ctgan")  # the library is loaded before anything is timed
    start = time.perf_counter()
    try:
        create("ctgan").fit(train, seed=seed, progress=_UntilTheFirstUpdate())
    except Cancelled:
        ours = time.perf_counter() - start
    numbers = [c.name for c in table.schema if c.role in (Role.NUMERIC, Role.INTEGER)]
    names = [n for n in table.schema.names if n in table.schema.features or n == table.target]
    columns = {n: {"sdtype": "numerical" if n in numbers else "categorical"} for n in names}
    metadata = Metadata.load_from_dict({"tables": {"rows": {"columns": columns}}, "relationships": []})
    frame = table.frame[names].astype({n: "float64" if n in numbers else object for n in names})
    frame = frame.assign(**{n: frame[n].map(str, na_action="ignore") for n in names if n not in numbers})
    start = time.perf_counter()
    with seeded(seed), joblib.parallel_config(backend="sequential"):
        CTGANSynthesizer(metadata, epochs=0, enable_gpu=False).fit({"rows": frame})
    sdv = time.perf_counter() - start
    return {"ours_s": round(ours, 2), "sdv_s": round(sdv, 2), "prep_speedup_over_sdv": round(sdv / ours, 1)}


def main() -> None:
    if not ADULT.path.exists():
        sys.exit(f"The table {ADULT.file} is not in the shared data folder: nothing was measured.")
    torch.set_num_threads(1)
    table = ADULT.table()
    print(json.dumps(prep_seconds(table.take(np.arange(min(ROWS, len(table)))))))


if __name__ == "__main__":
    main()
