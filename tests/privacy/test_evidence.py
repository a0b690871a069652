"""Intervals and tests against other implementations and by simulation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from synth_core.lift.delong import auc_difference
from synth_core.privacy import evidence


@given(st.integers(0, 50), st.integers(1, 200))
def test_wilson_is_scipys(hits, more):
    trials = hits + more
    expected = stats.binomtest(hits, trials).proportion_ci(method="wilson")
    assert evidence.wilson(hits / trials, trials) == pytest.approx((expected.low, expected.high), abs=1e-9)


@given(st.integers(1, 30), st.integers(1, 30), st.data())
def test_rates_test_like_fisher(n, m, data):
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    train, control = np.repeat([1.0, 0.0], [a, n - a]), np.repeat([1.0, 0.0], [b, m - b])
    expected = stats.fisher_exact([[a, n - a], [b, m - b]], alternative="greater").pvalue
    assert evidence.rates(train, control).p == pytest.approx(expected, abs=1e-9)


def test_a_difference_of_rates_as_newcombe_published():
    """56/70 against 48/80: method 10 of Newcombe 1998 gives 0.0524 to 0.3339 for the difference."""
    found = evidence.rates(np.repeat([1.0, 0.0], [56, 14]), np.repeat([1.0, 0.0], [48, 32]))
    assert found.risk_low * 0.4 == pytest.approx(0.0524, abs=5e-5)
    assert found.risk_high * 0.4 == pytest.approx(0.3339, abs=5e-5)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 6), min_size=8, max_size=60), st.data())
def test_auc_and_its_error_are_delongs(scores, data):
    labels = data.draw(st.lists(st.integers(0, 1), min_size=len(scores), max_size=len(scores)))
    y, p = np.array(labels), np.array(scores, dtype=float)
    if min(y.sum(), (1 - y).sum()) < 2:
        return
    found = evidence.auc(p[y == 1], p[y == 0])
    delta, error = auc_difference(y, p, np.zeros(len(p)))
    assert found.value == pytest.approx(roc_auc_score(y, p)) == pytest.approx(delta + 0.5)
    assert found.high == pytest.approx(min(found.value + 1.959964 * max(error, 1e-6), 1.0), abs=1e-4)


def test_the_split_test_is_the_permutation_test():
    rng = np.random.default_rng(0)
    weights = rng.poisson(2, 300).astype(float)
    in_train = rng.permutation(np.repeat([True, False], [220, 80]))
    weights[in_train] += rng.random(220) < 0.25
    observed = weights[in_train].sum()
    draws = np.array([weights[rng.permutation(in_train)].sum() for _ in range(20_000)])
    assert evidence.by_split(weights, in_train) == pytest.approx((draws >= observed).mean(), abs=0.01)


def test_nearest_share_covers_one_half_for_random_splits_of_unequal_size():
    rng = np.random.default_rng(1)
    found = []
    for _ in range(400):
        weights = rng.poisson(rng.gamma(1, 1, 400)).astype(float)
        found.append(evidence.nearest_share(weights, rng.permutation(np.repeat([True, False], [320, 80]))))
    assert np.mean([f.value for f in found]) == pytest.approx(0.5, abs=0.01)
    assert np.mean([f.low <= 0.5 <= f.high for f in found]) == pytest.approx(0.95, abs=0.03)
    assert np.mean([f.p < 0.05 for f in found]) == pytest.approx(0.05, abs=0.03)


def test_holm_by_hand():
    assert evidence.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert evidence.holm([]) == []


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_evidence_stays_in_bounds(n, m, seed):
    rng = np.random.default_rng(seed)
    for found in (
        evidence.rates(rng.random(n), rng.random(m)),
        evidence.auc(rng.integers(0, 3, n + 1).astype(float), rng.integers(0, 3, m + 1).astype(float)),
        evidence.nearest_share(rng.random(n + m), np.repeat([True, False], [n, m])),
    ):
        assert 0 <= found.low <= found.value <= found.high <= 1
        assert -1 <= found.risk_low <= found.risk <= found.risk_high <= 1
        assert 0 <= found.p <= 1
