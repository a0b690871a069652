"""The search: what it tries, what it counts, and that it never looks at the holdout before its end."""

import json

import numpy as np
import pytest

from synth_core import lift
from synth_core.errors import Cancelled, GeneratorError, StudyError
from synth_core.lift import protocol
from synth_core.lift.arms import generator_specs, variant
from synth_core.lift.results import Study
from synth_core.lift.search import _affordable
from tests.lift.conftest import make_table

REQUEST = {"budget": 120.0, "arms": ["trees"], "labels": ["own", "committee"], "folds": 2, "repeats": 2, "n_jobs": 1}


class Listen:
    def __init__(self):
        self.reports = []

    def report(self, phase, step, total, **metrics):
        self.reports.append((phase, step, total, metrics))


@pytest.fixture(scope="module")
def searched():
    """A search, what it reported, and how often each set of rows was scored."""
    listen, split = Listen(), make_table(240).split(seed=3)
    return lift.autopilot(split, seed=7, progress=listen, earlier_tests=4, **REQUEST), listen, split


def test_every_candidate_counts_whether_it_went_on_or_not(searched):
    study, *_ = searched
    assert len(study.trials) == 9  # 2 numbers of rows × 2 weights × 2 learners with committee labels, 1 with its own
    assert study.tests_made == 9 and study.tests_counted == 13
    finalists = [a for a in study.arms if a.role == "candidate"]
    assert len(finalists) == 6
    assert all(a.p_holm >= min(1.0, 8 * a.p) for a in finalists)


def test_trials_say_on_how_many_folds_they_were_scored(searched):
    study, *_ = searched
    assert {t.folds for t in study.trials} == {2, study.folds * study.repeats}
    assert [t.folds for t in study.trials] == sorted((t.folds for t in study.trials), reverse=True)
    for trial in study.trials[:6]:
        assert trial.delta == pytest.approx(study.arm(trial.key).delta)


def test_the_pick_is_the_best_finalist_or_real_rows(searched):
    study, *_ = searched
    best = max((a for a in study.arms if a.role == "candidate"), key=lambda a: a.delta)
    assert study.verdict.arm == study.holdout.arm == best.key
    assert study.pick == (best.key if best.delta > 0 else study.reference)
    assert Study.from_dict(json.loads(json.dumps(study.to_dict()))) == study


def test_the_leaderboard_is_told_while_it_runs(searched):
    told = [m["leaderboard"] for phase, *_, m in searched[1].reports if phase == "searching"]
    assert len(told) >= 4 and told[0] == "" and all("Trees" in t for t in told[1:])
    scores = [float(line.split()[0]) for line in told[-1].splitlines()]
    assert scores == sorted(scores, reverse=True) and len(scores) <= 5


def test_the_holdout_changes_nothing_before_the_end(searched):
    """A canary: turn every outcome of the holdout around. Only the confirmation may move."""
    study, _, split = searched
    frame = split.holdout.frame.copy()
    frame["booked"] = np.where(frame["booked"] == "yes", "no", "yes").astype(object)
    canary = type(split.holdout)(type(split.holdout.table)(frame, split.holdout.schema), split.holdout.row_ids)
    other = lift.autopilot(type(split)(split.train, canary, split.seed, 0), seed=7, earlier_tests=4, **REQUEST)
    shared = {a.key: a.fold_scores for a in other.arms}
    common = min(study.repeats, other.repeats) * study.folds  # the time that is left decides on repeats
    for arm in study.arms:
        if arm.key in shared:
            assert shared[arm.key][:common] == arm.fold_scores[:common]
    assert len(set(shared) & {a.key for a in study.arms}) >= 10
    if other.holdout.arm == study.holdout.arm:
        assert other.holdout.scores_arm.main == pytest.approx(1 - study.holdout.scores_arm.main, abs=0.2)


def test_the_holdout_is_scored_once(monkeypatch):
    looks = []
    compare = protocol.locked.compare
    monkeypatch.setattr(protocol.locked, "compare", lambda *a, **k: looks.append(a) or compare(*a, **k))
    lift.autopilot(make_table(180).split(seed=3), seed=7, **{**REQUEST, "labels": ["own"], "repeats": 1})
    assert len(looks) == 1


def test_a_generator_that_fails_leaves_the_others_in_the_search(monkeypatch):
    from synth_core.generators.smote import SmoteNC

    monkeypatch.setattr(SmoteNC, "min_rows", 10_000)
    split = make_table(200).split(seed=3)
    request = {**REQUEST, "labels": ["own"], "repeats": 1}
    study = lift.autopilot(split, seed=7, **{**request, "arms": ["trees", "smotenc"]})
    assert {t.key.split("/")[0] for t in study.trials} == {"trees"}
    assert any("10,000" in n for n in study.notes)
    with pytest.raises(GeneratorError, match="10,000"):
        lift.autopilot(split, seed=7, **{**request, "arms": ["smotenc"]})


def test_a_short_budget_starts_without_the_largest_candidates():
    split = make_table(240).split(seed=3)
    spec = generator_specs(["trees"])[0]
    grid = [variant(spec, "committee", r, w, "LightGBM", simple=False) for r in (300, 1_500) for w in range(1, 9)]
    assert _affordable(grid, split, fit=0.01, budget=60) == grid
    some = _affordable(grid, split, fit=0.06, budget=30)
    assert 6 <= len(some) < len(grid) and sum(a.rows == 300 for a in some) == 8
    assert len(_affordable(grid, split, fit=9.0, budget=30)) == 6


def test_too_short_a_budget_is_refused_in_words():
    with pytest.raises(StudyError, match="at least 10"):
        lift.autopilot(make_table(200).split(seed=3), budget=2)


def test_cancel_stops_the_search():
    class Stop(Listen):
        def report(self, phase, step, total, **metrics):
            if phase == "searching":
                raise Cancelled("stop")

    with pytest.raises(Cancelled):
        lift.autopilot(make_table(200).split(seed=3), seed=7, progress=Stop(), **REQUEST)
