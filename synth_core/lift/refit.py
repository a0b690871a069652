"""Arms of a finished study, trained once more exactly as its look at the holdout trained them."""

from __future__ import annotations

from collections.abc import Sequence

from synth_core.errors import StudyError
from synth_core.lift.arms import Arm, ArmRequest, candidate, generator_specs, synthetic_only, variant
from synth_core.lift.evaluate import FittedArm, Plan, fit_arms
from synth_core.lift.learners import LEARNERS, Family, family
from synth_core.lift.results import ArmResult, Study
from synth_core.tables import Split, Train
from synth_core.workers import in_workers

_WORKERS = 2  #: so that the work happens in a worker, with one thread, as in a study


def refit(
    split: Split,
    study: Study,
    keys: Sequence[str],
    *,
    arms: Sequence[ArmRequest] | None = None,
    seed: int | None = None,
) -> dict[str, FittedArm]:
    """Train arms of ``study`` on all rows of ``split.train``.

    Parameters
    ----------
    split : Split
        The one that was studied.
    keys : sequence of str
        Of arms in ``study.arms``.
    arms : sequence of str or (str, dict), optional
        Generators as the study was asked for them; needed where they have settings of their own.
    seed : int, optional
        The study's own if left out; with another one, other models come out.

    Raises
    ------
    StudyError
        Another split than the study's, no such arm, or settings that only ``arms`` could tell.
    GeneratorError
        A generator could not run.
    """
    _check_same(split, study)
    plan = _plan(split, study)
    wanted = [_arm(_result(study, key), plan, arms) for key in keys]
    work = [(split.train, wanted, plan, study.seed if seed is None else seed)]
    (found,) = in_workers(_fit, work, _WORKERS)
    return found


def _fit(train: Train, arms: Sequence[Arm], plan: Plan, seed: int) -> dict[str, FittedArm]:
    return fit_arms(train, arms, plan, seed=seed)


def _check_same(split: Split, study: Study) -> None:
    table = split.train.table
    own = (table.outcome.name, table.schema.positive, len(split.train), split.holdout.fingerprint())
    theirs = (study.target, study.positive, study.train_rows, study.holdout_fingerprint)
    if own != theirs:
        raise StudyError(
            f"This study was made on another table or split: it predicts “{study.target}” from {study.train_rows:,} "
            f"training rows (holdout {study.holdout_fingerprint}), these are {len(split.train):,} rows with target "
            f"“{table.outcome.name}” (holdout {split.holdout.fingerprint()}). Use the study's own table, share of the "
            "holdout and seed, or run the study again."
        )


def _result(study: Study, key: str) -> ArmResult:
    found = next((a for a in study.arms if a.key == key), None)
    if found is None:
        raise StudyError(f"This study has no arm “{key}”. Its arms are: {', '.join(a.key for a in study.arms)}.")
    return found


def _plan(split: Split, study: Study) -> Plan:
    """The study's plan; its learners are told by the titles of the arms on real rows."""
    models = _family(study)
    repeated = _title(study, "D")
    extra = models.simple if repeated is not None and repeated.endswith(models.simple.title) else models.default
    drawn = study.rows if study.trials else 0  # an Autopilot's arms share the rows of its largest
    return Plan(split.train.table.outcome, models, extra, study.rows, drawn)


def _family(study: Study) -> Family:
    for name in LEARNERS:
        models = family(name, study.task)
        if _title(study, "R1") == models.default.title:
            return models
    raise StudyError("This study does not say which learner it used: run it again with this version.")


def _title(study: Study, key: str) -> str | None:
    return next((a.title for a in study.arms if a.key == key), None)


def _arm(result: ArmResult, plan: Plan, arms: Sequence[ArmRequest] | None) -> Arm:
    if result.generator is None:
        return Arm(result.key, result.title, result.role)
    for spec in generator_specs(arms or [result.generator]):
        if result.role == "synthetic only" and result.key == f"{spec.key}/only":
            return synthetic_only(spec)
        stem = f"{spec.key}/{result.labels}"
        if result.key == stem:
            return candidate(spec, result.labels)
        if result.key.startswith(f"{stem}/"):
            rows, _, learner = result.key.removeprefix(f"{stem}/").split("/")
            simple = learner == "simple"
            title = (plan.family.simple if simple else plan.family.default).title
            return variant(spec, result.labels, int(rows), result.weight, title, simple=simple)
    raise StudyError(
        f"The settings of “{result.title}” are not in the study's result. Hand over the generators with their settings "
        "as the study was asked for them (arms=…)."
    )
