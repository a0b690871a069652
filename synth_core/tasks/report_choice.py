"""Which finished runs can go into a report, and which belong together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from synth_core.generators.registry import CATALOGUE
from synth_core.runs import Run

#: Tasks whose results a report can hold, in the order of its parts.
TASKS = ("lift", "generate", "audit", "privacy", "self_test", "journeys", "attribute", "voice_check", "voice")
_ABOUT_ROWS = ("generate", "audit")


def reportable(runs: Sequence[Run]) -> list[Run]:
    """Those that a report can hold, in their order."""
    return [r for r in runs if r.task in TASKS and r.state == "succeeded"]


def proposed(runs: Sequence[Run], dataset: str | None, asked: Run | None = None) -> list[str]:
    """Ids of the runs that a report starts with.

    Of a table: its newest study, the rows that the study is about, the check of those rows and the test of the meters.
    Private rows go alone, since figures that compare them with real rows are outside their guarantee.

    Parameters
    ----------
    runs : sequence of Run
        Newest first.
    dataset : str or None
        None for results that belong to no table.
    asked : Run or None
        The run that the report is to be about.
    """
    found = [r for r in reportable(runs) if r.dataset == dataset]
    if dataset is None:
        return [asked.id] if asked else [r.id for r in found[:1]]
    if asked and is_private(asked, runs):
        return [asked.id]
    found = [r for r in found if not is_private(r, runs)]
    study = asked if asked and asked.task == "lift" else _first(found, "lift")
    rows = _rows(found, study, asked)
    check = asked if asked and asked.task == "privacy" else _check(found, rows)
    chosen = [study, rows, check, _first(found, "self_test") if check or not rows else None]
    if not any(chosen):
        chosen = [r for r in runs if r.dataset == dataset and r in reportable(runs)][:1]
    return [r.id for r in chosen if r]


def is_private(run: Run, runs: Sequence[Run]) -> bool:
    """Whether ``run`` made private rows, or compares such rows with real ones."""
    source = next((r for r in runs if r.id == run.spec.get("run")), None) if run.task == "privacy" else run
    return source is not None and has_private(source.spec)


def has_private(spec: dict[str, Any]) -> bool:
    """Whether a private generator is named in what a run was asked to do."""
    arms = [a if isinstance(a, str) else a[0] for a in spec.get("arms", [])]
    return any(CATALOGUE[name].private for name in (spec.get("generator"), *arms) if name in CATALOGUE)


def _rows(found: Sequence[Run], study: Run | None, asked: Run | None) -> Run | None:
    """The rows asked for; else those by a generator of the study, else the newest."""
    if asked and asked.task in _ABOUT_ROWS:
        return asked
    if asked and asked.task == "privacy":
        return next((r for r in found if r.id == asked.spec["run"]), None)
    made = [r for r in found if r.task == "generate"]
    arms = [a if isinstance(a, str) else a[0] for a in study.spec.get("arms", [])] if study else []
    tried = [r for r in made if r.spec["generator"] in arms]
    return next(iter(tried or made), None) or _first(found, "audit")


def _check(found: Sequence[Run], rows: Run | None) -> Run | None:
    return next((r for r in found if r.task == "privacy" and rows and r.spec["run"] == rows.id), None)


def _first(found: Sequence[Run], task: str) -> Run | None:
    return next((r for r in found if r.task == task), None)
