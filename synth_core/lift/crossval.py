"""Arms over shared folds: run them in worker processes, then sum up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from joblib import Parallel, delayed, parallel_config

from synth_core.errors import GeneratorError
from synth_core.lift.arms import Arm
from synth_core.lift.evaluate import Outcome, Plan, evaluate
from synth_core.lift.results import ArmResult
from synth_core.lift.scores import best_threshold, mean_scores, scores
from synth_core.lift.statistics import Paired, holm, nadeau_bengio
from synth_core.progress import Progress
from synth_core.tables import Fold, FoldTest, Holdout, Split, Train


@dataclass
class CrossValidation:
    """Folds, and the outcome of every arm in each of them.

    Attributes
    ----------
    folds : list of Fold
        In order of repeat and number; the same for all arms.
    labels : list of array
        Real outcomes of each fold's scored rows.
    outcomes : list of dict
        Per fold: arm key → outcome.
    failures : dict
        Arm key → why it was left out (it could not run in some fold).
    """

    folds: list[Fold]
    seed: int
    n_jobs: int
    progress: Progress
    arms: list[Arm] = field(default_factory=list)
    outcomes: list[dict[str, Outcome]] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outcomes = [{} for _ in self.folds]
        self.labels = [fold.test.labels() for fold in self.folds]

    def run(self, arms: Sequence[Arm], plan: Plan, *, done: float, share: float) -> None:
        """Add ``arms``; progress goes from ``done`` on by ``share`` of the phase."""
        work = ((f.train, f.test, fold_seed(self.seed, f)) for f in self.folds)
        for number, found in enumerate(_in_workers(work, arms, plan, self.n_jobs)):
            self.outcomes[number].update(found)
            self.progress.report("fitting", done + share * (number + 1) / len(self.folds), 1.0)
        for arm in arms:
            failed = [o[arm.key].failure for o in self.outcomes if o[arm.key].failure]
            if failed:
                self.failures[arm.key] = failed[0]
            else:
                self.arms.append(arm)

    def on_holdout(self, split: Split, keys: Sequence[str], plan: Plan) -> dict[str, np.ndarray]:
        """Probabilities on the locked holdout, by arm key; trained on all training rows."""
        arms = [a for a in self.arms if a.key in keys]
        (found,) = _in_workers([(split.train, split.holdout, self.seed)], arms, plan, self.n_jobs)
        for outcome in found.values():
            if outcome.failure:
                raise GeneratorError(outcome.failure)
        return {key: outcome.probabilities for key, outcome in found.items()}

    def mean_auc(self, key: str) -> float:
        """Mean AUC over folds."""
        return float(np.mean([self._scores(key, n, 0.5).auc for n in range(len(self.folds))]))

    def threshold(self, key: str, *, leaving_out: int | None = None, repeat: int = 0) -> float:
        """The threshold with the best F1 on out-of-fold scores of one repeat, without fold ``leaving_out``."""
        numbers = [n for n, f in enumerate(self.folds) if f.repeat == repeat and n != leaving_out]
        y = np.concatenate([self.labels[n] for n in numbers])
        return best_threshold(y, np.concatenate([self.outcomes[n][key].probabilities for n in numbers]))

    def out_of_fold(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        """Outcomes and probabilities of every training row, averaged over repeats; shape (n_train,) each."""
        ids = np.concatenate([f.test_rows for f in self.folds])
        p = np.concatenate([o[key].probabilities for o in self.outcomes])
        y = np.concatenate(self.labels)
        _, first, place = np.unique(ids, return_index=True, return_inverse=True)
        return y[first], np.bincount(place, p) / np.bincount(place)

    def results(self) -> list[ArmResult]:
        """Every arm that ran, without comparisons."""
        return [self._result(arm) for arm in self.arms]

    def _result(self, arm: Arm) -> ArmResult:
        mine = [o[arm.key] for o in self.outcomes]
        found = [
            self._scores(arm.key, n, self.threshold(arm.key, leaving_out=n, repeat=f.repeat))
            for n, f in enumerate(self.folds)
        ]
        return ArmResult(
            key=arm.key,
            title=arm.title,
            role=arm.role,
            fold_auc=tuple(s.auc for s in found),
            scores=mean_scores(found),
            generator=arm.generator.name if arm.generator else None,
            labels=arm.labels,
            requested=float(np.mean([o.requested for o in mine])),
            delivered=float(np.mean([o.delivered for o in mine])),
            seconds=float(np.sum([o.seconds for o in mine])),
            notes=_common_notes([o.notes for o in mine]),
        )

    def _scores(self, key: str, number: int, threshold: float):
        return scores(self.labels[number], self.outcomes[number][key].probabilities, threshold)


def compare(
    results: Sequence[ArmResult], reference: str, folds: int, tests: int
) -> tuple[list[ArmResult], dict[str, Paired]]:
    """The results with differences to ``reference``, intervals and Holm-adjusted p values; and the paired tests."""
    base = np.array(next(a for a in results if a.key == reference).fold_auc)
    paired = {a.key: nadeau_bengio(np.array(a.fold_auc) - base, folds) for a in results if a.key != reference}
    candidates = [a.key for a in results if a.role == "candidate"]
    better = dict(zip(candidates, holm([paired[k].p_better for k in candidates], tests), strict=True))
    worse = dict(zip(candidates, holm([paired[k].p_worse for k in candidates], tests), strict=True))
    out = []
    for arm in results:
        if test := paired.get(arm.key):
            low, high = test.interval()
            p = test.p_better if arm.key in better else None
            arm = replace(
                arm, delta=test.mean, low=low, high=high, p=p, p_holm=better.get(arm.key),
                p_worse_holm=worse.get(arm.key),
            )  # fmt: skip
        out.append(arm)
    return out, paired


def fold_seed(seed: int, fold: Fold) -> int:
    """The one seed that all arms use in ``fold``."""
    return int(np.random.SeedSequence([seed, fold.repeat, fold.number]).generate_state(1)[0] % 2**31)


def _in_workers(work: Iterable[tuple[Train, FoldTest | Holdout, int]], arms: Sequence[Arm], plan: Plan, n_jobs: int):
    """Outcomes in the order of ``work``, as they come."""
    with parallel_config(backend="loky", inner_max_num_threads=1):
        yield from Parallel(n_jobs=n_jobs, return_as="generator", pre_dispatch="2*n_jobs", batch_size=1)(
            delayed(evaluate)(train, scored, arms, plan, seed=seed) for train, scored, seed in work
        )


def _common_notes(notes: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The notes of the first fold that every fold has; figures differ between folds, so others are left to the log."""
    return tuple(n for n in notes[0] if all(n in other for other in notes)) if notes else ()
