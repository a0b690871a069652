"""Train every arm on the same real training rows and score real rows that none of them has seen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from synth_core.errors import GeneratorError
from synth_core.generators.labels import Committee
from synth_core.generators.registry import create
from synth_core.lift.arms import Arm, GeneratorSpec
from synth_core.lift.learners import Family, Learner
from synth_core.lift.scores import correct_prior
from synth_core.tables import FoldTest, Holdout, Train, require_train
from synth_core.tables.encoding import FeatureEncoder


@dataclass(frozen=True)
class Plan:
    """What all arms of a study share; ``extra`` is the learner of every arm that trains on added rows."""

    family: Family
    extra: Learner
    rows: int


@dataclass(frozen=True)
class Outcome:
    """One arm on one set of scored rows.

    Attributes
    ----------
    probabilities : array of float, shape (n_scored,)
        For the positive class, corrected to the real class share of the training rows.
    failure : str
        Why the arm could not run; ``probabilities`` is empty then.
    """

    probabilities: np.ndarray
    requested: int = 0
    delivered: int = 0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    failure: str = ""


@dataclass(frozen=True)
class _TrainingSet:
    x: np.ndarray
    y: np.ndarray
    weight: np.ndarray | None = None

    @classmethod
    def joined(cls, *parts: _TrainingSet) -> _TrainingSet:
        weights = [np.ones(len(p.y)) if p.weight is None else p.weight for p in parts]
        return cls(np.vstack([p.x for p in parts]), np.concatenate([p.y for p in parts]), np.concatenate(weights))

    def positive_share(self) -> float:
        return float(np.average(self.y, weights=self.weight))


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
            made = bench.made(arm.generator) if arm.generator else None
            p = bench.probabilities(arm, scored.frame)
        except GeneratorError as error:
            out[arm.key] = Outcome(np.empty(0), failure=str(error))
            continue
        added = plan.rows if made is not None or arm.key in ("D", "C") else 0
        out[arm.key] = Outcome(
            p,
            requested=added,
            delivered=len(made.frame) if made is not None else added,
            seconds=time.perf_counter() - start,
            notes=made.notes if made is not None else (),
        )
    return out


@dataclass(frozen=True)
class _Made:
    frame: pd.DataFrame
    notes: tuple[str, ...]


@dataclass
class _Bench:
    """The pieces that arms share on one training part, each made once."""

    train: Train
    plan: Plan
    seed: int
    _made: dict[str, _Made] = field(default_factory=dict)
    _encoded: dict[tuple[str, bool], np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.encoder = FeatureEncoder().fit(self.train)
        self.y = self.train.labels().astype(float)

    @cached_property
    def committee(self) -> Committee:
        return Committee(self.seed).fit(self.train)

    def made(self, spec: GeneratorSpec) -> _Made:
        """Synthetic rows of one generator; its labelling policies share them."""
        if spec.key not in self._made:
            generator = create(spec.name, **spec.settings).fit(self.train, seed=self.seed)
            frame = generator.sample(self.plan.rows, seed=self.seed)
            self._made[spec.key] = _Made(frame, tuple(generator.notes))
        return self._made[spec.key]

    def probabilities(self, arm: Arm, frame: pd.DataFrame) -> np.ndarray:
        """The arm's prior-corrected probabilities for the rows of ``frame``."""
        if arm.key == "committee":
            return self.committee.predict(frame)
        learner = {"R1": self.plan.family.default, "R2": self.plan.family.simple, "W": self.plan.family.weighted}.get(
            arm.key, self.plan.extra
        )
        data = self._training_set(arm, learner)
        trained_on = 0.5 if arm.key == "W" else data.positive_share()
        if not 0 < trained_on < 1:  # a generator that made one class only
            return np.full(len(frame), trained_on)
        model = learner.fit(data.x, data.y, data.weight, self.seed)
        p = model.predict_proba(learner.encode(self.encoder, frame))[:, 1]
        return correct_prior(p, trained_on, float(self.y.mean()))

    def _matrix(self, key: str, frame: pd.DataFrame, learner: Learner) -> np.ndarray:
        """Rows as the learner wants them; encoded once, as several arms share them."""
        if (key, learner.linear) not in self._encoded:
            self._encoded[key, learner.linear] = learner.encode(self.encoder, frame)
        return self._encoded[key, learner.linear]

    def _training_set(self, arm: Arm, learner: Learner) -> _TrainingSet:
        real = _TrainingSet(self._matrix("real", self.train.frame, learner), self.y)
        if arm.key in ("R1", "R2", "W"):
            return real
        if arm.generator is None:
            again = np.random.default_rng(self.seed).integers(len(self.y), size=self.plan.rows)
            if arm.key == "D":
                return _TrainingSet(np.vstack([real.x, real.x[again]]), np.concatenate([self.y, self.y[again]]))
            return _TrainingSet.joined(real, _soft(real.x[again], self.committee.predict(self.train.frame)[again]))
        frame = self.made(arm.generator).frame
        x = self._matrix(arm.generator.key, frame, learner)
        if arm.labels == "committee":
            return _TrainingSet.joined(real, _soft(x, self.committee.predict(frame)))
        schema = self.train.schema
        y = (frame[schema.target].astype(str) == schema.positive).to_numpy().astype(float)
        if arm.role == "synthetic only":
            return _TrainingSet(x, y)
        return _TrainingSet(np.vstack([real.x, x]), np.concatenate([self.y, y]))


def _soft(x: np.ndarray, p: np.ndarray) -> _TrainingSet:
    """Each row twice: as positive with weight p and as negative with weight 1 − p."""
    return _TrainingSet(np.vstack([x, x]), np.repeat([1.0, 0.0], len(p)), np.concatenate([p, 1 - p]))
