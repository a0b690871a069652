"""Train every arm on the same real training rows and score real rows that none of them has seen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.generators.labels import Committee, confidently_wrong
from synth_core.generators.ratio import rows_for_ratio
from synth_core.generators.registry import create
from synth_core.lift.arms import Arm, GeneratorSpec
from synth_core.lift.learners import Family, Fitted, Learner
from synth_core.lift.scores import correct_prior
from synth_core.tables import FoldTest, Holdout, Target, Train, require_train
from synth_core.tables.encoding import FeatureEncoder

_SMALLEST_WEIGHT = 0.001  #: of a row's share in a class; below, the row is left out of that class


@dataclass(frozen=True)
class Plan:
    """What all arms of a study share.

    Attributes
    ----------
    extra : Learner
        Of every arm that trains on added rows and names no learner of its own.
    rows : int
        Added rows of an arm that names no number of its own.
    drawn : int
        Rows that each generator makes; arms take the first ones, so that the largest arm changes no other.
    """

    target: Target
    family: Family
    extra: Learner
    rows: int
    drawn: int = 0


@dataclass(frozen=True)
class Outcome:
    """One arm on one set of scored rows.

    Attributes
    ----------
    predictions : array of float, shape (n_scored,) or (n_scored, n_classes)
        P(positive), corrected to the class shares of the real training rows; class probabilities; or the number.
    trained_on, real : array of float or None
        Class shares of the rows the arm was trained on, and of the real training rows; P(positive) for two classes.
    failure : str
        Why the arm could not run; ``predictions`` is empty then.
    """

    predictions: np.ndarray
    trained_on: np.ndarray | None = None
    real: np.ndarray | None = None
    requested: int = 0
    delivered: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    failure: str = ""

    @property
    def raw(self) -> np.ndarray:
        """The predictions as the model gave them, before the correction."""
        if self.trained_on is None:
            return self.predictions
        return correct_prior(self.predictions, self.real, self.trained_on)


@dataclass(frozen=True, eq=False)
class FittedArm:
    """An arm's model, trained.

    Attributes
    ----------
    model : Fitted or None
        None where the training rows were of one class only: every row gets ``trained_on`` then.
    trained_on, real : float, array or None
        Class shares as in :class:`Outcome`; None for a number.
    """

    arm: Arm
    learner: Learner
    model: Fitted | None
    encoder: FeatureEncoder
    target: Target
    trained_on: float | np.ndarray | None = None
    real: float | np.ndarray | None = None
    requested: int = 0
    delivered: int = 0
    notes: tuple[str, ...] = ()

    def outcome(self, frame: pd.DataFrame) -> Outcome:
        """Predictions for the rows of ``frame``."""
        facts = {"requested": self.requested, "delivered": self.delivered, "notes": self.notes}
        if self.model is None:
            return Outcome(
                np.tile(self.trained_on, (len(frame), 1) if np.ndim(self.trained_on) else len(frame)), **facts
            )
        p = self.model.predict(self.learner.encode(self.encoder, frame))
        if self.target.task == "regression":
            return Outcome(p, **facts)
        return Outcome(correct_prior(p, self.trained_on, self.real), self.trained_on, self.real, **facts)


@dataclass(frozen=True)
class _TrainingSet:
    x: np.ndarray
    y: np.ndarray
    weight: np.ndarray
    added: int = 0

    @classmethod
    def real(cls, x: np.ndarray, y: np.ndarray) -> _TrainingSet:
        return cls(x, y, np.ones(len(y)))

    def plus(self, other: _TrainingSet, added: int) -> _TrainingSet:
        return _TrainingSet(
            np.vstack([self.x, other.x]),
            np.concatenate([self.y, other.y]),
            np.concatenate([self.weight, other.weight]),
            added,
        )

    def shares(self, target: Target) -> np.ndarray:
        """Weighted share of every class."""
        return np.bincount(self.y.astype(int), self.weight, len(target.classes)) / self.weight.sum()


def evaluate(
    train: Train, scored: FoldTest | Holdout, arms: Sequence[Arm], plan: Plan, *, seed: int
) -> dict[str, Outcome]:
    """Outcomes by arm key.

    Everything is fitted on ``train`` alone; all arms share the seed.

    Raises
    ------
    TypeError
        ``train`` is not :class:`~synth_core.tables.Train`.
    """
    bench = _Bench(require_train(train), plan, seed)
    out = {}
    for arm in arms:
        start = time.perf_counter()
        try:
            found = bench.outcome(arm, scored.frame)
        except GeneratorError as error:
            out[arm.key] = Outcome(np.empty(0), failure=str(error))
            continue
        out[arm.key] = replace(found, seconds=time.perf_counter() - start)
    return out


def fit_arms(train: Train, arms: Sequence[Arm], plan: Plan, *, seed: int) -> dict[str, FittedArm]:
    """The models behind :func:`evaluate`, by arm key; the committee itself is none of them.

    Raises
    ------
    TypeError
        ``train`` is not :class:`~synth_core.tables.Train`.
    GeneratorError
        An arm could not run.
    """
    bench = _Bench(require_train(train), plan, seed)
    return {arm.key: bench.fit(arm) for arm in arms}


@dataclass(frozen=True)
class _Made:
    frame: pd.DataFrame
    requested: int
    notes: tuple[str, ...]


@dataclass
class _Bench:
    """The pieces that arms share on one training part, each made once."""

    train: Train
    plan: Plan
    seed: int
    _made: dict[str, _Made] = field(default_factory=dict)
    _said: dict[str, np.ndarray] = field(default_factory=dict)
    _encoded: dict[tuple[str, bool], np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.encoder = FeatureEncoder().fit(self.train)
        self.y = self.train.outcomes()
        self.target = self.plan.target

    @cached_property
    def committee(self) -> Committee:
        return Committee(self.seed).fit(self.train)

    def outcome(self, arm: Arm, frame: pd.DataFrame) -> Outcome:
        """The arm's predictions for the rows of ``frame``."""
        if arm.key == "committee":
            return Outcome(self.committee.predict(frame))
        return self.fit(arm).outcome(frame)

    def fit(self, arm: Arm) -> FittedArm:
        """Train the arm's model."""
        learner = self._learner(arm)
        data = self._training_set(arm, learner)
        made = self._made.get(arm.generator.key) if arm.generator else None
        facts = {
            "requested": 0 if arm.key in ("R1", "R2", "W") else self._wanted(arm),
            "delivered": data.added,
            "notes": made.notes if made else (),
        }
        parts = (self.encoder, self.target)
        if self.target.task == "regression":
            model = learner.fit(data.x, data.y, data.weight, self.seed, self.target)
            return FittedArm(arm, learner, model, *parts, **facts)
        real = np.bincount(self.y.astype(int), minlength=len(self.target.classes)) / len(self.y)
        shares = (real > 0) / (real > 0).sum() if arm.key == "W" else data.shares(self.target)
        one_class = (shares > 0).sum() < 2  # a generator that made one class only
        model = None if one_class else learner.fit(data.x, data.y, data.weight, self.seed, self.target)
        if self.target.task == "binary":
            shares, real = shares[1], real[1]
        return FittedArm(arm, learner, model, *parts, shares, real, **facts)

    def _learner(self, arm: Arm) -> Learner:
        family = self.plan.family
        own = {"R1": family.default, "R2": family.simple, "W": family.weighted}.get(arm.key)
        if own is not None:
            return own
        return self.plan.extra if arm.simple is None else (family.simple if arm.simple else family.default)

    def _wanted(self, arm: Arm) -> int:
        """Rows to add; where only the rarest class grows, as many as balance the classes."""
        if arm.generator and arm.generator.one_class:
            return rows_for_ratio(self.train, 1.0)
        return arm.rows or self.plan.rows

    def made(self, spec: GeneratorSpec, rows: int) -> _Made:
        """Synthetic rows of one generator; its arms share them."""
        if spec.key not in self._made or len(self._made[spec.key].frame) < rows:
            generator = create(spec.name, **spec.settings).fit(self.train, seed=self.seed)
            count = max(rows, self.plan.drawn)
            frame = generator.sample(count, seed=self.seed)
            self._made[spec.key] = _Made(frame, count, tuple(generator.notes))
        return self._made[spec.key]

    def _labels(self, spec: GeneratorSpec) -> np.ndarray:
        """What the committee says of a generator's rows."""
        if spec.key not in self._said:
            self._said[spec.key] = self.committee.predict(self._made[spec.key].frame)
        return self._said[spec.key]

    def _matrix(self, key: str, frame: pd.DataFrame, learner: Learner) -> np.ndarray:
        """Rows as the learner wants them; encoded once, as several arms share them."""
        if (key, learner.linear) not in self._encoded:
            self._encoded[key, learner.linear] = learner.encode(self.encoder, frame)
        return self._encoded[key, learner.linear]

    def _training_set(self, arm: Arm, learner: Learner) -> _TrainingSet:
        real = _TrainingSet.real(self._matrix("real", self.train.frame, learner), self.y)
        if arm.key in ("R1", "R2", "W"):
            return real
        rows = self._wanted(arm)
        if arm.generator is None:
            again = np.random.default_rng(self.seed).integers(len(self.y), size=rows)
            if arm.key == "D":
                return real.plus(_TrainingSet.real(real.x[again], self.y[again]), rows)
            return real.plus(self._soft(real.x[again], self.committee.predict(self.train.frame)[again], 1.0), rows)
        made = self.made(arm.generator, rows)
        x = self._matrix(arm.generator.key, made.frame, learner)[:rows]
        if arm.labels == "committee":
            return real.plus(self._soft(x, self._labels(arm.generator)[:rows], arm.weight), len(x))
        y = self.target.codes(made.frame.iloc[:rows])
        if arm.labels == "curated":
            kept = ~confidently_wrong(self.committee, made.frame.iloc[:rows], self.train)
            x, y = x[kept], y[kept]
        if arm.role == "synthetic only":
            return _TrainingSet(x, y, np.ones(len(y)), len(y))
        return real.plus(_TrainingSet(x, y, np.full(len(y), arm.weight)), len(y))

    def _soft(self, x: np.ndarray, said: np.ndarray, weight: float) -> _TrainingSet:
        """Each row once per class, weighted by its probability; of a number, once with what was said."""
        if self.target.task == "regression":
            return _TrainingSet(x, said, np.full(len(x), weight))
        if said.ndim == 1:
            said = np.column_stack([1 - said, said])
        classes, rows = np.nonzero(said.T >= _SMALLEST_WEIGHT)
        return _TrainingSet(x[rows], classes.astype(float), said[rows, classes] * weight)
