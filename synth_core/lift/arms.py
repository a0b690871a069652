"""The arms of a study, and what each of them trains on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from synth_core.errors import StudyError
from synth_core.generators.registry import CATALOGUE, POLICIES, create
from synth_core.lift.results import ArmRole
from synth_core.tables import Table
from synth_core.tables.schema import LEVELS

#: A generator by name, or with settings.
ArmRequest = str | tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class GeneratorSpec:
    """A generator to be tested, with its settings."""

    key: str
    title: str
    name: str
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def one_class(self) -> bool:
        """Whether it makes rows of the rarest class only, to balance the classes."""
        return self.settings.get("classes") == "minority"


@dataclass(frozen=True)
class Arm:
    """One way to train the model. ``key`` as in :class:`~synth_core.lift.results.ArmResult`.

    ``rows`` and ``simple`` are set where an Autopilot tries more than one; otherwise the plan decides.
    """

    key: str
    title: str
    role: ArmRole
    generator: GeneratorSpec | None = None
    labels: str | None = None
    rows: int | None = None
    weight: float = 1.0
    simple: bool | None = None


_LABEL_TITLES = {"own": "its own labels", "committee": "committee labels", "curated": "curated"}


def default_arms(table: Table, *, search: bool = False) -> list[str]:
    """The generators suggested for ``table``: trees, for classes the SMOTE form that fits its columns, the copula.

    A search starts without the SMOTE family: under committee labels its rows gained about half as much as those of
    trees on ten public tables, and every candidate makes Holm stricter.
    """
    smote = "smotenc" if any(c.role in LEVELS for c in table.schema) else "smote"
    return ["trees", "copula"] if search or table.task == "regression" else ["trees", smote, "copula"]


def generator_specs(arms: Sequence[ArmRequest]) -> list[GeneratorSpec]:
    """What was asked for, checked.

    Raises
    ------
    StudyError
        Nothing asked for, or the same twice.
    GeneratorError
        Unknown generator or setting.
    """
    if not arms:
        raise StudyError("No generator is chosen: pick at least one to compare with real rows only.")
    specs = []
    for asked in arms:
        name, settings = (asked, {}) if isinstance(asked, str) else (asked[0], dict(asked[1]))
        create(name, **settings)
        changed = ", ".join(f"{k}={_value(v)}" for k, v in sorted(settings.items()))
        words = _in_words(name, settings)
        title = CATALOGUE[name].title + (f" ({words})" if words else "")
        specs.append(GeneratorSpec(f"{name}({changed})" if changed else name, title, name, settings))
    if len({s.key for s in specs}) < len(specs):
        raise StudyError("The same generator is chosen twice: keep each one once.")
    return specs


def _in_words(name: str, settings: dict[str, Any]) -> str:
    """Settings as a title names them; those that are the usual ones are left out."""
    known = {s.name: s for s in CATALOGUE[name].settings}
    return ", ".join(
        "the rarest class only" if (k, v) == ("classes", "minority") else f"{known[k].label}: {_value(v)}"
        for k, v in sorted(settings.items())
        if v != known[k].default
    )


def _value(value: Any) -> str:
    """Short, as part of a name."""
    if isinstance(value, dict):
        return f"{len(value)} column{'s' * (len(value) != 1)}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def check_labels(labels: Sequence[str]) -> tuple[str, ...]:
    """The labelling policies, checked.

    Raises
    ------
    StudyError
    """
    unknown = [p for p in labels if p not in POLICIES]
    if unknown or not labels:
        raise StudyError(
            f"Choose who labels the synthetic rows among {', '.join(POLICIES)}; not {unknown or 'nobody'}."
        )
    return tuple(dict.fromkeys(labels))


def candidate(spec: GeneratorSpec, labels: str) -> Arm:
    """Real rows plus the generator's rows under one labelling policy."""
    return Arm(f"{spec.key}/{labels}", f"{spec.title}, {_LABEL_TITLES[labels]}", "candidate", spec, labels)


def variant(spec: GeneratorSpec, labels: str, rows: int, weight: float, learner: str, *, simple: bool) -> Arm:
    """A candidate with its own number of rows, weight of a row, and learner."""
    plain = candidate(spec, labels)
    return replace(
        plain,
        key=f"{plain.key}/{rows}/{weight:g}/{'simple' if simple else 'default'}",
        title=f"{plain.title}, {rows:,} rows{'' if weight == 1 else f' × weight {weight:g}'}, {learner}",
        rows=rows,
        weight=weight,
        simple=simple,
    )


def synthetic_only(spec: GeneratorSpec) -> Arm:
    """The generator's rows alone."""
    return Arm(f"{spec.key}/only", f"{spec.title}, synthetic rows only", "synthetic only", spec, "own")
