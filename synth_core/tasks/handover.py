"""Put a finished run's rows, their card, their report and what shows the run again into one file for somebody else."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

from synth_core.errors import PackError, RunError, TableError
from synth_core.generators.dp.certificate import certificate
from synth_core.generators.registry import CATALOGUE
from synth_core.progress import Progress
from synth_core.reports import data_card, data_card_text, pack, pack_rows
from synth_core.reports.data_card import DataCard
from synth_core.reports.pack_records import RunRecord, TableFacts
from synth_core.runs import Run, Store
from synth_core.runs.database import Database, as_run
from synth_core.runs.layout import Layout
from synth_core.runs.limits import Limits
from synth_core.tasks import leaving, unpacking
from synth_core.tasks.places import library, workspace, write_json
from synth_core.tasks.results import Generated, load_generate, load_privacy, load_study

PRODUCT = "synthetic-data-studio"
_PACKAGES = (PRODUCT, "numpy", "pandas", "pyarrow", "scikit-learn", "lightgbm", "torch", "sdv", "opendp", "faker")
_NO_TABLE = (
    "The real table of these rows is not here any more, so they cannot be compared with it once more, and no pack is "
    "made. Upload the table again and generate anew."
)
_PRIVATE_CHECKED = (
    "Nothing was compared with the real rows: what a comparison finds would itself tell about them. New ids may equal "
    "a real one by chance; sensitive columns and free text are blank."
)

#: (home of the runs, their ids) → one HTML file.
Report = Callable[[Path, Sequence[str]], str]


def run(spec: dict[str, Any], folder: Path, progress: Progress, *, report: Report | None = None) -> None:
    """Check, gather and seal; :func:`synth_core.tasks.unpacking.adopt` opens the result.

    Parameters
    ----------
    spec : dict
        ``run`` (id of a finished ``generate`` run), and optionally ``privacy`` and ``lift`` (ids of a finished check of
        its rows, and of a study on its table).
    folder : Path
        Receives ``pack.zip`` and ``pack.json`` (its size, and what is in it).
    progress : Progress
    report : callable, optional
        Draws the report; as :func:`synth_core.tasks.composing.html_of` does, with the owner's branding, unless given.

    Raises
    ------
    SynthError
        A run or the real table has been deleted, runs do not belong together, or real values are among the rows.
    """
    steps = 5
    progress.report("reading", 0, steps)
    main = _finished(folder, spec["run"], "generate")
    if "imported" in main.spec:
        raise PackError("These rows came out of a hand-over pack: hand that pack on as it is.")
    found = load_generate(_published(folder, main))
    private = found.release is not None
    progress.report("reading", 1, steps)
    said = _PRIVATE_CHECKED if private else _checked(found)
    progress.report("checking", 1, 1)
    facts = leaving.table_facts(found, _name(folder, main))
    others = {task: _finished(folder, spec[task], task) for task in ("privacy", "lift") if spec.get(task)}
    results = {} if private else _results(folder, main, others)
    card = _card(main, found, facts, said, results)
    parts = _parts(card, found) | _runs(main, found, facts, others, results)
    progress.report("reading", 3, steps)
    parts[pack.REPORT] = _report(parts, report or _composed(workspace(folder))).encode()
    parts[pack.README] = data_card_text.readme(card, _version(PRODUCT), {*parts, pack.MANIFEST}).encode()
    content = pack.sealed(parts, product=_version(PRODUCT))
    progress.report("reading", steps, steps)
    (folder / "pack.zip").write_bytes(content)
    write_json(folder / "pack.json", {"bytes": len(content), "files": {n: len(c) for n, c in sorted(parts.items())}})


def _finished(folder: Path, run_id: str, task: str) -> Run:
    layout = Layout.of(workspace(folder))
    row = Database(layout.database).row(run_id)
    if row is None or row["owner"] != layout.owner or not layout.published(run_id).is_dir() or row["task"] != task:
        raise RunError("A run that was to go into the pack has been deleted or has no result. Pick another one.")
    return as_run(row)


def _published(folder: Path, run: Run) -> Path:
    return Layout.of(workspace(folder)).published(run.id)


def _checked(found: Generated) -> str:
    try:
        return leaving.checked(found)
    except TableError as error:
        raise PackError(_NO_TABLE) from error


def _name(folder: Path, main: Run) -> str:
    try:
        return library(folder).get(main.dataset).name
    except TableError:  # of a private run, whose rows need no comparison
        return "a table that has been deleted"


def _results(folder: Path, main: Run, others: dict[str, Run]) -> dict[str, Any]:
    """The records of a check and a study that belong to ``main``."""
    results: dict[str, Any] = {}
    if check := others.get("privacy"):
        if check.spec["run"] != main.id:
            raise PackError("The privacy check that was to go into the pack is about other rows. Pick another one.")
        results["privacy"] = load_privacy(_published(folder, check))
    if study := others.get("lift"):
        if study.dataset != main.dataset:
            raise PackError("The study that was to go into the pack is about another table. Pick another one.")
        if leaving.tried_private(study.spec):
            raise PackError(
                "The study that was to go into the pack tried a generator with differential privacy: its scores are "
                "outside the guarantee and stay in here. Pick another one."
            )
        results["lift"] = load_study(_published(folder, study))
    return results


def _card(main: Run, found: Generated, facts: TableFacts, said: str, results: dict[str, Any]) -> DataCard:
    private, spec, schema = found.release is not None, main.spec, leaving.schema(found)
    shown = leaving.summary(found)
    outside = {"left_out": data_card.OUTSIDE if private else data_card.NOT_MEASURED}
    return DataCard(
        table=facts.name,
        generator=CATALOGUE[spec["generator"]].title,
        generator_name=spec["generator"],
        made=dt.datetime.fromtimestamp(main.finished or main.created, dt.UTC).date().isoformat(),
        rows=len(found.synthetic),
        seed=spec["seed"],
        settings=data_card.settings_of(spec["generator"], spec["settings"]),
        where=dict(spec.get("where") or {}),
        split={
            "holdout_share": spec["holdout"],
            "training_rows": shown["train_rows"],
            "holdout_rows": shown["holdout_rows"],
        },
        target=schema.target,
        positive=schema.positive,
        columns=data_card.columns_of(schema, private=private),
        rules=tuple(r["short"] for r in shown["rules"]),
        notes=found.notes,
        fidelity=outside if private else data_card.fidelity_of(leaving.fidelity(found)),
        privacy=data_card.privacy_of(results["privacy"]) if "privacy" in results else outside,
        lift=data_card.lift_of(results["lift"]) if "lift" in results else outside,
        certificate=certificate(found.release, found.schema) if private else None,
        checked=said,
        intended_use=data_card.INTENDED,
        not_for=data_card.not_for(private=private),
        versions={name: version for name in _PACKAGES if (version := _version(name))},
    )


def _parts(card: DataCard, found: Generated) -> dict[str, bytes]:
    """What people read."""
    csv, parquet = pack_rows.written(found.synthetic, found.schema)
    parts = {
        pack.README: b"",  # written last: it lists the others
        pack.CSV: csv,
        pack.PARQUET: parquet,
        pack.CARD_JSON: pack.to_json(card.to_dict()),
        pack.CARD_MARKDOWN: data_card_text.to_markdown(card, _version(PRODUCT)).encode(),
    }
    if card.certificate is not None:
        parts[pack.CERTIFICATE_JSON] = pack.to_json(card.certificate)
        parts[pack.CERTIFICATE_MARKDOWN] = data_card_text.certificate_text(card.certificate).encode()
    return parts


def _runs(
    main: Run, found: Generated, facts: TableFacts, others: dict[str, Run], results: dict[str, Any]
) -> dict[str, bytes]:
    """What shows the runs again."""

    def record(run: Run, spec: dict[str, Any]) -> dict[str, Any]:
        return asdict(RunRecord(run.task, run.id, run.title, run.finished or run.created, spec, facts))

    stored = {
        "generate/run.json": record(main, leaving.generate_spec(found, main)),
        "generate/schema.json": leaving.schema(found).to_dict(),
        "generate/summary.json": leaving.summary(found),
    }
    if found.release is not None:
        stored["generate/release.json"] = found.release.to_dict()
    else:
        stored["generate/fidelity.json"] = leaving.fidelity(found).to_dict()
    if "privacy" in results:
        stored["privacy/run.json"] = record(others["privacy"], leaving.privacy_spec(others["privacy"].spec))
        stored["privacy/privacy.json"] = results["privacy"].to_dict()
    if "lift" in results:
        stored["lift/run.json"] = record(others["lift"], leaving.lift_spec(others["lift"].spec))
        stored["lift/study.json"] = results["lift"].to_dict()
    return {f"runs/{name}": pack.to_json(content) for name, content in stored.items()}


def _report(parts: dict[str, bytes], report: Report) -> str:
    """Drawn from what is in the pack, as whoever opens it would, so that it holds nothing that the pack does not."""
    with tempfile.TemporaryDirectory(prefix="pack-") as elsewhere:
        store = Store(Path(elsewhere), limits=Limits())
        adopted = unpacking.adopt(store, pack.sealed(parts, product=_version(PRODUCT)))
        return report(store.layout.home, [run.id for run in adopted.values()])


def _composed(home: Path) -> Report:
    """The report of other runs with the branding of ``home``."""
    from synth_core.reports import branding, render  # only now: it draws every kind of chart
    from synth_core.tasks.composing import document_of

    return lambda elsewhere, ids: render(document_of(elsewhere, ids), branding.read(home))


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
