"""Finished fidelity runs written by hand into a workspace: every state of the page without generating a row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from synth_core.fidelity.results import (
    Associations,
    FeatureFidelity,
    FidelityReport,
    Marginal,
    Measures,
    PairDetail,
    PairFidelity,
    Projection,
    Score,
    Telling,
    TwoSample,
)
from synth_core.records import Unavailable
from synth_core.runs import Run, Store
from synth_core.runs.database import insert, move
from synth_core.tables import Table
from synth_core.tasks.places import write_json

FIELDS = (
    "kl", "kl_reverse", "kl_noise", "shape", "jensen_shannon", "wasserstein", "coverage", "adherence", "missing",
    "distinct", "target_auc", "missing_real", "distinct_real", "target_auc_real",
    "similarity", "association",
)  # fmt: skip


def measures(kl: float, **changes: Any) -> Measures:
    base = Measures(kl, kl * 1.1, 0.006, 1 - kl, kl**0.5, 2 * kl, 0.97, 0.99, 0.02, 40, 0.6)
    return replace(base, **changes)


def feature(name: str, kl: float, *, is_quantity: bool = True, held: bool = True, **changes: Any) -> FeatureFidelity:
    labels = ("1 – 5", "5 – 9", "missing") if is_quantity else ("red", "green", "blue")
    return FeatureFidelity(
        name,
        is_quantity,
        0.02,
        40,
        0.61,
        measures(kl, **changes),
        measures(0.02) if held else None,
        f"{name} drifts: KL {kl:.3f}.",
        Marginal(labels, (0.5, 0.3, 0.2), (0.4, 0.4, 0.2)),
    )


def scores(shift: float = 0.0, *, held: bool = True) -> tuple[Score, ...]:
    def score(key: str, title: str, value: float | None, reference: float, better: str) -> Score:
        found = f"{title}: {'not measured' if value is None else f'{value:.3f}'}."
        return Score(key, title, value, reference if held else None, better, f"How {title} is made.", found)

    return (
        score("kl_worst", "Worst KL", 0.2 + shift, 0.03, "lower"),
        score("shape", "Shape", 0.95 - shift, 0.98, "higher"),
        score("auc", "Two-sample AUC", 0.62 + shift, 0.51, "0.5"),
        score("density", "Density", None, 0.99, "higher"),
    )


def report(shift: float = 0.0, *, held: bool = True, **changes: Any) -> FidelityReport:
    """Two quantities and a category, one of them far off."""
    names = ("age", "income", "colour")
    matrix = tuple(tuple(1.0 if i == j else 0.2 for j in range(3)) for i in range(3))
    other = tuple(tuple(1.0 if i == j else 0.2 - 0.1 * (i + j) for j in range(3)) for i in range(3))
    pairs = (
        PairFidelity("income", "colour", 0.8 - shift, 0.97 if held else None),
        PairFidelity("age", "income", 0.9, 0.98 if held else None),
        PairFidelity("age", "colour", None, None),
    )
    return replace(
        FidelityReport(
            headline="1 of 3 columns differ clearly from the real ones (KL over 0.12): income.",
            features=(
                feature("age", 0.01 + shift, held=held),
                feature("income", 0.2 + shift, held=held, wasserstein=None),
                feature("colour", 0.04, is_quantity=False, held=held),
            ),
            scores=scores(shift, held=held),
            two_sample=TwoSample(
                0.62 if held else None,
                0.58,
                0.51 if held else None,
                0.02,
                400,
                (Telling("income", 0.7, "synthetic rows have more of 5 – 9."), Telling("age", 0.3, "age.")),
                "A model tells synthetic rows from real ones with AUC 0.62.",
            ),
            associations=Associations(names, matrix, other, 0.85, 0.98 if held else None, pairs),
            projection=Projection(((0.0, 1.0), (1.0, 0.0)), ((0.1, 0.9), (0.7, 0.2)), (0.5, 0.2)),
            unavailable=(Unavailable("Wasserstein of income", "half of the real rows share one value"),),
            sampling=("Pairs use 5,000 of 9,000 rows.",),
            formulas={name: f"How {name} is made." for name in FIELDS},
            train_rows=800,
            holdout_rows=200 if held else 0,
            synthetic_rows=500,
            target="colour",
            positive=None,
            seed=7,
        ),
        **changes,
    )


def pair(**changes: Any) -> PairDetail:
    shares = ((0.2, 0.1, 0.05), (0.1, 0.4, 0.15))
    moved = ((0.3, 0.1, 0.05), (0.1, 0.3, 0.15))
    found = PairDetail(
        "age", "colour", ("1 – 5", "5 – 9"), ("red", "green", "blue"), shares, moved, shares, 0.9, 1.0, 0.3, 0.2,
        "Most at 5 – 9 with green: 40 % of real rows, 30 % of synthetic ones.",
    )  # fmt: skip
    return replace(found, **changes)


def store(
    store: Store,
    table: Table,
    dataset: str,
    found: FidelityReport,
    *,
    task: str = "generate",
    title: str = "",
    **spec: Any,
) -> Run:
    """``found`` as the result of a run that succeeded, with rows of ``table`` as the synthetic ones."""
    made_by = {"generator": "trees", "settings": {}, "rows": 500} if task == "generate" else {"saw": "train"}
    asked = {"dataset": dataset, **made_by, "seed": 7, "holdout": 0.2, **spec}
    title = title or f"a stored {task}"
    run = f"{abs(hash((title, found.headline, str(spec)))):032x}"[:32]
    with store.database.transaction() as connection:
        insert(connection, run, task, asked, title, dataset, (0, 0.0))
        move(connection, run, "queued", "running")
        move(connection, run, "running", "succeeded")
    folder = store.layout.published(run)
    folder.mkdir(parents=True)
    rows = table.frame.iloc[np.arange(500) % len(table)].reset_index(drop=True)
    rows.to_parquet(folder / "synthetic.parquet", index=False)
    write_json(folder / "schema.json", table.schema.without_examples().to_dict())
    write_json(folder / "fidelity.json", found.to_dict())
    write_json(
        folder / "summary.json",
        {"spec": asked, "delivered": 500, "train_rows": 800, "holdout_rows": 200, "notes": ["A note on the rows."]},
    )
    return store.get(run)
