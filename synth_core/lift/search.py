"""Autopilot: search for the best way to add synthetic rows, on the training rows only, then look once."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np

from synth_core.errors import StudyError
from synth_core.generators.registry import POLICIES
from synth_core.lift.arms import (
    Arm,
    ArmRequest,
    GeneratorSpec,
    check_labels,
    default_arms,
    generator_specs,
    variant,
)
from synth_core.lift.evaluate import Plan
from synth_core.lift.protocol import Protocol
from synth_core.lift.results import Study, Trial
from synth_core.progress import SILENT, Progress
from synth_core.tables import Split

FACTORS = (2, 8)  #: synthetic rows for each real training row
WEIGHTS = (1.0, 5.0)  #: of a synthetic row; a real row has 1
MOST_ROWS = 20_000  #: synthetic rows of the largest candidate
SHORTEST = 10.0  #: seconds
_OVERHEAD = 40  #: of a fold's committee and generators, in fits of one model
_KEPT = 0.4  #: share of the candidates that go on after the first two folds
_FINALISTS = 6  #: that are scored on further repeats while time is left


def autopilot(
    split: Split,
    *,
    budget: float = 120.0,
    arms: Sequence[ArmRequest] | None = None,
    labels: Sequence[str] = POLICIES,
    folds: int = 5,
    repeats: int = 5,
    seed: int = 7,
    learner: str = "lightgbm",
    n_jobs: int = 2,
    earlier_tests: int = 0,
    earlier_looks: int = 0,
    progress: Progress = SILENT,
) -> Study:
    """Search generator × labelling policy × number of rows × weight of a row × learner; confirm the winner once.

    Candidates are compared by cross-validation inside ``split.train``. All start on two folds, the better ones go on
    to the first ``folds`` folds, the best six to further repeats while time is left. The holdout is scored once, for
    the winner; Holm counts every candidate that was started. What is tried depends on the budget and the machine;
    each candidate's scores do not.

    Parameters
    ----------
    split : Split
    budget : float
        Seconds for the search, at least 10; folds that have begun are finished, and the confirmation comes on top.
    arms : sequence of str or (str, dict), optional
        Generators; trees and the Gaussian copula if left out.
    labels, folds, repeats, seed, learner, n_jobs, earlier_tests, earlier_looks, progress
        As in :func:`~synth_core.lift.experiment.study`.

    Raises
    ------
    StudyError, SchemaError, GeneratorError, Cancelled
        As in :func:`~synth_core.lift.experiment.study`.
    """
    if budget < SHORTEST:
        raise StudyError(f"A budget of {budget:g} seconds is too short to search: give at least {SHORTEST:g}.")
    specs, policies = generator_specs(arms or default_arms(split.train.table, search=True)), check_labels(labels)
    end = time.perf_counter() + budget
    size = len(split.train) * (folds - 1) // folds
    counts = sorted({min(max(1, round(f * size)), MOST_ROWS) for f in FACTORS})
    protocol = Protocol.begin(
        split, rows=counts[len(counts) // 2], drawn=counts[-1], folds=folds, repeats=repeats, seed=seed,
        learner=learner, n_jobs=n_jobs, progress=progress,
    )  # fmt: skip
    began = time.perf_counter() - protocol.start
    candidates = _affordable(
        _candidates(specs, policies, counts, protocol.plan), split, began / (2 * len(protocol.cv.folds)), budget
    )
    search = _Search(protocol, candidates, end, budget)
    search.run()
    return protocol.conclude(earlier_tests=earlier_tests, earlier_looks=earlier_looks, trials=search.trials())


def _candidates(
    specs: Sequence[GeneratorSpec], policies: Sequence[str], counts: Sequence[int], plan: Plan
) -> list[Arm]:
    """The grid: everything is varied for committee labels, nothing but the generator for the generator's own.

    A generator's own labels seldom win, and each variation of them would make Holm stricter for the others.
    """
    family, out = plan.family, []
    for spec in specs:
        for policy in policies:
            if policy == "committee":
                out += [
                    variant(spec, policy, count, weight, learner.title, simple=learner is family.simple)
                    for count in counts
                    for weight in WEIGHTS
                    for learner in (family.default, family.simple)
                ]
            else:
                out.append(variant(spec, policy, counts[0], 1.0, plan.extra.title, simple=plan.extra is family.simple))
    return out


def _affordable(candidates: Sequence[Arm], split: Split, fit: float, budget: float) -> list[Arm]:
    """Without the largest candidates, until a third of ``budget`` is enough for the first two folds.

    ``fit`` is how long one model on real rows took in one fold, workers included; the other figures are rough ratios to
    it. At least the finalists stay.
    """
    left = sorted(candidates, key=lambda a: a.rows)
    while len(left) > _FINALISTS:
        work = _OVERHEAD + sum(1 + 2 * arm.rows / len(split.train) for arm in left)
        if 2 * fit * work <= budget / 3:
            break
        left.pop()
    kept = {arm.key for arm in left}
    return [arm for arm in candidates if arm.key in kept]


class _Search:
    """Successive halving over the folds of one protocol (Jamieson & Talwalkar, AISTATS 2016)."""

    def __init__(self, protocol: Protocol, candidates: Sequence[Arm], end: float, budget: float) -> None:
        self.protocol, self.cv, self.end, self.budget = protocol, protocol.cv, end, budget
        self.started = list(candidates)
        self.fixed = protocol.reference_arms(committee=True)

    def run(self) -> None:
        """Search, then cut the protocol back to the folds that the finalists have."""
        repeats = [
            [n for n, fold in enumerate(self.cv.folds) if fold.repeat == r] for r in range(self.protocol.repeats)
        ]
        first, began = repeats[0], time.perf_counter()
        self._tell()
        self._score(first[:2], self.started)
        alive = self._best(first[:2], self._going_on(len(first) - 2, time.perf_counter() - began))
        began = time.perf_counter()
        self._score(first[2:], alive)
        took = time.perf_counter() - began  # about what a repeat of the finalists will take
        alive = self._best(first, _FINALISTS)
        done = 1
        while done < len(repeats) and time.perf_counter() + took < self.end:
            began = time.perf_counter()
            self._score(repeats[done], alive)
            took = time.perf_counter() - began
            done += 1
        self._cut(done)
        self.cv.keep([*self.fixed, *alive])

    def trials(self) -> list[Trial]:
        """Every candidate that ran, the finalists first, then by mean difference to the reference."""
        reference, found = self.protocol.reference(), []
        for arm in self.started:
            numbers = self._scored(arm)
            if numbers:
                delta = self.cv.fold_scores(arm.key, numbers) - self.cv.fold_scores(reference, numbers)
                found.append(Trial(arm.key, arm.title, float(np.nanmean(delta)), len(numbers)))
        return sorted(found, key=lambda t: (-t.folds, -t.delta))

    def _score(self, numbers: Sequence[int], arms: Sequence[Arm]) -> None:
        for _ in self.cv.run_on(numbers, [*self.fixed, *arms], self.protocol.plan):
            self._tell()
        for arm in arms:
            reasons = [o[arm.key].failure for o in self.cv.outcomes if arm.key in o and o[arm.key].failure]
            if reasons:
                self.cv.failures[arm.key] = reasons[0]

    def _scored(self, arm: Arm) -> list[int]:
        """Numbers of the folds the arm was scored on; none if it failed on one."""
        found = [n for n, outcomes in enumerate(self.cv.outcomes) if arm.key in outcomes]
        return [] if any(self.cv.outcomes[n][arm.key].failure for n in found) else found

    def _best(self, numbers: Sequence[int], count: int) -> list[Arm]:
        ran = [a for a in self.started if set(numbers) <= set(self._scored(a))]
        return sorted(ran, key=lambda a: -np.nanmean(self.cv.fold_scores(a.key, numbers)))[:count]

    def _going_on(self, folds: int, took: float) -> int:
        """How many candidates go on: two fifths of them, fewer where the time is short."""
        whole = took * folds / 2
        share = min(_KEPT, max(0.0, self.end - time.perf_counter()) / max(whole, 1e-9))
        return max(_FINALISTS, round(share * len(self.started)))

    def _cut(self, repeats: int) -> None:
        count = sum(fold.repeat < repeats for fold in self.cv.folds)
        for name in ("folds", "labels", "outcomes"):
            setattr(self.cv, name, getattr(self.cv, name)[:count])
        self.protocol.repeats = repeats

    def _tell(self) -> None:
        """Report the time that has gone and the candidates that lead."""
        scored = {a.key: numbers for a in self.started if (numbers := self._scored(a))}
        most = max((len(n) for n in scored.values()), default=0)
        means = {
            a.title: float(np.nanmean(self.cv.fold_scores(a.key, scored[a.key])))
            for a in self.started
            if a.key in scored and len(scored[a.key]) == most
        }
        leaders = sorted(means.items(), key=lambda item: -item[1])[:5]
        self.cv.progress.report(
            "searching",
            min(self.budget, time.perf_counter() - self.end + self.budget),
            self.budget,
            candidates=len(scored),
            leaderboard="\n".join(f"{score:.4f}  {title}" for title, score in leaders),
        )
