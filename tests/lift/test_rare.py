"""Intervals where an outcome is too rare for a verdict: those of scikit-learn's score, draw by draw."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from synth_core.lift.rare import _average_precisions, rare_class


@pytest.mark.parametrize("decimals", [1, 9])  # many rows with one score, and none
def test_average_precision_of_every_draw_is_scikit_learns(decimals):
    rng = np.random.default_rng(0)
    y = np.repeat([1, 0], [12, 70])
    p = (rng.random(82) + 0.3 * y).round(decimals)
    draws = [np.append(rng.integers(0, 12, 12), rng.integers(12, 82, 70)) for _ in range(50)]
    expected = [average_precision_score(y[d], p[d]) for d in draws]
    np.testing.assert_allclose(_average_precisions(y, p, draws), expected, rtol=1e-12)


def test_the_interval_surrounds_the_score():
    rng = np.random.default_rng(1)
    y = np.repeat([1, 0], [20, 180])
    p = rng.random(200) + 0.5 * y
    value, low, high = rare_class("trees/own", "Trees", y, p, seed=3).average_precision
    assert low < value < high and value == average_precision_score(y, p)
