"""Standings, files of leads and frozen models written by hand: plausible figures, nothing fitted."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta
from math import sin

import pandas as pd

from pages.ui import workspace
from synth_core.prospective.results import Cohort, Decile, Drift, Gain, Leads, Standing, Week
from synth_core.runs import Run
from synth_core.tasks.places import write_json
from tests.pages.stored_journeys import store_run
from tests.prospective import standin

__all__ = ["LONG", "cohorts", "drift", "freeze_run", "gain", "leads", "named_leads", "standing", "store_run", "week"]

LONG = "<b>column</b> & a very long name of a feature that nobody would type by hand"
_SHIFTS = {"none": 0.03, "some": 0.16, "strong": 0.41}


def gain(leads: int, delta: float, half: float | None = 0.05) -> Gain:
    """AUC 0.7 of the reference; DeLong's interval is two thirds of the safe one."""
    safe = (None, None) if half is None else (delta - half, delta + half)
    return Gain(leads, leads // 4, 0.7, 0.7 + delta, delta, delta - 0.03, delta + 0.03, *safe)


def nothing(leads: int = 0, positives: int = 0) -> Gain:
    """One class only."""
    return Gain(leads, positives, None, None, None, None, None, None, None)


def week(n: int, **changes) -> Week:
    """Week ``n`` of 60 leads, of which 50 have an outcome; no safe interval in the first one."""
    monday = date(2025, 1, 6) + timedelta(weeks=n)
    alone = replace(gain(50, 0.02 * sin(2.1 * n)), safe_low=None, safe_high=None)
    so_far = gain(50 * (n + 1), 0.015, 0.3 / (n + 1) if n else None)
    return replace(Week(monday.isoformat(), 60, alone, so_far), **changes)


def standing(weeks: int = 12, **changes) -> Standing:
    """No evidence after ``weeks`` weeks."""
    found = tuple(week(n) for n in range(weeks))
    curve = tuple((0.1 * i + 0.02, 0.1 * i, 50) for i in range(1, 7))
    tenths = tuple(Decile(i + 1, 50, 2.2 - 0.2 * i, 2.4 - 0.22 * i) for i in range(10))
    overall = found[-1].so_far if found else nothing()
    return replace(
        Standing("no evidence", "No evidence either way yet.", found, overall, curve, curve, tenths, 14, 120, 3, 50.0,
                 ("A caution.",)),
        **changes,
    )  # fmt: skip


def untold() -> Standing:
    """Leads without a single outcome."""
    found = tuple(replace(week(n), alone=nothing(), so_far=nothing()) for n in range(2))
    return replace(standing(2), word="no verdict", sentence="No verdict: no lead has an outcome yet.", weeks=found,
                    overall=nothing(), calibration_reference=(), calibration_arm=(), deciles=(), weeks_needed=None,
                    per_week=0.0)  # fmt: skip


def drift(name: str, level: str = "none", unseen: int = 0) -> Drift:
    psi = _SHIFTS[level]
    return Drift(name, psi, psi / 2, 0.02, 0.05, unseen, ("Mars",) * bool(unseen), level, f"“{name}”: {level} drift.")


def leads(**changes) -> Leads:
    """One feature drifts strongly, one somewhat."""
    found = (drift("age", "strong"), drift("channel", "some", 4), drift("nights"))
    return replace(Leads(60, (), ("note",), ("Read as UTF-8.",), found, drift("score", "some")), **changes)


def named_leads(count: int = 50) -> Leads:
    """Many features with long names and markup in them; some lack."""
    found = tuple(drift(f"{LONG} {i}", "strong" if i < 2 else "none", 60 * (i == 0)) for i in range(count))
    return leads(drift=found, missing=tuple(f"{LONG} {i}" for i in range(12)), extra=(LONG,))


def cohorts(count: int = 12, found: Leads | None = None) -> tuple[Cohort, ...]:
    """A file a week; every third has no drift."""
    calm = leads(drift=tuple(drift(n) for n in ("age", "channel")), drift_score=drift("score"))
    return tuple(
        Cohort(f"{i + 1:06d}", f"Week {i + 1}", standin.MONDAY + i * standin.WEEK, week(i).week,
               calm if i % 3 == 0 and found is None else found or leads())
        for i in range(count)
    )  # fmt: skip


def freeze_run(dataset: str | None = None, **changes) -> Run:
    """The stand-in's scorer as the result of a ``freeze`` run."""
    store = workspace.store()
    run = store_run(store, "freeze", {"study": "0" * 32, "arm": None, "name": "Stand-in"})
    folder = store.layout.published(run.id)
    folder.mkdir(parents=True)
    (folder / "scorer.zip").write_bytes(b"scorer")
    write_json(folder / "card.json", asdict(standin.card(b"scorer", **changes)))
    return run


def outcomes_csv(ids, positive: int) -> bytes:
    """Every ``positive``-th lead booked."""
    booked = ["yes" if n % positive == 0 else "no" for n in range(len(ids))]
    return pd.DataFrame({"id": list(ids), "booked": booked}).to_csv(index=False).encode()
