"""A small real table full of values that must not leave, runs on it, and packs of them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import numpy as np

from synth_core.progress import SILENT
from synth_core.reports import pack
from synth_core.runs import Run, Store
from synth_core.tables import Role, Table, TableLibrary, read_table, set_roles
from synth_core.tables.rules import set_rules
from synth_core.tables.rules.kinds import FixedCombinations
from synth_core.tasks import generate, handover
from synth_core.tasks.places import write_json
from tests.pages import stored, stored_privacy

ROWS = 240
GENERATE = {"generator": "trees", "settings": {"min_leaf": 20}, "rows": 200, "seed": 7, "holdout": 0.25}
PRIVATE = {"generator": "dp_mst", "settings": {"epsilon": 2.0}, "rows": 150, "seed": 7, "holdout": 0.25}
CITIES = {"Ghent": "North", "Bruges": "North", "Arlon": "South", "Namur": "South"}


def table(name: str = "bookings.csv") -> Table:
    """240 people with an id, an e-mail address, a note, and features whose rows are all different."""
    rng = np.random.default_rng(1)
    lines = ["customer_id,email,remark,city,region,age,income,visits,joined,booked"]
    for i in range(ROWS):
        city = list(CITIES)[rng.integers(4)]
        age, income, visits = rng.integers(20, 80), 20_000 + rng.random() * 60_000, rng.integers(1, 30)
        booked = "yes" if rng.random() < 0.2 + 0.5 * (income > 50_000) else "no"
        note = f"remark zq{i:04d}x of somebody who called us about the garden on the {i}th day and was kind"
        day = f"2024-{1 + i % 12:02d}-{1 + i % 28:02d}"
        lines.append(f"KZ{i * 7919:07d}Q,zz{i:04d}person@private{i}.example,{note},{city},{CITIES[city]},"
                     f"{age},{income:.2f},{visits},{day},{booked}")  # fmt: skip
    found = read_table("\n".join(lines).encode(), name=name, target="booked")
    found = set_roles(found, {"customer_id": Role.IDENTIFIER, "email": Role.SENSITIVE, "remark": Role.FREE_TEXT})
    rule = FixedCombinations(("city", "region"), tuple(CITIES.items()))
    return replace(set_rules(found, [rule]), name=name)


def protected_values(real: Table) -> list[str]:
    """Every value that must not be in a pack."""
    return [v for name in ("customer_id", "email", "remark") for v in real.frame[name]]


class Made:
    """A store with a run of rows, a check of them and a study of their table."""

    def __init__(self, workspace, spec: dict = GENERATE, name: str = "bookings.csv") -> None:
        self.store = Store(workspace)
        self.table = table(name)
        self.dataset = TableLibrary(workspace / "datasets").add(self.table)
        asked = {**spec, "dataset": self.dataset}
        self.rows = self.adopt("generate", asked, lambda folder: generate.run(asked, folder, SILENT))
        check = {
            "run": self.rows.id,
            "dataset": self.dataset,
            "seed": 23,
            "known": ["age"],
            "secret_columns": ["income"],
        }
        found = stored_privacy.report(known=("age", "city"))
        self.check = self.adopt("privacy", check, lambda f: write_json(f / "privacy.json", found.to_dict()))
        study = stored.study(target="booked")
        self.study = self.adopt(
            "lift", lift_spec(self.dataset), lambda f: write_json(f / "study.json", study.to_dict())
        )

    def adopt(self, task: str, spec: dict, fill) -> Run:
        return self.store.adopt(task, spec, title=f"a {task} run", dataset=self.dataset, fill=fill)

    def pack(self, report=lambda home, ids: f"<p>{len(ids)} runs</p>", **changes) -> bytes:
        """A pack of all three."""
        others = {t: r.id for t, r in (("privacy", self.check), ("lift", self.study)) if t not in changes}
        spec = {"run": self.rows.id, **others, **changes}
        run = self.adopt("handover", spec, lambda folder: handover.run(spec, folder, SILENT, report=report))
        return (self.store.folder(run.id) / "pack.zip").read_bytes()


def lift_spec(dataset: str, arms=("trees",)) -> dict:
    shared = {"labels": ["own"], "rows": 300, "folds": 5, "repeats": 1, "seed": 11, "holdout": 0.25, "curves": False}
    return {"dataset": dataset, "arms": list(arms), **shared}


def parts_of(content: bytes) -> dict[str, bytes]:
    """Everything in a pack but its manifest."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {n: archive.read(n) for n in archive.namelist() if n != pack.MANIFEST}


def zipped(entries, **options) -> bytes:
    """Any names and contents, manifest included, as they are given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()
