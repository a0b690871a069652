"""Each of these tries to cheat; the code must not let it."""

from dataclasses import replace

import numpy as np
import pytest

from synth_core import lift
from synth_core.errors import TableError
from synth_core.generators import create
from synth_core.generators.labels import Committee
from synth_core.generators.registry import POLICIES
from synth_core.generators.trees import Trees
from synth_core.lift import evaluate
from synth_core.lift.arms import Arm, candidate, generator_specs
from synth_core.lift.crossval import CrossValidation, fold_seed
from synth_core.lift.learners import family
from synth_core.progress import SILENT
from synth_core.tables import FoldTest, Target, Train, combined, set_target, table_from_frame
from synth_core.tables.encoding import FeatureEncoder
from tests.lift.conftest import make_table

LIGHTGBM = family("lightgbm")
TARGET = Target("booked", "binary", ("no", "yes"))
PLAN = evaluate.Plan(TARGET, LIGHTGBM, LIGHTGBM.default, 200)
R1 = Arm("R1", "default", "reference")


@pytest.fixture
def fold(split):
    return next(iter(split.train.folds(folds=5, repeats=1, seed=1)))


@pytest.mark.parametrize("kind", ["holdout", "fold test", "frame"])
@pytest.mark.parametrize("fit", ["generator", "committee", "encoder", "arms"])
def test_rows_kept_for_scoring_cannot_be_fitted_on(split, fold, kind, fit):
    rows = {"holdout": split.holdout, "fold test": fold.test, "frame": split.train.frame}[kind]
    with pytest.raises(TypeError, match="Train"):
        if fit == "generator":
            create("trees").fit(rows, seed=1)
        elif fit == "committee":
            Committee(1).fit(rows)
        elif fit == "encoder":
            FeatureEncoder().fit(rows)
        else:
            evaluate.evaluate(rows, fold.test, [R1], PLAN, seed=1)


def test_no_fold_scores_a_row_it_trains_on(split):
    for fold in split.train.folds(folds=5, repeats=2, seed=1):
        assert not set(fold.train.row_ids) & set(fold.test.row_ids)
        assert not set(fold.test.row_ids) & set(split.holdout.row_ids)
        assert set(fold.train.row_ids) | set(fold.test.row_ids) == set(split.train.row_ids)


def test_outcomes_of_scored_rows_change_no_prediction(fold):
    """A canary: turn every outcome of the scored rows around. Any path from them into training would show."""
    arms = [R1, Arm("D", "", "reference"), Arm("C", "", "control"), Arm("committee", "", "line")]
    arms += [candidate(s, p) for s in generator_specs(["trees", "smotenc"]) for p in POLICIES]
    turned = fold.test.frame.assign(booked=np.where(fold.test.frame["booked"] == "yes", "no", "yes"))
    canary = FoldTest(replace(fold.test.table, frame=turned), fold.test.row_ids)
    honest = evaluate.evaluate(fold.train, fold.test, arms, PLAN, seed=5)
    other = evaluate.evaluate(fold.train, canary, arms, PLAN, seed=5)
    for key in honest:
        assert np.array_equal(honest[key].predictions, other[key].predictions), key


def test_a_row_is_scored_the_same_whoever_stands_beside_it(fold):
    """Nothing is learned from scored rows together: scoring half of them gives the same numbers."""
    arms = [R1, *[candidate(s, "committee") for s in generator_specs(["trees"])]]
    half = FoldTest(fold.test.table.take(np.arange(10)), fold.test.row_ids[:10])
    both = [evaluate.evaluate(fold.train, rows, arms, PLAN, seed=5) for rows in (fold.test, half)]
    for key in both[0]:
        assert np.array_equal(both[0][key].predictions[:10], both[1][key].predictions)


def test_a_marker_that_only_scored_rows_carry_never_reaches_a_synthetic_row(split):
    marked = split.train.frame.assign(
        channel=np.where(np.arange(len(split.train)) < 60, "only here", split.train.frame["channel"])
    )
    train = Train(replace(split.train.table, frame=marked), split.train.row_ids)
    rest = Train(train.table.take(np.arange(60, len(train))), train.row_ids[60:])
    for name in ("trees", "smotenc"):
        made = create(name).fit(rest, seed=1).sample(500, seed=1)
        assert not (made["channel"] == "only here").any()


