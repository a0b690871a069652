"""Everything about one feature: synthetic and holdout rows against the real training rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synth_core.fidelity import coverage, differences, kl, shape, target
from synth_core.fidelity.marginal import marginal
from synth_core.fidelity.results import FeatureFidelity, Measures
from synth_core.tables.alignment import Aligned, Values, distinct, is_quantity, known, missing

MISSING_FORMULA = "Share of rows without a value. Should equal that of the real training rows."
DISTINCT_FORMULA = "Number of different values; 1 is a red flag. Should be near that of the real training rows."

#: Field of ``Measures`` and ``FeatureFidelity`` → how it is computed and read.
FORMULAS = {
    "kl": kl.FORMULA,
    "kl_reverse": kl.REVERSE_FORMULA,
    "kl_noise": kl.NOISE_FORMULA,
    "shape": shape.FORMULA,
    "jensen_shannon": shape.JENSEN_SHANNON_FORMULA,
    "wasserstein": shape.WASSERSTEIN_FORMULA,
    "coverage": coverage.FORMULA,
    "adherence": coverage.ADHERENCE_FORMULA,
    "missing": MISSING_FORMULA,
    "missing_real": MISSING_FORMULA,
    "distinct": DISTINCT_FORMULA,
    "distinct_real": DISTINCT_FORMULA,
    "target_auc": target.FORMULA,
    "target_auc_real": target.FORMULA,
}


@dataclass(frozen=True, eq=False)
class Outcome:
    """The two-class target: a column of levels, and the code of the positive one."""

    values: Values
    positive: int

    def of(self, table: str) -> np.ndarray | None:
        """Whether each row of ``"real"``, ``"synthetic"`` or ``"holdout"`` rows is positive."""
        codes = getattr(self.values, table)
        return None if codes is None else codes == self.positive


def outcome(aligned: Aligned, target: str | None, positive: str | None) -> Outcome | None:
    """None without a two-class target that can be compared."""
    values = next((v for v in aligned.columns if v.name == target and v.levels is not None), None)
    if values is None or positive not in values.levels:
        return None
    return Outcome(values, values.levels.index(positive))


class Yardstick:
    """What is learnt from one column's real training rows, to measure any other rows against.

    Parameters
    ----------
    values : Values
    y : array of bool or None
        The real rows' outcomes; None without a two-class target, and for the target itself.
    """

    def __init__(self, values: Values, y: np.ndarray | None) -> None:
        self._real = values.real
        self.cells = kl.cells(values.real, len(values.synthetic))
        self._counts = self.cells.count(values.real)
        has_score = y is not None and len(known(values.real)) > 0
        self._score = target.FeatureScore(values.real, y) if has_score else None
        self.auc = target.auc_of_own_rows(values.real, y) if self._score else None

    def measures(self, other: np.ndarray, y: np.ndarray | None) -> Measures:
        """Of rows ``other`` with outcomes ``y``."""
        p, q = self._counts, self.cells.count(other)
        return Measures(
            kl=kl.divergence(p, q),
            kl_reverse=kl.divergence(q, p),
            kl_noise=kl.noise(p, q),
            shape=shape.complement(self._real, other),
            jensen_shannon=shape.jensen_shannon(p, q),
            wasserstein=shape.wasserstein(self._real, other),
            coverage=coverage.coverage(self._real, other),
            adherence=coverage.adherence(self._real, other),
            missing=missing(other),
            distinct=distinct(other),
            target_auc=self._score.auc(other, y) if self._score else None,
        )


def features(
    aligned: Aligned, fair: Aligned, target: str | None, positive: str | None
) -> list[tuple[FeatureFidelity, Measures]]:
    """Every column, and the same measures of as many synthetic rows as there are holdout rows (``fair``)."""
    y, y_fair = (outcome(rows, target, positive) for rows in (aligned, fair))
    return [
        _feature(values, few, *((y, y_fair) if values.name != target else (None, None)))
        for values, few in zip(aligned.columns, fair.columns, strict=True)
    ]


def _feature(values: Values, few: Values, y: Outcome | None, y_few: Outcome | None) -> tuple[FeatureFidelity, Measures]:
    by = Yardstick(values, y.of("real") if y else None)

    def measures(of: str, values: Values, y: Outcome | None) -> Measures | None:
        table = getattr(values, of)
        return None if table is None else by.measures(table, y.of(of) if y else None)

    synthetic = measures("synthetic", values, y)
    found = FeatureFidelity(
        name=values.name,
        is_quantity=is_quantity(values.real),
        missing_real=missing(values.real),
        distinct_real=distinct(values.real),
        target_auc_real=by.auc,
        synthetic=synthetic,
        holdout=measures("holdout", values, y),
        sentence=_sentence(values, by.auc, synthetic, y),
        marginal=marginal(values, by.cells),
    )
    has_all = len(few.synthetic) == len(values.synthetic)
    return found, synthetic if has_all else measures("synthetic", few, y_few)


def _sentence(values: Values, auc: float | None, synthetic: Measures, y: Outcome | None) -> str:
    """What differs in the column itself, else in its relation to the target."""
    says = differences.sentence(values)
    if y is None or says != differences.ALIKE:
        return says
    return target.change(auc, synthetic.target_auc, y.of("real"), y.of("synthetic")) or says
