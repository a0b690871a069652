"""Freezing: both arms of a study trained once more, exactly as its look at the holdout trained them."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from synth_core.errors import ScorerError
from synth_core.generators.registry import CATALOGUE
from synth_core.lift.arms import ArmRequest
from synth_core.lift.evaluate import FittedArm
from synth_core.lift.refit import refit
from synth_core.lift.results import ArmResult, Study
from synth_core.lift.scores import main_score
from synth_core.progress import SILENT, Progress
from synth_core.prospective import drift
from synth_core.prospective.card import markdown, versions
from synth_core.prospective.frozen import Scorer, from_parts, to_parts
from synth_core.prospective.model_files import to_file
from synth_core.prospective.results import Card
from synth_core.tables import Split

_SAME = 1e-6  #: AUCs closer than this are the same


def freeze(
    split: Split,
    study: Study,
    *,
    name: str,
    seed: int | None = None,
    arm: str | None = None,
    study_id: str = "",
    arms: Sequence[ArmRequest] | None = None,
    progress: Progress = SILENT,
) -> Scorer:
    """Both models of a study, trained on all training rows and ready to score new leads.

    Parameters
    ----------
    split : Split
        The one that was studied. Models see its training rows only; of the holdout, the reference's scores are kept
        as bins, to tell later whether scores drift.
    study : Study
    name : str
        What the scorer is called.
    seed : int, optional
        The study's own if left out; with another one the models are others than those that were looked at, and the
        card has no AUC.
    arm : str, optional
        Key of the candidate to be tested; the one that was looked at, or the best by cross-validation, if left out.
    study_id : str
        Id of the study's run.
    arms : sequence of str or (str, dict), optional
        Generators as the study was asked for them; needed where they have settings of their own.

    Raises
    ------
    ScorerError
        No two-class target, no such candidate, or models that are no longer those of the study.
    StudyError
        Another split than the study's, or settings that only ``arms`` could tell.
    GeneratorError
        The generator could not run.
    Cancelled
        ``progress`` asked to stop.
    """
    name = " ".join(name.split())
    if not name:
        raise ScorerError("The scorer has no name. Give it one, such as “Spring leads”.")
    if study.task != "binary":
        raise ScorerError(
            f"“{study.target}” has not two classes: a prospective test compares AUCs, which need a yes or no. Choose "
            "a study with a two-class target, or group the outcome into two classes."
        )
    chosen = _candidate(study, arm)
    progress.report("fitting", 0, 1)
    fitted = refit(split, study, [study.reference, chosen.key], arms=arms, seed=seed)
    progress.report("fitting", 1, 1)
    models = {"reference": fitted[study.reference], "arm": fitted[chosen.key]}
    for model in models.values():
        if model.model is None:
            raise ScorerError(f"“{model.arm.title}” learned from one class only: it cannot score leads.")
    seed = study.seed if seed is None else seed
    predictions = {key: m.outcome(split.holdout.frame).predictions for key, m in models.items()}
    auc, remarks = _looked_at(split, study, chosen, seed, predictions)
    progress.report("writing", 0, 1)
    train = split.train
    encoder = models["reference"].encoder
    card = Card(
        id="",
        name=name,
        table=train.table.name,
        target=study.target,
        positive=str(study.positive),
        reference=study.reference,
        reference_title=study.arm(study.reference).title,
        arm=chosen.key,
        arm_title=chosen.title,
        features=tuple(encoder.features),
        train_rows=len(train),
        added_rows=int(models["arm"].delivered),
        data_hash=train.table.sha256(),
        study=study_id,
        seed=seed,
        auc_reference=auc.get("reference"),
        auc_arm=auc.get("arm"),
        base_rate=float(train.outcomes().mean()),
        versions=versions(),
        created=time.time(),
        negative=str(train.table.outcome.classes[0]),
    )
    matrix = encoder.matrix(train.frame)
    parts = to_parts(
        card,
        markdown(card, remarks),
        train.schema,
        encoder,
        {key: _file(m) for key, m in models.items()},
        drift.baseline(encoder, matrix, train.schema),
        drift.score_bins(predictions["reference"]),
    )
    scorer = from_parts(parts)
    _check_same(scorer, split, predictions)
    progress.report("writing", 1, 1)
    return scorer


def _candidate(study: Study, key: str | None) -> ArmResult:
    candidates = [a for a in study.arms if a.role == "candidate"]
    if key is None:
        key = study.holdout.arm if study.holdout else max(candidates, key=lambda a: a.delta).key
    found = next((a for a in candidates if a.key == key), None)
    if found is None:
        raise ScorerError(
            f"“{key}” is no arm with synthetic rows in this study. Choose one of: "
            f"{', '.join(a.key for a in candidates)}."
        )
    return found


def _looked_at(
    split: Split, study: Study, chosen: ArmResult, seed: int, predictions: dict[str, np.ndarray]
) -> tuple[dict[str, float], tuple[str, ...]]:
    """AUCs from the study's look, for the models that took part in it, and remarks for the card.

    Only models that were looked at are held against the outcomes again, so this is no further look.
    """
    look = study.holdout
    if look is None or seed != study.seed:
        return {}, ("The models were not scored on the study's holdout.",)
    auc, remarks = {"reference": look.scores_reference.main}, []
    if chosen.generator and CATALOGUE[chosen.generator].private:
        remarks.append("The generator's noise follows no seed: the arm is another draw of the one in the study.")
    elif look.arm == chosen.key:
        auc["arm"] = look.scores_arm.main
    else:
        remarks.append("The study looked at another arm on its holdout.")
    y = split.holdout.outcomes()
    for key, known in auc.items():
        found = main_score(y, predictions[key], split.train.table.outcome)
        if abs(found - known) > _SAME:
            raise ScorerError(
                f"The {'real-rows model' if key == 'reference' else 'arm'} could not be trained as in the study: its "
                f"AUC on the holdout is {found:.4f}, in the study it was {known:.4f}. The table or the libraries have "
                "changed since; run the study again, then freeze that one."
            )
    return auc, tuple(remarks)


def _file(model: FittedArm) -> tuple[str, bytes, float, float]:
    return *to_file(model.model, linear=model.learner.linear), float(model.trained_on), float(model.real)


def _check_same(scorer: Scorer, split: Split, predictions: dict[str, np.ndarray]) -> None:
    """The files must score as the models did; a linear model may differ in the last bit of a float."""
    scores = scorer.score(split.holdout.frame)
    for key, expected in predictions.items():
        if not np.allclose(scores[f"score_{key}"], expected, rtol=1e-12, atol=1e-15):
            raise ScorerError("The frozen models do not score as the trained ones did. Freeze again, or report this.")
