"""The corrected t, its Bayesian reading, Holm and DeLong against published formulas and examples, scipy, simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from synth_core.lift import delong
from synth_core.lift.statistics import holm, nadeau_bengio
from tests.lift import asah


def test_corrected_t_equals_its_formula():
    d = np.random.default_rng(1).normal(0.01, 0.02, 25)
    found = nadeau_bengio(d, ratio=1 / 4)
    t = d.mean() / (d.std(ddof=1) * np.sqrt(1 / 25 + 1 / 4))
    assert found.df == 24
    assert found.p_better == pytest.approx(stats.t.sf(t, 24))
    assert found.p_worse == pytest.approx(1 - found.p_better)
    low, high = found.interval()
    assert (low + high) / 2 == pytest.approx(d.mean())
    assert high - low == pytest.approx(2 * stats.t.ppf(0.975, 24) * d.std(ddof=1) * np.sqrt(0.29))


def test_without_the_correction_it_would_be_scipys_paired_t():
    d = np.random.default_rng(2).normal(size=25)
    found = nadeau_bengio(d, ratio=1 / 4)
    plain = stats.ttest_1samp(d, 0.0, alternative="greater")
    shrunk = plain.statistic * np.sqrt(1 / 25) / np.sqrt(1 / 25 + 1 / 4)
    assert found.p_better == pytest.approx(stats.t.sf(shrunk, 24))


def test_equal_folds_prove_nothing():
    assert nadeau_bengio(np.zeros(25), ratio=1 / 4).p_better == 1.0


def test_smallest_detectable_gain_has_its_power():
    d = np.random.default_rng(3).normal(0, 0.02, 25)
    found = nadeau_bengio(d, ratio=1 / 4)
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


def test_the_posterior_is_the_t_of_the_corrected_test():
    found = nadeau_bengio(np.random.default_rng(4).normal(0.01, 0.02, 25), ratio=1 / 4)
    worse, same, better = found.posterior(0.01)
    assert worse + same + better == pytest.approx(1)
    draws = found.mean + found.error * np.random.default_rng(0).standard_t(24, 400_000)
    assert better == pytest.approx((draws > 0.01).mean(), abs=0.004)
    assert worse == pytest.approx((draws < -0.01).mean(), abs=0.004)
    assert found.posterior(0.0)[2] == pytest.approx(1 - found.p_better)  # flat prior: the two readings agree


def test_folds_that_could_not_be_scored_are_left_out():
    d = np.random.default_rng(5).normal(size=20)
    assert nadeau_bengio(np.append(d, np.nan), 0.25) == nadeau_bengio(d, 0.25)


MARKERS = {"wfns": asah.WFNS, "s100b": asah.S100B, "ndka": asah.NDKA}


@pytest.mark.parametrize("published", asah.COMPARISONS, ids=lambda c: f"{c.first}-{c.second}")
def test_delong_gives_the_published_example(published):
    y, p, q = np.array(asah.OUTCOME), np.array(MARKERS[published.first]), np.array(MARKERS[published.second])
    delta, error = delong.auc_difference(y, p, q)
    assert delta == pytest.approx(roc_auc_score(y, p) - roc_auc_score(y, q))
    assert delta / error == pytest.approx(published.z)
    assert delong.p_value(delta, error) == pytest.approx(published.p)
    assert delong.interval(delta, error) == pytest.approx((published.low, published.high))


def test_delong_of_a_score_with_itself_is_nothing():
    y, p = np.array(asah.OUTCOME), np.array(asah.S100B)
    assert delong.auc_difference(y, p, p) == (0, 0) and delong.p_value(0, 0) == 1


def test_delong_interval_covers_the_true_difference():
    """95 % intervals over 400 draws with a known difference: coverage must not leave 92 to 98 %."""
    rng = np.random.default_rng(6)
    truth = stats.norm.cdf(1 / np.sqrt(2)) - stats.norm.cdf(0.7 / np.sqrt(2))
    covered = 0
    for _ in range(400):
        y = np.repeat([0, 1], [160, 40])
        both = rng.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], 200) + y[:, None] * [1, 0.7]
        low, high = delong.interval(*delong.auc_difference(y, *both.T))
        covered += low <= truth <= high
    assert 0.92 <= covered / 400 <= 0.98
