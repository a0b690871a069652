"""A lift study: do synthetic rows make a model better on real rows that nobody trained on?"""

from __future__ import annotations

from collections.abc import Sequence

from synth_core.generators.registry import POLICIES
from synth_core.lift.arms import ArmRequest, candidate, check_labels, generator_specs, synthetic_only
from synth_core.lift.curves import draw_curves
from synth_core.lift.protocol import FIRST_PASS, Protocol
from synth_core.lift.results import Study
from synth_core.progress import SILENT, Progress
from synth_core.tables import Split


def study(
    split: Split,
    *,
    arms: Sequence[ArmRequest],
    labels: Sequence[str] = POLICIES[:2],
    rows: int = 4_000,
    folds: int = 5,
    repeats: int = 5,
    seed: int = 7,
    learner: str = "lightgbm",
    curves: bool = False,
    n_jobs: int = 2,
    earlier_tests: int = 0,
    earlier_looks: int = 0,
    progress: Progress = SILENT,
) -> Study:
    """Compare models trained with and without synthetic rows, and decide.

    Every arm sees the same folds inside ``split.train`` (repeated and stratified; after a split by date, later
    periods); everything is fitted inside the fold's training part. The locked holdout is scored once, for the candidate
    with the best mean. Two classes are compared by AUC, several by macro one-vs-rest AUC, a number by R².

    Parameters
    ----------
    split : Split
    arms : sequence of str or (str, dict)
        Generators by name, or with settings. A SMOTE form with ``classes="minority"`` balances the classes, whatever
        ``rows`` says.
    labels : sequence of {"own", "committee", "curated"}
        Who labels the synthetic rows; each is a candidate of its own.
    rows : int
        Synthetic rows per arm.
    folds, repeats : int
        5 × 1 is a quick study.
    learner : {"lightgbm", "logistic"}
    curves : bool
        Also measure the gain by number of synthetic rows and the learning curve (:class:`Curves`).
    n_jobs : int
        Worker processes, one thread each; a Dask cluster brings its own (see :mod:`synth_core.workers`).
    earlier_tests, earlier_looks : int
        Candidates tested and holdout looks taken before on these data; they count against this study.

    Raises
    ------
    StudyError
        The request makes no sense, or the data are too few to be split into folds.
    SchemaError
        No target that models can predict.
    GeneratorError
        Unknown generator or setting, or no generator could run.
    Cancelled
        ``progress`` asked to stop.
    """
    specs, policies = generator_specs(arms), check_labels(labels)
    protocol = Protocol.begin(
        split, rows=rows, folds=folds, repeats=repeats, seed=seed, learner=learner, n_jobs=n_jobs, progress=progress
    )
    committee = any(p != "own" for p in policies)
    protocol.cv.run(
        [
            *protocol.reference_arms(committee=committee),
            *(candidate(s, p) for s in specs for p in policies),
            *(synthetic_only(s) for s in specs if not s.one_class),
        ],
        protocol.plan,
        done=FIRST_PASS,
        share=1 - FIRST_PASS,
    )
    drawn = draw_curves(protocol) if curves else None
    return protocol.conclude(earlier_tests=earlier_tests, earlier_looks=earlier_looks, curves=drawn)
