"""Make synthetic rows with one generator and compare them with the real ones."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from synth_core import fidelity
from synth_core.errors import GeneratorError
from synth_core.generators import Generator, create, saving
from synth_core.progress import Progress
from synth_core.tables.release import without_repeats
from synth_core.tables.rules import compare
from synth_core.tasks.alike import alike
from synth_core.tasks.places import library, write_json


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Fit on the training rows, sample, compare; :func:`synth_core.tasks.results.load_generate` reads the result.

    Parameters
    ----------
    spec : dict
        ``dataset`` (id of a stored table), ``generator``, ``settings``, ``rows``, ``seed``, ``holdout`` (share), and
        optionally ``where`` (column → value that every row must have).
    folder : Path
        Receives ``synthetic.parquet``, ``schema.json``, ``fidelity.json``, ``summary.json`` and, where the generator
        can be saved, ``generator.zip``.
    progress : Progress

    Raises
    ------
    SynthError
        The table, the generator or its settings do not fit together; the text says why.
    """
    began, seed = time.monotonic(), spec["seed"]
    progress.report("reading", 0, 1)
    table = library(folder).get(spec["dataset"])
    split = table.split(holdout=spec["holdout"], seed=seed)
    progress.report("reading", 1, 1)
    generator = create(spec["generator"], **spec["settings"]).fit(split.train, seed=seed, progress=progress)
    where = spec.get("where") or {}
    synthetic = generator.sample(spec["rows"], seed=seed, progress=progress, where=where)
    progress.report("checking", 0, 1)
    synthetic, repeats = without_repeats(table.frame, synthetic, table.schema)
    report = fidelity.report(*alike(split, where), synthetic, seed=seed)
    progress.report("checking", 1, 1)

    not_saved = _save(generator, folder / "generator.zip", table=table.name, seed=seed, fidelity=report.headline)
    synthetic.to_parquet(folder / "synthetic.parquet", index=False)
    write_json(folder / "schema.json", table.schema.without_examples().to_dict())
    write_json(folder / "fidelity.json", report.to_dict())
    write_json(
        folder / "summary.json",
        {
            "spec": spec,
            "delivered": len(synthetic),
            "train_rows": len(split.train),
            "holdout_rows": len(split.holdout),
            "holdout_fingerprint": split.holdout.fingerprint(),
            "notes": [*generator.notes, *_blanked(repeats)],
            "not_saved": not_saved,
            "training": generator.training.to_dict() if generator.training else None,
            "rules": compare(split.train.frame, synthetic, table.schema.rules),
            "seconds": time.monotonic() - began,
        },
    )


def _save(generator: Generator, path: Path, **about: Any) -> str | None:
    """Save the fitted generator; the reason where it cannot be saved."""
    try:
        saving.save(generator, path, **about)
    except GeneratorError as reason:
        return str(reason)
    return None


def _blanked(repeats: dict[str, int]) -> list[str]:
    """Notes on new values that turned out to be real ones."""
    return [
        f"“{name}”: {count:,} new value{'s' if count > 1 else ''} happened to equal a real one and "
        f"{'were' if count > 1 else 'was'} left blank."
        for name, count in repeats.items()
    ]
