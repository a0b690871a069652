"""Compare a synthetic table that was made elsewhere with the real one."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from synth_core import fidelity
from synth_core.progress import Progress
from synth_core.records import Unavailable
from synth_core.tables import Table
from synth_core.tables.rules import compare
from synth_core.tasks.alike import compared
from synth_core.tasks.places import audits, library, write_json

NO_YARDSTICK = (
    "Its generator was given every real row, so no unseen real rows are left: there is no fair yardstick, and "
    "comparisons with a holdout are left out."
)


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Compare; :func:`synth_core.tasks.results.load_generate` reads the result, as that of a ``generate`` run.

    Parameters
    ----------
    spec : dict
        ``dataset`` (id of the stored real table), ``synthetic`` (id of a conformed table among the audits), ``name``,
        ``seed``, ``holdout`` (share) and ``saw``: ``"train"`` if its generator was given only the training rows of the
        split with that seed and share, ``"all"`` if it was given every row.
    folder : Path
        Receives ``synthetic.parquet``, ``schema.json``, ``fidelity.json`` and ``summary.json``.
    progress : Progress

    Raises
    ------
    SynthError
        One of the two tables has been removed, or the real one cannot be split; the text says why.
    """
    began = time.monotonic()
    progress.report("reading", 0, 1)
    table, synthetic = library(folder).get(spec["dataset"]), audits(folder).get(spec["synthetic"])
    train, holdout = compared(table, spec, synthetic.schema)
    progress.report("reading", 1, 1)
    progress.report("checking", 0, 1)
    report = fidelity.report(train, holdout, synthetic.frame, seed=spec["seed"])
    report = replace(report, unavailable=(*report.unavailable, *_left_out(table, synthetic, spec)))
    progress.report("checking", 1, 1)
    synthetic.frame.to_parquet(folder / "synthetic.parquet", index=False)
    write_json(folder / "schema.json", synthetic.schema.without_examples().to_dict())
    write_json(folder / "fidelity.json", report.to_dict())
    write_json(
        folder / "summary.json",
        {
            "spec": spec,
            "delivered": len(synthetic),
            "train_rows": len(train),
            "holdout_rows": len(holdout) if holdout is not None else 0,
            "holdout_fingerprint": holdout.fingerprint() if holdout is not None else None,
            "notes": list(synthetic.notes),
            "training": None,
            "rules": compare(train.frame, synthetic.frame, synthetic.schema.rules),
            "seconds": time.monotonic() - began,
        },
    )


def _left_out(table: Table, synthetic: Table, spec: dict[str, Any]) -> list[Unavailable]:
    absent = [n for n in table.schema.names if n not in synthetic.schema]
    found = [Unavailable(n, "not in the synthetic table, or its values are of another kind") for n in absent]
    return [*found, Unavailable("Holdout", NO_YARDSTICK)] if spec["saw"] == "all" else found
