"""What the adviser says, as plain frozen records that survive a round trip through JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from synth_core.lift.results import CurvePoint
from synth_core.records import build

Goal = Literal["predict", "share", "test", "explore"]
Answer = Literal["right tool", "worth a try", "wrong tool", "not yet"]


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for or against synthetic rows.

    Attributes
    ----------
    rule : str
        Which rule speaks.
    text : str
        One or two plain sentences.
    evidence : tuple of str
        The figures of this table that the rule looked at.
    line : str
        The threshold and where it comes from.
    answer : str or None
        What the rule makes the answer; None where it only weighs in.
    """

    rule: str
    text: str
    evidence: tuple[str, ...] = ()
    line: str = ""
    answer: Answer | None = None


@dataclass(frozen=True)
class Better:
    """Something that would help more than, or before, synthetic rows.

    Attributes
    ----------
    page : str or None
        The page where it is done.
    """

    rule: str
    title: str
    text: str
    evidence: tuple[str, ...] = ()
    page: str | None = None


@dataclass(frozen=True)
class PassedOver:
    """A generator that was not recommended, and why."""

    generator: str
    title: str
    text: str


@dataclass(frozen=True)
class Choice:
    """The generator to use, with its settings and a number of rows.

    Attributes
    ----------
    why, why_rows : str
        The reasons.
    evidence : tuple of str
    passed_over : tuple of PassedOver
    """

    generator: str
    title: str
    rows: int
    why: str
    why_rows: str
    settings: dict[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()


@dataclass(frozen=True)
class Model:
    """A model trained on real rows only, scored over folds; F1 of two classes only."""

    key: str
    title: str
    score: float
    f1_at_half: float | None = None
    f1_tuned: float | None = None


@dataclass(frozen=True)
class Learning:
    """How much models on this table still gain from real rows. Measured on training rows, holdout untouched.

    Attributes
    ----------
    metric : str
        Name of the main score.
    points : tuple of CurvePoint
        Main score by number of real training rows.
    worth : tuple of CurvePoint
        Gain from that many more real rows on top of ``rows``, if the curve goes on as it has: 500, as many again, and
        four times as many. Empty where the curve tells nothing.
    rows, of : int
        Training rows it was measured on, and those that there are.
    models : tuple of Model
        Default (R1), simpler (R2) and class-weighted (W).
    reference : str
        Key of the model that the curve is drawn for.
    """

    metric: str
    points: tuple[CurvePoint, ...]
    worth: tuple[CurvePoint, ...]
    rows: int
    of: int
    models: tuple[Model, ...]
    reference: str
    folds: int
    seed: int
    seconds: float

    def model(self, key: str) -> Model | None:
        """The model called ``key``."""
        return next((m for m in self.models if m.key == key), None)

    @property
    def score(self) -> CurvePoint:
        """The point at the most rows."""
        return max(self.points, key=lambda p: p.rows)

    @property
    def some(self) -> CurvePoint | None:
        """What a few hundred more real rows would add."""
        return self.worth[0] if self.worth else None

    @property
    def twice(self) -> CurvePoint | None:
        """What as many again would add."""
        return self.worth[1] if self.worth else None

    @property
    def fivefold(self) -> CurvePoint | None:
        """What four times as many again would add."""
        return self.worth[2] if self.worth else None


@dataclass(frozen=True)
class Advice:
    """Whether synthetic data is the right tool here, and what to do.

    Attributes
    ----------
    headline : str
        One sentence.
    reasons : tuple of Reason
        What decided comes first.
    choice : Choice or None
        None where no generator can be used.
    better : tuple of Better
        The most useful first.
    measured : Learning or None
        None before the learning curve was measured.
    """

    goal: Goal
    sensitive: bool
    answer: Answer
    headline: str
    reasons: tuple[Reason, ...]
    choice: Choice | None = None
    better: tuple[Better, ...] = ()
    measured: Learning | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; :meth:`from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Advice:
        return build(cls, data)
