"""What holds for every model, whatever the journeys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.journeys.attribution import MODELS
from synth_core.journeys.observed import Journeys
from tests.journeys.makers import hazard, path_rows, timed_rows

#: Fitted by a likelihood with a weak prior, so that journeys twice over are more evidence, not the same.
FITTED = ("logistic", "additive_hazard", "additive_hazard_intent")
COUNTED = [key for key, model in MODELS.items() if not model.timed]
TIMED = [*COUNTED, "time_decay"]


def _split(journeys: Journeys, key: str, weights: np.ndarray | None = None):
    return MODELS[key].prepare(journeys)(np.ones(len(journeys)) if weights is None else weights)


def _twice(journeys: Journeys, times: np.ndarray) -> Journeys:
    """Path i is there ``times[i]`` times, as rows of their own."""
    rows = np.repeat(np.arange(len(journeys)), times)
    lengths = journeys.lengths[rows]
    starts = np.concatenate([[0], np.cumsum(lengths)])
    touch = np.concatenate([np.arange(journeys.starts[r], journeys.starts[r + 1]) for r in rows] or [[]]).astype(int)
    return replace(
        journeys, starts=starts, channel=journeys.channel[touch], conversions=journeys.conversions[rows],
        nulls=journeys.nulls[rows], value=journeys.value[rows],
        time=None if journeys.time is None else journeys.time[touch],
        begin=None if journeys.begin is None else journeys.begin[rows],
        end=None if journeys.end is None else journeys.end[rows],
    )  # fmt: skip


def _sums(journeys: Journeys, key: str) -> None:
    starts, channel = journeys.starts.copy(), journeys.channel.copy()
    _split(journeys, key)
    np.testing.assert_array_equal(journeys.starts, starts)
    np.testing.assert_array_equal(journeys.channel, channel)
    split, value = _split(journeys, key), journeys.value[(journeys.lengths > 0) & (journeys.conversions > 0)].sum()
    assert np.isfinite(split.credit).all()
    assert (split.credit >= 0).all()
    if MODELS[key].organic:
        assert split.credit.sum() + split.organic == pytest.approx(journeys.conversions.sum(), abs=1e-9)
        assert split.organic >= -1e-9
        assert split.value.sum() <= value + 1e-9
    else:
        assert split.organic is None
        assert split.credit.sum() == pytest.approx(journeys.converted, abs=1e-9)
        assert split.value.sum() == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("key", COUNTED)
@settings(max_examples=40, derandomize=True, deadline=None)
@given(journeys=path_rows())
def test_credits_and_value_sum_to_what_there_is(key, journeys):
    _sums(journeys, key)


@pytest.mark.parametrize("key", list(MODELS))
@settings(max_examples=30, derandomize=True, deadline=None)
@given(journeys=timed_rows())
def test_credits_of_timed_journeys_sum_to_what_there_is(key, journeys):
    _sums(journeys, key)


@pytest.mark.parametrize("key", TIMED)
@settings(max_examples=30, derandomize=True, deadline=None)
@given(journeys=timed_rows(), order=st.permutations(range(4)))
def test_renumbering_the_channels_renumbers_the_credits(key, journeys, order):
    order = np.array(order)
    other = replace(
        journeys, channels=tuple(np.array(journeys.channels)[np.argsort(order)]),
        channel=order[journeys.channel].astype(np.int16),
    )  # fmt: skip
    np.testing.assert_allclose(_split(other, key).credit[order], _split(journeys, key).credit, atol=1e-8)


@pytest.mark.parametrize("key", FITTED)
def test_renumbering_the_channels_renumbers_fitted_credits(key):
    journeys, _ = hazard(3_000, baseline=0.003, effects=(0.02, 0.01, 0.005), decays=(2.0, 5.0, 9.0), seed=4)
    order = np.array([2, 0, 1])
    other = replace(journeys, channel=order[journeys.channel].astype(np.int16))
    np.testing.assert_allclose(_split(other, key).credit[order], _split(journeys, key).credit, rtol=1e-3)


@pytest.mark.parametrize("key", TIMED)
@settings(max_examples=30, derandomize=True, deadline=None)
@given(journeys=timed_rows())
def test_every_path_twice_leaves_the_shares(key, journeys):
    once, twice = _split(journeys, key).credit, _split(_twice(journeys, np.full(len(journeys), 2)), key).credit
    np.testing.assert_allclose(twice, 2 * once, atol=1e-8)


@pytest.mark.parametrize("key", FITTED)
def test_every_path_twice_hardly_moves_fitted_shares(key):
    journeys, _ = hazard(3_000, baseline=0.003, effects=(0.02, 0.01, 0.005), decays=(2.0, 5.0, 9.0), seed=4)
    once, twice = _split(journeys, key).credit, _split(_twice(journeys, np.full(len(journeys), 2)), key).credit
    np.testing.assert_allclose(twice / twice.sum(), once / once.sum(), atol=0.02)


@pytest.mark.parametrize("key", TIMED)
@settings(max_examples=30, derandomize=True, deadline=None)
@given(data=st.data(), journeys=timed_rows())
def test_a_weight_of_two_is_the_path_twice_and_of_zero_is_none(key, data, journeys):
    times = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(journeys), max_size=len(journeys))))
    weighted = _split(journeys, key, times.astype(float)).credit
    np.testing.assert_allclose(weighted, _split(_twice(journeys, times), key).credit, atol=1e-8)


@pytest.mark.parametrize("key", FITTED)
def test_fitted_models_take_a_weight_of_two_for_the_path_twice(key):
    journeys, _ = hazard(3_000, baseline=0.003, effects=(0.02, 0.01, 0.005), decays=(2.0, 5.0, 9.0), seed=4)
    times = np.random.default_rng(1).integers(0, 3, len(journeys))
    weighted = _split(journeys, key, times.astype(float)).credit
    # The centre of the prior on decays, and how much people differ, are taken from all journeys, not the weighted ones.
    within = 1e-3 if key == "logistic" else 0.02
    np.testing.assert_allclose(weighted, _split(_twice(journeys, times), key).credit, rtol=within)


@pytest.mark.parametrize("key", list(MODELS))
def test_a_channel_that_was_never_seen_gets_nothing(key):
    journeys, _ = hazard(500, baseline=0.01, effects=(0.02, 0.01), decays=(2.0, 5.0), seed=4)
    found = _split(replace(journeys, channels=("c0", "c1", "unseen")), key).credit
    assert found[2] == 0
    np.testing.assert_allclose(found[:2], _split(journeys, key).credit, rtol=1e-3)


@pytest.mark.parametrize("key", list(MODELS))
def test_paths_without_any_touch_are_no_trouble(key):
    journeys, _ = hazard(50, baseline=0.05, effects=(0.02,), decays=(2.0,), reach=0.0, seed=4)
    assert journeys.touches == 0
    split = _split(journeys, key)
    assert split.credit.tolist() == [0.0]
    assert split.organic in (None, pytest.approx(journeys.conversions.sum()))
