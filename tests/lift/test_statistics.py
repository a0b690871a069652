"""The corrected t and Holm against published formulas, scipy and simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from synth_core.lift.statistics import holm, nadeau_bengio


def test_corrected_t_equals_its_formula():
    d = np.random.default_rng(1).normal(0.01, 0.02, 25)
    found = nadeau_bengio(d, folds=5)
    t = d.mean() / (d.std(ddof=1) * np.sqrt(1 / 25 + 1 / 4))
    assert found.df == 24
    assert found.p_better == pytest.approx(stats.t.sf(t, 24))
    assert found.p_worse == pytest.approx(1 - found.p_better)
    low, high = found.interval()
    assert (low + high) / 2 == pytest.approx(d.mean())
    assert high - low == pytest.approx(2 * stats.t.ppf(0.975, 24) * d.std(ddof=1) * np.sqrt(0.29))


def test_without_the_correction_it_would_be_scipys_paired_t():
    d = np.random.default_rng(2).normal(size=25)
    found = nadeau_bengio(d, folds=5)
    plain = stats.ttest_1samp(d, 0.0, alternative="greater")
    shrunk = plain.statistic * np.sqrt(1 / 25) / np.sqrt(1 / 25 + 1 / 4)
    assert found.p_better == pytest.approx(stats.t.sf(shrunk, 24))


def test_equal_folds_prove_nothing():
    assert nadeau_bengio(np.zeros(25), folds=5).p_better == 1.0


def test_smallest_detectable_gain_has_its_power():
    d = np.random.default_rng(3).normal(0, 0.02, 25)
    found = nadeau_bengio(d, folds=5)
    gain = found.smallest_detectable(tests=4)
    critical = stats.t.ppf(1 - 0.05 / 4, 24) * found.error
    assert stats.t.sf((critical - gain) / found.error, 24) == pytest.approx(0.8)
    assert found.smallest_detectable(tests=8) > gain


def test_holm_published_example():
    # Holm (1979): step-down multipliers 4, 3, 2, 1, made monotone.
    assert holm([0.01, 0.04, 0.03, 0.005], tests=4) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_earlier_tests_make_every_claim_harder():
    assert holm([0.01, 0.02], tests=10) == pytest.approx([0.1, 0.18])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.integers(0, 20))
def test_holm_never_lowers_and_keeps_order(p, earlier):
    adjusted = holm(p, len(p) + earlier)
    assert all(a >= b or a == 1.0 for a, b in zip(adjusted, p, strict=True))
    order = np.argsort(p, kind="stable")
    assert np.all(np.diff(np.array(adjusted)[order]) >= 0)
    assert max(adjusted) <= 1.0
