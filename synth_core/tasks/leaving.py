"""What of a run's stored results may leave in a pack: no real row, no value that must not leave, no way back to one."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from typing import Any

from synth_core.errors import PackError
from synth_core.fidelity import FidelityReport, Unavailable
from synth_core.generators.registry import CATALOGUE
from synth_core.privacy import matches
from synth_core.privacy.census import census
from synth_core.reports.pack import to_json
from synth_core.reports.pack_records import GenerateSpec, LiftSpec, PrivacySpec, RuleOutcome, Summary, TableFacts
from synth_core.runs import Run
from synth_core.tables import Schema
from synth_core.tables.alignment import align
from synth_core.tables.release import repeated
from synth_core.tables.schema import RELEASES
from synth_core.tasks.results import Generated
from synth_core.wording import count

ALPHA = 0.02  #: as for the privacy meters: harmless rows are refused in 2 % of tables
_MAP = Unavailable("Projection", "left out of the pack: each of its points stands for one real row")


def checked(found: Generated) -> str:
    """Compare every synthetic row with the real ones; what was compared and found, in a sentence.

    Raises
    ------
    PackError
        Real values of columns that must not leave, or copies of real rows, are among the synthetic ones.
    TableError
        The real table has been deleted, so nothing can be compared.
    """
    if broken := repeated(found.real, found.synthetic, found.schema):
        listed = "; ".join(f"“{name}” in {count(n)} row{'s' * (n > 1)}" for name, n in broken.items())
        raise PackError(
            f"Synthetic rows hold real values of columns that must not leave: {listed}. No pack is made. Generate the "
            "rows again, or choose “Blank” for these columns on the Data page."
        )
    aside = [c.name for c in found.schema if c.role in RELEASES]
    said = (
        "Before this pack was made, every synthetic row was compared with all real rows: none holds a real value of "
        f"{', '.join(aside)}."
        if aside
        else "The table has no identifiers, sensitive columns or free text whose values could have come along."
    )
    copies = _copies(found)
    if copies is None or not copies.rows:
        return f"{said} No synthetic row equals a real training row."
    if copies.finding and copies.finding.evidence.p < ALPHA:
        raise PackError(
            f"{count(copies.unique_rows)} synthetic rows are copies of real rows that occur once, more than chance "
            "explains. No pack is made. Generate the rows with larger leaves, fewer epochs or another generator; the "
            "page Privacy says more."
        )
    unique = f"{count(copies.unique_rows)} of them one that occurs once"
    if not copies.unique_rows or copies.finding:
        unique += "; real rows that the generator never saw are met as often, so that is chance"
    return f"{said} {count(copies.rows)} synthetic rows equal a real training row, {unique}."


def _copies(found: Generated) -> matches.Matches | None:
    train, holdout = found.compared
    aligned = align(train, holdout, found.synthetic)
    return matches.find(census(aligned, found.schema.target)) if aligned.columns else None


def schema(found: Generated) -> Schema:
    """Names, kinds, roles and formats; no example or reason (may quote a value), no rule (may list real rows)."""
    columns = tuple(replace(c, examples=(), reason="", missing_tokens=()) for c in found.schema)
    return replace(found.schema, columns=columns, rules=())


def dataset(found: Generated, run: Run) -> str:
    """The table's id: a hash of its rows, so of a private run another one, made of what it gave out."""
    if found.release is None:
        return run.dataset
    return hashlib.sha256(to_json(found.release.to_dict())).hexdigest()


def generate_spec(found: Generated, run: Run) -> dict[str, Any]:
    """What the run was asked to do."""
    asked = {k: run.spec[k] for k in ("generator", "settings", "rows", "seed", "holdout")}
    return asdict(GenerateSpec(dataset(found, run), where=dict(run.spec.get("where") or {}), **asked))


def summary(found: Generated) -> dict[str, Any]:
    """Sizes, notes, training and rules; of a private run, nothing that was counted on real rows."""
    stored, private = found.summary, found.release is not None
    kept = zip(found.schema.rules, stored.get("rules", ()), strict=False)
    rules = () if private else tuple(
        RuleOutcome(**r) for rule, r in kept if not any(found.schema[n].role in RELEASES for n in rule.columns)
    )  # fmt: skip
    return asdict(
        Summary(
            delivered=len(found.synthetic),
            train_rows=None if private else stored["train_rows"],
            holdout_rows=None if private else stored["holdout_rows"],
            holdout_fingerprint=None if private else stored["holdout_fingerprint"],
            notes=found.notes,
            training=stored.get("training"),
            rules=rules,
            seconds=stored["seconds"],
        )
    )


def fidelity(found: Generated) -> FidelityReport | None:
    """The report without its map of single real rows; None of a private run."""
    if found.release is not None:
        return None
    report = found.fidelity
    if report.projection is None:
        return report
    return replace(report, projection=None, unavailable=(*report.unavailable, _MAP))


def table_facts(found: Generated, name: str) -> TableFacts:
    """What pages say of the real table."""
    stored = found.summary
    rows = None if found.release is not None else stored["train_rows"] + stored["holdout_rows"]
    return TableFacts(name, rows, len(found.schema.features), found.schema.target, found.schema.positive)


def privacy_spec(spec: dict[str, Any]) -> dict[str, Any]:
    """What a check was asked to do; its run and table are those of the pack."""
    return asdict(
        PrivacySpec(spec["seed"], *(tuple(spec[k]) if spec[k] else None for k in ("known", "secret_columns")))
    )


def lift_spec(spec: dict[str, Any]) -> dict[str, Any]:
    """What a study was asked to do; its table is that of the pack."""
    known = LiftSpec.__dataclass_fields__
    return asdict(LiftSpec(**{k: tuple(v) if isinstance(v, list) else v for k, v in spec.items() if k in known}))


def tried_private(spec: dict[str, Any]) -> bool:
    """Whether a study tried a private generator: its scores are outside the guarantee and stay inside."""
    arms = [a if isinstance(a, str) else a[0] for a in spec["arms"]]
    return any(CATALOGUE[name].private for name in arms if name in CATALOGUE)
