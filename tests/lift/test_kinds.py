"""The same protocol for several classes, for numbers, and along the calendar."""

import json

import numpy as np
import pandas as pd
import pytest

from synth_core import lift
from synth_core.generators import create
from synth_core.generators.labels import Committee, confidently_wrong
from synth_core.lift.results import Study
from synth_core.tables import set_target, table_from_frame


def table_of(kind: str, rows: int = 420, seed: int = 0):
    """Two informative quantities and a category; the target is three classes, or a number."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, rows))
    channel = rng.choice(["mail", "search"], rows)
    score = a + 0.7 * b + (channel == "mail") + 0.5 * rng.normal(size=rows)
    y = score.round(4) if kind == "number" else np.array(["high", "low", "mid"])[np.digitize(score, [0.3, 1.0])]
    days = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(rows) // 3, unit="D")
    frame = pd.DataFrame(
        {"a": a.round(4), "b": b.round(4), "channel": channel, "y": y, "day": days.strftime("%Y-%m-%d")}
    )
    return set_target(table_from_frame(frame), "y")


@pytest.fixture(scope="module", params=["classes", "number"])
def found(request) -> Study:
    split = table_of(request.param).split(seed=1)
    return lift.study(
        split,
        arms=["trees"],
        labels=["own", "committee", "curated"],
        rows=300,
        folds=3,
        repeats=1,
        seed=1,
        n_jobs=1,
        curves=True,
    )


def test_a_study_of_several_classes_or_a_number_reaches_a_verdict(found):
    assert found.verdict.word in ("helps", "hurts", "no evidence")
    assert found.metric == {"multiclass": "Macro AUC", "regression": "R²"}[found.task]
    assert found.metric in found.verdict.sentence
    assert found.arm("R1").scores.main > 0.3
    assert {"trees/own", "trees/committee", "trees/curated", "C", "committee"} <= {a.key for a in found.arms}
    assert ("W" in {a.key for a in found.arms}) == (found.task == "multiclass")
    assert found.holdout.roc_arm is None and found.holdout.low <= found.holdout.delta <= found.holdout.high
    assert len(found.verdict.checks) == (4 if found.task == "multiclass" else 3)


def test_the_committee_is_no_worse_than_one_default_model(found):
    assert found.arm("committee").scores.main > found.arm("R1").scores.main


def test_curation_drops_some_rows(found):
    assert 0.5 * 300 < found.arm("trees/curated").delivered < 300


def test_both_curves_are_measured(found):
    assert [p.rows for p in found.curves.synthetic] == sorted(p.rows for p in found.curves.synthetic)
    assert found.curves.real[-1].mean > found.curves.real[0].mean
    assert found.curves.expected_low <= found.curves.expected_gain <= found.curves.expected_high


def test_round_trip_through_json(found):
    assert Study.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_rare_classes_are_trained_on_but_not_scored():
    table = table_of("classes")
    frame = table.frame.assign(y=np.where(np.arange(len(table)) % 12 == 0, "rare", table.frame["y"]).astype(object))
    split = set_target(table_from_frame(frame), "y").split(seed=1)
    study = lift.study(split, arms=["trees"], labels=["own"], rows=200, folds=3, repeats=1, seed=1, n_jobs=1)
    assert any("“rare” (35)" in n for n in study.notes) and study.verdict.word != "no verdict"


@pytest.mark.parametrize("kind", ["classes", "number"])
def test_too_few_rows_give_no_verdict(kind):
    split = table_of(kind, rows=90).split(seed=1)
    study = lift.study(split, arms=["trees"], labels=["own"], rows=60, folds=3, repeats=1, seed=1, n_jobs=1)
    assert study.verdict.word == "no verdict" and study.holdout is None and study.rare == ()
    assert "No verdict" in study.verdict.sentence


def test_along_the_calendar_no_model_sees_the_future():
    split = table_of("number").split(seed=1, by_date="day")
    study = lift.study(split, arms=["trees"], labels=["own"], rows=200, folds=5, repeats=5, seed=1, n_jobs=1)
    assert study.by_date == "day" and study.cutoff == str(split.holdout.frame["day"].min().date())
    assert (study.folds, study.repeats, study.quick) == (10, 1, False)
    assert any("later periods" in n for n in study.notes)


def test_rows_with_turned_outcomes_are_found_confidently_wrong():
    """Curation must tell turned outcomes from drawn ones, for classes and for numbers."""
    for kind in ("classes", "number"):
        train = table_of(kind).split(seed=1).train
        committee = Committee(1).fit(train)
        made = create("trees").fit(train, seed=1).sample(400, seed=1)
        wrong = made.copy()
        if kind == "number":
            wrong["y"] = -2 * wrong["y"]
        else:
            wrong["y"] = wrong["y"].map({"high": "low", "low": "high", "mid": "mid"}).astype(object)
        before, after = (confidently_wrong(committee, f, train).mean() for f in (made, wrong))
        assert before < 0.3 and after > before + 0.25, kind


def test_the_committee_says_probabilities_of_every_class_and_holds_back_what_it_saw():
    train = table_of("classes").split(seed=1).train
    committee = Committee(1).fit(train)
    said = committee.predict(train.frame)
    assert said.shape == (len(train), 3) and said.sum(axis=1) == pytest.approx(1)
    y = train.outcomes().astype(int)
    known = ~np.isnan(committee.out_of_fold).any(axis=1)
    seen, unseen = said[np.arange(len(y)), y], committee.out_of_fold[np.arange(len(y)), y]
    assert known.mean() > 0.9 and seen[known].mean() > unseen[known].mean() + 0.02


def test_a_useless_member_gets_little_weight():
    """The weights come from rows that members did not see: a member that only remembers must not win."""
    from synth_core.generators.labels import _weights
    from synth_core.tables import Target

    rng = np.random.default_rng(2)
    y = (rng.random(500) < 0.4).astype(float)
    good = np.clip(0.4 + 0.4 * (y - 0.4) + rng.normal(0, 0.1, 500), 0.01, 0.99)
    noise = rng.random(500)
    said = np.stack([np.column_stack([1 - p, p]) for p in (good, noise)])
    weights = _weights(said, y, Target("y", "binary", ("no", "yes")))
    assert weights.sum() == pytest.approx(1) and weights[0] > 0.8
