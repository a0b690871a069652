"""A workspace in which every page has something to show, and the address of each of its states."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import urlencode

import psutil
import pytest

from pages.ui import workspace
from synth_core import lift
from synth_core.prospective import replay, scorer
from synth_core.runs import Run
from synth_core.runs.database import insert
from synth_core.tables import load_sample
from synth_core.tasks.places import write_json
from tests.pages import (
    stored,
    stored_budget,
    stored_fidelity,
    stored_journeys,
    stored_privacy,
    stored_prospective,
    stored_voice,
)

PATHS = b"path,conversions,nulls\nSearch > Email,3,10\nEmail,1,20\nSearch > Display > Search,2,8\n"
PHASES = [
    {"name": "reading", "step": 1, "total": 1, "remaining": None, "metrics": {}},
    {"name": "fitting", "step": 3, "total": 25, "remaining": 95.0, "metrics": {}},
]


def furnish(folder: Path, keeper: psutil.Process | None = None) -> dict[str, str]:
    """Fill the empty workspace ``folder``; name of a state → address. The first state of a page bears its name.

    Parameters
    ----------
    keeper : psutil.Process or None
        Outlives the use of the workspace: the running run is taken for its work. This process where it is None.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STUDIO_WORKSPACE", str(folder))
        return {**_tables(keeper or psutil.Process(os.getpid())), **_prospective(folder), **_journeys(), **_voice()}


def address(page: str, of: Run | None = None, /, **query: str) -> str:
    """Path and query of ``page``, with the run ``of`` it and its table."""
    asked = {**({"run": of.id, "dataset": of.dataset or ""} if of else {}), **query}
    return f"/{'' if page == 'Start' else page}?{urlencode({k: v for k, v in asked.items() if v})}"


def _tables(keeper: psutil.Process) -> dict[str, str]:
    library, store = workspace.library(), workspace.store()
    travel, fraud = load_sample("travel"), load_sample("fraud")
    dataset, rare = library.add(travel), library.add(fraud)
    generated = stored_fidelity.store(store, travel, dataset, stored_fidelity.report(), title="500 rows by Trees")
    stored_fidelity.store(store, travel, dataset, stored_fidelity.report(0.1), title="500 rows by SMOTE-NC")
    checked = stored_privacy.store_report(store, stored_privacy.report(), generated)
    stored_privacy.store_self_test(store, stored_privacy.self_test(), dataset)
    stored_budget.spend(dataset)
    curve = stored_budget.store_curve(store, stored_budget.curve(), dataset)
    private = stored_budget.store_private(store, dataset)
    study = stored.store_study(store, stored.study(curves=stored.curves()), dataset)
    search = stored.store_study(store, _said(stored.with_trials(positives=30, negatives=970), "Rare."), rare)
    spec = {**stored_privacy.GENERATE, "dataset": dataset}
    failed = stored_privacy.store_run(store, "generate", spec, state="failed", error="Column “age” holds one value.")
    running = _running(keeper, dataset)
    return {
        "Start": address("Start"),
        "Data": address("Data", dataset=dataset),
        "Data, rare": address("Data", dataset=rare),
        "Blueprint": address("Blueprint"),
        "Generate": address("Generate", generated),
        "Generate, form": address("Generate", dataset=dataset),
        "Generate, private": address("Generate", private),
        "Generate, running": address("Generate", running),
        "Generate, failed": address("Generate", failed),
        "Generate, unknown": address("Generate", run="0" * 32),
        "Fidelity": address("Fidelity", generated),
        "Privacy": address("Privacy", checked),
        "Privacy, form": address("Privacy", private),
        "Budget": address("Budget", curve),
        "Lift": address("Lift", study),
        "Lift, form": address("Lift", dataset=dataset),
        "Lift, search": address("Lift", search),
        "Runs": address("Runs"),
    }


def _said(study, sentence: str):
    """``study`` with another sentence: a stored study is named by its sentence."""
    return stored.replace(study, verdict=stored.replace(study.verdict, sentence=sentence))


def _running(keeper: psutil.Process, dataset: str) -> Run:
    store, run = workspace.store(), "f" * 32
    spec = {**stored_privacy.GENERATE, "dataset": dataset}
    with store.database.transaction() as connection:
        process = (keeper.pid, keeper.create_time())
        insert(connection, run, "generate", spec, "4,000 rows by Trees · Travel leads", dataset, process)
        connection.execute(
            "UPDATE runs SET state = 'running', started = created, phases = ? WHERE id = ?", (json.dumps(PHASES), run)
        )
    return store.get(run)


def _prospective(folder: Path) -> dict[str, str]:
    """A small study of the travel sample, really frozen: the page loads its models."""
    split = load_sample("travel").split(seed=7)
    study = lift.study(split, arms=["trees"], labels=["own"], rows=200, folds=2, repeats=1, seed=7, n_jobs=1)
    path = folder / "frozen.zip"
    scorer.save(scorer.freeze(split, study, name="Travel"), path)
    test = workspace.tests().create(path, name="Spring leads", id_column=replay.ID, date_column=replay.DATE)
    log = workspace.tests().get(test)
    for _ in range(3):
        replay.next_week(log)
    frozen = stored_journeys.store_run(workspace.store(), "freeze", {"study": "0" * 32})
    home = workspace.store().layout.published(frozen.id)
    home.mkdir(parents=True)
    (home / "scorer.zip").write_bytes(path.read_bytes())
    write_json(home / "card.json", stored_prospective.asdict(log.card))
    path.unlink()
    return {
        "Prospective": address("Prospective", view="standing", test=test),
        "Prospective, leads": address("Prospective", view="leads", test=test),
        "Prospective, frozen": address("Prospective", frozen),
        "Prospective, file": address("Prospective", view="score"),
    }


def _journeys() -> dict[str, str]:
    store, own = workspace.store(), workspace.journeys().add(PATHS, "client.csv")
    graded = stored_journeys.store_grades(store, stored_journeys.grades())
    stress = stored_journeys.store_result(store, "stress", "stress.json", stored_journeys.stress(), {})
    names = stored_journeys.NAMES[:3]
    credited = stored_journeys.store_result(
        store, "attribute", "attributed.json", stored_journeys.attributed(names), {"journeys": own, "models": []}
    )
    stored_journeys.store_result(
        store, "calibrate", "calibration.json", stored_journeys.calibration(names), {"journeys": own}
    )
    return {
        "Journeys": address("Journeys", graded),
        "Journeys, stress": address("Journeys", stress),
        "Journeys, own": address("Journeys", credited),
    }


def _voice() -> dict[str, str]:
    store, brands = workspace.store(), workspace.brands()
    brand = stored_voice.brand()
    exact = brands.exact(brands.add(brand))
    profile = stored_voice.store_profile(store, stored_voice.profile(brand), exact)
    batch = stored_voice.store_batch(store, stored_voice.batch(brand, exact))
    return {
        "Voice": address("Voice", view="brand"),
        "Voice, profile": address("Voice", profile, view="voice"),
        **{f"Voice, {view}": address("Voice", batch, view=view) for view in ("write", "review", "export")},
    }
