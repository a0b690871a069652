"""Studies as a whole: what is graded, that ours wins where it should and can lose, and that seeds decide all."""

import json

import numpy as np
import pytest

from synth_core.errors import Cancelled
from synth_core.journeys.attribution import MODELS
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.results import Grades, Stress
from synth_core.journeys.scoring import league
from synth_core.journeys.study import stress, study
from synth_core.journeys.world import Channel
from tests.journeys.worlds import world


@pytest.fixture(scope="module")
def clean():
    return study(PRESETS["clean"], users=12_000, seeds=3, seed=1, resamples=0, n_jobs=1)


def test_every_model_is_graded_on_the_same_journeys_and_all_of_it_can_be_stored(clean):
    assert [s.seed for s in clean.samples] == [1, 2, 3]
    for sample in clean.samples:
        assert [c.model for c in sample.credits] == list(MODELS)
        heuristics = [sum(c.credit) for c in sample.credits if c.organic is None]
        assert np.ptp(heuristics) < 1e-6
    assert Grades.from_dict(json.loads(json.dumps(clean.to_dict()))) == clean


def test_the_additive_hazard_beats_last_touch_and_markov_where_its_assumptions_hold(clean):
    error = {m.model: m.share_error.mean for m in league(clean).models}
    assert error["additive_hazard"] < 0.7 * min(error["last"], error["markov1"])


def test_it_can_lose():
    both = ["last_non_direct", "additive_hazard"]
    trap = study(PRESETS["brand_trap"], users=12_000, seeds=2, models=both, resamples=0, n_jobs=1)
    assert league(trap).models[0].model == "last_non_direct"


def test_trusting_the_truth_costs_next_to_nothing_where_channels_add_up(clean):
    budget = clean.budget
    assert budget.truth.conversions > 0.99 * budget.best.conversions > budget.today.conversions
    lost = {m.model: m.lost.mean for m in league(clean).models}
    assert lost["additive_hazard"] < 0.5 * lost["last"]


def test_the_bootstrap_intervals_hold_what_the_model_gives():
    graded = study(PRESETS["clean"], users=3_000, seeds=1, models=["linear", "markov1"], resamples=60, n_jobs=1)
    (sample,) = graded.samples
    for credits, interval in zip(sample.credits, sample.intervals, strict=True):
        assert all(a <= s <= b for a, s, b in zip(interval.low, credits.share, interval.high, strict=True))
    assert league(graded).models[0].coverage < 1, "biased models do not cover the truth"


def test_seeds_decide_everything_and_workers_nothing():
    def run(seed, jobs):
        return study(PRESETS["full"], users=800, seeds=2, seed=seed, resamples=4, models=["last", "additive_hazard"],
                     n_jobs=jobs)  # fmt: skip

    assert run(5, 1) == run(5, 2) != run(6, 1)


def test_a_world_without_conversions_says_so_and_breaks_nothing():
    empty = world(Channel("A", 0.05, 0.0, 1.0, cost=1.0), Channel("B", 0.05, 0.0, 1.0), baseline=0.0)
    graded = study(empty, users=300, seeds=2, resamples=3, n_jobs=1)
    assert "hardly any conversions" in " ".join(graded.notes)
    for line in league(graded).models:
        assert np.isfinite(line.share_error.mean)


class Stops:
    def __init__(self, after: int) -> None:
        self.left, self.said = after, []

    def report(self, phase, step, total, **metrics):
        self.said.append((phase, step, total))
        self.left -= 1
        if self.left < 0:
            raise Cancelled("stop")


def test_cancel_is_heard_between_simulations():
    with pytest.raises(Cancelled):
        study(PRESETS["clean"], users=500, seeds=50, resamples=0, models=["last"], n_jobs=1, progress=Stops(3))


def test_stress_grades_every_model_in_every_world_and_tells_how_far_it_is():
    listening = Stops(10_000)
    worlds = {key: PRESETS[key] for key in ("clean", "delayed")}
    found = stress(worlds, users=1_500, seeds=2, models=["last", "linear"], n_jobs=1, progress=listening)
    assert {(c.preset, c.model) for c in found.cells} == {(p, m) for p in worlds for m in ("last", "linear")}
    alone = league(study(PRESETS["delayed"], users=1_500, seeds=2, models=["last", "linear"], resamples=0, n_jobs=1))
    cell = next(c for c in found.cells if (c.preset, c.model) == ("delayed", "last"))
    assert cell.share_error == next(m for m in alone.models if m.model == "last").share_error
    steps = [s for _, s, _ in listening.said]
    assert steps == sorted(steps) and steps[-1] == 2
    assert Stress.from_dict(json.loads(json.dumps(found.to_dict()))) == found


@pytest.mark.slow
@pytest.mark.parametrize("key", ["clean", "upstream", "long_decay", "high_organic"])
def test_ours_is_closest_in_every_world_that_is_as_it_assumes(key):
    graded = study(PRESETS[key], seeds=10, models=["last", "markov1", "additive_hazard"], resamples=0)
    assert league(graded).models[0].model == "additive_hazard"
    assert not any(v.within_noise for v in league(graded).versus)
