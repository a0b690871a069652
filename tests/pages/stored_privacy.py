"""Privacy reports and self-tests written by hand, and runs that end with them."""

from __future__ import annotations

import uuid
from dataclasses import replace

from synth_core.privacy.results import (
    Distances,
    Membership,
    Meter,
    Overlap,
    PrivacyReport,
    Scenario,
    Secret,
    SelfTest,
)
from synth_core.records import Unavailable
from synth_core.runs import Run, Store
from synth_core.runs.database import insert, move
from synth_core.tasks.places import write_json

TITLES = {
    "closest": "Closer to training rows than to unseen rows",
    "membership": "Membership: was this row in training?",
    "singling": "Singling out by a combination of values",
    "linkability": "Linking two halves of a row",
    "attribute": "Guessing a secret from what is known",
}
GENERATE = {"generator": "trees", "settings": {}, "rows": 400, "seed": 7, "holdout": 0.2}


def meter(key: str, risk: float, grade: str = "no signal", **changes) -> Meter:
    """A meter whose ± 0.04 interval and p-value follow its grade."""
    flagged = grade != "no signal"
    unit = "AUC" if key == "membership" else "share"
    reference = 0.5 if unit == "AUC" else 0.02
    value = reference + risk * (1 - reference)
    return replace(
        Meter(
            key=key, title=TITLES.get(key, key), unit=unit, value=value, reference=reference, low=value - 0.03,
            high=value + 0.03, risk=risk, risk_low=risk - 0.04, risk_high=risk + 0.04, p=0.001 if flagged else 0.4,
            p_holm=0.004 if flagged else 1.0, flagged=flagged, grade=grade, sentence=f"What {key} found.",
            advice=f"What to do about {key}.", formula=f"Formula of {key}: a * b * c.", attacks=397, controls=193,
        ),
        **changes,
    )  # fmt: skip


def report(**changes) -> PrivacyReport:
    """One high, one some, three without a signal."""
    return replace(
        PrivacyReport(
            headline="Two of 5 meters see more than chance allows: do not share these rows as they are.",
            meters=(
                meter("singling", 0.41, "high"),
                meter("attribute", 0.125, "some"),
                meter("membership", 0.016),
                meter("closest", 0.0),
                meter("linkability", -0.02),
            ),
            distances=Distances(
                edges=tuple(i / 40 for i in range(13)),
                synthetic=(0.2, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.0),
                holdout=(0.03, 0.07, 0.1, 0.15, 0.15, 0.15, 0.1, 0.1, 0.05, 0.05, 0.03, 0.02),
                zero_synthetic=0.17,
                zero_holdout=0.02,
                synthetic_quantiles=(0.0, 0.083),
                holdout_quantiles=(0.031, 0.114),
                ratio_synthetic_quantiles=(0.0, 0.62),
                ratio_holdout_quantiles=(0.21, 0.83),
            ),
            memberships=(
                attack("density", "Density ratio", 0.516, 0.012),
                attack("neighbour", "Nearest neighbour", 0.508, 0.021),
            ),
            secrets=(
                Secret("income", 0.31, 0.27, 0.36, 0.22, 0.17, 0.28, "within 5 % of the column's range"),
                Secret("channel", 0.44, 0.4, 0.49, 0.45, 0.38, 0.52, "the same level"),
            ),
            overlaps=(),
            unavailable=(Unavailable("Linkability of groups", "too few rows share a group"),),
            matches=12,
            matches_unique=5,
            train_rows=800,
            holdout_rows=200,
            synthetic_rows=400,
            unique_train=777,
            unique_holdout=193,
            sampled_train=193,
            sampled_holdout=191,
            sampled_synthetic=189,
            known=("age", "channel"),
            secret_columns=("income",),
            seed=23,
        ),
        **changes,
    )


def attack(key: str, title: str, auc: float, tpr: float) -> Membership:
    points = (0.0, 0.01, 0.5, 1.0)
    return Membership(key, title, points, (0.0, tpr, auc, 1.0), auc, tpr, tpr / 3, tpr * 3)


def clean(**changes) -> PrivacyReport:
    """No meter sees anything."""
    found = report(headline="No meter sees more than chance allows.")
    return replace(found, meters=tuple(meter(m.key, 0.0) for m in found.meters), matches_unique=0, **changes)


def without_holdout(**changes) -> PrivacyReport:
    """What is left where the generator saw every real row."""
    reason = "there are no unseen real rows to compare with"
    return report(
        headline="5 synthetic rows equal a training row that occurs once; nothing else can be measured.",
        meters=(),
        distances=None,
        memberships=(),
        secrets=(),
        unavailable=tuple(Unavailable(title, reason) for title in TITLES.values()),
        holdout_rows=0,
        unique_holdout=0,
        sampled_holdout=0,
        **changes,
    )


