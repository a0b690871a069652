"""The card that goes with a synthetic table: what it is, how it was made, how good it is, and what it is not for."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from synth_core.fidelity.results import FidelityReport
from synth_core.generators.registry import CATALOGUE
from synth_core.lift.results import Study
from synth_core.privacy.results import PrivacyReport
from synth_core.tables import Schema
from synth_core.tables.export import export_headers
from synth_core.tables.release import chosen
from synth_core.tables.schema import RELEASES, Release, Role

INTENDED = (
    "Trying out software, dashboards, queries and models with a table that looks like the real one.",
    "Training beside real rows, where a lift study on real rows says that it helps.",
    "Showing and teaching, with a clear word that the rows are synthetic.",
)
NOT_FOR = (
    "Saying anything about a single person or company: no row is a record of anybody.",
    "Measuring how good a model is: score models on real rows that nobody trained on.",
    "Counts, shares and trends that somebody will be held to: take them from the real rows.",
    "Other times, markets or groups than the real rows came from.",
)
NO_GUARANTEE = (
    "Publishing without a look: no formal privacy guarantee comes with these rows. Names of categories and the "
    "smallest and largest value of a column may be those of real rows."
)
GUARANTEE_ONLY = (
    "A greater privacy than the certificate says: ε and δ hold for this release, and the ε of several add up.",
    "Counting what is rare: the noise drowns what few rows have.",
)
OUTSIDE = (
    "Left out: the rows were made with differential privacy, and figures that compare them with real rows are outside "
    "its guarantee."
)
NOT_MEASURED = "Not measured for this pack."
_COMES_OUT = {
    Release.DROP: "blank",
    Release.FAKE: "invented, none of the real values",
    Release.HASH: "random codes",
}


@dataclass(frozen=True)
class DataCard:
    """Plain values only.

    Attributes
    ----------
    table, generator : str
        Name of the real table; title of the generator.
    made : str
        Day on which the rows were made (UTC), ISO 8601.
    rows : int
    settings, where : dict
        Of the generator; what every row has.
    split : dict
        Share locked away, and the numbers of real rows on either side; None where they are outside a guarantee.
    columns : tuple of dict
        ``name``, ``header`` in the files, ``role``, ``kind``, ``comes_out``.
    fidelity, privacy, lift : dict
        Figures, or ``{"left_out": reason}``.
    certificate : dict or None
        Of differential privacy.
    checked : str
        What was compared before the pack was made.
    """

    table: str
    generator: str
    generator_name: str
    made: str
    rows: int
    seed: int
    settings: dict[str, Any]
    where: dict[str, Any]
    split: dict[str, Any]
    target: str | None
    positive: str | None
    columns: tuple[dict[str, str], ...]
    rules: tuple[str, ...]
    notes: tuple[str, ...]
    fidelity: dict[str, Any]
    privacy: dict[str, Any]
    lift: dict[str, Any]
    certificate: dict[str, Any] | None
    checked: str
    intended_use: tuple[str, ...]
    not_for: tuple[str, ...]
    versions: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form, which says first what the table is."""
        return {"synthetic": True, **asdict(self)}


def settings_of(generator: str, chosen_settings: dict[str, Any]) -> dict[str, Any]:
    """Every setting of a generator by its label: as chosen, else its default."""
    return {s.label: chosen_settings.get(s.name, s.default) for s in CATALOGUE[generator].settings}


def columns_of(schema: Schema, *, private: bool) -> tuple[dict[str, str], ...]:
    """Name, header, role, kind, and what comes out instead of values that must not leave."""
    return tuple(
        {
            "name": column.name,
            "header": header,
            "role": column.role.value,
            "kind": column.kind.value,
            "comes_out": _comes_out(column, private=private),
        }
        for column, header in zip(schema, export_headers(schema), strict=True)
    )


def _comes_out(column: Any, *, private: bool) -> str:
    if column.role not in RELEASES:
        return "sampled"
    if private:  # made without a look at the real values, so that one may come up by chance
        return "new ids" if column.role is Role.IDENTIFIER else "blank"
    return _COMES_OUT[chosen(column)]


def not_for(*, private: bool) -> tuple[str, ...]:
    """What the rows must not be used for."""
    return (*NOT_FOR, *(GUARANTEE_ONLY if private else (NO_GUARANTEE,)))


def fidelity_of(report: FidelityReport) -> dict[str, Any]:
    """The scores of the whole table, each beside that of real rows nobody trained on."""
    return {
        "headline": report.headline,
        "scores": [
            {"key": s.key, "title": s.title, "value": s.value, "real_holdout": s.reference, "better": s.better,
             "formula": s.formula}
            for s in report.scores
        ],
        "not_available": [asdict(u) for u in report.unavailable],
    }  # fmt: skip


def privacy_of(report: PrivacyReport) -> dict[str, Any]:
    """What attacks through the rows found, each beside the same on rows that the generator never saw."""
    return {
        "headline": report.headline,
        "meters": [
            {"key": m.key, "title": m.title, "unit": m.unit, "value": m.value, "yardstick": m.reference,
             "risk": m.risk, "risk_low": m.risk_low, "risk_high": m.risk_high, "p_after_holm": m.p_holm,
             "grade": m.grade, "sentence": m.sentence, "formula": m.formula}
            for m in report.meters
        ],
        "rows_that_equal_a_training_row": report.matches,
        "of_them_a_unique_one": report.matches_unique,
        "an_outsider_knows": list(report.known),
        "and_would_learn": list(report.secret_columns),
        "seed": report.seed,
    }  # fmt: skip


def lift_of(study: Study) -> dict[str, Any]:
    """The verdict."""
    verdict = study.verdict
    return {
        "verdict": verdict.word, "sentence": verdict.sentence, "metric": study.metric, "difference": verdict.delta,
        "low": verdict.low, "high": verdict.high, "p_after_holm": verdict.p_holm, "tests_counted": study.tests_counted,
        "seed": study.seed,
    }  # fmt: skip
