"""Make synthetic rows with one generator and compare them with the real ones."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from synth_core import fidelity
from synth_core.errors import GeneratorError
from synth_core.generators import Generator, create, saving
from synth_core.generators.registry import CATALOGUE
from synth_core.generators.top_up import gaps, top_up
from synth_core.progress import Progress
from synth_core.tables import Table
from synth_core.tables.release import without_repeats
from synth_core.tables.rules import compare
from synth_core.tasks import ledger
from synth_core.tasks.alike import alike
from synth_core.tasks.identity import identity_of
from synth_core.tasks.places import library, workspace, write_json


def run(spec: dict[str, Any], folder: Path, progress: Progress) -> None:
    """Fit on the training rows, sample, compare; :func:`synth_core.tasks.results.load_generate` reads the result.

    Parameters
    ----------
    spec : dict
        ``dataset`` (id of a stored table), ``generator``, ``settings``, ``rows``, ``seed``, ``holdout`` (share), and
        optionally ``where`` (column → value that every row must have) and ``top_up`` (true: add rows for levels that
        no row made has).
    folder : Path
        Receives ``synthetic.parquet``, ``schema.json``, ``fidelity.json``, ``summary.json``, where the generator can
        be saved ``generator.zip``, and of a private one ``release.json``.
    progress : Progress

    Raises
    ------
    SynthError
        The table, the generator or its settings do not fit together, or a private run would exceed the cap of its
        table; the text says why.
    """
    began, seed = time.monotonic(), spec["seed"]
    progress.report("reading", 0, 1)
    table = library(folder).get(spec["dataset"])
    split = table.split(holdout=spec["holdout"], seed=seed)
    progress.report("reading", 1, 1)
    private = CATALOGUE[spec["generator"]].private
    generator = create(spec["generator"], **spec["settings"])
    if private:
        _charge(spec, table, folder)
    generator.fit(split.train, seed=seed, progress=progress)
    where = spec.get("where") or {}
    synthetic = generator.sample(spec["rows"], seed=seed, progress=progress, where=where)
    train = split.train.frame
    missing = None if private or where or _makes_one_class(spec) else gaps(train, synthetic, table.schema)
    added: list[str] = []
    if missing and spec.get("top_up"):
        synthetic, added = top_up(generator, synthetic, missing, len(train), seed=seed, progress=progress)
        missing = gaps(train, synthetic, table.schema)
    progress.report("checking", 0, 1)
    repeats: dict[str, int] = {}
    if not private:  # there, what was left blank would tell which values are real
        synthetic, repeats = without_repeats(table.frame, synthetic, table.schema)
    report = fidelity.report(*alike(split, where), synthetic, seed=seed)
    progress.report("checking", 1, 1)

    if private:
        write_json(folder / "release.json", generator.release.to_dict())
    about = {"table": table.name, "seed": seed, "fidelity": None if private else report.headline}
    not_saved = _save(generator, folder / "generator.zip", **about)
    synthetic.to_parquet(folder / "synthetic.parquet", index=False)
    schema = generator.schema if private else table.schema
    write_json(folder / "schema.json", schema.without_examples().to_dict())
    write_json(folder / "fidelity.json", report.to_dict())
    write_json(
        folder / "summary.json",
        {
            "spec": spec,
            "delivered": len(synthetic),
            "train_rows": len(split.train),
            "holdout_rows": len(split.holdout),
            "holdout_fingerprint": split.holdout.fingerprint(),
            "gaps": missing.to_dict() if missing else None,
            "notes": [*generator.notes, *added, *_blanked(repeats)],
            "not_saved": not_saved,
            "training": generator.training.to_dict() if generator.training else None,
            "rules": compare(split.train.frame, synthetic, table.schema.rules),
            "seconds": time.monotonic() - began,
        },
    )


def _makes_one_class(spec: dict[str, Any]) -> bool:
    """Whether only rows of the rarest class are asked for, so that other levels may well be absent."""
    return spec["settings"].get("classes") == "minority"


def _charge(spec: dict[str, Any], table: Table, folder: Path) -> None:
    """Write down what a private fit spends, before it measures anything."""
    what = f"{spec['rows']:,} rows by {CATALOGUE[spec['generator']].title}"
    entry = ledger.entry_of(folder.name.lstrip("."), what, spec["generator"], spec["settings"], table.schema)
    ledger.charge(workspace(folder), identity_of(table), entry)


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
