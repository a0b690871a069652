"""All models on the same journeys, with bootstrap intervals."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.stats import norm

from synth_core.errors import Cancelled, JourneyError
from synth_core.journeys.attribution import MODELS, attribute, credit, interval, occurrences
from synth_core.journeys.attribution.bootstrap import resampled
from synth_core.journeys.results import Attributed
from tests.journeys.makers import attribution_paths, hazard, path_rows, paths, timed
from tests.tables.makers import needs_real

MIXED = paths(("A > B", 40, 160), ("A", 60, 200), ("B > A", 25, 75))


class Listening:
    def __init__(self, stop: int | None = None) -> None:
        self.said: list[tuple[str, float, float]] = []
        self.stop = stop

    def report(self, phase, step, total, **metrics):
        self.said.append((phase, step, total))
        if self.stop is not None and len(self.said) > self.stop:
            raise Cancelled("Stopped.")


def test_all_models_answer_and_come_back_from_json():
    journeys, _ = hazard(800, baseline=0.005, effects=(0.03, 0.01), decays=(2.0, 5.0), seed=3)
    found = attribute(journeys, resamples=5)
    assert [c.model for c in found.credits] == list(MODELS)
    assert [c.name for c in found.credits] == [m.name for m in MODELS.values()]
    assert all(c == credit(journeys, c.model) for c in found.credits)
    assert found.conversions == journeys.converted
    assert found.untouched == journeys.untouched > 0
    assert "without any touch" in found.credits[0].notes[0]
    for c, i in zip(found.credits, found.intervals, strict=True):
        assert all(low <= high for low, high in zip(i.low, i.high, strict=True))
        assert min(c.share) >= 0
    assert Attributed.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_models_that_need_times_are_named_where_there_are_none():
    found = attribute(MIXED, resamples=0)
    assert {c.model for c in found.credits} == {key for key, model in MODELS.items() if not model.timed}
    assert sum("needs the times of touches" in note for note in found.notes) == 4
    assert set(found.intervals) == {None}
    with pytest.raises(JourneyError, match="Additive hazard needs the times"):
        attribute(MIXED, ["additive_hazard"])


def test_unknown_models_and_no_journeys_are_explained():
    with pytest.raises(JourneyError, match=r"no attribution model “markov9”.*markov3"):
        credit(MIXED, "markov9")
    with pytest.raises(JourneyError, match="No model was chosen"):
        attribute(MIXED, [])
    with pytest.raises(JourneyError, match="no journeys"):
        attribute(timed(channels=("A",)))


def test_progress_is_reported_and_a_stop_is_heeded():
    listening = Listening()
    attribute(MIXED, ["first", "linear"], resamples=4, progress=listening)
    assert [s for _, s, _ in listening.said] == [0, 1, 2, 3, 4, 5, 6]
    assert {(p, t) for p, _, t in listening.said} == {("attributing", 6)}
    with pytest.raises(Cancelled):
        attribute(MIXED, resamples=50, progress=Listening(stop=15))


def test_the_same_seed_draws_the_same_people():
    first, second, other = (attribute(MIXED, resamples=20, seed=s).intervals for s in (1, 1, 2))
    assert first == second != other


def test_one_model_alone_gets_the_interval_it_has_among_all():
    apart = occurrences(MIXED)
    alone = interval(MODELS["markov1"].prepare(apart), apart, resamples=20, seed=7)
    found = attribute(MIXED, resamples=20, seed=7)
    assert found.intervals[[c.model for c in found.credits].index("markov1")] == alone


@pytest.mark.parametrize("key", [k for k, m in MODELS.items() if not m.timed])
@settings(max_examples=25, derandomize=True, deadline=None)
@given(journeys=path_rows())
def test_taking_rows_apart_changes_no_credit(key, journeys):
    apart = occurrences(journeys)
    assert not ((apart.conversions > 0) & (apart.nulls > 0)).any()
    np.testing.assert_allclose(credit(apart, key).credit, credit(journeys, key).credit, atol=1e-9)
    np.testing.assert_allclose(credit(apart, key).value, credit(journeys, key).value, atol=1e-8)


def test_occurrences_of_a_row_are_drawn_one_by_one_and_conversions_apart_from_nulls():
    apart = occurrences(MIXED)
    counts = apart.conversions + apart.nulls
    drawn = np.array([w * counts for w in resampled(apart, 4_000, 1)])
    np.testing.assert_allclose(drawn.mean(axis=0), counts, rtol=0.02)
    np.testing.assert_allclose(drawn.var(axis=0), counts, rtol=0.1)
    assert np.abs(np.corrcoef(drawn.T) - np.eye(len(counts))).max() < 0.06
    with pytest.raises(ValueError, match="taken apart"):
        next(resampled(MIXED, 1, 1))


def test_all_paths_of_a_person_are_drawn_together():
    rows = [([("A", 1.0)], 2.0, True)] * 6
    journeys = timed(*rows, user=[5, 9, 5, 9, 5, 2])
    drawn = np.array(list(resampled(journeys, 500, 1)))
    np.testing.assert_array_equal(drawn[:, 0], drawn[:, 2])
    np.testing.assert_array_equal(drawn[:, 0], drawn[:, 4])
    np.testing.assert_array_equal(drawn[:, 1], drawn[:, 3])
    assert (drawn[:, [0, 1, 5]].sum(axis=1) == 3).all()


def test_an_interval_is_as_wide_as_theory_says():
    journeys = paths(("A", 300, 900), ("B", 700, 900))
    found = attribute(journeys, ["last"], resamples=2_000).intervals[0]
    half = norm.ppf(0.975) * np.sqrt(0.3 * 0.7 / 1_000)
    assert found.low[0] == pytest.approx(0.3 - half, abs=0.15 * half)
    assert found.high[0] == pytest.approx(0.3 + half, abs=0.15 * half)


@pytest.mark.slow
def test_intervals_of_the_additive_hazard_cover_the_truth():
    effects, decays = (0.02, 0.01, 0.005), (3.0, 8.0, 5.0)
    whole = np.array(hazard(150_000, baseline=0.002, effects=effects, decays=decays, seed=900)[1][:-1])
    truth, covered = whole / whole.sum(), []
    for seed in range(40):
        journeys, _ = hazard(3_000, baseline=0.002, effects=effects, decays=decays, seed=seed)
        found = interval(MODELS["additive_hazard"].prepare(journeys), journeys, resamples=100, seed=seed)
        covered.append([low <= t <= high for low, t, high in zip(found.low, truth, found.high, strict=True)])
    assert 0.86 <= np.mean(covered) <= 0.99


@needs_real
def test_the_real_table_is_attributed_with_narrow_intervals():
    found = attribute(attribution_paths(), ["first", "markov1", "shapley"], resamples=30)
    for c, i in zip(found.credits, found.intervals, strict=True):
        for share, low, high in zip(c.share, i.low, i.high, strict=True):
            assert low - 0.005 <= share <= high + 0.005
            assert high - low < 0.03
