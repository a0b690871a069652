"""Association measures against scipy and textbook cases."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats.contingency import association as scipy_association
from scipy.stats.contingency import crosstab
from sklearn.metrics import roc_auc_score

from synth_core.fidelity import associations, pairs, shape, target
from tests.fidelity.makers import aligned, levels, numbers


def test_cramers_v_is_scipys():
    rng = np.random.default_rng(0)
    a = rng.choice(list("abc"), 400)
    b = np.where(rng.random(400) < 0.5, a, rng.choice(list("abc"), 400))
    expected = scipy_association(crosstab(a, b).count, method="cramer")
    assert pairs.association(levels(a), levels(b)) == pytest.approx(expected)


def test_correlation_ratio_is_the_root_of_explained_variance():
    """Textbook example: algebra, geometry and statistics scores; η² = 6780 / 9640."""
    scores = {"algebra": [45, 70, 29, 15, 21], "geometry": [40, 20, 30, 42], "statistics": [65, 95, 80, 70, 85, 73]}
    course, score = zip(*((k, v) for k, values in scores.items() for v in values), strict=True)
    assert pairs.association(levels(course), numbers(score)) ** 2 == pytest.approx(6780 / 9640, abs=1e-3)


def test_a_matrix_is_symmetric_with_gaps_where_nothing_varies():
    found = pairs.matrix([numbers([1, 2, 3]), levels(["x", "y", "y"]), numbers([1, 1, 1])])
    assert found[0][1] == found[1][0] and found[0][2] is None and found[2][2] == 1.0


def test_wasserstein_counts_in_interquartile_ranges():
    real = np.arange(101, dtype=float)
    assert shape.wasserstein(real, real + 25) == pytest.approx(0.5)


def test_a_feature_is_scored_on_synthetic_rows_as_it_was_on_real_ones():
    y = np.array([1, 1, 1, 0, 0, 0], dtype=bool)
    city = levels(["rome", "rome", "bonn", "bonn", "bonn", "oslo"])
    score = target.FeatureScore(city, y)
    assert score.auc(city, y) > 0.8
    assert score.auc(city, ~y) < 0.2
    assert score.auc(levels(["new"] * 6), y) == score.auc(levels([None] * 6), y) == 0.5
    assert score.auc(city, np.ones(6, dtype=bool)) is None


def test_many_levels_do_not_tell_their_own_outcomes():
    """Two hundred levels that have nothing to do with the outcome: on their own rows they seem to."""
    rng = np.random.default_rng(0)
    y, codes, fresh = rng.random(4_000) < 0.3, rng.integers(0, 200, 4_000), rng.integers(0, 200, 4_000)
    assert target.FeatureScore(codes, y).auc(codes, y) > 0.6
    assert target.auc_of_own_rows(codes, y) == pytest.approx(0.5, abs=0.03)
    assert target.FeatureScore(codes, y).auc(fresh, y) == pytest.approx(0.5, abs=0.03)
    useful = codes + 200 * y
    assert target.auc_of_own_rows(useful, y) > 0.97
    assert target.auc_of_own_rows(codes[:1], y[:1]) is None


def test_the_auc_is_scikit_learns():
    rng = np.random.default_rng(0)
    scores, y = rng.integers(0, 20, 500).astype(float), rng.random(500) < 0.3
    assert target.auc(scores, y) == pytest.approx(roc_auc_score(y, scores), abs=1e-12)


def test_numbers_that_change_places_between_levels_are_seen():
    """The correlation ratio is the same, the pair is not alike: that is why mixed pairs are compared by shares."""
    rng = np.random.default_rng(0)
    level = rng.integers(0, 3, 3_000)
    real, turned = level + rng.normal(size=3_000), (2 - level) + rng.normal(size=3_000)
    assert pairs.association(real, level) == pytest.approx(pairs.association(turned, level), abs=0.02)
    frame = pd.DataFrame({"level": level.astype(str), "value": real})
    found = aligned(frame, frame.assign(value=turned))
    paired, _ = associations.associations(found, seed=1)
    assert paired.pairs[0].similarity < 0.7
