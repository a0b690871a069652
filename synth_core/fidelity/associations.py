"""How columns go together: association matrices, and every pair of columns compared."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np

from synth_core.fidelity import kl, pairs
from synth_core.fidelity.results import Associations, PairFidelity
from synth_core.fidelity.samples import bounded, draw
from synth_core.records import Unavailable
from synth_core.tables.alignment import Aligned, Values, distinct, is_quantity

PARTS = 5  #: intervals that a number is cut into where it is paired with levels
_MOST_COLUMNS = 40
_ROWS = 5_000

FORMULA = (
    "Two numbers: Pearson's correlation, −1 to 1. Two categories: Cramér's V, 0 to 1. A number and a category: the "
    "correlation ratio, 0 to 1. Should be as in the real training rows."
)


def sampled(aligned: Aligned, *, seed: int) -> Aligned:
    """The rows that pairs are compared on: as many synthetic as holdout rows. Matrices are of all, up to 5,000."""
    return draw(aligned, _ROWS, seed=seed, all_alike=False)


def associations(aligned: Aligned, *, seed: int) -> tuple[Associations | None, list[Unavailable]]:
    """Matrices and pairs of the first 40 columns, and what was left out."""
    fits = [v for v in aligned.columns if pairs.comparable(v.real)]
    columns, left_out = fits[:_MOST_COLUMNS], []
    if odd := [v.name for v in aligned.columns if not pairs.comparable(v.real)]:
        left_out.append(Unavailable("Pairs", f"{', '.join(odd)}: one value only, or more than 50 levels"))
    if fits[_MOST_COLUMNS:]:
        left_out.append(Unavailable("Pairs", f"only the first {_MOST_COLUMNS} of {len(fits)} columns are paired"))
    if len(columns) < 2 or not aligned.synthetic_rows:
        return None, [*left_out, Unavailable("Pairs", "needs two features that vary")]
    if stuck := [v.name for v in columns if v.levels is None and distinct(v.synthetic) < 2]:
        reason = f"{', '.join(stuck)}: fewer than two values in the synthetic rows, so correlations are undefined"
        left_out.append(Unavailable("Pairs", reason))
    names = [v.name for v in columns]
    chosen = [v for v in sampled(aligned, seed=seed).columns if v.name in names]
    shown = [v for v in bounded(aligned, seed=seed, most=_ROWS).columns if v.name in names]
    alike = [similarity(a, b) for a, b in combinations([(v, cut(v)) for v in chosen], 2)]
    found = [PairFidelity(a.name, b.name, *both) for (a, b), both in zip(combinations(chosen, 2), alike, strict=True)]
    return (
        Associations(
            tuple(names),
            pairs.matrix([v.real for v in shown]),
            pairs.matrix([v.synthetic for v in shown]),
            _mean([pair.similarity for pair in found]),
            _mean([pair.similarity_holdout for pair in found]),
            tuple(sorted(found, key=_shortfall)),
        ),
        left_out,
    )


#: A column's arrays of training, synthetic and holdout rows with numbers cut into intervals.
Cut = tuple[np.ndarray, np.ndarray, np.ndarray | None]


def cut(values: Values) -> Cut:
    """Codes of levels as they are; numbers as the fifth of the training rows that they lie in."""
    tables = values.real, values.synthetic, values.holdout
    if values.levels is not None:
        return tables
    cells = kl.cells(values.real, len(values.synthetic), PARTS)
    return tuple(None if table is None else cells.place(table) for table in tables)


def similarity(first: tuple[Values, Cut], second: tuple[Values, Cut]) -> tuple[float | None, float | None]:
    """Of the synthetic and of the holdout rows with the training rows; None where it is undefined."""
    (a, a_cut), (b, b_cut) = first, second
    compare: Callable = pairs.contingency_similarity
    if is_quantity(a.real) and is_quantity(b.real):
        compare = pairs.correlation_similarity
        a_cut, b_cut = ((v.real, v.synthetic, v.holdout) for v in (a, b))
    real, other, held = zip(a_cut, b_cut, strict=True)
    return compare(real, other), None if held[0] is None else compare(real, held)


def _shortfall(pair: PairFidelity) -> tuple[bool, float]:
    """Least alike first, measured from what real rows reach; undefined pairs last."""
    if pair.similarity is None:
        return True, 0.0
    return False, pair.similarity - (1.0 if pair.similarity_holdout is None else pair.similarity_holdout)


def _mean(values: list[float | None]) -> float | None:
    found = [v for v in values if v is not None]
    return float(np.mean(found)) if found else None