def leaking(**changes) -> PrivacyReport:
    """Real values of columns that must not leave are among the synthetic rows."""
    overlaps = (
        Overlap("email", "sensitive", 3),
        Overlap("customer_id", "identifier", 1),
        Overlap("phone", "sensitive", 0),
    )
    return report(overlaps=overlaps, **changes)


def self_test(**changes) -> SelfTest:
    """Every meter flags both copies, none the independent sample."""
    copy = tuple(meter(k, 0.97, "high", risk_low=0.95, risk_high=1.0) for k in TITLES)
    noisy = tuple(meter(k, 0.35, "high") for k in TITLES)
    neutral = tuple(meter(k, 0.01) for k in TITLES)
    return replace(
        SelfTest(
            headline="The meters read right on this table: both copies are found, independent rows are not.",
            scenarios=(
                Scenario("copy", "Verbatim copy", "bad", copy, True, "5 of 5 meters flag it."),
                Scenario("noisy", "Noisy copy", "bad", noisy, True, "5 of 5 meters flag it, too."),
                Scenario("independent", "Independent sample", "neutral", neutral, True, "No meter flags it."),
            ),
            unavailable=(),
            train_rows=800,
            holdout_rows=200,
            synthetic_rows=200,
            seed=23,
        ),
        **changes,
    )


def blind_self_test() -> SelfTest:
    """Too few rows: the noisy copy is missed by two meters."""
    found = self_test(headline="On this table the meters miss a noisy copy: 60 rows are too few.")
    noisy = tuple(meter(k, 0.2, "high" if k not in ("linkability", "attribute") else "no signal") for k in TITLES)
    missed = replace(found.scenarios[1], meters=noisy, passed=False, sentence="Only 3 of 5 meters flag it.")
    return replace(found, scenarios=(found.scenarios[0], missed, found.scenarios[2]))


def crowded() -> PrivacyReport:
    """Many meters and attacks, long names with markup, risks far outside the axis, bins of any width."""
    grades = ("high", "some", "no signal")
    name = "<b>meter</b> of a table with names that are much too long to fit beside anything on a telephone, number"
    meters = tuple(
        meter(f"m{i}", (1.0, -40.0, 0.0)[i % 3], grades[i % 3], title=f"{name} {i}", value=float(i % 2))
        for i in range(30)
    )
    attacks = tuple(attack(f"a{i}", f"<b>attack</b> {i} with a long name, too", 0.9, 0.3) for i in range(5))
    edges = (0.0, 1e-6, 0.5, 1e6)
    distances = replace(report().distances, edges=edges, synthetic=(1.0, 0.0, 0.0), holdout=(0.0, 0.0, 1.0),
                        zero_synthetic=1.0, zero_holdout=0.0)  # fmt: skip
    return report(meters=meters, memberships=attacks, distances=distances)


def crowded_self_test() -> SelfTest:
    """Many meters with long names, of which some could not run everywhere."""
    meters = tuple(replace(m, risk=0.5, risk_low=0.4, risk_high=0.6) for m in crowded().meters)
    found = self_test()
    kept = (meters, meters[::2], ())
    scenarios = tuple(replace(s, meters=m) for s, m in zip(found.scenarios, kept, strict=True))
    return replace(found, scenarios=(*scenarios, *(replace(s, key=f"{s.key}-2") for s in scenarios)))


def store_run(store: Store, task: str, spec: dict, *, error: str | None = None, state: str = "succeeded") -> Run:
    """A run that ended, without files."""
    run = uuid.uuid4().hex
    with store.database.transaction() as connection:
        insert(connection, run, task, spec, f"a stored {task}", spec["dataset"], (0, 0.0))
        move(connection, run, "queued", "running")
        move(connection, run, "running", state, error)
    return store.get(run)


def store_generated(store: Store, dataset: str) -> Run:
    """A ``generate`` run that succeeded; its rows are not there, and no page needs them to show a privacy report."""
    return store_run(store, "generate", {**GENERATE, "dataset": dataset})


def store_report(store: Store, found: PrivacyReport, generated: Run) -> Run:
    """``found`` as the result of a ``privacy`` run on ``generated``."""
    spec = {"run": generated.id, "dataset": generated.dataset, "seed": found.seed, "known": list(found.known),
            "secret_columns": list(found.secret_columns)}  # fmt: skip
    run = store_run(store, "privacy", spec)
    _write(store, run, "privacy.json", found.to_dict())
    return run


def store_self_test(store: Store, found: SelfTest, dataset: str) -> Run:
    """``found`` as the result of a ``self_test`` run on ``dataset``."""
    spec = {"dataset": dataset, "holdout": 0.2, "seed": found.seed, "known": ["age"], "secret_columns": ["income"]}
    run = store_run(store, "self_test", spec)
    _write(store, run, "self_test.json", found.to_dict())
    return run


def _write(store: Store, run: Run, name: str, content: dict) -> None:
    folder = store.layout.published(run.id)
    folder.mkdir(parents=True)
    write_json(folder / name, content)
