"""The same numbers as SDMetrics on the same input."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sdmetrics.column_pairs import ContingencySimilarity, CorrelationSimilarity
from sdmetrics.single_column import CategoryCoverage, KSComplement, RangeCoverage, TVComplement

from synth_core.fidelity import coverage, pairs, shape

NUMBERS = st.lists(st.one_of(st.integers(-50, 50).map(float), st.just(float("nan"))), min_size=2, max_size=60).map(
    lambda v: pd.Series(v, dtype="float64")
)
LEVELS = st.lists(st.sampled_from(["x", "y", "z", None]), min_size=2, max_size=60).map(
    lambda v: pd.Series(v, dtype="object")
)


def same(ours: float | None, theirs: float, within: float = 1e-9) -> None:
    if ours is None:
        assert np.isnan(theirs)
    else:
        assert ours == pytest.approx(theirs, abs=within)


def known(values: pd.Series) -> bool:
    return bool(values.notna().any())


@settings(max_examples=80, deadline=None)
@given(NUMBERS, NUMBERS)
def test_ks_complement_and_range_coverage(real, other):
    if known(real) and known(other):
        same(shape.ks_complement(real, other), KSComplement.compute(real, other))
        same(coverage.coverage(real, other), RangeCoverage.compute(real, other))


@settings(max_examples=80, deadline=None)
@given(LEVELS, LEVELS)
def test_tv_complement_and_category_coverage(real, other):
    if known(real) and known(other):
        a, b = real.dropna(), other.dropna()
        # SDMetrics counts a level that one side lacks as one in a million; ours is the exact distance.
        within = 1e-9 if set(a) == set(b) else 3e-6
        same(shape.tv_complement(real, other), TVComplement.compute(a, b), within)
        same(coverage.coverage(real, other), CategoryCoverage.compute(real, other))


@pytest.mark.parametrize("seed", range(5))
def test_pairs(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, 300, 2)) @ np.array([[1, 0.5], [0, 1]])
    real, other = pd.DataFrame(x, columns=["a", "b"]), pd.DataFrame(y, columns=["a", "b"])
    same(pairs.pair_similarity(real, other), CorrelationSimilarity.compute(real, other))
    cut = [f.apply(lambda c: pd.cut(c, [-9, -1, 0, 1, 9]).astype(str)) for f in (real, other)]
    same(pairs.pair_similarity(*cut), ContingencySimilarity.compute(*cut))
