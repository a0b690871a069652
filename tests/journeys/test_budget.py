"""Budgets: shares that follow credit, what they bring, and the best one found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.journeys.budget import MOST, Response, best, compare, following
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.simulate import simulate
from synth_core.journeys.truth import truth
from synth_core.journeys.world import Channel
from tests.journeys.worlds import entangled, world

amounts = st.lists(st.just(0.0) | st.floats(0.01, 100), min_size=4, max_size=4).map(np.array)


@given(amounts, amounts.filter(lambda a: a.sum() > 1))
def test_shares_sum_to_one_within_limits_and_follow_the_credit_where_they_can(credit, spend):
    today = spend / spend.sum()
    share = following(credit, today)
    assert share.sum() == pytest.approx(1)
    assert np.all(share <= MOST * today + 1e-9) and np.all(share >= 0)
    assert np.all(share >= today / MOST - 1e-9)
    paid = np.flatnonzero(today)
    worth = {k: credit[k] / today[k] for k in paid}
    for a in paid:  # nobody gives way to a channel with clearly less credit per unit of money
        for b in paid:
            if worth[a] > worth[b] * 1.001 + 1e-3 * max(worth.values()):
                assert share[b] <= today[b] / MOST + 1e-9 or share[a] >= today[a] * MOST - 1e-9


def test_money_moves_to_the_channel_with_most_credit_per_unit():
    # 30 credit for a tenth of the money beats 60 for half of it, and is filled to three times today's
    found = following(np.array([30.0, 60.0, 10.0]), np.array([0.1, 0.5, 0.4]))
    assert found == pytest.approx([0.3, 0.7 - 0.4 / 3, 0.4 / 3])
    assert following(np.array([3.0, 1.0, 9.0]), np.array([0.5, 0.5, 0.0])) == pytest.approx([5 / 6, 1 / 6, 0])
    assert following(np.zeros(3), np.array([0.5, 0.3, 0.2])) == pytest.approx([0.5, 0.3, 0.2])
    assert following(np.array([5.0, 3.0, 2.0]), np.array([0.5, 0.3, 0.2])) == pytest.approx([0.5, 0.3, 0.2])
    assert following(np.array([-5.0, 1.0]), np.array([0.5, 0.5])) == pytest.approx([1 / 6, 5 / 6])


def test_todays_budget_brings_what_the_world_brings():
    w = entangled()
    response = Response(w, 60_000, seed=1)
    chance = truth(simulate(w, 60_000, seed=99)).expected / 60_000
    error = np.sqrt(2 * 0.25 / 60_000)  # of two means of probabilities
    assert abs(response.conversions(response.today) - chance) < 3 * error


def test_a_shifted_budget_brings_what_a_world_with_that_reach_brings():
    w = entangled()
    response = Response(w, 60_000, seed=1)
    share = following(np.array([1.0, 3.0, 1.0, 0.0]), response.today)
    factors = np.where(w.paid, share / np.where(w.paid, response.today, 1), 1.0)
    other = truth(simulate(w.scaled(factors), 60_000, seed=98)).expected / 60_000
    moved = response.conversions(share)
    assert abs(moved - other) < 3 * np.sqrt(2 * 0.25 / 60_000)
    assert abs(moved - response.conversions(response.today)) > 1e-4


def test_returns_are_the_slope_of_conversions():
    w = entangled()
    response = Response(w, 200_000, seed=3)
    slope, step = response.returns(response.today), 0.06
    up = [response.conversions(response.today * (1 + step * (np.arange(4) == k))) for k in range(3)]
    down = [response.conversions(response.today * (1 - step * (np.arange(4) == k))) for k in range(3)]
    measured = [(u - d) / (2 * step * response.today[k]) for k, (u, d) in enumerate(zip(up, down, strict=True))]
    assert np.array(measured) / sum(measured) == pytest.approx(slope[:3] / slope[:3].sum(), abs=0.04)


def test_the_best_budget_beats_all_that_were_tried_and_leaves_the_useless_channel():
    w = world(
        Channel("Good", 0.05, 0.02, 3.0, cost=0.1),
        Channel("Fair", 0.05, 0.01, 3.0, cost=0.1),
        Channel("Useless", 0.05, 0.0, 3.0, targeting=1.5, cost=0.1),
    )
    response = Response(w, 30_000, seed=4)
    rng = np.random.default_rng(0)
    tried = [following(rng.random(3), response.today) for _ in range(20)]
    share, value = best(response, [response.today])
    assert value >= max(response.conversions(t) for t in tried)
    assert share == pytest.approx([7 / 9, 1 / 9, 1 / 9], abs=0.02)


@settings(max_examples=5, deadline=None)
@given(st.sampled_from(sorted(PRESETS)), st.integers(0, 100))
def test_nothing_beats_the_best_found_and_money_is_the_same(key, seed):
    w = PRESETS[key]
    rng = np.random.default_rng(seed)
    rows = [("Any", [rng.random(8), rng.random(8)])]
    found = compare(w, rows, rng.random(8), users=1_000, simulated=4_000, seed=seed)
    lines = [found.today, found.best, found.truth, *found.models[0]]
    assert all(sum(a.spend) == pytest.approx(found.total) for a in lines)
    assert all(a.conversions <= found.best.conversions + 1e-9 for a in lines)
    again = compare(w, rows, np.ones(8), users=1_000, simulated=4_000, seed=seed)
    assert again.today.conversions == found.today.conversions


def test_a_world_without_costs_has_no_budget():
    free = world(Channel("A", 0.1, 0.01, 2.0))
    assert compare(free, [("Any", [np.ones(1)])], np.ones(1), users=10, simulated=10, seed=1) is None
