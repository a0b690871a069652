"""The same numbers as SDMetrics on the same input, to 1e-9, on real tables and on made-up columns."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sdmetrics.column_pairs import ContingencySimilarity, CorrelationSimilarity
from sdmetrics.errors import ConstantInputError
from sdmetrics.single_column import (
    BoundaryAdherence,
    CategoryAdherence,
    CategoryCoverage,
    KSComplement,
    RangeCoverage,
    TVComplement,
)

from synth_core.fidelity import coverage, pairs, shape
from synth_core.tables import Train
from synth_core.tables.alignment import Aligned, align, known
from tests.benchmarks.real_sets import SETS
from tests.fidelity.makers import numbers, words
from tests.tables.makers import needs_real

NUMBERS = st.lists(st.one_of(st.integers(-50, 50).map(lambda v: v / 4), st.just(np.nan)), min_size=1, max_size=60)
CODES = st.lists(st.integers(-1, 4), min_size=1, max_size=60).map(lambda v: np.array(v, dtype=np.int64))
NUMBERS = NUMBERS.map(numbers)
EPSILON = 1e-6  #: rows that SDMetrics' TVComplement adds to each level that the real side lacks


def same(ours: float | None, theirs: float) -> None:
    if ours is None:
        assert np.isnan(theirs)
    else:
        assert ours == pytest.approx(theirs, abs=1e-9)


def check_numbers(real: np.ndarray, other: np.ndarray) -> None:
    if not len(known(real)):
        assert coverage.adherence(real, other) is None and shape.ks_complement(real, other) is None
        return
    a, b = pd.Series(real), pd.Series(other)
    same(
        coverage.adherence(real, other),
        BoundaryAdherence.compute(a, b) if len(b.dropna()) or not has_gap(a) else np.nan,
    )
    same(coverage.coverage(real, other), RangeCoverage.compute(a, b))
    same(shape.ks_complement(real, other), KSComplement.compute(a, b) if len(b.dropna()) else np.nan)


def has_gap(values: pd.Series) -> bool:
    return bool(values.isna().any())


def check_levels(real: np.ndarray, other: np.ndarray) -> None:
    """TVComplement is compared with what SDMetrics computes, its millionth of a row included.

    SDMetrics 0.32 (``get_frequencies``) adds 1e-6 rows to the real count of every level that only the synthetic side
    has, so that its value is off by up to a millionth. Ours is the exact distance; adding the same 1e-6 rows to our
    counts must give SDMetrics' number, and without such levels both must agree as they are.
    """
    if not len(known(real)):
        assert coverage.adherence(real, other) is None and shape.tv_complement(real, other) is None
        return
    a, b = words(real), words(other)
    same(coverage.adherence(real, other), CategoryAdherence.compute(a, b))
    if len(known(other)):
        theirs = TVComplement.compute(a, b)
        size = max(real.max(), other.max()) + 1
        p, q = (np.bincount(known(codes), minlength=size) for codes in (real, other))
        unseen = (p == 0) & (q > 0)
        same(shape.shares_alike(np.where(unseen, EPSILON, p), q), theirs)
        assert shape.tv_complement(real, other) == pytest.approx(theirs, abs=EPSILON * unseen.sum() + 1e-9)
        if not unseen.any():
            same(shape.tv_complement(real, other), theirs)
        same(coverage.coverage(real, other), CategoryCoverage.compute(a, b))


def check_number_pair(real: pairs.Pair, other: pairs.Pair) -> None:
    """SDMetrics calls a real correlation of exactly 0 "under the threshold of 0" and gives no score; ours does."""
    a, b = (pd.DataFrame({"first": x, "second": y}) for x, y in (real, other))
    try:
        theirs = CorrelationSimilarity.compute_breakdown(a, b)
    except (ConstantInputError, ValueError):  # one value only; fewer than two complete rows
        theirs = {"score": np.nan, "real": np.nan}
    if theirs["real"] != 0:
        same(pairs.correlation_similarity(real, other), theirs["score"])


def check_level_pair(real: pairs.Pair, other: pairs.Pair) -> None:
    a, b = (pd.DataFrame({"first": words(x), "second": words(y)}) for x, y in (real, other))
    same(pairs.contingency_similarity(real, other), ContingencySimilarity.compute(a, b))


@settings(max_examples=60, deadline=None)
@given(NUMBERS, NUMBERS)
def test_any_numbers(real, other):
    check_numbers(real, other)


@settings(max_examples=60, deadline=None)
@given(CODES, CODES)
def test_any_levels(real, other):
    check_levels(real, other)


@pytest.mark.filterwarnings("ignore::scipy.stats.ConstantInputWarning", "ignore::RuntimeWarning")
@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(2, 30), st.integers(2, 30))
def test_any_pairs(data, n, m):
    def pair(items, size: int) -> pairs.Pair:
        return tuple(np.array(data.draw(st.lists(items, min_size=size, max_size=size))) for _ in range(2))

    check_level_pair(*(pair(st.integers(-1, 3), size) for size in (n, m)))
    check_number_pair(*(pair(st.one_of(st.integers(-5, 5).map(float), st.just(np.nan)), size) for size in (n, m)))


def tables(name: str) -> list[Aligned]:
    """2,000 rows of a real table against a bootstrap of them, other real rows, and those shuffled and perturbed."""
    table = next(s for s in SETS if s.name == name).table()
    rng = np.random.default_rng(0)
    order = rng.permutation(len(table))
    train, others = Train(table.take(order[:2_000]), order[:2_000]), table.take(order[2_000:4_000]).frame
    shuffled = others.apply(lambda c: c.sample(frac=1, random_state=1).to_numpy())
    for column in shuffled.select_dtypes("number"):
        shuffled[column] = (shuffled[column].astype("float64") * 1.1).round(2)
    shuffled = shuffled.mask(rng.random(shuffled.shape) < 0.03)
    bootstrap = train.frame.sample(1_500, replace=True, random_state=0)
    return [align(train, None, frame) for frame in (bootstrap, others, shuffled)]


@needs_real
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", ["adult", "telco_churn", "travel_package_18f"])
def test_real_tables(name):
    for found in tables(name):
        assert len(found.columns) >= 14
        for values in found.columns:
            (check_numbers if values.levels is None else check_levels)(values.real, values.synthetic)
        for kind, check in ((True, check_number_pair), (False, check_level_pair)):
            alike = [v for v in found.columns if (v.levels is None) == kind]
            for a, b in list(combinations(alike, 2))[::3]:
                check((a.real, b.real), (a.synthetic, b.synthetic))
