"""A study end to end: what it must find, what it must not find, and what it says."""

import json

import numpy as np
import pytest

from synth_core import generators, lift, read_table
from synth_core.errors import Cancelled, GeneratorError, SchemaError, StudyError
from synth_core.generators.labels import Committee
from synth_core.lift.arms import generator_specs
from synth_core.lift.results import ArmResult, HoldoutResult, Scores, Study
from synth_core.lift.statistics import Paired
from synth_core.lift.verdict import decide
from tests.lift.conftest import make_table


@pytest.fixture(scope="module")
def found(split) -> Study:
    return lift.study(split, arms=["trees", "smotenc"], rows=300, folds=5, repeats=2, seed=7)


def test_every_arm_is_there_on_the_same_folds(found):
    assert [a.key for a in found.arms] == [
        "R1", "R2", "W", "D", "C", "committee",
        "trees/own", "trees/committee", "smotenc/own", "smotenc/committee", "trees/only", "smotenc/only",
    ]  # fmt: skip
    assert {len(a.fold_scores) for a in found.arms} == {10}
    assert all(a.delivered == 300 for a in found.arms if a.generator)


def test_the_reference_is_the_best_real_rows_arm(found):
    references = [a for a in found.arms if a.role == "reference"]
    assert found.reference == max(references, key=lambda a: a.scores.main).key
    assert found.arm(found.reference).delta is None
    for arm in found.arms:
        if arm.key != found.reference:
            difference = np.array(arm.fold_scores) - np.array(found.arm(found.reference).fold_scores)
            assert arm.delta == pytest.approx(difference.mean())


def test_only_candidates_are_tested(found):
    assert found.tests_counted == 4
    for arm in found.arms:
        assert (arm.p_holm is not None) == (arm.role == "candidate")


def test_the_holdout_is_scored_for_the_best_candidate_only(found):
    best = max((a for a in found.arms if a.role == "candidate"), key=lambda a: a.delta)
    assert found.holdout.arm == found.verdict.arm == best.key
    assert found.holdout.reference == found.reference
    assert found.holdout.look == 1


def test_round_trip_through_json(found):
    assert Study.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_same_seed_same_study_in_any_number_of_processes(split, found):
    again = lift.study(split, arms=["trees", "smotenc"], rows=300, folds=5, repeats=2, seed=7, n_jobs=1)
    assert [a.fold_scores for a in again.arms] == [a.fold_scores for a in found.arms]
    assert again.holdout == found.holdout
    other = lift.study(split, arms=["trees"], labels=["own"], rows=300, repeats=1, seed=8, n_jobs=1)
    assert other.arm("R1").fold_scores != found.arm("R1").fold_scores[:5]


def test_five_lines_in_a_notebook(tmp_path):
    path = tmp_path / "bookings.csv"
    make_table(300).frame.to_csv(path, index=False)
    table = read_table(path, target="booked")
    split = table.split(holdout=0.2, seed=7)
    study = lift.study(split, arms=["smotenc"], rows=100, folds=3, repeats=1, seed=7)
    assert str(study.verdict) == study.verdict.sentence
    assert set(generators.CATALOGUE) >= {"trees", "smotenc"}


def test_noise_is_not_called_help():
    """No feature carries anything: the verdict must not be “helps”."""
    split = make_table(300, strength=0.0, seed=4).split(seed=1)
    study = lift.study(split, arms=["trees"], rows=200, repeats=2, seed=1)
    assert study.verdict.word != "helps"


def test_rows_with_wrong_outcomes_hurt(monkeypatch):
    """A generator whose outcomes are turned around must be found out."""
    from synth_core.generators.trees import Trees

    sample = Trees.sample

    def turned(self, rows, **kwargs):
        made = sample(self, rows, **kwargs)
        return made.assign(booked=np.where(made["booked"] == "yes", "no", "yes").astype(object))

    monkeypatch.setattr(Trees, "sample", turned)
    split = make_table(400, seed=2).split(seed=1)
    study = lift.study(split, arms=["trees"], labels=["own"], rows=900, repeats=2, seed=1, n_jobs=1)
    assert study.verdict.word == "hurts"
    assert "hurts" in study.verdict.sentence and study.verdict.high < 0


