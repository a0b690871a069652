"""What every study does before and after its own arms: real rows first, the verdict last."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from synth_core.errors import GeneratorError, StudyError
from synth_core.lift import holdout as locked
from synth_core.lift.arms import Arm
from synth_core.lift.crossval import CrossValidation, compare
from synth_core.lift.evaluate import Plan
from synth_core.lift.learners import family
from synth_core.lift.rare import rare_class
from synth_core.lift.results import ArmResult, Curves, Study, Trial
from synth_core.lift.scores import METRIC
from synth_core.lift.verdict import FEWEST, decide, no_verdict
from synth_core.progress import Progress
from synth_core.tables import Split

_LIBRARIES = ("lightgbm", "scikit-learn", "imbalanced-learn", "sdv", "pandas", "numpy")
#: Share of a fold's work that comparing the two real-rows learners takes, for the progress bar.
FIRST_PASS = 0.05


@dataclass
class Protocol:
    """One study on one split: the same folds for all arms, and one look at the holdout.

    Attributes
    ----------
    cv : CrossValidation
    plan : Plan
    notes : list of str
        Plain sentences on what was changed or left out.
    positives, negatives : int
        As in :class:`Study`.
    """

    split: Split
    cv: CrossValidation
    plan: Plan
    repeats: int
    positives: int
    negatives: int
    notes: list[str] = field(default_factory=list)
    start: float = field(default_factory=time.perf_counter)

    @classmethod
    def begin(
        cls, split: Split, *, rows: int, drawn: int = 0, folds: int, repeats: int, seed: int, learner: str, n_jobs: int,
        progress: Progress,
    ) -> Protocol:  # fmt: skip
        """Fold the training rows and compare the two real-rows learners; added rows use the better one.

        Raises
        ------
        StudyError
            The request makes no sense, or the data are too few to be split into folds.
        SchemaError
            No target that models can predict.
        """
        start = time.perf_counter()
        if rows < 1 or folds < 2 or repeats < 1:
            raise StudyError(f"{rows} rows in {folds} folds × {repeats}: ask for at least 1 row, 2 folds and 1 repeat.")
        train, target = split.train, split.train.table.outcome
        models = family(learner, target.task)
        positives, negatives, scored, notes = _counts(split)
        if split.sampled_from:
            notes.append(
                f"The table has {split.sampled_from:,} rows. The study worked on a sample of {len(train):,} training "
                f"and {len(split.holdout):,} holdout rows with the same share of every outcome. Synthetic rows tend to "
                "matter less the more real rows there are."
            )
        if (fewest := train.rarest_groups()) < folds and train.by_date is None:
            if fewest < 2:
                raise StudyError(
                    f"Only {fewest} distinct training row has the rarer outcome of “{target.name}”: models cannot be "
                    "compared. Add rows of that outcome."
                )
            notes.append(f"{fewest} folds instead of {folds}: the rarer outcome has {fewest} distinct training rows.")
            folds = fewest
        parts = list(train.folds(folds=folds, repeats=repeats, seed=seed))
        if train.by_date is not None:
            repeats = 1
            notes.append(
                f"Folds follow “{train.by_date}”: models train on earlier rows and are scored on {len(parts)} later "
                "periods, so the training rows grow from half of the table to almost all of it."
            )
        cv = CrossValidation(parts, target, seed, n_jobs, progress, scored)
        plan = Plan(target, models, models.default, rows, drawn)
        cv.run(
            [Arm("R1", models.default.title, "reference"), Arm("R2", models.simple.title, "reference")],
            plan,
            done=0.0,
            share=FIRST_PASS,
        )
        if cv.mean_score("R2") > cv.mean_score("R1"):
            plan = replace(plan, extra=models.simple)
        return cls(split, cv, plan, repeats, positives, negatives, notes, start)

    def reference_arms(self, *, committee: bool) -> list[Arm]:
        """The other arms on real rows; with a committee, its control (arm C) and the committee itself."""
        arms = [Arm("D", f"Real rows repeated, {self.plan.extra.title}", "reference")]
        if self.plan.family.weighted is not None:
            arms.insert(0, Arm("W", self.plan.family.weighted.title, "reference"))
        if committee:
            arms += [
                Arm("C", "Real rows repeated, committee labels", "control"),
                Arm("committee", "The committee itself", "line"),
            ]
        return arms

    def reference(self) -> str:
        """The arm on real rows with the best mean so far."""
        return max((a.key for a in self.cv.arms if a.role == "reference"), key=self.cv.mean_score)

    @property
    def has_verdict(self) -> bool:
        """Whether there are enough rows for one."""
        return min(self.positives, self.negatives) >= FEWEST

    def conclude(
        self, *, earlier_tests: int, earlier_looks: int, trials: Sequence[Trial] = (), curves: Curves | None = None
    ) -> Study:
        """Compare, look at the holdout once for the best candidate, decide.

        Raises
        ------
        GeneratorError
            No generator could run.
        """
        cv, split, target = self.cv, self.split, self.plan.target
        results = cv.results()
        self.notes += list(dict.fromkeys(f"Left out: {reason}" for reason in cv.failures.values()))
        candidates = [a for a in results if a.role == "candidate"]
        if not candidates:
            raise GeneratorError(next(iter(cv.failures.values())))
        reference = self.reference()
        tests = earlier_tests + max(len(trials), len(candidates))
        results, paired = compare(results, reference, cv.ratio, tests)
        metric, rare, held = METRIC[target.task], (), None
        if self.has_verdict:
            chosen = max((a for a in results if a.role == "candidate"), key=lambda a: a.delta)
            held = self._look((chosen.key, reference), earlier_looks + 1)
            verdict = decide(
                results, reference, chosen, paired[chosen.key], held, tests=tests, rows=round(chosen.requested),
                metric=metric,
            )  # fmt: skip
            if earlier_looks:
                self.notes.append(
                    f"This holdout has now been scored {earlier_looks + 1} times; each look makes it less fresh."
                )
        else:
            verdict = no_verdict(self.positives, self.negatives, target, results, reference)
            rare = self._rare(results)
        cv.progress.report("scoring", 1, 1)
        return Study(
            verdict=verdict,
            arms=tuple(results),
            reference=reference,
            holdout=held,
            rare=rare,
            seed=cv.seed,
            folds=len(cv.folds) // self.repeats,
            repeats=self.repeats,
            rows=self.plan.rows,
            train_rows=len(split.train),
            holdout_rows=len(split.holdout),
            positives=self.positives,
            negatives=self.negatives,
            duplicates=split.duplicates,
            holdout_fingerprint=split.holdout.fingerprint(),
            tests_counted=tests,
            quick=self.repeats == 1 and split.train.by_date is None,
            seconds=time.perf_counter() - self.start,
            target=target.name,
            positive=split.train.schema.positive,
            task=target.task,
            metric=metric,
            by_date=split.train.by_date,
            cutoff=split.cutoff,
            sampled_from=split.sampled_from,
            trials=tuple(trials),
            curves=curves,
            notes=tuple(self.notes),
            versions=_versions(),
        )

    def _look(self, keys: tuple[str, str], look: int):
        """Score the chosen arm and the reference on the locked holdout."""
        self.cv.progress.report("scoring", 0, 1)
        target, holdout = self.plan.target, self.split.holdout
        thresholds = {key: self.cv.threshold(key) for key in keys} if target.task == "binary" else {}
        return locked.compare(
            target.codes(holdout.frame),
            *keys,
            self.cv.on_holdout(self.split, keys, self.plan),
            thresholds,
            target=target,
            scored=self.cv.scored,
            seed=self.cv.seed,
            look=look,
        )

    def _rare(self, results: Sequence[ArmResult]):
        if self.plan.target.task != "binary":
            return ()
        return tuple(
            rare_class(a.key, a.title, *self.cv.out_of_fold(a.key), self.cv.seed)
            for a in results
            if a.role != "synthetic only"
        )


def _counts(split: Split) -> tuple[int, int, tuple[int, ...], list[str]]:
    """Positives, negatives, classes to be scored, and notes."""
    target = split.train.table.outcome
    y = np.concatenate([split.train.outcomes(), split.holdout.outcomes()])
    if target.task == "regression":
        return len(y) // 2, len(y) - len(y) // 2, (), []
    counts = np.bincount(y.astype(int), minlength=len(target.classes))
    if target.task == "binary":
        return int(counts[1]), int(counts[0]), (), []
    second = int(np.sort(counts)[-2])
    scored = tuple(int(c) for c in np.flatnonzero(counts >= FEWEST))
    if len(scored) < 2:
        return second, len(y) - second, (), []
    left = [f"“{c}” ({n})" for c, n in zip(target.classes, counts, strict=True) if n < FEWEST]
    notes = [f"Not scored, because fewer than {FEWEST} rows have it: {', '.join(left)}."] if left else []
    return second, len(y) - second, scored, notes


def _versions() -> dict[str, str]:
    """Versions of the libraries behind the figures; SDV may be absent."""
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