def test_all_arms_of_a_fold_share_one_seed_and_folds_differ(split):
    folds = list(split.train.folds(folds=5, repeats=2, seed=1))
    seeds = [fold_seed(7, f) for f in folds]
    assert len(set(seeds)) == 10 and seeds == [fold_seed(7, f) for f in folds]


def test_the_threshold_of_a_fold_ignores_that_folds_outcomes(split):
    """F1 thresholds come from the other folds: turning the scored fold's outcomes around must not move them."""
    folds = list(split.train.folds(folds=5, repeats=1, seed=1))
    cv = CrossValidation(folds, TARGET, 1, 1, SILENT)
    rng = np.random.default_rng(0)
    cv.outcomes = [{"R1": evaluate.Outcome(rng.random(len(f.test)))} for f in folds]
    before = cv.threshold("R1", leaving_out=2)
    cv.labels[2] = 1 - cv.labels[2]
    assert cv.threshold("R1", leaving_out=2) == before


def test_synthetic_rows_added_before_the_split_are_refused(split):
    """SMOTE before the split, by way of our own export: the flag gives it away."""
    made = create("smotenc").fit(split.train, seed=1).sample(50, seed=1)
    mixed = combined(split.train.frame, made, split.train.schema)
    table = set_target(table_from_frame(mixed), "booked", "yes")
    with pytest.raises(TableError, match="marks 50 rows as synthetic"):
        table.split(seed=1)
    real = set_target(table_from_frame(mixed[~mixed["is_synthetic"]]), "booked", "yes")
    assert len(real.split(seed=1).train) > 0


def test_planted_duplicates_never_straddle_a_split():
    """Copies of a row, with either outcome, stay on one side of the holdout and of every fold."""
    table = make_table(120, seed=8)
    planted = table.take(np.concatenate([np.arange(120), np.arange(40), np.arange(40)]))
    turned = planted.frame["booked"].where(np.arange(200) < 160, "no")
    split = replace(planted, frame=planted.frame.assign(booked=turned.astype(object))).split(seed=2)
    assert split.duplicates == 80

    def features(rows):
        return set(zip(rows.frame["age"], rows.frame["income"], rows.frame["noise"], strict=True))

    assert not features(split.train) & features(split.holdout)
    for fold in split.train.folds(folds=5, repeats=3, seed=2):
        assert not features(fold.train) & features(fold.test)


def test_a_generator_that_saw_all_rows_is_found_out_by_its_own_canary(split, monkeypatch):
    """The arm's generator is fitted on the fold's training part: one that asks for other rows gets none."""
    seen = []
    fit = Trees.fit

    def watch(self, train, **kwargs):
        seen.append(set(train.row_ids))
        return fit(self, train, **kwargs)

    monkeypatch.setattr(Trees, "fit", watch)
    lift.study(split, arms=["trees"], labels=["own"], rows=60, folds=3, repeats=1, seed=1, n_jobs=1)
    folds = list(split.train.folds(folds=3, repeats=1, seed=1))
    assert len(seen) == 4  # three folds, and all training rows for the holdout
    for rows, fold in zip(seen, folds, strict=False):
        assert rows == set(fold.train.row_ids) and not rows & set(fold.test.row_ids)
    assert seen[3] == set(split.train.row_ids) and not seen[3] & set(split.holdout.row_ids)


def test_curves_and_curation_learn_from_the_fold_alone(split, monkeypatch):
    """The committee behind soft labels, curation and both curves never sees a scored row."""
    seen = []
    fit = Committee.fit

    def watch(self, train):
        seen.append(set(train.row_ids))
        return fit(self, train)

    monkeypatch.setattr(Committee, "fit", watch)
    lift.study(
        split,
        arms=["trees"],
        labels=["committee", "curated"],
        rows=60,
        folds=3,
        repeats=1,
        seed=1,
        n_jobs=1,
        curves=True,
    )
    held = set(split.holdout.row_ids)
    tests = [set(f.test.row_ids) for f in split.train.folds(folds=3, repeats=1, seed=1)]
    assert len(seen) >= 6 and not any(rows & held for rows in seen)
    assert all(any(not rows & test for test in tests) for rows in seen if rows != set(split.train.row_ids))
