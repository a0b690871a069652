"""Association measures against scipy and textbook cases."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats.contingency import association as scipy_association
from scipy.stats.contingency import crosstab

from synth_core.fidelity import pairs, shape, target


def test_cramers_v_is_scipys():
    rng = np.random.default_rng(0)
    a = rng.choice(list("abc"), 400)
    b = np.where(rng.random(400) < 0.5, a, rng.choice(list("abc"), 400))
    expected = scipy_association(crosstab(a, b).count, method="cramer")
    assert pairs.association(pd.DataFrame({"a": a, "b": b}, dtype=object)) == pytest.approx(expected)


def test_correlation_ratio_is_the_root_of_explained_variance():
    """Textbook example: algebra, geometry and statistics scores; η² = 6780 / 9640."""
    scores = {"algebra": [45, 70, 29, 15, 21], "geometry": [40, 20, 30, 42], "statistics": [65, 95, 80, 70, 85, 73]}
    frame = pd.DataFrame([(k, float(v)) for k, values in scores.items() for v in values], columns=["course", "score"])
    assert pairs.association(frame) ** 2 == pytest.approx(6780 / 9640, abs=1e-3)


def test_a_matrix_is_symmetric_with_gaps_where_nothing_varies():
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": ["x", "y", "y"], "c": [1.0, 1.0, 1.0]})
    found = pairs.matrix(frame)
    assert found[0][1] == found[1][0] and found[0][2] is None and found[2][2] == 1.0


def test_wasserstein_counts_in_interquartile_ranges():
    real = pd.Series(np.arange(101, dtype=float))
    assert shape.wasserstein(real, real + 25) == pytest.approx(0.5)


def test_a_feature_is_scored_on_synthetic_rows_as_it_was_on_real_ones():
    y = np.array([1, 1, 1, 0, 0, 0])
    city = pd.Series(["rome", "rome", "bonn", "bonn", "bonn", "oslo"], dtype=object)
    score = target.FeatureScore(city, y)
    assert score.auc(city, y) > 0.8
    assert score.auc(city, 1 - y) < 0.2
    assert score.auc(pd.Series(["new"] * 6, dtype=object), y) == 0.5
    assert score.auc(city, np.ones(6)) is None
