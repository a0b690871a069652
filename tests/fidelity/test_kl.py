"""KL divergence: the definition by hand, its noise, and mistakes that others make."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.fidelity import kl
from tests.fidelity.makers import levels, numbers


def kl_of(real: np.ndarray, other: np.ndarray) -> float:
    cells = kl.cells(real, len(other))
    return kl.divergence(cells.count(real), cells.count(other))


def test_by_hand():
    # 6 and 4 rows against 2 and 8, half a row added: p = 6.5/11, 4.5/11; q = 2.5/11, 8.5/11.
    expected = 6.5 / 11 * np.log(6.5 / 2.5) + 4.5 / 11 * np.log(4.5 / 8.5)
    assert kl.divergence(np.array([6.0, 4.0]), np.array([2.0, 8.0])) == pytest.approx(expected)


def test_a_frequent_number_and_missing_have_cells_of_their_own():
    real = numbers([0.0] * 20 + list(np.arange(1, 71)) + [np.nan] * 10)
    cells = kl.cells(real, 100)
    counts = cells.count(real)
    assert cells.own.tolist() == [0.0] and counts[0] == 20 and counts[-1] == 10 and counts.sum() == 100
    assert len(cells) == 1 + 10 + 1


def test_rare_and_unseen_levels_share_one_cell():
    real = levels(["a"] * 50 + ["b"] * 5 + ["c"] * 4 + [None])
    cells = kl.cells(real, 60)
    assert cells.own.tolist() == levels(["a", "b"]).tolist()
    assert cells.count(levels(["a", "c", "new", None])).tolist() == [1, 0, 2, 1]
    assert kl.cells(real, 30).own.tolist() == levels(["a"]).tolist(), (
        "with half as many synthetic rows five become an expected 2.5"
    )


def test_values_outside_the_real_range_are_counted():
    """Dropping them would make a generator that shoots past the range look perfect."""
    real = numbers(np.arange(1_000))
    outside = numbers(np.r_[np.arange(1_000), np.full(1_000, 5_000)])
    assert kl_of(real, outside) > kl.LOOSE


def test_an_empty_cell_costs_what_half_a_row_says():
    """A floor of 1e-11 would charge 0.21 for one empty cell of 1 %; half a row charges about 0.04."""
    real = levels(["a"] * 990 + ["b"] * 10)
    assert kl_of(real, levels(["a"] * 1_000)) < 0.06


def test_noise_of_real_rows_against_real_rows():
    """Published reference: ten cells, 960 against 4,000 rows of one distribution, mean 0.0057."""
    rng = np.random.default_rng(0)
    found = [kl_of(numbers(rng.normal(size=960)), numbers(rng.normal(size=4_000))) for _ in range(200)]
    assert np.mean(found) == pytest.approx(0.0057, abs=0.0004)
    real, other = np.full(10, 96.0), np.full(10, 400.0)
    assert kl.noise(real, other) == pytest.approx(4.5 * (1 / 960 + 1 / 4_000))


def test_a_cell_that_neither_side_fills_costs_nothing_and_is_not_counted():
    real, other = np.array([60.0, 40.0, 0.0, 0.0]), np.array([50.0, 50.0, 0.0, 0.0])
    assert kl.divergence(real, other) == kl.divergence(real[:2], other[:2])
    assert kl.noise(real, other) == kl.noise(real[:2], other[:2]) == pytest.approx(0.01)


def test_the_loose_line_lets_a_mean_drift_by_half_a_deviation():
    rng = np.random.default_rng(1)
    real = numbers(rng.normal(size=20_000))
    assert kl_of(real, numbers(rng.normal(0.5, 1, 20_000))) == pytest.approx(kl.LOOSE, abs=0.02)
    assert kl_of(levels(["y"] * 3_000 + ["n"] * 7_000), levels(["y"] * 5_400 + ["n"] * 4_600)) == pytest.approx(
        kl.LOOSE, abs=0.01
    )


@settings(max_examples=60)
@given(
    st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), min_size=1, max_size=60),
    st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), max_size=60),
)
def test_numbers_lose_no_row_and_never_go_below_zero(real, other):
    real, other = numbers(real), numbers(other)
    cells = kl.cells(real, len(other))
    assert cells.count(real).sum() == len(real) and cells.count(other).sum() == len(other)
    assert len(cells.count(real)) == len(cells)
    assert kl_of(real, other) >= -1e-12
    assert kl_of(real, real) == pytest.approx(0)


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1, max_size=80),
    st.lists(st.sampled_from(["a", "b", "d", None]), max_size=80),
)
def test_levels_lose_no_row_and_never_go_below_zero(real, other):
    real, other = levels(real), levels(other)
    cells = kl.cells(real, len(other))
    assert cells.count(other).sum() == len(other)
    assert kl_of(real, other) >= -1e-12
