"""Numbers about the whole table, each beside what real holdout rows reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from synth_core.fidelity import coverage, duplicates, kl, manifold, pairs, shape, two_sample
from synth_core.fidelity.results import Associations, FeatureFidelity, Measures, Score, TwoSample
from synth_core.fidelity.words import percent
from synth_core.tables.alignment import Aligned

_CROWDED = 1.2  #: times the density of real rows; apart below its inverse

_ALIKE = "With as many synthetic as holdout rows, as small samples differ more."
KL_FORMULA = f"The largest of all columns. {kl.FORMULA} {_ALIKE}"
STRICT_FORMULA = f"Columns with a KL divergence over {kl.STRICT}. Lower is closer. {_ALIKE} Source: counted."
SHAPE_FORMULA = f"Mean over all columns. {shape.FORMULA} {_ALIKE}"
PAIRS_FORMULA = f"Mean over all pairs of columns. {pairs.FORMULA} {_ALIKE}"
ADHERENCE_FORMULA = f"Mean over all columns. {coverage.ADHERENCE_FORMULA}"
MISSING_FORMULA = (
    f"The largest difference in the share of missing values of a column. Lower is closer; 0 is equal. {_ALIKE} "
    "Source: counted."
)
TARGET_FORMULA = (
    "The largest difference in what a column alone tells about the target (AUC), from the real training rows. Lower is "
    f"closer; 0 is equal. {_ALIKE} Source: AUC of Hanley and McNeil, 1982."
)

#: Every column, and its measures with as many synthetic as holdout rows.
Features = list[tuple[FeatureFidelity, Measures]]


@dataclass(frozen=True)
class _OfColumns:
    """A number made of one number per column.

    ``of`` gives a column's number (None: undefined), ``over`` makes one of all, ``says`` tells about the worst column
    on all rows.
    """

    key: str
    title: str
    better: str
    formula: str
    of: Callable[[FeatureFidelity, Measures], float | None]
    over: Callable[[list[float]], float]
    says: Callable[[FeatureFidelity], str]

    def score(self, features: Features, rows: str) -> Score:
        here = [(value, f) for f, _ in features if (value := self.of(f, f.synthetic)) is not None]
        if not here:
            says = "Not available: there is no column to compare."
            return Score(self.key, self.title, None, None, self.better, self.formula, says)
        fair = [value for f, few in features if (value := self.of(f, few)) is not None]
        held = [value for f, _ in features if f.holdout and (value := self.of(f, f.holdout)) is not None]
        worst = (max if self.better == "lower" else min)(here, key=lambda pair: pair[0])[1]
        says = self.says(worst)
        if rows:
            says = f"On {rows} synthetic rows {self.over([value for value, _ in here]):.3f}. {says}"
        value, reference = (float(self.over(some)) if some else None for some in (fair, held))
        return Score(self.key, self.title, value, reference, self.better, self.formula, says)


def _adherence_says(worst: FeatureFidelity) -> str:
    if worst.synthetic.adherence == 1:
        return "No value lies outside."
    return f"The lowest is “{worst.name}” with {percent(worst.synthetic.adherence)} of its values."


def _missing_says(worst: FeatureFidelity) -> str:
    if worst.synthetic.missing == worst.missing_real:
        return "No column differs."
    made, real = percent(worst.synthetic.missing), percent(worst.missing_real)
    return f"“{worst.name}” differs most: {made} missing (real {real})."


def _target_gap(feature: FeatureFidelity, measures: Measures) -> float | None:
    if feature.target_auc_real is None or measures.target_auc is None:
        return None
    return abs(measures.target_auc - feature.target_auc_real)


def _target_says(worst: FeatureFidelity) -> str:
    made, real = worst.synthetic.target_auc, worst.target_auc_real
    return f"“{worst.name}” differs most: AUC {made:.2f} alone (real {real:.2f})."


_KL = _OfColumns(
    "kl", "Worst KL divergence", "lower", KL_FORMULA, lambda f, m: m.kl, max,
    lambda f: f"“{f.name}” differs most; chance alone would give it about {f.synthetic.kl_noise:.3f}.",
)  # fmt: skip
_SHAPE = _OfColumns(
    "shape", "Mean KS / TV", "higher", SHAPE_FORMULA, lambda f, m: m.shape, np.mean,
    lambda f: f"The lowest is “{f.name}” with {f.synthetic.shape:.3f}.",
)  # fmt: skip
_ADHERENCE = _OfColumns(
    "adherence", "Inside the real range or levels", "higher", ADHERENCE_FORMULA, lambda f, m: m.adherence, np.mean,
    _adherence_says,
)  # fmt: skip
_MISSING = _OfColumns(
    "missing", "Largest difference in missing values", "lower", MISSING_FORMULA,
    lambda f, m: abs(m.missing - f.missing_real), max, _missing_says,
)  # fmt: skip
_TARGET = _OfColumns(
    "target", "Largest difference in relation to the target", "lower", TARGET_FORMULA, _target_gap, max, _target_says
)


def scores(
    features: Features,
    paired: Associations | None,
    test: TwoSample | str,
    dense: manifold.Manifold | None,
    alike: Aligned,
    synthetic_rows: int,
) -> tuple[Score, ...]:
    """All of them in the order in which they should be read; ``value`` is None where one could not be computed.

    Parameters
    ----------
    test : TwoSample or str
        The reason where there is none.
    alike : Aligned
        Samples of equal size, to count repeated rows in.
    synthetic_rows : int
        All there are.
    """
    fewer = alike.holdout_rows and alike.holdout_rows < synthetic_rows
    rows = f"{synthetic_rows:,}" if fewer else ""
    return (
        _KL.score(features, rows),
        _strict(features, rows),
        _SHAPE.score(features, rows),
        _pairs(paired),
        _two_sample(test),
        _coverage(dense),
        _density(dense),
        _duplicates(alike),
        _ADHERENCE.score(features, rows),
        _MISSING.score(features, rows),
        _TARGET.score(features, rows),
    )


def _strict(features: Features, rows: str) -> Score:
    over = sorted((f for f, _ in features if f.synthetic.kl > kl.STRICT), key=lambda f: -f.synthetic.kl)
    held = [f.holdout.kl > kl.STRICT for f, _ in features if f.holdout]
    named = ", ".join(f"“{f.name}”" for f in over[:3]) + (" …" if over[3:] else "")
    says = f"{len(over)} of {len(features)} columns: {named}." if over else f"None of {len(features)} columns."
    if rows:
        says = f"On {rows} synthetic rows {says[0].lower()}{says[1:]}"
    value = float(sum(few.kl > kl.STRICT for _, few in features))
    reference = float(sum(held)) if held else None
    return Score("strict", "Columns over the strict line", value, reference, "lower", STRICT_FORMULA, says)


def _pairs(paired: Associations | None) -> Score:
    title = "Mean pair similarity"
    if paired is None or paired.similarity is None:
        says = "Not available: there is no pair of columns to compare."
        return Score("pairs", title, None, None, "higher", PAIRS_FORMULA, says)
    worst = paired.pairs[0]
    beside = "" if worst.similarity_holdout is None else f" (holdout {worst.similarity_holdout:.2f})"
    says = f"The farthest is “{worst.first}” with “{worst.second}”: {worst.similarity:.2f}{beside}."
    return Score("pairs", title, paired.similarity, paired.similarity_holdout, "higher", PAIRS_FORMULA, says)


def _two_sample(test: TwoSample | str) -> Score:
    title = "Told from fresh real rows (AUC)"
    if isinstance(test, str):
        return Score("two_sample", title, None, None, "0.5", two_sample.FORMULA, f"Not available: {test}.")
    says = test.sentence if test.auc_fresh is not None else f"There are no holdout rows. {test.sentence}"
    return Score("two_sample", title, test.auc_fresh, test.auc_real, "0.5", two_sample.FORMULA, says)


def _coverage(found: manifold.Manifold | None) -> Score:
    about = "coverage", "Coverage"
    if found is None:
        says = f"Not available: {manifold.TOO_FEW}."
        return Score(*about, None, None, "higher", manifold.COVERAGE_FORMULA, says)
    says = f"{percent(found.coverage)} of real rows have a synthetic row near"
    says += "." if found.coverage_holdout is None else f"; {percent(found.coverage_holdout)} have a holdout row near."
    return Score(*about, found.coverage, found.coverage_holdout, "higher", manifold.COVERAGE_FORMULA, says)


def _density(found: manifold.Manifold | None) -> Score:
    about = "density", "Density"
    if found is None:
        says = f"Not available: {manifold.TOO_FEW}."
        return Score(*about, None, None, "1", manifold.DENSITY_FORMULA, says)
    usual = found.density_holdout or 1.0
    says = "Synthetic rows lie where real rows lie."
    if found.density > _CROWDED * usual:
        says = "Synthetic rows crowd where real rows are dense."
    elif found.density < usual / _CROWDED:
        says = "Many synthetic rows lie where few real rows are."
    return Score(*about, found.density, found.density_holdout, "1", manifold.DENSITY_FORMULA, says)


def _duplicates(rows: Aligned) -> Score:
    made, real, held = (
        duplicates.repeated([table for v in rows.columns if (table := getattr(v, of)) is not None])
        for of in ("synthetic", "real", "holdout")
    )
    says = "Not available: there are no rows to compare."
    if made is not None and real is not None:
        says = (
            f"{percent(made)} of {rows.synthetic_rows:,} synthetic rows repeat an earlier one; of as many training "
            f"rows {percent(real)}."
        )
    return Score("duplicates", "Repeated rows", made, held, "lower", duplicates.FORMULA, says)
