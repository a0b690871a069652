"""What a prospective test holds and finds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from synth_core.lift.results import Word
from synth_core.records import build

Curve = tuple[tuple[float, float, int], ...]  #: (mean score, share of positives, leads) per bin


@dataclass(frozen=True)
class Card:
    """What a frozen scorer is: both models of one lift study, trained on the same real training rows.

    Attributes
    ----------
    id : str
        SHA-256 of the file's parts; a changed file has another one.
    name, table, target, positive : str
    reference, reference_title, arm, arm_title : str
        Keys and titles as in the study; ``reference`` trained on real rows only, ``arm`` with synthetic ones, too.
    features : tuple of str
        Columns a lead must have.
    train_rows, added_rows : int
    data_hash : str
        SHA-256 of the training table.
    study : str
        Id of the run it was frozen from; empty when frozen in a notebook.
    seed : int
    auc_reference, auc_arm : float
        Of both on the study's locked holdout; None where it was not looked at.
    base_rate : float
        Share of positives in the training rows.
    versions : tuple of (package, version)
    created : float
        Unix time.
    negative : str
        The target's other level, as the training table has it.
    """

    id: str
    name: str
    table: str
    target: str
    positive: str
    reference: str
    reference_title: str
    arm: str
    arm_title: str
    features: tuple[str, ...]
    train_rows: int
    added_rows: int
    data_hash: str
    study: str
    seed: int
    auc_reference: float | None
    auc_arm: float | None
    base_rate: float
    versions: tuple[tuple[str, str], ...]
    created: float
    negative: str = ""


@dataclass(frozen=True)
class Drift:
    """How a feature of new leads differs from the training rows.

    Attributes
    ----------
    name : str
    psi : float
        Population stability index over the training deciles or levels, missing values as a bin of their own.
    kl : float
        Kullback–Leibler divergence of the leads from the training rows over the same bins.
    missing_train, missing_leads : float
        Shares.
    unseen : int
        Leads with a level that no training row has.
    examples : tuple of str
        Such levels.
    level : {"none", "some", "strong"}
    told : str
        A sentence.
    """

    name: str
    psi: float
    kl: float
    missing_train: float
    missing_leads: float
    unseen: int
    examples: tuple[str, ...]
    level: Literal["none", "some", "strong"]
    told: str


@dataclass(frozen=True)
class Leads:
    """What was found when a file of leads was held against the scorer's schema and scored.

    Attributes
    ----------
    rows : int
    missing : tuple of str
        Features the file lacks: scored as missing values.
    extra : tuple of str
        Columns that were ignored.
    notes : tuple of str
    drift : tuple of Drift
        Strongest first.
    drift_score : Drift
        Of the reference model's score itself.
    """

    rows: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    notes: tuple[str, ...]
    drift: tuple[Drift, ...]
    drift_score: Drift


@dataclass(frozen=True)
class Cohort:
    """One file of leads that a test has scored.

    Attributes
    ----------
    id : str
    label : str
        As on screen: ``"Week 3"``, or a file name.
    scored : float
        Unix time; scores are frozen from then on.
    week : str
        Monday of the leads' week, ISO date, where the leads have a date; else of the day they were scored.
    leads : Leads
    """

    id: str
    label: str
    scored: float
    week: str
    leads: Leads


@dataclass(frozen=True)
class OutcomeFile:
    """What one file of outcomes brought.

    Attributes
    ----------
    label : str
    received : float
    rows, matched, unknown, repeated, conflicting, unreadable : int
        ``unknown``: ids that no cohort has; ``repeated``: said before, the same; ``conflicting``: but not so
        (such leads are left out until a correction is uploaded as such); ``unreadable``: neither yes nor no.
    notes : tuple of str
    """

    label: str
    received: float
    rows: int
    matched: int
    unknown: int
    repeated: int
    conflicting: int
    unreadable: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gain:
    """AUC of the arm − AUC of the reference on the same leads.

    Attributes
    ----------
    leads, positives : int
        With a known outcome.
    auc_reference, auc_arm, delta : float or None
        None while one class has no lead yet.
    low, high : float or None
        DeLong's 95 % interval, valid for one look.
    safe_low, safe_high : float or None
        Always-valid 95 % interval: holds at all times together, however often one looks. From 30 leads of either
        outcome in 4 weeks on; of DeLong's error and one with weeks as clusters it takes the larger.
    """

    leads: int
    positives: int
    auc_reference: float | None
    auc_arm: float | None
    delta: float | None
    low: float | None
    high: float | None
    safe_low: float | None
    safe_high: float | None


@dataclass(frozen=True)
class Week:
    """One week of leads: alone, and together with all before."""

    week: str
    scored: int
    alone: Gain
    so_far: Gain


@dataclass(frozen=True)
class Decile:
    """Tenth of the leads by one model's score, the highest first, and its share of positives over that of all."""

    decile: int
    leads: int
    lift_reference: float | None
    lift_arm: float | None


@dataclass(frozen=True)
class Standing:
    """Where a prospective test stands.

    Attributes
    ----------
    word : {"helps", "hurts", "no evidence", "no verdict"}
    sentence : str
    weeks : tuple of Week
    overall : Gain
    calibration_reference, calibration_arm : tuple of (mean score, share of positives, leads)
    deciles : tuple of Decile
    weeks_needed : int or None
        Further weeks until a decision if the gain stays as it is; None where it would take more than two years or
        nothing can be said.
    waiting, conflicting : int
        Leads without an outcome, and with contradictory ones.
    per_week : float
        Leads with an outcome per week, lately.
    notes : tuple of str
    """

    word: Word
    sentence: str
    weeks: tuple[Week, ...]
    overall: Gain
    calibration_reference: Curve
    calibration_arm: Curve
    deciles: tuple[Decile, ...]
    weeks_needed: int | None
    waiting: int
    conflicting: int
    per_week: float
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Standing:
        return build(Standing, data)
