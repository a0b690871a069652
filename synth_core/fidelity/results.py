"""What a fidelity report holds, as plain frozen records that survive a round trip through JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from synth_core.records import Unavailable, build

#: Cross-validated AUCs of two real samples scatter 1.2 to 1.5 standard errors (60 splits of 3 tables).
WIDER = 1.4


@dataclass(frozen=True)
class Marginal:
    """Shares of one feature's cells; ``labels`` in reading order."""

    labels: tuple[str, ...]
    real: tuple[float, ...]
    synthetic: tuple[float, ...]
    holdout: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Measures:
    """One feature of some other rows against the real training rows; ``FidelityReport.formulas`` says how each is made.

    ``kl…`` are in nats; ``shape``, ``coverage`` and ``adherence`` are 0…1, 1 is best; ``missing`` is a share of rows.
    None where a measure is not defined, for example where one side has no values.
    """

    kl: float
    kl_reverse: float
    kl_noise: float
    shape: float | None
    jensen_shannon: float | None
    wasserstein: float | None
    coverage: float | None
    adherence: float | None
    missing: float
    distinct: int
    target_auc: float | None


@dataclass(frozen=True)
class FeatureFidelity:
    """One feature: what the real training rows hold, and how synthetic and holdout rows compare with them.

    ``sentence`` is the one thing to know about this column.
    """

    name: str
    is_quantity: bool
    missing_real: float
    distinct_real: int
    target_auc_real: float | None
    synthetic: Measures
    holdout: Measures | None
    sentence: str
    marginal: Marginal


@dataclass(frozen=True)
class Score:
    """One number about the whole table.

    Attributes
    ----------
    key, title : str
    value : float or None
        None where it could not be computed.
    reference : float or None
        The same for real holdout rows in place of the synthetic ones.
    better : str
        ``"lower"``, ``"higher"``, or the value it should be near: ``"0.5"``, ``"1"``.
    formula, sentence : str
        How it is computed and read; what was found.
    """

    key: str
    title: str
    value: float | None
    reference: float | None
    better: str
    formula: str
    sentence: str


@dataclass(frozen=True)
class Telling:
    """A feature that gives synthetic rows away; ``share`` is its share of the model's gain beyond that on real rows."""

    name: str
    share: float
    sentence: str


@dataclass(frozen=True)
class TwoSample:
    """How well a model tells synthetic rows from real ones, as AUC.

    Attributes
    ----------
    auc_fresh : float or None
        Against holdout rows, which no generator saw.
    auc_train : float or None
        Against the training rows; well under 0.5 means near-copies.
    auc_real : float or None
        Training rows against holdout rows: what no difference looks like.
    null_se : float
        Standard error of an AUC of 0.5 with these rows.
    rows : int
        Per side.
    telling : tuple of Telling
        Largest share of the gain first.
    """

    auc_fresh: float | None
    auc_train: float | None
    auc_real: float | None
    null_se: float
    rows: int
    telling: tuple[Telling, ...]
    sentence: str

    @property
    def scatter(self) -> float:
        """Standard deviation of the cross-validated AUC of two real samples."""
        return WIDER * self.null_se

    @property
    def told(self) -> bool:
        """Whether the model tells them apart: from fresh rows where there are some, farther than three ``scatter``."""
        auc = self.auc_train if self.auc_fresh is None else self.auc_fresh
        return auc - 0.5 > 3 * self.scatter


@dataclass(frozen=True)
class PairFidelity:
    """How alike one pair of features is, 0…1; ``similarity_holdout`` is the same for real holdout rows."""

    first: str
    second: str
    similarity: float | None
    similarity_holdout: float | None


@dataclass(frozen=True)
class PairDetail:
    """Joint shares of the cells of two features, rows = cells of ``first``.

    ``association_…`` is Pearson's r, Cramér's V or the correlation ratio; ``sentence`` names the cells that differ
    most.
    """

    first: str
    second: str
    first_labels: tuple[str, ...]
    second_labels: tuple[str, ...]
    real: tuple[tuple[float, ...], ...]
    synthetic: tuple[tuple[float, ...], ...]
    holdout: tuple[tuple[float, ...], ...] | None
    similarity: float | None
    similarity_holdout: float | None
    association_real: float | None
    association_synthetic: float | None
    sentence: str


@dataclass(frozen=True)
class Associations:
    """Association of every pair of ``names`` (Pearson, Cramér's V or correlation ratio), and how alike pairs are.

    ``similarity`` is the mean over pairs, 0…1; ``similarity_holdout`` the same for real holdout rows; ``pairs`` holds
    every pair, least alike first.
    """

    names: tuple[str, ...]
    real: tuple[tuple[float | None, ...], ...]
    synthetic: tuple[tuple[float | None, ...], ...]
    similarity: float | None
    similarity_holdout: float | None
    pairs: tuple[PairFidelity, ...]


@dataclass(frozen=True)
class Projection:
    """First two principal components of the real training rows; ``explained`` is their share of variance."""

    real: tuple[tuple[float, float], ...]
    synthetic: tuple[tuple[float, float], ...]
    explained: tuple[float, float]


@dataclass(frozen=True)
class FidelityReport:
    """How close synthetic rows are to the real training rows.

    Attributes
    ----------
    headline : str
        One sentence.
    features : tuple of FeatureFidelity
        In table order.
    scores : tuple of Score
        About the whole table.
    two_sample : TwoSample or None
        None where too few rows allow no model; ``unavailable`` has the reason.
    sampling : tuple of str
        Which numbers come from a sample of the rows, and how large it was.
    formulas : dict
        Field of :class:`Measures` or :class:`FeatureFidelity` → how it is computed and read.
    """

    headline: str
    features: tuple[FeatureFidelity, ...]
    scores: tuple[Score, ...]
    two_sample: TwoSample | None
    associations: Associations | None
    projection: Projection | None
    unavailable: tuple[Unavailable, ...]
    sampling: tuple[str, ...]
    formulas: dict[str, str]
    train_rows: int
    holdout_rows: int
    synthetic_rows: int
    target: str | None
    positive: str | None
    seed: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form; :meth:`from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> FidelityReport:
        return build(cls, data)
