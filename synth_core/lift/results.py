"""What a lift study found, as plain frozen records that survive a round trip through JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from synth_core.records import build

Word = Literal["helps", "hurts", "no evidence", "no verdict"]
ArmRole = Literal["reference", "control", "candidate", "line", "synthetic only"]


@dataclass(frozen=True)
class Scores:
    """Means over folds on real rows; None where a score does not apply to the kind of target.

    Attributes
    ----------
    main : float
        AUC; macro one-vs-rest AUC; R². The only one that decides.
    brier : float
        Of class probabilities after prior correction; lower is better.
    ece : float
        Expected calibration error; lower is better.
    f1_at_half : float
        F1 of the model's own probabilities at 0.5; macro F1 of the likeliest class.
    f1_tuned : float
        F1 at the threshold tuned on out-of-fold training scores.
    recall_at_precision : float
        Recall where precision is at least 50 %.
    lift_top_decile : float
        Share of positives among the tenth with the highest scores, over the share of all.
    rmse : float
        Of a number.
    """

    main: float
    brier: float | None = None
    ece: float | None = None
    average_precision: float | None = None
    f1_at_half: float | None = None
    f1_tuned: float | None = None
    recall_at_precision: float | None = None
    lift_top_decile: float | None = None
    rmse: float | None = None


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
    fold_scores : tuple of float, length folds × repeats
        The main score of every fold.
    scores : Scores
    delta, low, high : float or None
        Mean difference of the main score to the study's reference and its 95 % interval (Nadeau–Bengio); None for the
        reference.
    p, p_holm : float or None
        One-sided p for "better than the reference", before and after Holm; candidates only.
    p_worse_holm : float or None
        The mirror image.
    requested, delivered : float
        Extra rows asked for and got, mean per fold.
    weight : float
        Weight of an extra row; a real row has 1.
    inflation : float or None
        Mean probability as the model gives it, over the share of positives in the real training rows (two classes).
    """

    key: str
    title: str
    role: ArmRole
    fold_scores: tuple[float, ...]
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
    weight: float = 1.0
    inflation: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """One condition of the verdict, in words, and whether it held."""

    text: str
    passed: bool


Curve = tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True)
class HoldoutResult:
    """The single look at the locked holdout: the reference and the chosen arm, on the same real rows.

    ``low``/``high`` is the 95 % interval of ``delta``, the difference of the main score. Curves are None unless the
    target has two classes; calibration points are (mean prediction, share of positives, rows).
    """

    arm: str
    reference: str
    delta: float
    low: float
    high: float
    scores_arm: Scores
    scores_reference: Scores
    roc_arm: Curve | None = None  # false-positive rate, true-positive rate
    roc_reference: Curve | None = None
    pr_arm: Curve | None = None  # recall, precision
    pr_reference: Curve | None = None
    calibration_arm: tuple[tuple[float, float, int], ...] | None = None
    calibration_reference: tuple[tuple[float, float, int], ...] | None = None
    look: int = 1  # how often this holdout has been scored, this time included


@dataclass(frozen=True)
class Verdict:
    """The headline.

    Attributes
    ----------
    delta, low, high : float or None
        Mean difference of the main score over folds, and its 95 % interval.
    smallest_detectable : float or None
        The smallest true gain this study would have found in 80 % of repeats.
    posterior : (float, float, float) or None
        Probabilities that the true difference is below −0.01, within ±0.01, above +0.01 (Bayesian correlated t).
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
    posterior: tuple[float, float, float] | None = None
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
class Trial:
    """One candidate of an Autopilot search.

    ``folds`` is how many folds it was scored on before it was dropped or the search ended; ``delta`` is the mean
    difference to the reference on those folds.
    """

    key: str
    title: str
    delta: float
    folds: int


@dataclass(frozen=True)
class CurvePoint:
    """Mean of a main score (or of a difference) at ``rows``, with its 95 % interval over folds."""

    rows: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Curves:
    """How the main score moves with more rows.

    Attributes
    ----------
    arm : str
        The candidate whose synthetic rows were varied.
    synthetic : tuple of CurvePoint
        Difference to the reference by number of synthetic rows.
    real : tuple of CurvePoint
        Main score of the reference by number of real training rows.
    expected_gain : float or None
        What ``more`` more real rows would add, if the curve goes on as it has; None where the curve tells nothing.
    expected_low, expected_high : float or None
        95 % interval over folds.
    """

    arm: str
    reference: str
    synthetic: tuple[CurvePoint, ...]
    real: tuple[CurvePoint, ...]
    more: int = 500
    expected_gain: float | None = None
    expected_low: float | None = None
    expected_high: float | None = None


@dataclass(frozen=True)
class Study:
    """Everything a lift study measured.

    Attributes
    ----------
    task : {"binary", "multiclass", "regression"}
    metric : str
        Name of the main score.
    positives, negatives : int
        Rows in training and holdout together: of the positive class and the rest; of several classes the second
        largest class and the rest; of a number half of them each.
    tests_counted : int
        How many candidates Holm was corrected for, earlier studies on these data included.
    trials : tuple of Trial
        Every candidate of an Autopilot search, best first; empty for a plain study.
    by_date, cutoff : str or None
        The date column the holdout and the folds followed, and the first day of the holdout.
    sampled_from : int or None
        Rows of the table, where the study worked on a stratified sample of them.
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
    positive: str | None
    task: str = "binary"
    metric: str = "AUC"
    by_date: str | None = None
    cutoff: str | None = None
    sampled_from: int | None = None
    trials: tuple[Trial, ...] = ()
    curves: Curves | None = None
    notes: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)

    def arm(self, key: str) -> ArmResult:
        """The arm called ``key``."""
        return next(a for a in self.arms if a.key == key)

    @property
    def pick(self) -> str:
        """Key of the arm to use: the best candidate where its mean is above the reference's, else the reference."""
        best = max((a for a in self.arms if a.role == "candidate"), key=lambda a: a.delta, default=None)
        return best.key if best is not None and best.delta > 0 else self.reference

    @property
    def tests_made(self) -> int:
        """Candidates that this study itself tested."""
        return len(self.trials) or sum(a.role == "candidate" for a in self.arms)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; :meth:`from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Study:
        return build(cls, data)
