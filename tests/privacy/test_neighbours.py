"""Nearest records are exact; points differ where rows do."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from synth_core.privacy.neighbours import closest
from synth_core.privacy.points import Points
from tests.privacy.makers import people


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 60), st.integers(1, 40), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_distances_are_scipys(n, m, width, seed):
    rng = np.random.default_rng(seed)
    reference, queries = rng.integers(0, 3, (n, width)).astype(float), rng.integers(0, 3, (m, width)).astype(float)
    every = cdist(queries, reference)
    found, places = closest(reference, queries, k=2)
    np.testing.assert_allclose(found, np.sort(every, axis=1)[:, :2], atol=1e-9)
    np.testing.assert_allclose(np.take_along_axis(every, places, axis=1), found, atol=1e-9)


def test_equally_near_records_are_chosen_without_favour():
    reference = np.zeros((1_000, 1))
    _, places = closest(reference, np.zeros((1, 1)))
    assert 0 < places[0, 0] < 999
    labels = np.repeat([True, False], [500, 500])
    shares = [
        labels[closest(np.round(np.random.default_rng(s).random((1_000, 1)), 1), np.array([[0.3]]))[1][0, 0]]
        for s in range(200)
    ]
    assert 0.35 < np.mean(shares) < 0.65


def test_rows_are_at_distance_zero_exactly_where_they_are_equal():
    frame = people(300)
    for name in frame:
        if frame[name].dtype == object:
            frame[name] = pd.factorize(frame[name])[0]
    moved = frame.copy()
    for j, name in enumerate(frame):
        rows = slice(50 * j, 50 * (j + 1))
        moved.loc[moved.index[rows], name] = frame[name].to_numpy()[rows][::-1]
    points = Points({"a": frame, "b": moved}, ("a",))
    distance = np.sqrt(((points.of("a") - points.of("b")) ** 2).sum(axis=1))
    same = (frame == moved).all(axis=1).to_numpy()
    assert ((distance < 1e-12) == same).all() and 0 < same.sum() < 300


def test_many_levels_take_few_dimensions_and_stay_apart():
    frame = pd.DataFrame({"place": np.arange(5_000)})
    block = Points({"a": frame}, ("a",)).of("a")
    assert block.shape[1] <= 16
    apart = cdist(block[:200], block[:200])[np.triu_indices(200, 1)]
    assert 0.9 < apart.mean() < 1.1 and apart.min() > 0.3


def test_missing_values_are_near_each_other_only():
    frame = pd.DataFrame({"x": [1.0, 2.0, np.nan, np.nan]})
    block = Points({"a": frame}, ("a",)).of("a")
    every = cdist(block, block)
    assert every[2, 3] == 0 and every[0, 2] >= 1 and every[1, 2] >= 1
