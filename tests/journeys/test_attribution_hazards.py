"""The two models of time: against journeys with known hazards, and their parts against plain loops."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from sklearn.linear_model import LogisticRegression

from synth_core.errors import JourneyError
from synth_core.journeys.attribution import additive_hazard as model
from synth_core.journeys.attribution import credit
from synth_core.journeys.attribution.exposure import INSTANT, exposure
from synth_core.journeys.attribution.intent import constant
from synth_core.journeys.attribution.person_time import MOST, WINDOW, fit_logistic, person_time, removal_shares
from tests.journeys.makers import hazard, paths, timed, timed_rows

BASELINE, EFFECTS, DECAYS = 0.002, (0.02, 0.01, 0.0), (3.0, 8.0, 5.0)


@cache
def _known():
    return hazard(20_000, baseline=BASELINE, effects=EFFECTS, decays=DECAYS, seed=5)


def test_the_additive_hazard_recovers_baseline_effects_and_decays():
    found = model.fitted(_known()[0])
    assert found.baseline == pytest.approx(BASELINE, rel=0.1)
    np.testing.assert_allclose(found.effect[:2], EFFECTS[:2], rtol=0.12)
    np.testing.assert_allclose(found.decay[:2], DECAYS[:2], rtol=0.2)
    # What a channel does in all is better known than its two parts.
    np.testing.assert_allclose((found.effect * found.decay)[:2], np.multiply(EFFECTS, DECAYS)[:2], rtol=0.1)
    assert found.effect[2] * found.decay[2] < 0.05 * max(np.multiply(EFFECTS, DECAYS))


def test_its_credits_are_the_true_causes_within_noise():
    journeys, causes = _known()
    found = credit(journeys, "additive_hazard")
    errors = np.array([*found.credit, found.organic]) - causes
    assert (np.abs(errors) < 4 * np.sqrt(causes + 25)).all()
    assert sum(found.credit) + found.organic == pytest.approx(journeys.conversions.sum())


def test_last_touch_is_far_off_where_the_additive_hazard_is_right():
    journeys, causes = _known()
    truth = causes[:-1] / causes[:-1].sum()
    error = {k: np.abs(np.array(credit(journeys, k).share) - truth).mean() for k in ("last", "additive_hazard")}
    assert error["additive_hazard"] < 0.02 < error["last"]


def _log_likelihood(journeys, baseline, effect, decay) -> float:
    """The log-likelihood of the additive hazard, path by path."""
    total = 0.0
    for i in range(len(journeys)):
        touches = slice(journeys.starts[i], journeys.starts[i + 1])
        age = np.maximum(journeys.end[i] - journeys.time[touches], INSTANT)
        b, t = effect[journeys.channel[touches]], decay[journeys.channel[touches]]
        mass = baseline * (journeys.end[i] - journeys.begin[i]) + (b * t * (1 - np.exp(-age / t))).sum()
        total -= (journeys.conversions[i] + journeys.nulls[i]) * mass
        if journeys.conversions[i]:
            total += journeys.conversions[i] * np.log(baseline + (b * np.exp(-age / t)).sum())
    return total


def test_no_other_baseline_effect_or_decay_is_likelier():
    journeys, _ = hazard(1_500, baseline=0.004, effects=(0.03, 0.015), decays=(2.0, 6.0), seed=8)
    found = model.fitted(journeys)

    def posterior(baseline, effect, decay):
        prior = ((np.log(decay) - np.log(centre)) ** 2).sum() / (2 * model.SPREAD**2)
        return _log_likelihood(journeys, baseline, effect, decay) - prior

    known = exposure(journeys)
    problem = model._problem(journeys, known, constant(known.rows, known.days), np.ones(len(journeys)))
    start = max(
        (model._climb(problem, model._begin(problem, np.full(2, d)), np.empty((2, 0))) for d in model.DECAYS),
        key=lambda f: f.gain,
    )
    centre = model._climb(problem, start, np.ones((2, 1))).decay
    assert found.shared == pytest.approx(centre[0])
    best = posterior(found.baseline, found.effect, found.decay)
    assert found.gain == pytest.approx(best, abs=1e-2)
    for factor in (0.9, 0.97, 1.03, 1.1):
        assert posterior(found.baseline * factor, found.effect, found.decay) < best
        for c in range(2):
            scale = np.where(np.arange(2) == c, factor, 1.0)
            assert posterior(found.baseline, found.effect * scale, found.decay) < best
            assert posterior(found.baseline, found.effect, found.decay * scale) < best


def test_credits_are_effects_times_exposure_at_the_maximum():
    journeys, _ = _known()
    found, credits = model.fitted(journeys), credit(journeys, "additive_hazard")
    age = journeys.end[journeys.path] - journeys.time
    decay = found.decay[journeys.channel]
    mass = np.bincount(journeys.channel, decay * (1 - np.exp(-age / decay)), minlength=3)
    np.testing.assert_allclose(credits.credit, found.effect * mass, rtol=1e-3, atol=0.5)
    assert credits.organic == pytest.approx(found.baseline * (journeys.end - journeys.begin).sum(), rel=1e-3)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(journeys=timed_rows())
def test_exposure_is_the_integral_over_each_path(journeys):
    known, decay = exposure(journeys), np.array([0.2, 1.0, 5.0, 40.0])
    age = np.maximum(journeys.end[journeys.path] - journeys.time, INSTANT)
    mine = decay[journeys.channel]
    expected = np.bincount(journeys.channel, mine * (1 - np.exp(-age / mine)), minlength=4)
    whole, lean = known.compensator(known.counted(np.ones(len(journeys))), decay)
    np.testing.assert_allclose(whole, expected, rtol=2e-5, atol=1e-9)
    up, down = (known.compensator(known.counted(np.ones(len(journeys))), decay * f)[0] for f in (1.001, 1 / 1.001))
    np.testing.assert_allclose(lean, (up - down) / (2 * np.log(1.001)), rtol=1e-3, atol=1e-6)


def test_touches_before_the_path_began_are_left_to_the_path_before():
    late = timed(([("A", 1.0), ("B", 6.0)], 8.0, True), ([("A", 6.0)], 20.0, False), begin=[5.0, 5.0])
    found = credit(late, "additive_hazard")
    assert found.credit[0] == 0
    assert sum(found.credit) + found.organic == pytest.approx(1)


def test_a_touch_at_the_very_moment_of_the_conversion_counts():
    rows = [([("A", 3.0), ("B", 5.0)], 5.0, True)] * 20 + [([("A", 3.0)], 30.0, False)] * 200
    found = credit(timed(*rows), "additive_hazard")
    assert found.credit[1] > 19
    assert np.isfinite([*found.credit, found.organic]).all()


@settings(max_examples=60, derandomize=True, deadline=None)
@given(journeys=timed_rows())
def test_person_days_are_what_looking_at_every_moment_finds(journeys):
    known = person_time(journeys)
    days = known.days.toarray()
    np.testing.assert_allclose(days.sum(axis=1), journeys.end - journeys.begin, atol=1e-9)
    for i in range(len(journeys)):
        touches = slice(journeys.starts[i], journeys.starts[i + 1])
        time, channel = journeys.time[touches], journeys.channel[touches]
        edges = np.unique(np.concatenate([[0.0, journeys.end[i]], time, time + WINDOW]))
        edges = edges[edges <= journeys.end[i]]
        expected: dict[tuple, float] = {}
        for low, high in pairwise(edges):
            middle = (low + high) / 2
            recent = channel[(time <= middle) & (time > middle - WINDOW)]
            state = tuple(np.minimum(np.bincount(recent, minlength=4), MOST))
            expected[state] = expected.get(state, 0.0) + high - low
        states = np.rint(np.exp2(known.design[:, 1:]) - 1).astype(int)
        for s in np.flatnonzero(days[i] > 1e-9):
            assert days[i, s] == pytest.approx(expected.pop(tuple(states[s])), abs=1e-9)
        assert sum(expected.values()) < 1e-8


def test_the_logistic_fit_is_that_of_another_library():
    rng = np.random.default_rng(2)
    design = np.column_stack([np.ones(200), rng.integers(0, 3, (200, 2))])
    trials = rng.uniform(20, 200, 200)
    events = rng.binomial(trials.astype(int), 1 / (1 + np.exp(-(design @ [-3, 0.8, -0.4])))).astype(float)
    other = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1_000).fit(
        np.vstack([design[:, 1:]] * 2), np.repeat([1, 0], 200), np.concatenate([events, trials - events])
    )
    found = fit_logistic(design, events, trials, None)
    np.testing.assert_allclose(found, [*other.intercept_, *other.coef_[0]], atol=2e-3)
    np.testing.assert_allclose(fit_logistic(design, events, trials, found + 0.5), found, atol=1e-6)


def test_what_is_left_without_any_touch_is_organic():
    shares = removal_shares(np.array([[1.0, 0, 0], [1, 1, 0], [0, 0, 1], [0, 0, 0]]), np.log([4.0, 2.0, 0.5]))
    np.testing.assert_allclose(shares[0], [0.75, 0, 0])
    # 3/4 and 1/2 are taken away by leaving out either, 7/8 by leaving out both.
    np.testing.assert_allclose(shares[1], [0.875 * 0.6, 0.875 * 0.4, 0])
    np.testing.assert_allclose(shares[2:], 0)


def test_person_days_give_a_channel_without_effect_nothing_though_converters_met_it_as_often():
    journeys, causes = _known()
    found = credit(journeys, "logistic")
    assert found.credit[2] < 0.02 * sum(found.credit)
    assert sum(found.credit) + found.organic == pytest.approx(journeys.conversions.sum())
    truth = causes[:-1] / causes[:-1].sum()
    assert np.abs(np.array(found.share) - truth).max() < 0.1


@pytest.mark.parametrize("key", ["logistic", "additive_hazard", "additive_hazard_intent"])
def test_models_of_time_say_that_they_need_times(key):
    with pytest.raises(JourneyError, match="needs the times of touches"):
        credit(paths(("A > B", 1, 0)), key)


@pytest.mark.parametrize("key", ["logistic", "additive_hazard", "additive_hazard_intent"])
def test_without_conversions_everything_is_zero(key):
    found = credit(timed(([("A", 1.0)], 5.0, False), ([], 5.0, False)), key)
    assert found.credit == (0.0,)
    assert found.organic == 0


@pytest.mark.parametrize("key", ["logistic", "additive_hazard", "additive_hazard_intent"])
def test_with_conversions_of_the_untouched_only_everything_is_organic(key):
    rows = [([], 5.0, True)] * 4 + [([("A", 1.0)], 30.0, False)] * 50
    found = credit(timed(*rows), key)
    assert found.credit[0] == pytest.approx(0, abs=1e-6)
    assert found.organic == pytest.approx(4)