def test_more_real_rows_help(monkeypatch):
    """An oracle that returns unseen real rows of the same kind must be able to win, or the test has no power."""
    from synth_core.generators.trees import Trees

    unseen = make_table(4_000, seed=77).frame

    def oracle(self, rows, *, seed, progress=None):
        return unseen.sample(rows, random_state=seed).reset_index(drop=True)

    monkeypatch.setattr(Trees, "sample", oracle)
    split = make_table(200, seed=5).split(seed=1)
    study = lift.study(split, arms=["trees"], labels=["own"], rows=2_000, repeats=5, seed=1, n_jobs=1)
    assert study.arm("trees/own").delta > 0.01
    assert study.verdict.word == "helps", study.verdict


def test_under_50_positives_there_is_no_verdict():
    split = make_table(600, share=0.05, seed=1).split(seed=1)
    study = lift.study(split, arms=["trees"], rows=200, repeats=2, seed=1)
    assert study.verdict.word == "no verdict" and study.holdout is None
    assert "30 rows" in study.verdict.sentence
    assert {r.arm for r in study.rare} == {a.key for a in study.arms if a.role != "synthetic only"}
    for rare in study.rare:
        value, low, high = rare.average_precision
        assert 0 <= low <= value <= high <= 1


def test_balancing_the_classes_inflates_probabilities_and_says_how_much():
    split = make_table(700, share=0.1, seed=3).split(seed=1)
    balanced = ("smotenc", {"classes": "minority"})
    study = lift.study(split, arms=[balanced], labels=["own"], rows=50, folds=3, repeats=1, seed=1, n_jobs=1)
    arm = study.arm("smotenc(classes=minority)/own")
    assert "the rarest class only" in arm.title
    assert arm.delivered == pytest.approx(560 * 2 / 3 * 0.8, abs=2)  # as many as there are more of the others
    assert arm.inflation > 1.3 > study.arm("R2").inflation > 0.7
    assert study.arm("W").inflation > study.arm("R1").inflation
    assert not any(a.role == "synthetic only" for a in study.arms)


def test_the_first_model_of_a_search_for_gains_is_never_called_a_gain_of_synthesis(found):
    """Arm C, real rows with the committee's labels, is a control: it is shown, tested against nothing, never chosen."""
    assert found.arm("C").role == "control" and found.arm("C").p_holm is None
    assert found.arm("C").delivered == 300


def test_a_handful_of_positives_lowers_the_folds_and_says_so():
    split = make_table(200, share=0.02, seed=1).split(seed=1)
    study = lift.study(split, arms=["trees", "smotenc"], rows=50, repeats=1, seed=1, n_jobs=1)
    assert study.folds == 3 and any("3 folds instead of 5" in n for n in study.notes)


def test_a_generator_that_cannot_run_is_left_out_with_its_reason(split, monkeypatch):
    from synth_core.generators.smote import SmoteNC

    monkeypatch.setattr(SmoteNC, "min_rows", 10_000)
    study = lift.study(split, arms=["trees", "smotenc"], labels=["own"], rows=50, repeats=1, seed=1, n_jobs=1)
    assert not any(a.generator == "smotenc" for a in study.arms)
    assert any("needs at least 10,000 training rows" in n for n in study.notes)
    with pytest.raises(GeneratorError, match="10,000"):
        lift.study(split, arms=["smotenc"], rows=50, repeats=1, seed=1, n_jobs=1)


def test_earlier_looks_and_tests_count(split):
    study = lift.study(
        split, arms=["trees"], labels=["own"], rows=50, repeats=1, seed=1, n_jobs=1, earlier_tests=9, earlier_looks=2
    )
    assert study.tests_counted == 10 and study.holdout.look == 3
    assert study.arm("trees/own").p_holm == pytest.approx(min(1, 10 * study.arm("trees/own").p))
    assert any("3 times" in n for n in study.notes)


