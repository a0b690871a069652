"""Open a hand-over pack: the runs in it are stored as if they had succeeded here, all of them or none."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from synth_core.errors import PackError, SynthError
from synth_core.fidelity import FidelityReport, Unavailable
from synth_core.generators.dp.release import Release
from synth_core.generators.registry import CATALOGUE
from synth_core.lift.results import Study
from synth_core.privacy.results import PrivacyReport
from synth_core.reports import pack_rows
from synth_core.reports.data_card import OUTSIDE
from synth_core.reports.pack import PARQUET, RUN, Pack, opened
from synth_core.reports.pack_names import plain
from synth_core.reports.pack_records import (
    GenerateSpec,
    LiftSpec,
    PrivacySpec,
    RunRecord,
    SchemaRecord,
    Summary,
    TableFacts,
    read,
)
from synth_core.runs import Run, Store
from synth_core.tables import Schema
from synth_core.tasks.places import write_json

_DAMAGED = "A stored result in this hand-over pack is damaged, or another version made it. Ask for the pack again."
_LONGEST = 300  #: characters of a run's title


@dataclass(frozen=True, eq=False)
class _Contents:
    """A pack whose every part has been read."""

    pack: Pack
    records: dict[str, RunRecord]
    specs: dict[str, Any]
    schema: Schema
    summary: Summary
    rows: pd.DataFrame
    fidelity: FidelityReport
    release: Release | None
    privacy: PrivacyReport | None
    study: Study | None


def adopt(store: Store, content: bytes) -> dict[str, Run]:
    """Store the runs of a pack.

    Parameters
    ----------
    store : Store
        Receives them; ids are new.
    content : bytes
        The file, from whomever.

    Returns
    -------
    dict
        Task → run; ``generate`` comes first.

    Raises
    ------
    PackError
        No pack, a changed, incomplete, damaged, too large or newer one, or one that is stored here already; nothing is
        stored then.
    RunError
        The owner's space is full.
    """
    pack = opened(content)
    refuse_known(store, pack)
    found = _read(pack)
    about = {"pack": pack.id, "product": pack.product, **asdict(_shown(found.records["generate"].table))}
    adopted: dict[str, Run] = {}
    try:
        for task, record in found.records.items():
            spec, dataset = _spec(found, task, adopted), found.specs["generate"].dataset
            adopted[task] = store.adopt(
                task,
                {**spec, "imported": {**about, "run": record.id, "finished": record.finished}},
                title=_title(record.title),
                dataset=dataset,
                fill=lambda folder, task=task, spec=spec: _fill(found, task, spec, folder),
            )
    except BaseException:
        for run in adopted.values():
            store.remove(run.id)
        raise
    return adopted


def refuse_known(store: Store, pack: Pack) -> None:
    """See that a pack is new here.

    Raises
    ------
    PackError
        It was opened before, or the runs in it were made here and are still stored.
    """
    runs = store.list()
    if any(run.spec.get("imported", {}).get("pack") == pack.id for run in runs):
        raise PackError("This hand-over pack has been opened here before. Its runs are on the Runs page.")
    own = {run.id for run in runs if run.state == "succeeded"}
    ids = [_record(pack, task).id for task in ("generate", "privacy", "lift") if f"runs/{task}/{RUN}" in pack.parts]
    if own.issuperset(ids):
        raise PackError("This hand-over pack was made here, and its runs are still stored: see the Runs page.")


def _read(pack: Pack) -> _Contents:
    try:
        records = {t: _record(pack, t) for t in ("generate", "privacy", "lift") if f"runs/{t}/{RUN}" in pack.parts}
        schema = _schema(pack.json("runs/generate/schema.json"))
        summary = read(Summary, pack.json("runs/generate/summary.json"))
        private = "runs/generate/release.json" in pack.parts
        contents = _Contents(
            pack=pack,
            records=records,
            specs={t: read(cls, records[t].spec) for t, cls in _SPECS.items() if t in records},
            schema=schema,
            summary=summary,
            rows=pack_rows.read(pack.parts[PARQUET], schema),
            fidelity=_left_out(schema, summary, records["generate"])
            if private
            else read(FidelityReport, pack.json("runs/generate/fidelity.json")),
            release=read(Release, pack.json("runs/generate/release.json")) if private else None,
            privacy=read(PrivacyReport, pack.json("runs/privacy/privacy.json")) if "privacy" in records else None,
            study=read(Study, pack.json("runs/lift/study.json")) if "lift" in records else None,
        )
    except PackError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError, SynthError) as error:
        raise PackError(_DAMAGED) from error
    _check_together(contents)
    return contents


def _schema(stored: Any) -> Schema:
    """Without rules, examples and texts of missing values, which no pack of ours holds."""
    record = read(SchemaRecord, stored)
    columns = [{**c, "examples": [], "missing_tokens": []} for c in record.columns]
    found = Schema.from_dict({"target": record.target, "positive": record.positive, "columns": columns, "rules": []})
    texts = [t for c in found for t in (c.name, c.original, c.reason, c.format or "")]
    if not all(isinstance(t, str) for t in texts) or not all(c.decimals is None or c.decimals >= 0 for c in found):
        raise TypeError("a column's text or number is none")
    if not found.columns or len(set(found.names)) < len(found.columns) or found.target not in (None, *found.names):
        raise ValueError("no column, two of one name, or a target that is none")
    return found


_SPECS = {"generate": GenerateSpec, "privacy": PrivacySpec, "lift": LiftSpec}


def _record(pack: Pack, task: str) -> RunRecord:
    try:
        record = read(RunRecord, pack.json(f"runs/{task}/{RUN}"))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise PackError(_DAMAGED) from error
    if record.task != task:
        raise PackError(_DAMAGED)
    return record


def _check_together(found: _Contents) -> None:
    """Parts that say different things of the same run."""
    generator = found.specs["generate"].generator
    if generator not in CATALOGUE:
        raise PackError(
            f"The rows in this pack are by a generator that this version does not have, “{plain(generator, 40)}”. "
            "Update the app, then open the pack again."
        )
    if CATALOGUE[generator].private != (found.release is not None) or len(found.rows) != found.summary.delivered:
        raise PackError(_DAMAGED)
    if found.release is not None and (found.privacy or found.study):
        raise PackError(_DAMAGED)


def _shown(table: TableFacts) -> TableFacts:
    return replace(table, name=plain(table.name))


def _title(title: str) -> str:
    """A title that is text wherever it is shown: brackets would make links and images of it."""
    return plain(title, _LONGEST).translate(str.maketrans("[]<>`$", "()()''"))


def _spec(found: _Contents, task: str, adopted: dict[str, Run]) -> dict[str, Any]:
    spec = asdict(found.specs[task])
    if task == "privacy":
        spec["run"] = adopted["generate"].id
    return {**spec, "dataset": found.specs["generate"].dataset}


def _fill(found: _Contents, task: str, spec: dict[str, Any], folder: Path) -> None:
    if task == "privacy":
        write_json(folder / "privacy.json", found.privacy.to_dict())
    elif task == "lift":
        write_json(folder / "study.json", found.study.to_dict())
    else:
        found.rows.to_parquet(folder / "synthetic.parquet", index=False)
        write_json(folder / "schema.json", found.schema.to_dict())
        write_json(folder / "fidelity.json", found.fidelity.to_dict())
        write_json(folder / "summary.json", {"spec": spec, **asdict(found.summary), "not_saved": None})
        if found.release is not None:
            write_json(folder / "release.json", found.release.to_dict())


def _left_out(schema: Schema, summary: Summary, record: RunRecord) -> FidelityReport:
    """In place of figures that are outside the guarantee of a private run."""
    return FidelityReport(
        headline=OUTSIDE, features=(), scores=(), two_sample=None, associations=None, projection=None,
        unavailable=(Unavailable("Comparison with real rows", OUTSIDE),), sampling=(), formulas={}, train_rows=0,
        holdout_rows=0, synthetic_rows=summary.delivered, target=schema.target, positive=schema.positive,
        seed=record.spec.get("seed", 0),
    )  # fmt: skip
