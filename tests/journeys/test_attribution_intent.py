"""Intent as touches show it: against plain loops, known gamma shapes, and a channel that only meets likely buyers."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.integrate import quad

from synth_core.journeys.attribution import credit
from synth_core.journeys.attribution.exposure import exposure
from synth_core.journeys.attribution.intent import shown
from synth_core.journeys.observed import Journeys
from tests.journeys.makers import hazard, timed, timed_rows


def _shown(journeys: Journeys):
    known = exposure(journeys)
    return shown(journeys, known.rows, known.days)


def _negative_binomial(shape: float, users: int = 20_000, rate: float = 0.2, horizon: float = 30.0) -> Journeys:
    rng = np.random.default_rng(6)
    counts = rng.poisson(rate * horizon * rng.gamma(shape, 1 / shape, users))
    times = [np.sort(rng.uniform(0, horizon, n)) for n in counts]
    return timed(*[([("A", t) for t in some], horizon, i % 10 == 0) for i, some in enumerate(times)])


@pytest.mark.parametrize("shape", [0.5, 2.0])
def test_the_spread_of_people_is_found(shape):
    journeys = _negative_binomial(shape)
    column = _shown(journeys).at[:, 1]
    counts = journeys.lengths[journeys.conversions > 0]
    # At the end of 30 days: (a + n) / (a + r·30); its slope and value at none give the shape.
    slope, level = np.polyfit(counts, column, 1)
    assert level / slope == pytest.approx(shape, rel=0.08)
    assert column.mean() == pytest.approx(1, abs=0.05)


def test_people_who_are_alike_show_nothing():
    journeys, _ = hazard(5_000, baseline=0.004, effects=(0.02, 0.01), decays=(3.0, 8.0), seed=1)
    assert _shown(journeys).at.shape[1] == 1


@settings(max_examples=40, derandomize=True, deadline=None)
@given(journeys=timed_rows(most=6, longest=8))
def test_columns_and_their_integrals_are_those_of_a_plain_loop(journeys):
    found, days = _shown(journeys), journeys.end - journeys.begin
    size = len(journeys.channels)
    counts = np.zeros((len(journeys), size))
    np.add.at(counts, (journeys.path, journeys.channel), 1)
    rate = counts.sum(axis=0) / days.sum()
    expected = np.outer(days, rate)
    beyond = ((counts - expected) ** 2 - counts).sum(axis=0)
    column = 1
    for c in range(size):
        square = (expected[:, c] ** 2).sum()
        if beyond[c] <= 3 * np.sqrt(2 * square):
            continue
        a = square / beyond[c]
        for i in range(len(journeys)):
            mine = np.arange(journeys.starts[i], journeys.starts[i + 1])
            time = journeys.time[mine[journeys.channel[mine] == c]]

            def level(t, time=time, a=a, c=c):
                return (a + (time <= t).sum()) / (a + rate[c] * t)

            edges = [0.0, *np.unique(time), journeys.end[i]]
            area = sum(quad(level, low, high)[0] for low, high in pairwise(edges) if high > low)
            assert found.days[i, column] == pytest.approx(area, rel=1e-6, abs=1e-9)
        at = [_level_at(journeys, i, c, a, rate[c]) for i in np.flatnonzero(journeys.conversions > 0)]
        np.testing.assert_allclose(found.at[:, column], at, rtol=1e-9)
        column += 1
    assert found.at.shape[1] == found.days.shape[1] == column


def _level_at(journeys: Journeys, i: int, c: int, a: float, rate: float) -> float:
    """Shown intent at the end of path i."""
    touches = journeys.channel[journeys.starts[i] : journeys.starts[i + 1]]
    return (a + (touches == c).sum()) / (a + rate * journeys.end[i])


@cache
def _trap() -> tuple[Journeys, np.ndarray]:
    """The second channel causes nothing and meets those who buy anyway."""
    return hazard(
        20_000, baseline=0.004, effects=(0.01, 0.0), decays=(3.0, 3.0), seed=2, intent=1.0, targeting=(0.0, 1.2)
    )  # fmt: skip


def test_a_channel_that_only_meets_likely_buyers_is_seen_through():
    journeys, causes = _trap()
    plain, adjusted = (credit(journeys, k) for k in ("additive_hazard", "additive_hazard_intent"))
    assert causes[1] == 0
    assert plain.share[1] > 0.15
    assert adjusted.share[1] < plain.share[1] / 3
    assert adjusted.organic == pytest.approx(causes[2], rel=0.08)
    assert sum(adjusted.credit) + adjusted.organic == pytest.approx(journeys.conversions.sum())


def test_without_targeting_it_says_what_the_plain_model_says():
    journeys, _ = hazard(5_000, baseline=0.004, effects=(0.02, 0.01), decays=(3.0, 8.0), seed=1)
    plain, adjusted = (credit(journeys, k) for k in ("additive_hazard", "additive_hazard_intent"))
    np.testing.assert_allclose(adjusted.credit, plain.credit, rtol=1e-9)
