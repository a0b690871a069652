"""Usefulness curves, private runs and ledger entries written by hand."""

from __future__ import annotations

from dataclasses import replace

from pages.ui import workspace
from synth_core.generators.dp.release import Axis, Release, Spend
from synth_core.generators.dp.utility import Measured, Point, Utility, UtilityCurve
from synth_core.records import Unavailable
from synth_core.runs import Run, Store
from synth_core.tasks import ledger
from synth_core.tasks.identity import identity_of
from synth_core.tasks.ledger import Entry
from synth_core.tasks.places import write_json
from tests.pages import stored_fidelity, stored_privacy

SPEC = {"generator": "dp_mst", "settings": {"epsilon": 2.0}, "rows": 4, "seed": 7, "holdout": 0.2}


def utility(two_way: float, kl: float, score: float | None) -> Utility:
    """Two repeats, each 0.01 off."""
    return Utility(*(Measured() if v is None else Measured((v - 0.01, v + 0.01)) for v in (two_way, kl, score)))


def curve(**changes) -> UtilityCurve:
    """Falling errors, rising scores."""
    return replace(
        UtilityCurve(
            points=(
                Point(0.1, utility(0.42, 3.0, 0.51)),
                Point(1.0, utility(0.12, 0.4, 0.7)),
                Point(10.0, utility(0.03, 0.02, 0.77)),
            ),
            without_noise=utility(0.01, 0.011, 0.78),
            independent=utility(0.3, 0.012, 0.5),
            real=0.8,
            metric="AUC",
            delta=1e-6,
            repeats=2,
            seed=7,
            train_rows=960,
            holdout_rows=240,
        ),
        **changes,
    )


def without_target() -> UtilityCurve:
    """Nothing to predict, and an ε that was refused."""
    found = curve(
        metric=None,
        real=None,
        without_noise=utility(0.01, 0.011, None),
        independent=utility(0.3, 0.012, None),
        unavailable=(
            Unavailable("ε = 0.01", "ε = 0.01 is too small for 5 columns."),
            Unavailable("Trained on synthetic rows, scored on real ones", "needs a target to predict"),
        ),
    )
    return replace(found, points=tuple(Point(e, utility(0.1, 0.2, None)) for e in (0.1, 1.0)))


def release(**changes) -> Release:
    """Two columns of the travel sample."""
    return replace(
        Release(
            axes=(
                Axis("channel", "levels", labels=("Search",), other=True),
                Axis("age", "integer", edges=(17.5, 90.5)),
            ),
            rows=955.0,
            ones=((700.0, 250.0, 3.0), (950.0, 5.0)),
            pairs=((0, 1),),
            twos=(((690.0, 1.0), (250.0, 2.0), (0.0, 1.0)),),
            sigma_ones=(10.0, 10.0),
            sigma_twos=(8.0,),
            epsilon=2.0,
            delta=1e-6,
            unit=None,
            unit_rows=1,
            spent=(Spend("counts per column", 0.02), Spend("counts per pair", 0.05), Spend("δ", 0.0, 1e-6)),
        ),
        **changes,
    )


def store_curve(store: Store, found: UtilityCurve, dataset: str) -> Run:
    """``found`` as the result of a ``dp_curve`` run."""
    run = stored_privacy.store_run(store, "dp_curve", {"dataset": dataset, "settings": {"delta": 1e-6}})
    folder = store.layout.published(run.id)
    folder.mkdir(parents=True)
    write_json(folder / "dp_curve.json", found.to_dict())
    return run


def store_private(store: Store, dataset: str, found: Release | None = None, *, generator: str = "dp_mst") -> Run:
    """A ``generate`` run of the private generator that left four rows."""
    spec = {**SPEC, "dataset": dataset, "generator": generator}
    run = stored_privacy.store_run(store, "generate", spec)
    table = workspace.library().get(dataset)
    folder = store.layout.published(run.id)
    folder.mkdir(parents=True)
    table.frame.head(4).to_parquet(folder / "synthetic.parquet", index=False)
    write_json(folder / "schema.json", table.schema.without_examples().to_dict())
    write_json(folder / "fidelity.json", stored_fidelity.report().to_dict())
    write_json(folder / "release.json", (found or release()).to_dict())
    summary = {"spec": spec, "delivered": 4, "notes": [], "not_saved": None, "training": None, "rules": []}
    write_json(folder / "summary.json", summary)
    return run


def spend(dataset: str, epsilon: float = 1.0, **changes) -> Entry:
    """An entry in the account of a stored table."""
    entry = Entry("0" * 32, "4,000 rows by DP (MST)", epsilon, 1e-6, 0.02 * epsilon**2, 5e-7, time=1.7e9)
    entry = replace(entry, **changes)
    ledger.charge(workspace.workspace(), identity_of(workspace.library().get(dataset)), entry)
    return entry
