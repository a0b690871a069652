"""Arms over shared folds: run them in worker processes, then sum up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from synth_core.errors import GeneratorError
from synth_core.lift.arms import Arm
from synth_core.lift.evaluate import Outcome, Plan, evaluate
from synth_core.lift.results import ArmResult, Scores
from synth_core.lift.scores import best_threshold, main_score, mean_scores, scores
from synth_core.lift.statistics import Paired, holm, nadeau_bengio
from synth_core.progress import Progress
from synth_core.tables import Fold, Holdout, Split, Target, Train
from synth_core.workers import in_workers


@dataclass
class CrossValidation:
    """Folds, and the outcome of every arm in each of them.

    Attributes
    ----------
    folds : list of Fold
        In order of repeat and number; the same for all arms.
    target : Target
    scored : tuple of int
        Classes that the macro AUC averages over; empty = all.
    labels : list of array
        Real outcomes of each fold's scored rows.
    outcomes : list of dict
        Per fold: arm key → outcome.
    failures : dict
        Arm key → why it was left out (it could not run in some fold).
    """

    folds: list[Fold]
    target: Target
    seed: int
    n_jobs: int
    progress: Progress
    scored: tuple[int, ...] = ()
    arms: list[Arm] = field(default_factory=list)
    outcomes: list[dict[str, Outcome]] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.outcomes = [{} for _ in self.folds]
        self.labels = [self.target.codes(fold.test.frame) for fold in self.folds]
        self.by_date = bool(self.folds) and self.folds[0].source.by_date is not None

    @cached_property
    def _positive_shares(self) -> list[float]:
        """Of the training rows of every fold."""
        y = self.folds[0].source.outcomes()
        return [float(y[fold.train_rows].mean()) for fold in self.folds]

    @property
    def ratio(self) -> float:
        """Test rows over training rows, mean over folds."""
        return float(np.mean([len(f.test_rows) / len(f.train_rows) for f in self.folds]))

    def run(self, arms: Sequence[Arm], plan: Plan, *, done: float, share: float) -> None:
        """Add ``arms`` on all folds; progress goes from ``done`` on by ``share`` of the phase."""
        for number, _ in enumerate(self.run_on(range(len(self.folds)), arms, plan)):
            self.progress.report("fitting", done + share * (number + 1) / len(self.folds), 1.0)
        self.keep(arms)

    def run_on(self, numbers: Sequence[int], arms: Sequence[Arm], plan: Plan) -> Iterator[int]:
        """Score ``arms`` on some folds; yields the number of each as it is done."""
        folds = [self.folds[n] for n in numbers]
        work = ((f.train_rows, f.test_rows, fold_seed(self.seed, f)) for f in folds)
        shared = (self.folds[0].source, arms, plan)
        for number, found in zip(numbers, in_workers(_on_fold, work, self.n_jobs, shared=shared), strict=True):
            self.outcomes[number].update(found)
            yield number

    def keep(self, arms: Sequence[Arm]) -> None:
        """Take up the arms among ``arms`` that ran on every fold; the reason why another did not is kept."""
        for arm in arms:
            failed = [o[arm.key].failure for o in self.outcomes if arm.key in o and o[arm.key].failure]
            if failed:
                self.failures[arm.key] = failed[0]
            else:
                self.arms.append(arm)

    def on_holdout(self, split: Split, keys: Sequence[str], plan: Plan) -> dict[str, Outcome]:
        """Outcomes on the locked holdout, by arm key; trained on all training rows."""
        arms = [a for a in self.arms if a.key in keys]
        (found,) = in_workers(_evaluate, [(split.train, split.holdout, arms, plan, self.seed)], self.n_jobs)
        for outcome in found.values():
            if outcome.failure:
                raise GeneratorError(outcome.failure)
        return found

    def fold_scores(self, key: str, numbers: Iterable[int] | None = None) -> np.ndarray:
        """The main score of every fold (or of some); NaN where the fold's rows cannot tell."""
        numbers = range(len(self.folds)) if numbers is None else numbers
        return np.array(
            [main_score(self.labels[n], self.outcomes[n][key].predictions, self.target, self.scored) for n in numbers]
        )

    def mean_score(self, key: str) -> float:
        """Mean of the main score over folds."""
        return float(np.nanmean(self.fold_scores(key)))

    def threshold(self, key: str, *, leaving_out: int | None = None, repeat: int = 0) -> float:
        """The threshold with the best F1 on out-of-fold scores of one repeat, without fold ``leaving_out``.

        Folds that follow the calendar look at earlier periods only, but for the first, which has none.
        """
        numbers = [n for n, f in enumerate(self.folds) if f.repeat == repeat and n != leaving_out]
        if self.by_date and leaving_out:
            numbers = [n for n in numbers if n < leaving_out]
        y = np.concatenate([self.labels[n] for n in numbers])
        if not 0 < y.sum() < len(y):
            return 0.5
        return best_threshold(y, np.concatenate([self.outcomes[n][key].predictions for n in numbers]))

    def out_of_fold(self, key: str) -> tuple[np.ndarray, np.ndarray]:
        """Outcomes and predictions of every scored training row, averaged over repeats; shape (n_rows,) each."""
        ids = np.concatenate([f.test_rows for f in self.folds])
        p = np.concatenate([o[key].predictions for o in self.outcomes])
        y = np.concatenate(self.labels)
        _, first, place = np.unique(ids, return_index=True, return_inverse=True)
        return y[first], np.bincount(place, p) / np.bincount(place)

    def results(self) -> list[ArmResult]:
        """Every arm that ran on all folds, without comparisons."""
        return [self._result(arm) for arm in self.arms]

    def _result(self, arm: Arm) -> ArmResult:
        mine = [o[arm.key] for o in self.outcomes]
        found = [self._scores(arm.key, n) for n in range(len(self.folds))]
        inflation = None
        if self.target.task == "binary":
            inflation = float(np.mean([o.raw.mean() / s for o, s in zip(mine, self._positive_shares, strict=True)]))
        return ArmResult(
            key=arm.key,
            title=arm.title,
            role=arm.role,
            fold_scores=tuple(s.main for s in found),
            scores=mean_scores(found),
            generator=arm.generator.name if arm.generator else None,
            labels=arm.labels,
            requested=float(np.mean([o.requested for o in mine])),
            delivered=float(np.mean([o.delivered for o in mine])),
            seconds=float(np.sum([o.seconds for o in mine])),
            weight=arm.weight,
            inflation=inflation,
            notes=_common_notes([o.notes for o in mine]),
        )

    def _scores(self, key: str, number: int) -> Scores:
        outcome, threshold = self.outcomes[number][key], 0.5
        if self.target.task == "binary":
            threshold = self.threshold(key, leaving_out=number, repeat=self.folds[number].repeat)
        return scores(
            self.labels[number], outcome.predictions, self.target,
            threshold=threshold, raw=outcome.raw, classes=self.scored,
        )  # fmt: skip


def compare(
    results: Sequence[ArmResult], reference: str, ratio: float, tests: int
) -> tuple[list[ArmResult], dict[str, Paired]]:
    """The results with differences to ``reference``, intervals and Holm-adjusted p values; and the paired tests."""
    base = np.array(next(a for a in results if a.key == reference).fold_scores)
    paired = {a.key: nadeau_bengio(np.array(a.fold_scores) - base, ratio) for a in results if a.key != reference}
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


def _on_fold(source: Train, arms: Sequence[Arm], plan: Plan, train: np.ndarray, test: np.ndarray, seed: int):
    """The fold is cut where it is worked on, so that the table travels once and not once per fold."""
    fold = Fold(0, 0, source, train, test)
    return evaluate(fold.train, fold.test, arms, plan, seed=seed)


def _evaluate(train: Train, scored: Holdout, arms: Sequence[Arm], plan: Plan, seed: int):
    return evaluate(train, scored, arms, plan, seed=seed)


def _common_notes(notes: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The notes of the first fold that every fold has; figures differ between folds, so others are left to the log."""
    return tuple(n for n in notes[0] if all(n in other for other in notes)) if notes else ()
