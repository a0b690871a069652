"""The card beside a saved generator: what it is, what it learned from, and what it is not for."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

from synth_core.generators.base import Generator
from synth_core.generators.registry import CATALOGUE
from synth_core.tables.release import chosen
from synth_core.tables.schema import RELEASES

_NOT_FOR = (
    "Saying anything about a single person or company: rows are drawn at random and describe nobody.",
    "Measuring how good a model is: score models on real rows that nobody trained on.",
    "Publishing without a look: no formal privacy guarantee (such as differential privacy) comes with it. The smallest "
    "and largest value of each column and the names of its categories are the real ones.",
    "Tables with other columns, or other times and markets than the training rows.",
)
_PRIVATE_NOT_FOR = (
    "A greater privacy than its certificate says: ε and δ hold for one release, and the ε of several add up.",
    "Measuring how good a model is: score models on real rows that nobody trained on.",
    "Counting what is rare: the noise drowns what few rows have.",
    "Tables with other columns, or other times and markets than the training rows.",
)
_BUSL = "Business Source License 1.1: fine inside a company, not as a service to third parties"
_LICENCES = {
    None: (("numpy, scipy, scikit-learn, pandas, PyTorch", "BSD"), ("Faker", "MIT")),
    "opendp": (("opendp", "MIT"), ("numpy, scipy, pandas", "BSD"), ("Faker", "MIT")),
    "sdv": (("sdv, ctgan, rdt, copulas", _BUSL), ("numpy, scipy, pandas, PyTorch", "BSD"), ("Faker", "MIT")),
}
_COMES_OUT = {"drop": "blank", "fake": "invented, none of the real values", "hash": "random codes"}


@dataclass(frozen=True)
class Card:
    """What is known of a saved generator; plain values only.

    ``columns`` holds name, role and, for set-aside columns, what comes out.
    """

    title: str
    settings: dict[str, Any]
    seed: int
    table: str
    rows: int
    target: str | None
    columns: tuple[dict[str, str], ...]
    fidelity: str | None
    notes: tuple[str, ...]
    not_for: tuple[str, ...]
    licences: tuple[tuple[str, str], ...]
    version: str
    saved: str

    @classmethod
    def of(cls, generator: Generator, *, table: str, seed: int, fidelity: str | None) -> Card:
        """The card of a fitted generator; a private one is not compared with real rows on it."""
        entry, schema = CATALOGUE[generator.name], generator.schema
        settings = {s.label: getattr(generator, s.name, getattr(generator, f"_{s.name}", None)) for s in entry.settings}
        columns = tuple(
            {"name": c.name, "role": c.role.value}
            | ({"comes_out": _COMES_OUT[chosen(c).value]} if c.role in RELEASES else {})
            for c in schema
        )
        return cls(
            generator.title, settings, int(seed), table, generator._preparer._rows, schema.target, columns,
            None if entry.private else fidelity, tuple(generator.notes),
            _PRIVATE_NOT_FOR if entry.private else _NOT_FOR, _LICENCES["opendp" if entry.private else entry.library],
            _version(), dt.date.today().isoformat(),
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """Plain form; :meth:`from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Card:
        lists = {k: tuple(data[k]) for k in ("columns", "notes", "not_for")}
        return cls(**{**data, **lists, "licences": tuple((a, b) for a, b in data["licences"])})

    def to_markdown(self) -> str:
        """The card to read."""
        settings = ", ".join(f"{k}: {'automatic' if v is None else v}" for k, v in self.settings.items()) or "none"
        lines = [
            f"# {self.title}, trained on {self.table}",
            "",
            f"- Rows it learned from: {self.rows:,}",
            f"- Settings: {settings}",
            f"- Seed of the training: {self.seed}",
            f"- Target: {self.target or 'none'}",
            f"- Saved: {self.saved}, version {self.version}",
        ]
        if self.fidelity:
            lines.append(f"- Fidelity when it was saved: {self.fidelity}")
        lines += ["", "## Columns", "", "| column | role | comes out as |", "|---|---|---|"]
        lines += [
            f"| {_cell(c['name'])} | {_cell(c['role'])} | {_cell(c.get('comes_out', 'sampled'))} |"
            for c in self.columns
        ]
        lines += ["", "## Not for", "", *(f"- {text}" for text in self.not_for)]
        if self.notes:
            lines += ["", "## Notes", "", *(f"- {text}" for text in self.notes)]
        lines += ["", "## Licences", "", *(f"- {names}: {text}" for names, text in self.licences), ""]
        return "\n".join(lines)


def _cell(text: str) -> str:
    return str(text).replace("|", "\\|").replace("\n", " ")


def _version() -> str:
    try:
        return metadata.version("synthetic-data-studio")
    except metadata.PackageNotFoundError:
        return "unknown"
