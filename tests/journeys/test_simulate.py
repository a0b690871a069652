"""The simulator against its formulas; seeds are fixed, limits are standard errors."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy import stats

from synth_core.errors import JourneyError
from synth_core.journeys.hazard import Hazard
from synth_core.journeys.simulate import ORGANIC, simulate
from synth_core.journeys.world import Channel
from tests.journeys.worlds import entangled, world, worlds


@settings(max_examples=40, deadline=None)
@given(worlds())
def test_journeys_end_at_the_conversion_and_are_in_order(any_world):
    found = simulate(any_world, 60, seed=1)
    seen, shown = found.observed, found.exposures
    assert np.all(np.diff(shown.starts) >= 0) and shown.starts[-1] == len(shown)
    assert all(np.all(np.diff(shown.time[a:b]) >= 0) for a, b in zip(shown.starts, shown.starts[1:], strict=False))
    assert all(np.all(np.diff(seen.time[a:b]) >= 0) for a, b in zip(seen.starts, seen.starts[1:], strict=False))
    assert np.all(seen.time <= seen.end[seen.path])
    assert seen.conversions.sum() == np.isfinite(found.conversion).sum()
    assert seen.value.sum() == pytest.approx(found.value.sum())
    assert np.all((seen.conversions + seen.nulls) == 1)
    if not any_world.lost:
        assert seen.touches == (shown.time < found.conversion[shown.user]).sum()


@settings(max_examples=20, deadline=None)
@given(worlds())
def test_same_seed_same_journeys(any_world):
    one, same, other = (simulate(any_world, 80, seed=s) for s in (5, 5, 6))
    assert np.array_equal(one.conversion, same.conversion) and np.array_equal(one.exposures.time, same.exposures.time)
    assert np.array_equal(one.observed.channel, same.observed.channel)
    assert not np.array_equal(one.exposures.intent, other.exposures.intent)


def test_touches_come_at_the_stated_rate_and_triggered_ones_on_top():
    users, w = 40_000, entangled().changed(baseline=0.0)
    shown = simulate(w, users, seed=8).exposures
    counts = np.bincount(shown.channel, minlength=4) / users
    roots = w.of("reach") * w.horizon
    # what is triggered after the horizon does not count, so the closed form without a horizon is an upper end
    whole = np.linalg.solve(np.eye(4) - np.array(w.triggers).T, roots)
    assert np.all(counts <= whole * 1.02) and np.all(counts >= 0.9 * whole)
    started = np.bincount(shown.root, minlength=1)
    assert started.size == pytest.approx(roots.sum() * users, rel=0.02)


def test_targeting_meets_high_intent_as_stated():
    w = world(Channel("Retargeting", 0.1, 0.0, 1.0, targeting=0.7), Channel("TV", 0.1, 0.0, 1.0))
    shown = simulate(w, 60_000, seed=3).exposures
    # E[u | a touch on k] = γ, as the rate is exp(γu − γ²/2)
    for k, gamma in enumerate((0.7, 0.0)):
        met = shown.intent[shown.user[shown.channel == k]]
        assert met.mean() == pytest.approx(gamma, abs=0.02)


def test_conversions_without_touches_are_exponential():
    w = world(Channel("None", 0.0, 0.0, 1.0), baseline=0.02, intent=0.0)
    found = simulate(w, 40_000, seed=4)
    days = found.conversion[np.isfinite(found.conversion)]
    assert len(days) / 40_000 == pytest.approx(1 - np.exp(-0.6), abs=0.01)
    inside = stats.truncexpon(b=0.6, scale=50.0)
    assert stats.kstest(days, inside.cdf).pvalue > 0.01
    assert set(np.unique(found.cause)) == {ORGANIC, -2}


@pytest.mark.parametrize("delay", [1.0, 3.0])
def test_delays_between_touch_and_conversion_follow_the_kernel(delay):
    w = world(Channel("Ads", 0.03, 0.01, 2.0), baseline=0.0, delay=delay, horizon=200.0)
    found = simulate(w, 100_000, seed=5)
    only = np.diff(found.exposures.starts) > 0
    first = found.exposures.time[np.minimum(found.exposures.starts[:-1], len(found.exposures) - 1)]
    early = only & np.isfinite(found.conversion) & (found.observed.lengths == 1) & (first < 150)
    waited = found.conversion[early] - first[early]
    # with one touch of small mass M = 0.02 the delay is nearly the kernel's own, cut by the next touch (rate 0.03)
    expected = stats.gamma(delay, scale=2.0)
    distance = stats.kstest(waited, expected.cdf).statistic
    assert len(waited) > 1_000 and distance < 0.06
    assert stats.kstest(waited, stats.gamma(4 - delay, scale=2.0).cdf).statistic > 0.3


@settings(deadline=None)
@given(worlds())
def test_the_kernel_is_inverted_exactly(any_world):
    hazard = Hazard(any_world)
    channel = np.zeros(50, int)
    left = np.linspace(0.01, any_world.horizon, 50)
    share = hazard.within(channel, any_world.horizon - left)
    sure = share < 0.999999
    assert hazard.until(share[sure], channel[sure]) == pytest.approx(left[sure], rel=1e-4)


def test_tracking_loses_touches_and_splits_people():
    clean = world(Channel("A", 0.1, 0.01, 3.0), Channel("B", 0.1, 0.01, 3.0))
    whole = simulate(clean, 20_000, seed=9)
    lossy = simulate(clean.changed(lost=0.3, split=0.5), 20_000, seed=9)
    assert np.array_equal(whole.conversion, lossy.conversion), "what happens does not depend on tracking"
    assert lossy.observed.touches / whole.observed.touches == pytest.approx(0.7, abs=0.01)
    assert len(lossy.observed) == pytest.approx(30_000, abs=300)
    assert lossy.observed.conversions.sum() == whole.observed.conversions.sum()


def test_values_have_the_stated_mean():
    w = world(Channel("A", 0.1, 0.05, 3.0), value=250.0, value_spread=0.8)
    value = simulate(w, 60_000, seed=2).value
    assert value[value > 0].mean() == pytest.approx(250.0, rel=0.03)
    assert np.log(value[value > 0]).std() == pytest.approx(0.8, rel=0.03)


def test_too_many_touches_and_no_users_are_refused_before_memory_is_taken():
    with pytest.raises(JourneyError, match="fit in memory"):
        simulate(world(Channel("A", 90.0, 0.0, 1.0)), 1_000_000, seed=1)
    with pytest.raises(JourneyError, match="at least one"):
        simulate(entangled(), 0, seed=1)
