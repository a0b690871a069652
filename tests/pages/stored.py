"""Finished studies written by hand into a workspace: every state of the result page without running one."""

from __future__ import annotations

from dataclasses import replace

from synth_core.lift.results import (
    ArmResult,
    Check,
    CurvePoint,
    Curves,
    HoldoutResult,
    Scores,
    Study,
    Trial,
    Verdict,
)
from synth_core.runs import Run, Store
from synth_core.runs.database import insert, move
from synth_core.tasks.places import write_json

SCORES = {
    "binary": Scores(0.8, 0.12, 0.03, 0.5, 0.4, 0.45, 0.6, 3.2),
    "multiclass": Scores(0.8, brier=0.3, ece=0.04, f1_at_half=0.55),
    "regression": Scores(0.8, rmse=12_345.6),
}
METRIC = {"binary": "AUC", "multiclass": "Macro AUC", "regression": "R²"}
CURVE = ((0.0, 0.5, 1.0), (0.0, 0.8, 1.0))
POINTS = ((0.1, 0.12, 100), (0.5, 0.45, 100))


def study(task: str = "binary", **changes) -> Study:
    """A study of that kind of target in which nothing helped."""
    return replace(
        Study(
            verdict=Verdict(
                "no evidence",
                "No evidence either way.",
                arm="trees/committee",
                reference="R2",
                delta=0.012,
                low=-0.004,
                high=0.028,
                p_holm=0.09,
                smallest_detectable=0.021,
                posterior=(0.02, 0.27, 0.71),
                checks=(Check("Better than chance allows: p = 0.090.", False), Check("Large enough.", True)),
                advice=("More real rows.",),
            ),
            arms=_arms(task),
            reference="R2",
            holdout=_holdout(task),
            rare=(),
            seed=11,
            folds=2,
            repeats=5,
            rows=500,
            train_rows=800,
            holdout_rows=200,
            positives=300,
            negatives=700,
            duplicates=3,
            holdout_fingerprint="abc123",
            tests_counted=4,
            quick=False,
            seconds=31.0,
            target="outcome",
            positive="yes" if task == "binary" else None,
            task=task,
            metric=METRIC[task],
        ),
        **changes,
    )


def with_trials(**changes) -> Study:
    """An Autopilot's study."""
    found = study(**changes)
    tried = tuple(
        Trial(f"trees/own/{n}/1/simple", f"Trees, its own labels, {n:,} rows", 0.02 - n / 1e5, 10 if n < 900 else 2)
        for n in range(100, 1_500, 100)
    )
    return replace(found, trials=tried, tests_counted=len(tried))


def curves() -> Curves:
    points = tuple(CurvePoint(n, n / 1e5, n / 1e5 - 0.01, n / 1e5 + 0.01) for n in (400, 800, 1_600))
    real = tuple(CurvePoint(n, 0.7 + n / 1e4, 0.69 + n / 1e4, 0.71 + n / 1e4) for n in (160, 400, 800))
    return Curves("trees/committee", "R2", points, real, 500, 0.01, 0.002, 0.018)


def store_study(store: Store, found: Study, dataset: str, spec: dict | None = None) -> Run:
    """``found`` as the result of a ``lift`` run that succeeded."""
    run = f"{abs(hash(found.verdict.sentence)):032x}"[:32]
    with store.database.transaction() as connection:
        insert(connection, run, "lift", {"dataset": dataset, **(spec or {})}, "a stored study", dataset, (0, 0.0))
        move(connection, run, "queued", "running")
        move(connection, run, "running", "succeeded")
    folder = store.layout.published(run)
    folder.mkdir(parents=True)
    write_json(folder / "study.json", found.to_dict())
    return store.get(run)


def _arms(task: str) -> tuple[ArmResult, ...]:
    def arm(key: str, title: str, role: str, delta: float | None, **more) -> ArmResult:
        main = 0.8 + (delta or 0.0)
        inflation = 1.2 if task == "binary" else None
        folds = tuple(main + 0.01 * (n % 3 - 1) for n in range(10))
        scores = replace(SCORES[task], main=main)
        low, high = (None, None) if delta is None else (delta - 0.016, delta + 0.016)
        return ArmResult(
            key, title, role, folds, scores, delta=delta, low=low, high=high, inflation=inflation, **more
        )  # fmt: skip

    p = {"p": 0.045, "p_holm": 0.09, "p_worse_holm": 1.0, "requested": 500.0, "delivered": 500.0}
    return (
        arm("R1", "LightGBM, default", "reference", -0.01),
        arm("R2", "LightGBM, small trees", "reference", None),
        arm("C", "Real rows repeated, committee labels", "control", 0.004, requested=500.0, delivered=500.0),
        arm("trees/own", "Trees, its own labels", "candidate", 0.001, generator="trees", labels="own", **p),
        arm("trees/committee", "Trees, committee labels", "candidate", 0.012, generator="trees", labels="committee",
            weight=5.0, **p),
        arm("trees/only", "Trees, synthetic rows only", "synthetic only", -0.04, generator="trees", labels="own",
            requested=500.0, delivered=500.0),
    )  # fmt: skip


def _holdout(task: str) -> HoldoutResult:
    two = {
        "roc_arm": CURVE, "roc_reference": CURVE, "pr_arm": (CURVE[0], (1.0, 0.8, 0.3)),
        "pr_reference": (CURVE[0], (1.0, 0.7, 0.3)), "calibration_arm": POINTS, "calibration_reference": POINTS,
    }  # fmt: skip
    return HoldoutResult(
        "trees/committee",
        "R2",
        0.01,
        -0.02,
        0.04,
        replace(SCORES[task], main=0.81),
        SCORES[task],
        **(two if task == "binary" else {}),
    )
