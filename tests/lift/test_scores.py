"""Scores against scikit-learn and hand-made cases."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, f1_score, r2_score, roc_auc_score

from synth_core.lift.evaluate import Outcome
from synth_core.lift.holdout import compare
from synth_core.lift.scores import (
    best_threshold,
    calibration_error,
    calibration_points,
    correct_prior,
    lift_in_top,
    main_score,
    mean_scores,
    recall_at_precision,
    recall_in_top,
    roc_points,
    scores,
)
from synth_core.tables import Target

BINARY = Target("y", "binary", ("no", "yes"))
SEVERAL = Target("y", "multiclass", ("a", "b", "c"))
NUMBER = Target("y", "regression")


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


def test_several_classes_are_corrected_like_two():
    p = np.column_stack([1 - np.linspace(0.05, 0.9, 20), np.linspace(0.05, 0.9, 20)])
    found = correct_prior(p, np.array([0.5, 0.5]), np.array([0.9, 0.1]))
    assert found[:, 1] == pytest.approx(correct_prior(p[:, 1], 0.5, 0.1))
    assert found.sum(axis=1) == pytest.approx(1)


def test_correcting_there_and_back_gives_the_models_own_probabilities(scored):
    _, p = scored
    there = Outcome(correct_prior(p, 0.5, 0.1), np.float64(0.5), np.float64(0.1))
    assert there.raw == pytest.approx(p)


def test_macro_auc_is_scikit_learns_and_leaves_out_what_cannot_be_told():
    rng = np.random.default_rng(2)
    y, p = rng.integers(0, 3, 200).astype(float), rng.dirichlet([1, 1, 1], 200)
    assert main_score(y, p, SEVERAL) == pytest.approx(roc_auc_score(y, p, multi_class="ovr"))
    assert main_score(y, p, SEVERAL, (0, 1)) == pytest.approx(
        np.mean([roc_auc_score(y == c, p[:, c]) for c in (0, 1)])
    )  # fmt: skip
    assert np.isnan(main_score(np.zeros(5), p[:5], SEVERAL))
    assert np.isnan(main_score(np.zeros(5), p[:5, 0], BINARY))


def test_scores_of_a_number():
    y, p = np.arange(20.0), np.arange(20.0) + 1
    found = scores(y, p, NUMBER)
    assert found.main == pytest.approx(r2_score(y, p)) and found.rmse == pytest.approx(1) and found.brier is None


def test_scores_of_two_classes(scored):
    y, p = scored
    found = scores(y, p, BINARY, threshold=0.4, raw=np.sqrt(p))
    assert found.brier == pytest.approx(brier_score_loss(y, p))
    assert found.f1_tuned == pytest.approx(f1_score(y, p >= 0.4))
    assert found.f1_at_half == pytest.approx(f1_score(y, np.sqrt(p) >= 0.5))


def test_calibration_error_of_known_distortions():
    rng = np.random.default_rng(7)
    p = rng.random(200_000)
    y = (rng.random(200_000) < p).astype(float)
    assert calibration_error(y, p) < 0.005
    assert calibration_error(y, 0.5 + p / 2) == pytest.approx(0.25, abs=0.01)  # mean of 0.5 + p/2 − p
    assert sum(n for *_, n in calibration_points(y, p)) == len(y)


def test_recall_at_precision_tries_every_threshold(scored):
    y, p = scored
    every = [y[p >= t].sum() / y.sum() for t in np.unique(p) if y[p >= t].mean() >= 0.5]
    assert recall_at_precision(y, p) == pytest.approx(max(every, default=0))
    assert recall_at_precision(np.array([1, 0, 0, 0]), np.array([0.1, 0.9, 0.8, 0.7])) == 0


def test_lift_in_the_top_tenth():
    y, p = np.zeros(100), np.linspace(1, 0, 100)
    y[[0, 3, 50, 99]] = 1
    assert lift_in_top(y, p) == pytest.approx(0.2 / 0.04)


def test_means_leave_out_what_does_not_apply(scored):
    y, p = scored
    one = scores(y, p, BINARY)
    both = mean_scores([one, one])
    assert both.main == one.main and both.rmse is None


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
    shared = {"thresholds": {"a": 0.5, "b": 0.5}, "target": BINARY, "seed": 0}
    same = compare(y, "a", "b", {"a": Outcome(p), "b": Outcome(p.copy())}, look=1, **shared)
    better = compare(y, "a", "b", {"a": Outcome(p), "b": Outcome(noise)}, look=2, **shared)
    assert same.low == same.high == same.delta == 0
    assert better.low > 0 and better.low < better.delta < better.high and better.look == 2
    assert better.scores_arm == scores(y, p, BINARY, threshold=0.5)
    assert sum(n for *_, n in better.calibration_arm) == len(y)


def test_bootstrap_and_delong_agree(scored):
    """Two ways to the same interval: macro AUC over two classes is bootstrapped, AUC is DeLong's."""
    y, p = scored
    other = np.clip(p + np.random.default_rng(5).normal(0, 0.2, len(p)), 0, 1)
    two = Target("y", "multiclass", ("no", "yes"))
    exact = compare(y, "a", "b", {"a": Outcome(p), "b": Outcome(other)}, {}, target=BINARY, seed=0, look=1)
    drawn = compare(
        y, "a", "b", {k: Outcome(np.column_stack([1 - v, v])) for k, v in (("a", p), ("b", other))}, {},
        target=two, seed=0, look=1,
    )  # fmt: skip
    assert (drawn.low, drawn.high) == pytest.approx((exact.low, exact.high), abs=0.01)
    assert drawn.roc_arm is None
