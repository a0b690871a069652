"""Rows as points: what is how far apart, by hand."""

import numpy as np
import pandas as pd
import pytest

from synth_core.fidelity import design
from tests.fidelity.makers import aligned


def test_levels_are_one_apart_numbers_by_their_ranks_and_gaps_one_more():
    real = pd.DataFrame({"level": ["a", "b", "b", None] * 5, "value": [*np.arange(18.0), 1e6, np.nan]})
    found = aligned(real, real)
    points, same, held = design.points(found)
    assert np.array_equal(points, same) and held is None

    def apart(i: int, j: int) -> float:
        return float(np.linalg.norm(points[i] - points[j]))

    step = np.sqrt(12) / 19  # of 19 known values, scaled to variance 1
    assert apart(1, 2) == pytest.approx(step) and apart(1, 14) == pytest.approx(13 * step)
    assert apart(17, 18) == pytest.approx(step), "an outlier is one rank away, too"
    assert apart(0, 1) == pytest.approx(np.hypot(1, step)) == pytest.approx(apart(2, 3))
    assert apart(3, 19) == pytest.approx(np.hypot(1, points[3][-2]))


def test_trees_see_codes_and_gaps():
    real = pd.DataFrame({"level": ["a", "b", "b", None] * 5, "value": [*np.arange(19.0), np.nan]})
    codes, _, _ = design.codes(aligned(real, real))
    assert codes.shape == (20, 2) and np.isnan(codes[3, 0]) and np.isnan(codes[19, 1])
    assert codes[1, 0] == 0 and codes[0, 0] == 1, "the most frequent level comes first"
