"""A report of finished runs: which results go in, in which order, and what is known of the tables behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from synth_core.errors import ReportError, RunError
from synth_core.generators.registry import CATALOGUE
from synth_core.reports import Document, Part, branding, dp, fidelity, journeys, lift, privacy, render, voice
from synth_core.reports.document import Prose
from synth_core.runs import Run
from synth_core.runs.database import Database, as_run
from synth_core.runs.layout import Layout
from synth_core.tables import TableLibrary
from synth_core.tasks import results
from synth_core.tasks.places import journeys as stored_journeys
from synth_core.tasks.places import tests_of
from synth_core.tasks.report_choice import TASKS, has_private
from synth_core.wording import count, day, share

_SIMULATED = "Simulated from"  #: how the note of a table begins that no client gave
_PRODUCT = "synthetic-data-studio"


def html_of(home: Path, run_ids: Sequence[str]) -> str:
    """The report of finished runs as one HTML file, with the branding that is stored in ``home``.

    Raises
    ------
    SynthError
        A run is gone or holds nothing that can be reported, or the branding cannot be read.
    """
    return render(document_of(home, run_ids), branding.read(home))


def document_of(home: Path, run_ids: Sequence[str], *, tests: Sequence[str] = (), title: str = "") -> Document:
    """What a report of finished runs says.

    Parameters
    ----------
    home : Path
        The owner's folder.
    run_ids : sequence of str
        In any order; parts come in that of :data:`TASKS`.
    tests : sequence of str
        Ids of prospective tests.
    title : str
        Empty: made of what is in the report.

    Raises
    ------
    SynthError
        There is nothing to report, a run is gone or its result cannot be read.
    """
    runs = sorted((_run(home, i) for i in dict.fromkeys(run_ids)), key=lambda r: TASKS.index(r.task))
    if not runs and not tests:
        raise ReportError("Choose at least one finished run for the report.")
    facts = {r.dataset: _table(home, r) for r in runs if r.dataset}
    several = len(facts) > 1
    parts = [p for r in _without_tests(runs) for p in _parts(home, r, runs, facts[r.dataset][0] if several else "")]
    ends = [_finished(r) for r in runs]
    for test in tests:
        part, end = _prospective(home, test)
        parts.insert(sum(p.key.startswith("lift") for p in parts), part)
        ends.append(end)
    simulated = any(f[2] for f in facts.values())
    return Document(
        title=title or ("Synthetic data report" if facts else "Report"),
        subtitle=" and ".join(f[0] for f in facts.values()),
        parts=tuple(replace(p, key=f"{p.key}-{n}") for n, p in enumerate(parts, 1)),
        data=tuple(row for f in facts.values() for row in f[1]),
        record=(
            ("Product", f"Synthetic Data Studio {version()}"),
            ("Results", "; ".join(f"{r.title} ({r.id[:8]}, {day(_finished(r))})" for r in runs) or "none"),
        ),
        date=f"Results of {day(max(ends))}",
        notice="The table behind this report is itself simulated: a demonstration, not a client's data."
        if simulated
        else "",
    )


def version() -> str:
    """Of this product."""
    try:
        return metadata.version(_PRODUCT)
    except metadata.PackageNotFoundError:
        return "unknown"


def _run(home: Path, run_id: str) -> Run:
    layout = Layout.of(Path(home).resolve())
    row = Database(layout.database).row(run_id)
    if row is None or row["owner"] != layout.owner:
        raise RunError("A run that was to go into the report has been deleted. Choose the runs again.")
    run = as_run(row)
    if run.state != "succeeded" or not layout.published(run_id).is_dir():
        raise RunError(f"The run “{run.title}” has no result. Run it again, or leave it out of the report.")
    if run.task not in TASKS:
        raise ReportError(f"The run “{run.title}” holds nothing that a report can show.")
    return run


def _folder(home: Path, run: Run) -> Path:
    return Layout.of(Path(home).resolve()).published(run.id)


def _finished(run: Run) -> float:
    return run.spec.get("imported", {}).get("finished") or run.finished or run.created


def _without_tests(runs: Sequence[Run]) -> list[Run]:
    """A test of the meters belongs to the check of rows of the same table, where that is in the report."""
    checked = {r.dataset for r in runs if r.task == "privacy"}
    return [r for r in runs if r.task != "self_test" or r.dataset not in checked]


def _parts(home: Path, run: Run, runs: Sequence[Run], table: str) -> list[Part]:
    folder = _folder(home, run)
    made = {
        "lift": lambda: lift.part(results.load_study(folder), table=table),
        "generate": lambda: _rows(folder, run, table),
        "audit": lambda: _rows(folder, run, table),
        "privacy": lambda: privacy.part(results.load_privacy(folder), _meters(home, run, runs), table=table),
        "self_test": lambda: privacy.test_part(results.load_self_test(folder), table=table),
        "journeys": lambda: journeys.grades_part(results.load_grades(folder)),
        "attribute": lambda: journeys.attributed_part(results.load_attributed(folder), name=_journeys(folder, run)),
        "voice_check": lambda: voice.profile_part(results.load_profile(folder)),
        "voice": lambda: voice.batch_part(results.load_batch(folder)),
    }
    part = made[run.task]()
    return [_outside(part) if run.task != "generate" and private(home, run) else part]


def private(home: Path, run: Run) -> bool:
    """Whether ``run`` is about private rows; figures that compare them with real ones are outside the guarantee."""
    spec = run.spec
    if run.task == "privacy":
        row = Database(Layout.of(Path(home).resolve()).database).row(spec.get("run", ""))
        spec = as_run(row).spec if row else {}
    return has_private(spec)


def _outside(part: Part) -> Part:
    return replace(
        part,
        evidence=(Prose(dp.OUTSIDE, "Outside the guarantee"), *part.evidence),
        limits=(dp.OUTSIDE, *part.limits),
    )


def _meters(home: Path, run: Run, runs: Sequence[Run]):
    test = next((r for r in runs if r.task == "self_test" and r.dataset == run.dataset), None)
    return results.load_self_test(_folder(home, test)) if test else None


def _rows(folder: Path, run: Run, table: str) -> Part:
    """Of rows made here or elsewhere; of private ones only what may be handed out with them."""
    found, spec = results.load_generate(folder), run.spec
    if found.release is not None:
        return dp.part(found.release, found.schema, rows=len(found.synthetic), table=table)
    if run.task == "audit":
        made = f"The synthetic table “{spec['name']}” was made elsewhere; how is not known here."
        record: tuple[tuple[str, str], ...] = (("Made by", f"another tool: {spec['name']}"),)
    else:
        entry = CATALOGUE[spec["generator"]]
        settings = {s.label: spec["settings"].get(s.name, s.default) for s in entry.settings}
        shown = ", ".join(f"{k}: {'automatic' if v is None else v}" for k, v in settings.items())
        only = ", ".join(f"{k} = {v}" for k, v in (spec.get("where") or {}).items())
        made = f"{count(len(found.synthetic))} rows were made by {entry.title}. {entry.summary}".strip()
        record = (
            ("Generator", entry.title),
            *([("Settings", shown)] if shown else []),
            *([("Only rows with", only)] if only else []),
            ("Seed", str(spec["seed"])),
            ("Locked away before learning", share(spec["holdout"])),
            ("Fingerprint of the locked rows", found.summary.get("holdout_fingerprint", "not stored")),
        )  # fmt: skip
    rules = found.summary.get("rules", [])
    if rules:
        kept = sum(not r["synthetic_broken"] for r in rules)
        record += (("Rules between columns", f"{kept} of {len(rules)} kept by all synthetic rows"),)
    return fidelity.part(found.fidelity, made=made, table=table, notes=found.notes, record=record)


def _journeys(folder: Path, run: Run) -> str:
    stored = {info.id: info.name for info in stored_journeys(folder).list()}
    return stored.get(run.spec["journeys"], "")


def _prospective(home: Path, test: str) -> tuple[Part, float]:
    from synth_core.prospective.library import Tests  # only now: they need LightGBM, most reports do not
    from synth_core.prospective.standing import standing
    from synth_core.reports import prospective

    log = Tests(tests_of(Path(home))).get(test)
    cohorts, outcomes = log.cohorts(), log.outcome_files()
    found = standing(log.joined(), log.card)
    ends = [c.scored for c in cohorts] + [o.received for o in outcomes] + [log.card.created]
    return prospective.part(found, log.card, cohorts, name=log.settings.name), max(ends)


_Facts = tuple[str, tuple[tuple[str, str], ...], bool]  #: name, facts, whether it is simulated


def _table(home: Path, run: Run) -> _Facts:
    """What is known of the table of ``run``; of a private one only its name."""
    known = {info.id: info for info in TableLibrary(Path(home) / "datasets").list()}.get(run.dataset)
    imported = run.spec.get("imported", {})
    name = known.name if known else imported.get("name") or "a table that has been removed"
    if run.task == "generate" and private(home, run):
        return name, (("Table", name),), False
    rows = known.rows if known else imported.get("rows")
    width = f"{count(known.columns)} columns" if known else f"{count(imported.get('features', 0))} features"
    target = known.target if known else imported.get("target")
    facts = (
        ("Table", name),
        *([("Size", f"{count(rows)} rows, {width}")] if rows else []),
        *([("Target", target)] if target else []),
        ("Fingerprint of the table (SHA-256)", run.dataset),
    )
    return name, facts, bool(known and any(note.startswith(_SIMULATED) for note in known.notes))
