"""What a lift study found, as plain frozen records that survive a round trip through JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Word = Literal["helps", "hurts", "no evidence", "no verdict"]
ArmRole = Literal["reference", "control", "candidate", "line", "synthetic only"]


@dataclass(frozen=True)
class Scores:
    """Means over folds on real rows; higher is better except ``brier``."""

    auc: float
    average_precision: float
    brier: float
    f1_at_half: float
    f1_tuned: float


@dataclass(frozen=True)
class ArmResult:
    """One arm of the study.

    Attributes
    ----------
    key : str
        ``"R1"``, ``"R2"``, ``"W"``, ``"D"``, ``"C"``, ``"committee"``, or ``"<generator>/<labels>"``.
    title : str
        Name on screen.
    role : str
        ``reference`` arms compete to be what candidates are measured against; ``control`` is shown;
        ``candidate`` can win; ``line`` and ``synthetic only`` are reported, never decide.
    fold_auc : tuple of float, length folds × repeats
    scores : Scores
    delta, low, high : float or None
        Mean AUC difference to the study's reference and its 95 % interval (Nadeau–Bengio); None for the reference.
    p, p_holm : float or None
        One-sided p for "better than the reference", before and after Holm; candidates only.
    p_worse_holm : float or None
        The mirror image.
    requested, delivered : float
        Extra rows asked for and got, mean per fold.
    """

    key: str
    title: str
    role: ArmRole
    fold_auc: tuple[float, ...]
    scores: Scores
    generator: str | None = None
    labels: str | None = None
    delta: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    p_holm: float | None = None
    p_worse_holm: float | None = None
    requested: float = 0.0
    delivered: float = 0.0
    seconds: float = 0.0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """One condition of the verdict, in words, and whether it held."""

    text: str
    passed: bool


@dataclass(frozen=True)
class HoldoutResult:
    """The single look at the locked holdout: the reference and the chosen arm, on the same real rows."""

    arm: str
    reference: str
    auc_arm: float
    auc_reference: float
    delta: float
    low: float
    high: float
    scores_arm: Scores
    scores_reference: Scores
    roc_arm: tuple[tuple[float, ...], tuple[float, ...]]  # false-positive rate, true-positive rate
    roc_reference: tuple[tuple[float, ...], tuple[float, ...]]
    pr_arm: tuple[tuple[float, ...], tuple[float, ...]]  # recall, precision
    pr_reference: tuple[tuple[float, ...], tuple[float, ...]]
    look: int = 1  # how often this holdout has been scored, this time included


@dataclass(frozen=True)
class Verdict:
    """The headline.

    ``low``/``high`` is the 95 % interval of ``delta`` (mean AUC difference over folds);
    ``smallest_detectable`` is the smallest true gain this study would have found in 80 % of repeats.
    """

    word: Word
    sentence: str
    arm: str | None = None
    reference: str | None = None
    delta: float | None = None
    low: float | None = None
    high: float | None = None
    p_holm: float | None = None
    smallest_detectable: float | None = None
    checks: tuple[Check, ...] = ()
    advice: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class RareClass:
    """Shown instead of a verdict when a class has fewer than 50 rows: out-of-fold scores with bootstrap intervals."""

    arm: str
    title: str
    average_precision: tuple[float, float, float]  # value, low, high
    recall_top_decile: tuple[float, float, float]


@dataclass(frozen=True)
class Study:
    """Everything a lift study measured.

    ``tests_counted`` is how many candidates Holm was corrected for, earlier studies on these data included.
    """

    verdict: Verdict
    arms: tuple[ArmResult, ...]
    reference: str
    holdout: HoldoutResult | None
    rare: tuple[RareClass, ...]
    seed: int
    folds: int
    repeats: int
    rows: int
    train_rows: int
    holdout_rows: int
    positives: int
    negatives: int
    duplicates: int
    holdout_fingerprint: str
    tests_counted: int
    quick: bool
    seconds: float
    target: str
    positive: str
    notes: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)

    def arm(self, key: str) -> ArmResult:
        """The arm called ``key``."""
        return next(a for a in self.arms if a.key == key)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; :meth:`from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Study:
        verdict = {**data["verdict"]}
        verdict["checks"] = tuple(Check(**c) for c in verdict["checks"])
        verdict["advice"] = tuple(verdict["advice"])
        return cls(
            **{
                **data,
                "verdict": Verdict(**verdict),
                "arms": tuple(_arm(a) for a in data["arms"]),
                "holdout": _holdout(data["holdout"]) if data["holdout"] else None,
                "rare": tuple(_rare(r) for r in data["rare"]),
                "notes": tuple(data["notes"]),
            }
        )


def _arm(data: dict[str, Any]) -> ArmResult:
    return ArmResult(
        **{
            **data,
            "fold_auc": tuple(data["fold_auc"]),
            "scores": Scores(**data["scores"]),
            "notes": tuple(data["notes"]),
        }
    )


def _holdout(data: dict[str, Any]) -> HoldoutResult:
    curves = {k: tuple(tuple(x) for x in data[k]) for k in ("roc_arm", "roc_reference", "pr_arm", "pr_reference")}
    scores = {k: Scores(**data[k]) for k in ("scores_arm", "scores_reference")}
    return HoldoutResult(**{**data, **curves, **scores})


def _rare(data: dict[str, Any]) -> RareClass:
    return RareClass(data["arm"], data["title"], tuple(data["average_precision"]), tuple(data["recall_top_decile"]))
