"""A lift study: do synthetic rows make a model better on real rows that nobody trained on?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from synth_core.errors import GeneratorError, StudyError
from synth_core.generators.registry import POLICIES
from synth_core.lift import holdout as locked
from synth_core.lift.arms import Arm, ArmRequest, candidate, check_labels, generator_specs, synthetic_only
from synth_core.lift.crossval import CrossValidation, compare
from synth_core.lift.evaluate import Plan
from synth_core.lift.learners import family
from synth_core.lift.rare import rare_class
from synth_core.lift.results import Study
from synth_core.lift.verdict import FEWEST, decide, no_verdict
from synth_core.progress import SILENT, Progress
from synth_core.tables import Split

_LIBRARIES = ("lightgbm", "scikit-learn", "imbalanced-learn", "sdv", "pandas", "numpy")
#: Share of a fold's work that comparing the two real-rows learners takes, for the progress bar.
_FIRST_PASS = 0.05


def study(
    split: Split,
    *,
    arms: Sequence[ArmRequest],
    labels: Sequence[str] = POLICIES,
    rows: int = 4_000,
    folds: int = 5,
    repeats: int = 5,
    seed: int = 7,
    learner: str = "lightgbm",
    n_jobs: int = 2,
    earlier_tests: int = 0,
    earlier_looks: int = 0,
    progress: Progress = SILENT,
) -> Study:
    """Compare models trained with and without synthetic rows, and decide.

    Every arm sees the same repeated stratified folds inside ``split.train``; everything is fitted inside a fold's
    training part. The locked holdout is scored once, for the candidate with the best mean.

    Parameters
    ----------
    split : Split
    arms : sequence of str or (str, dict)
        Generators by name, or with settings.
    labels : sequence of {"own", "committee"}
        Who labels the synthetic rows; each is a candidate of its own.
    rows : int
        Synthetic rows per arm.
    folds, repeats : int
        5 × 1 is a quick study.
    learner : {"lightgbm", "logistic"}
    n_jobs : int
        Worker processes, one thread each.
    earlier_tests, earlier_looks : int
        Candidates tested and holdout looks taken before on these data; they count against this study.

    Raises
    ------
    StudyError
        The request makes no sense, or the data are too few to be split into folds.
    SchemaError
        No two-class target.
    GeneratorError
        Unknown generator or setting, or no generator could run.
    Cancelled
        ``progress`` asked to stop.
    """
    start = time.perf_counter()
    specs, policies, models = generator_specs(arms), check_labels(labels), family(learner)
    if rows < 1 or folds < 2 or repeats < 1:
        raise StudyError(f"{rows} rows in {folds} folds × {repeats}: ask for at least 1 row, 2 folds and 1 repeat.")
    y = split.train.labels()
    all_labels = np.concatenate([y, split.holdout.labels()])
    positives, negatives = int(all_labels.sum()), int(len(all_labels) - all_labels.sum())
    notes = []
    if (fewest := split.train.rarest_groups()) < folds:
        if fewest < 2:
            raise StudyError(
                f"Only {fewest} distinct training row has the rarer outcome of “{split.train.schema.target}”: models "
                "cannot be compared. Add rows of that outcome."
            )
        notes.append(f"{fewest} folds instead of {folds}: the rarer outcome has {fewest} distinct training rows.")
        folds = fewest
    plan = Plan(models, models.default, rows)
    cv = CrossValidation(list(split.train.folds(folds=folds, repeats=repeats, seed=seed)), seed, n_jobs, progress)
    cv.run(
        [Arm("R1", models.default.title, "reference"), Arm("R2", models.simple.title, "reference")],
        plan,
        done=0.0,
        share=_FIRST_PASS,
    )
    if cv.mean_auc("R2") > cv.mean_auc("R1"):
        plan = replace(plan, extra=models.simple)
    cv.run(
        [
            Arm("W", models.weighted.title, "reference"),
            Arm("D", f"Real rows repeated, {plan.extra.title}", "reference"),
            Arm("C", "Real rows repeated, committee labels", "control"),
            Arm("committee", "The committee itself", "line"),
            *(candidate(s, p) for s in specs for p in policies),
            *(synthetic_only(s) for s in specs),
        ],
        plan,
        done=_FIRST_PASS,
        share=1 - _FIRST_PASS,
    )
    notes += list(dict.fromkeys(f"Left out: {reason}" for reason in cv.failures.values()))
    results = cv.results()
    if not any(a.role == "candidate" for a in results):
        raise GeneratorError(next(iter(cv.failures.values())))
    reference = max((a for a in results if a.role == "reference"), key=lambda a: a.scores.auc).key
    tests = earlier_tests + sum(a.role == "candidate" for a in results)
    results, paired = compare(results, reference, folds, tests)

    rare, held = (), None
    if min(positives, negatives) < FEWEST:
        verdict = no_verdict(positives, negatives, split.train.schema.positive, results, reference)
        rare = tuple(
            rare_class(a.key, a.title, *cv.out_of_fold(a.key), seed) for a in results if a.role != "synthetic only"
        )
    else:
        chosen = max((a for a in results if a.role == "candidate"), key=lambda a: a.delta)
        progress.report("scoring", 0, 1)
        both = (chosen.key, reference)
        held = locked.compare(
            split.holdout.labels(),
            *both,
            cv.on_holdout(split, both, plan),
            {key: cv.threshold(key) for key in both},
            seed=seed,
            look=earlier_looks + 1,
        )
        verdict = decide(results, reference, chosen, paired[chosen.key], held, tests=tests, rows=rows)
        if earlier_looks:
            notes.append(f"This holdout has now been scored {earlier_looks + 1} times; each look makes it less fresh.")
    progress.report("scoring", 1, 1)
    return Study(
        verdict=verdict,
        arms=tuple(results),
        reference=reference,
        holdout=held,
        rare=rare,
        seed=seed,
        folds=folds,
        repeats=repeats,
        rows=rows,
        train_rows=len(split.train),
        holdout_rows=len(split.holdout),
        positives=positives,
        negatives=negatives,
        duplicates=split.duplicates,
        holdout_fingerprint=split.holdout.fingerprint(),
        tests_counted=tests,
        quick=repeats == 1,
        seconds=time.perf_counter() - start,
        target=split.train.schema.target,
        positive=split.train.schema.positive,
        notes=tuple(notes),
        versions=_versions(),
    )


def _versions() -> dict[str, str]:
    """Versions of the libraries behind the figures; SDV may be absent."""
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
