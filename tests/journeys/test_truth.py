"""Truth against the definitions, computed naively, and against the world simulated once more."""

import numpy as np
import pytest
from hypothesis import given, settings

from synth_core.journeys import truth as room
from synth_core.journeys.coalitions import Coalitions
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.simulate import simulate
from synth_core.journeys.truth import truth
from synth_core.journeys.world import Channel
from tests.journeys import naive
from tests.journeys.worlds import entangled, world, worlds


@settings(max_examples=12, deadline=None)
@given(worlds(most=3))
def test_every_truth_is_what_its_definition_says(any_world):
    found = simulate(any_world, 12, seed=3)
    shown, everyone = found.exposures, set(range(len(any_world.channels)))
    told = truth(found)
    value = {
        k: sum(naive.probability(any_world, shown, u, everyone - {k}) for u in range(12)) for k in [*everyone, None]
    }
    assert told.expected == pytest.approx(value[None], abs=1e-9)
    assert told.organic == pytest.approx(
        sum(naive.probability(any_world, shown, u, set()) for u in range(12)), abs=1e-9
    )
    assert told.removal == pytest.approx([value[None] - value[k] for k in sorted(everyone)], abs=1e-9)
    assert told.shapley == pytest.approx(naive.shapley(any_world, shown), abs=1e-9)
    assert sum(told.shapley) == pytest.approx(told.expected - told.organic, abs=1e-8)


def test_shapley_over_all_orders_is_the_same():
    small = simulate(entangled(), 15, seed=4)
    assert truth(small).shapley == pytest.approx(naive.by_orders(small.world, small.exposures), abs=1e-9)


@settings(max_examples=5, deadline=None)
@given(worlds(most=3))
def test_marginal_returns_are_what_removing_each_started_touch_would_lose(any_world):
    found = simulate(any_world, 10, seed=5)
    shown, everyone = found.exposures, set(range(len(any_world.channels)))
    for k, marginal in enumerate(truth(found).marginal):
        if not any_world.paid[k]:
            assert marginal is None
            continue
        lost = 0.0
        for user in range(10):
            mine = range(shown.starts[user], shown.starts[user + 1])
            started = {shown.root[j] for j in mine if shown.channel[j] == k and shown.mask[j] == 1 << k}
            started &= {r for r in started if min(shown.time[j] for j in mine if shown.root[j] == r) in shown.time[
                [j for j in mine if shown.root[j] == r and shown.channel[j] == k]]}  # fmt: skip
            whole = naive.probability(any_world, shown, user, everyone)
            lost += sum(
                whole - naive.probability(any_world, shown, user, everyone, out=frozenset({int(r)})) for r in started
            )
        assert marginal * any_world.spend[k] * 10 == pytest.approx(lost, abs=1e-9)


@pytest.mark.parametrize("removed", range(4))
def test_removal_is_what_a_world_without_the_channel_brings(removed):
    users, whole = 150_000, entangled()
    keep = np.arange(4) != removed
    triggers = np.array(whole.triggers) * np.outer(keep, keep)
    without = whole.scaled(keep.astype(float)).changed(triggers=tuple(map(tuple, triggers.tolist())))
    first, second = simulate(whole, users, seed=11), simulate(without, users, seed=12)
    told = truth(first)
    lost = told.realised - float(np.isfinite(second.conversion).sum())
    error = np.sqrt(sum(p * (1 - p) * users for p in (told.realised / users, (told.realised - lost) / users)))
    assert abs(lost - told.removal[removed]) < 3 * error


@pytest.mark.parametrize("key", PRESETS)
def test_as_many_convert_as_expected_and_for_the_causes_expected(key):
    found = simulate(PRESETS[key], 50_000, seed=21)
    chance = Coalitions(found.hazard, found.exposures).everything
    told = truth(found)
    assert abs(told.realised - told.expected) < 3.5 * np.sqrt((chance * (1 - chance)).sum())
    assert sum(told.event) + told.event_organic == told.realised
    assert told.event_organic < told.organic * 1.1  # competing causes: some who would have come were won before


def test_a_channel_that_causes_nothing_has_no_truth_whoever_it_meets():
    brand = Channel("Brand", 0.2, 0.0, 2.0, targeting=2.0, cost=1.0)
    found = simulate(world(brand, Channel("Ads", 0.05, 0.02, 3.0)), 5_000, seed=2)
    told = truth(found)
    assert (told.shapley[0], told.removal[0], told.event[0], told.marginal[0]) == (0, 0, 0, 0)
    met = found.exposures.intent[found.exposures.user[found.exposures.channel == 0]]
    assert met.mean() > 1 and told.shapley[1] > 0


def test_sampled_orders_agree_with_all_coalitions_and_sum_to_the_whole(monkeypatch):
    found = simulate(entangled(), 3_000, seed=6)
    exact = truth(found)
    monkeypatch.setattr(room, "EXACT_UP_TO", 2)
    sampled = truth(found, seed=1)
    assert exact.exact and not sampled.exact
    assert sum(sampled.shapley) == pytest.approx(sampled.expected - sampled.organic, abs=1e-8)
    for a, b, error in zip(exact.shapley, sampled.shapley, sampled.shapley_se, strict=True):
        assert abs(a - b) <= 4 * error + 1e-9
    assert 0 < max(sampled.shapley_se) < 2
    assert truth(found, seed=1).shapley == sampled.shapley != truth(found, seed=2).shapley


def test_more_than_ten_channels_are_sampled_and_say_so():
    many = world(*(Channel(f"c{k}", 0.03, 0.004 * (k + 1), 3.0) for k in range(14)))
    told = truth(simulate(many, 4_000, seed=3))
    assert not told.exact and max(told.shapley_se) < 0.05 * max(told.shapley)
    assert np.argsort(told.shapley)[-1] in (12, 13)