def test_logistic_regression_is_offered(split):
    study = lift.study(split, arms=["trees"], labels=["own"], rows=50, repeats=1, seed=1, learner="logistic", n_jobs=1)
    assert "Logistic" in study.arm("R1").title


def test_cancel_stops_between_folds(split):
    class Stop:
        seen = 0

        def report(self, phase, step, total, **metrics):
            self.seen += 1
            if self.seen == 2:
                raise Cancelled("stop")

    with pytest.raises(Cancelled):
        lift.study(split, arms=["trees"], rows=50, repeats=1, seed=1, n_jobs=1, progress=Stop())


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"arms": []}, StudyError, "pick at least one"),
        ({"arms": ["trees", "trees"]}, StudyError, "twice"),
        ({"arms": ["magic"]}, GeneratorError, "no generator called “magic”"),
        ({"arms": [("trees", {"min_leaf": 0})]}, GeneratorError, "choose 2 to 200"),
        ({"labels": ["mine"]}, StudyError, "mine"),
        ({"rows": 0}, StudyError, "at least 1 row"),
        ({"learner": "perceptron"}, StudyError, "no learner"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_in_words(split, change, error, words):
    with pytest.raises(error, match=words):
        lift.study(split, **{"arms": ["trees"], **change})


def test_without_a_target_there_is_a_sentence():
    from synth_core.tables import table_from_frame

    split = table_from_frame(make_table(100).frame.drop(columns="booked")).split(seed=1)
    with pytest.raises(SchemaError, match="No target"):
        lift.study(split, arms=["trees"])


def test_settings_of_a_generator_get_an_arm_of_their_own():
    keys = [s.key for s in generator_specs(["trees", ("trees", {"min_leaf": 30})])]
    assert keys == ["trees", "trees(min_leaf=30)"]


def test_the_committee_beats_chance_and_is_reproducible(split):
    p, q = (Committee(3).fit(split.train).predict(split.holdout.frame) for _ in range(2))
    y = split.holdout.labels()
    assert np.array_equal(p, q)
    assert sum(Committee(3).fit(split.train).weights.values()) == pytest.approx(1)
    assert p[y == 1].mean() > p[y == 0].mean() + 0.1


GOOD = Scores(0.8, brier=0.1)


def verdict_for(mean=0.02, error=0.003, p=0.01, worse=1.0, holdout=0.01, brier=0.1):
    """The word for one candidate against a reference with Brier 0.1."""
    reference = ArmResult("R1", "LightGBM, default", "reference", (0.8,) * 25, GOOD)
    small = ArmResult("R2", "LightGBM, small trees", "reference", (0.8,) * 25, GOOD)
    scores = Scores(0.82, brier=brier)
    chosen = ArmResult(
        "trees/own",
        "Trees",
        "candidate",
        (0.8 + mean,) * 25,
        scores,
        "trees",
        "own",
        mean,
        p_holm=p,
        p_worse_holm=worse,
    )
    look = HoldoutResult("trees/own", "R1", holdout, 0, 0.1, GOOD, GOOD)
    return decide([reference, small, chosen], "R1", chosen, Paired(mean, error, 24), look, tests=1, rows=100)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, "helps"),
        ({"p": 0.06}, "no evidence"),
        ({"mean": 0.004}, "no evidence"),
        ({"holdout": 0.0}, "no evidence"),
        ({"brier": 0.1021}, "no evidence"),
        ({"brier": 0.1019}, "helps"),
        ({"mean": -0.02, "p": 1.0, "worse": 0.01, "holdout": 0.05}, "hurts"),
        ({"mean": -0.004, "p": 1.0, "worse": 0.01}, "no evidence"),
        ({"mean": -0.02, "p": 1.0, "worse": 0.2}, "no evidence"),
    ],
)
def test_each_condition_of_the_verdict_decides(change, word):
    verdict = verdict_for(**change)
    assert verdict.word == word
    assert word in verdict.sentence.lower() or word.rstrip("s") in verdict.sentence
    assert verdict.smallest_detectable >= 0.005
