"""Result records of every kind, with their part of a report."""

from __future__ import annotations

from dataclasses import replace

from synth_core.reports import Part, dp, fidelity, journeys, lift, privacy, prospective, voice
from synth_core.tables import load_sample
from tests.pages import (
    stored,
    stored_budget,
    stored_fidelity,
    stored_journeys,
    stored_privacy,
    stored_prospective,
    stored_voice,
)
from tests.prospective import standin

BAD = '<script>alert("x")</script> \u202egnp.exe {{7*7}} =1+1'  #: a name as nobody should choose it


def parts(name: str = "age") -> dict[str, Part]:
    """Every part there is; ``name`` is what the user called things."""
    brand = stored_voice.brand(name=name)
    batch = replace(stored_voice.batch(brand, "b" * 16), brand=name)
    card = replace(standin.card(), table=name, target=name, name=name)
    channel = name.replace("<", "").replace(">", "")  # a path is written with “>”, so no channel may hold it
    study = stored.study(target=name, positive=name, curves=stored.curves())
    few = replace(study, verdict=replace(study.verdict, word="no verdict", arm=None), holdout=None)
    report = stored_fidelity.report()
    features = tuple(replace(f, name=name) if i == 0 else f for i, f in enumerate(report.features))
    release = stored_budget.release()
    schema = load_sample("travel").schema
    return {
        "lift": lift.part(study, table=name),
        "several classes": lift.part(stored.study("multiclass", target=name)),
        "a number": lift.part(stored.study("regression", target=name)),
        "autopilot": lift.part(stored.with_trials(target=name)),
        "no verdict": lift.part(few),
        "fidelity": fidelity.part(replace(report, features=features), made=f"Made by {name}.", table=name),
        "no holdout": fidelity.part(stored_fidelity.report(held=False), made="Made elsewhere."),
        "no model": fidelity.part(stored_fidelity.report(two_sample=None, associations=None), made="Made."),
        "privacy": privacy.part(stored_privacy.report(known=(name,)), stored_privacy.self_test(), table=name),
        "leaking": privacy.part(stored_privacy.leaking()),
        "nothing unseen": privacy.part(stored_privacy.without_holdout()),
        "meters": privacy.test_part(stored_privacy.blind_self_test(), table=name),
        "dp": dp.part(release, schema, rows=500, table=name),
        "grades": journeys.grades_part(stored_journeys.grades((channel, "Search", "Mail"))),
        "nothing to grade": journeys.grades_part(stored_journeys.nothing()),
        "credits": journeys.attributed_part(stored_journeys.attributed((channel, "Search", "Mail")), name=name),
        "prospective": prospective.part(stored_prospective.standing(), card, stored_prospective.cohorts(3), name=name),
        "untold": prospective.part(stored_prospective.untold(), card, (), name=name),
        "voice": voice.profile_part(stored_voice.profile(brand)),
        "lines": voice.batch_part(batch),
    }
