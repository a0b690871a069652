"""What a privacy report and a self-test hold, as plain frozen records that survive a round trip through JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from synth_core.records import Unavailable, build


@dataclass(frozen=True)
class Meter:
    """One way in which synthetic rows could give training rows away, measured against rows no generator saw.

    Attributes
    ----------
    key, title : str
    unit : str
        ``"share"`` (of attacks that succeed, or of nearest records) or ``"AUC"``.
    value : float
        Measured about the training rows, 0…1.
    reference : float
        The same about real rows that the generator never saw; 0.5 for an AUC.
    low, high : float
        95 % interval of ``value``.
    risk, risk_low, risk_high : float
        ``(value − reference) / (1 − reference)``: 0 is what unseen rows show, 1 is certainty. The interval is at 95 %.
    p, p_holm : float
        Chance of such a value if the synthetic rows knew nothing about who was in training, one-sided; after Holm over
        all meters of the report.
    flagged : bool
        ``p_holm`` is below 0.02.
    grade : str
        ``"no signal"`` where not flagged, ``"high"`` where ``risk_low`` is above 0.1, else ``"some"``.
    sentence, advice, formula : str
        What was found, what to do about it, how it is computed and read.
    attacks, controls : int
        Attacks actually made on training rows and on unseen rows (for shares of nearest records: synthetic rows asked,
        unseen records).
    """

    key: str
    title: str
    unit: str
    value: float
    reference: float
    low: float
    high: float
    risk: float
    risk_low: float
    risk_high: float
    p: float
    p_holm: float
    flagged: bool
    grade: str
    sentence: str
    advice: str
    formula: str
    attacks: int
    controls: int


@dataclass(frozen=True)
class Distances:
    """Distances to the closest training record: shares per bin, for synthetic and for unseen real rows.

    ``edges`` has one entry more than the shares; ``zero_…`` are the shares at distance zero, which are in the first bin
    too. Quantiles are at 5 % and 50 %.
    """

    edges: tuple[float, ...]
    synthetic: tuple[float, ...]
    holdout: tuple[float, ...]
    zero_synthetic: float
    zero_holdout: float
    synthetic_quantiles: tuple[float, float]
    holdout_quantiles: tuple[float, float]
    ratio_synthetic_quantiles: tuple[float, float]
    ratio_holdout_quantiles: tuple[float, float]


@dataclass(frozen=True)
class Membership:
    """ROC curve of one membership attack and its true positive rate at 1 % false positives, with a 95 % interval."""

    key: str
    title: str
    fpr: tuple[float, ...]
    tpr: tuple[float, ...]
    auc: float
    tpr_at_1: float
    tpr_at_1_low: float
    tpr_at_1_high: float


@dataclass(frozen=True)
class Secret:
    """Guesses of one column from what an outsider knows: right among training rows, and among unseen rows."""

    name: str
    value: float
    low: float
    high: float
    reference: float
    reference_low: float
    reference_high: float
    rule: str  #: when a guess counts as right


@dataclass(frozen=True)
class Overlap:
    """Synthetic rows that hold a real value of a column that must not leave; 0 is clean."""

    name: str
    role: str
    rows: int


@dataclass(frozen=True)
class PrivacyReport:
    """How much synthetic rows give away about the training rows.

    Attributes
    ----------
    headline : str
        One sentence.
    meters : tuple of Meter
        Highest risk first.
    matches : int
        Synthetic rows that equal a training row (any, shared ones too).
    matches_unique : int
        Those that equal a training row which occurs once among the real rows.
    unique_train, unique_holdout : int
        Real rows that occur once; only these can be recognised, so only these are attacked.
    sampled_train, sampled_holdout, sampled_synthetic : int
        How many of them entered distances and attacks.
    known, secret_columns : tuple of str
        What an outsider is taken to know, and what they would like to learn.
    """

    headline: str
    meters: tuple[Meter, ...]
    distances: Distances | None
    memberships: tuple[Membership, ...]
    secrets: tuple[Secret, ...]
    overlaps: tuple[Overlap, ...]
    unavailable: tuple[Unavailable, ...]
    matches: int
    matches_unique: int
    train_rows: int
    holdout_rows: int
    synthetic_rows: int
    unique_train: int
    unique_holdout: int
    sampled_train: int
    sampled_holdout: int
    sampled_synthetic: int
    known: tuple[str, ...]
    secret_columns: tuple[str, ...]
    seed: int

    @property
    def flagged(self) -> tuple[Meter, ...]:
        """The meters that see more than chance allows."""
        return tuple(m for m in self.meters if m.flagged)

    def meter(self, key: str) -> Meter | None:
        """One meter; None where it could not run."""
        return next((m for m in self.meters if m.key == key), None)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; :meth:`from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> PrivacyReport:
        return build(cls, data)


@dataclass(frozen=True)
class Scenario:
    """The meters on rows whose answer is known.

    Attributes
    ----------
    key, title : str
    expected : str
        ``"bad"`` or ``"neutral"``.
    meters : tuple of Meter
    passed : bool
        Bad: every meter flags. Neutral: none does.
    sentence : str
    """

    key: str
    title: str
    expected: str
    meters: tuple[Meter, ...]
    passed: bool
    sentence: str


@dataclass(frozen=True)
class SelfTest:
    """The privacy meters tried on a copy, a noisy copy and an independent sample of the user's own rows."""

    headline: str
    scenarios: tuple[Scenario, ...]
    unavailable: tuple[Unavailable, ...]
    train_rows: int
    holdout_rows: int
    synthetic_rows: int
    seed: int

    @property
    def passed(self) -> bool:
        """Whether every scenario read as it must."""
        return all(s.passed for s in self.scenarios)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; :meth:`from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> SelfTest:
        return build(cls, data)
