"""What a fidelity report holds, as plain frozen records that survive a round trip through JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from synth_core.records import Unavailable, build


@dataclass(frozen=True)
class Marginal:
    """Shares of one feature's cells; ``labels`` in reading order."""

    labels: tuple[str, ...]
    real: tuple[float, ...]
    synthetic: tuple[float, ...]


@dataclass(frozen=True)
class FeatureFidelity:
    """One feature, real training rows against synthetic rows; ``…_holdout`` is the same against real holdout rows."""

    name: str
    is_quantity: bool
    kl: float
    kl_reverse: float
    kl_noise: float
    kl_holdout: float | None
    shape: float | None
    shape_holdout: float | None
    jensen_shannon: float | None
    wasserstein: float | None
    coverage: float | None
    missing_real: float
    missing_synthetic: float
    target_auc_real: float | None
    target_auc_synthetic: float | None
    target_auc_holdout: float | None
    marginal: Marginal


@dataclass(frozen=True)
class Associations:
    """Association of every pair of ``names`` (Pearson, Cramér's V or correlation ratio), and how alike pairs are.

    ``similarity`` is the mean over pairs, 0…1; ``similarity_holdout`` the same for real holdout rows.
    """

    names: tuple[str, ...]
    real: tuple[tuple[float | None, ...], ...]
    synthetic: tuple[tuple[float | None, ...], ...]
    similarity: float | None
    similarity_holdout: float | None


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
    formulas : dict
        Field of :class:`FeatureFidelity` → how it is computed and read.
    """

    headline: str
    features: tuple[FeatureFidelity, ...]
    associations: Associations | None
    projection: Projection | None
    unavailable: tuple[Unavailable, ...]
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
