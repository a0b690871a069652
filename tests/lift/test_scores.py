"""Scores against scikit-learn and hand-made cases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import f1_score, roc_auc_score

from synth_core.lift.holdout import _auc, compare
from synth_core.lift.scores import best_threshold, correct_prior, recall_in_top, roc_points, scores


@pytest.fixture
def scored():
    rng = np.random.default_rng(0)
    y = (rng.random(300) < 0.3).astype(int)
    return y, np.clip(0.3 + 0.25 * y + rng.normal(0, 0.2, 300), 0.01, 0.99)


def test_best_threshold_has_the_highest_f1_of_all(scored):
    y, p = scored
    every = max(f1_score(y, p >= t) for t in np.unique(p))
    assert f1_score(y, p >= best_threshold(y, p)) == pytest.approx(every)


def test_prior_correction_recovers_the_probabilities_of_a_shifted_sample():
    """Bayes' rule with known densities: train on half positives, correct to 10 %."""
    x = np.linspace(-3, 3, 50)
    likelihood = np.exp(x)  # p(x | 1) / p(x | 0)
    at_half = likelihood / (1 + likelihood)
    at_tenth = 0.1 * likelihood / (0.1 * likelihood + 0.9)
    assert correct_prior(at_half, 0.5, 0.1) == pytest.approx(at_tenth)


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_prior_correction_keeps_the_order(trained_on, real):
    p = np.linspace(0, 1, 11)
    assert np.all(np.diff(correct_prior(p, trained_on, real)) >= 0)
    assert correct_prior(p, real, real) == pytest.approx(p)


def test_own_auc_is_scikit_learns_with_ties():
    rng = np.random.default_rng(1)
    y = np.sort(rng.integers(0, 2, 80))[::-1]
    p = rng.integers(0, 6, 80) / 5
    assert _auc(p, int(y.sum())) == pytest.approx(roc_auc_score(y, p))


def test_recall_in_top_tenth():
    y, p = np.zeros(100), np.linspace(1, 0, 100)
    y[[0, 3, 50, 99]] = 1
    assert recall_in_top(y, p) == 0.5


def test_curves_start_and_end_at_the_corners(scored):
    false, true = roc_points(*scored)
    assert (false[0], true[0], false[-1], true[-1]) == (0, 0, 1, 1)
    assert len(false) <= 200


def test_holdout_interval_covers_zero_for_equal_models_and_not_for_a_better_one(scored):
    y, p = scored
    noise = np.random.default_rng(3).random(len(p))
    both = {"a": p, "b": noise}
    same = compare(y, "a", "b", {"a": p, "b": p.copy()}, {"a": 0.5, "b": 0.5}, seed=0, look=1)
    better = compare(y, "a", "b", both, {"a": 0.5, "b": 0.5}, seed=0, look=2)
    assert same.low == same.high == same.delta == 0
    assert better.low > 0 and better.low < better.delta < better.high and better.look == 2
    assert better.scores_arm == scores(y, p, 0.5)
