"""The SMOTE family: geometry, class counts, and what it says when it has to give way."""

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import SMOTE

from synth_core.errors import GeneratorError
from synth_core.generators import create
from synth_core.generators.ratio import rows_for_ratio
from synth_core.tables import Train, set_target, table_from_frame

FAMILY = ["smote", "smotenc", "borderline_smote", "adasyn"]


def train_rows(frame: pd.DataFrame, target: str = "y") -> Train:
    return Train(set_target(table_from_frame(frame), target), np.arange(len(frame)))


@pytest.fixture
def numeric() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    y = np.r_[np.ones(40, int), np.zeros(160, int)]
    return pd.DataFrame({"a": rng.normal(y, 1), "b": rng.normal(0, 100, 200), "y": y})


@pytest.mark.parametrize("name", FAMILY)
@pytest.mark.parametrize("rows", [1, 7, 333])
def test_all_classes_keep_their_real_proportions(name, rows, numeric):
    made = create(name).fit(train_rows(numeric), seed=1).sample(rows, seed=2)
    assert len(made) == rows
    assert abs((made["y"] == 1).sum() - 0.2 * rows) < 1


@pytest.mark.parametrize("name", FAMILY)
def test_minority_only_makes_the_rarest_class(name, numeric):
    made = create(name, classes="minority").fit(train_rows(numeric), seed=1).sample(50, seed=2)
    assert (made["y"] == 1).all()


def test_a_new_row_lies_between_a_row_and_one_of_its_k_nearest_of_the_same_class(numeric):
    made = create("smote", neighbours=3).fit(train_rows(numeric), seed=1).sample(100, seed=2)
    scale = numeric[["a", "b"]].std(ddof=0).to_numpy()
    for label in (0, 1):
        real = numeric.loc[numeric["y"] == label, ["a", "b"]].to_numpy() / scale
        distance = np.linalg.norm(real[:, None] - real[None], axis=2)
        near = np.argsort(distance, axis=1)[:, 1:4]
        start, end = np.repeat(real, 3, axis=0), real[near.ravel()]
        for row in made.loc[made["y"] == label, ["a", "b"]].to_numpy() / scale:
            along = np.clip(((row - start) * (end - start)).sum(1) / ((end - start) ** 2).sum(1), 0, 1)
            assert np.linalg.norm(start + along[:, None] * (end - start) - row, axis=1).min() < 1e-4


def test_its_distribution_is_imbalanced_learns(numeric):
    """Same library call on standardised values: means and spreads agree within sampling error."""
    made = create("smote", classes="minority").fit(train_rows(numeric), seed=1).sample(4_000, seed=2)
    x = numeric[["a", "b"]]
    z = (x - x.mean()) / x.std(ddof=0)
    theirs, _ = SMOTE(sampling_strategy={1: 4_040}, random_state=5).fit_resample(z.to_numpy(), numeric["y"])
    theirs = theirs[200:] * x.std(ddof=0).to_numpy() + x.mean().to_numpy()
    for j, name in enumerate(("a", "b")):
        error = theirs[:, j].std() * np.sqrt(2 / 4_000)
        assert abs(made[name].mean() - theirs[:, j].mean()) < 5 * error
        assert made[name].std() == pytest.approx(theirs[:, j].std(), rel=0.05)


def test_integers_are_rounded_not_cut(numeric):
    """Truncation would pull the mean of a small count down by half."""
    rng = np.random.default_rng(1)
    frame = numeric.assign(visits=rng.poisson(5, 200))
    made = create("smote").fit(train_rows(frame), seed=1).sample(4_000, seed=2)
    for label in (0, 1):
        assert made.loc[made["y"] == label, "visits"].mean() == pytest.approx(
            frame.loc[frame["y"] == label, "visits"].mean(), abs=0.25
        )


def test_neighbours_are_lowered_to_the_class_and_said(numeric):
    frame = pd.concat([numeric[numeric["y"] == 0], numeric[numeric["y"] == 1].head(3)], ignore_index=True)
    generator = create("smote").fit(train_rows(frame), seed=1)
    assert any("lowered from 5 to 2" in n and "3 training rows" in n for n in generator.notes)
    assert len(generator.sample(500, seed=1)) == 500


def test_a_single_row_of_a_class_is_repeated_and_said(numeric):
    frame = pd.concat([numeric[numeric["y"] == 0], numeric[numeric["y"] == 1].head(1)], ignore_index=True)
    generator = create("smote", classes="minority").fit(train_rows(frame), seed=1)
    made = generator.sample(5, seed=1)
    assert made["a"].nunique() == 1 and any("repeated" in n for n in generator.notes)


@pytest.mark.parametrize("name", ["borderline_smote", "adasyn"])
def test_classes_far_apart_fall_back_to_smote_and_say_so(name):
    """No row is near the other class: imbalanced-learn then makes nothing, without a message or with an error."""
    rng = np.random.default_rng(0)
    y = np.r_[np.ones(30, int), np.zeros(60, int)]
    frame = pd.DataFrame({"a": rng.normal(1_000 * y, 1), "b": rng.normal(size=90), "y": y})
    generator = create(name).fit(train_rows(frame), seed=1)
    made = generator.sample(90, seed=2)
    assert (made["y"] == 1).sum() == 30
    assert any("made 0 of 30" in n and "plain SMOTE" in n for n in generator.notes)


@pytest.mark.parametrize("name", FAMILY)
def test_categories_stay_real_levels(name, numeric):
    rng = np.random.default_rng(3)
    frame = numeric.assign(city=rng.choice(["Köln", "Paris", "Rome"], 200), vip=rng.choice(["yes", "no"], 200))
    generator = create(name).fit(train_rows(frame), seed=1)
    made = generator.sample(400, seed=2)
    assert set(made["city"]) <= {"Köln", "Paris", "Rome"} and set(made["vip"]) == {"yes", "no"}
    assert (name == "smote") == any("SMOTE-NC was used" in n for n in generator.notes)


@pytest.mark.parametrize("name", FAMILY)
def test_a_table_of_categories_only(name, numeric):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"city": rng.choice(list("abcd"), 200), "vip": rng.choice(list("xy"), 200), "y": numeric["y"]})
    made = create(name).fit(train_rows(frame), seed=1).sample(100, seed=2)
    assert set(made["city"]) <= set("abcd")


def test_one_class_is_refused_with_the_columns_name(numeric):
    train = train_rows(numeric)
    alone = Train(train.table.take(np.arange(40)), np.arange(40))
    with pytest.raises(GeneratorError, match="“y” has one class"):
        create("smote").fit(alone, seed=1)


def test_sampling_ratio(numeric):
    train = train_rows(numeric)
    assert rows_for_ratio(train, 1.0) == 120
    assert rows_for_ratio(train, 0.5) == 40
    with pytest.raises(GeneratorError, match=r"already has 0\.25"):
        rows_for_ratio(train, 0.2)
    with pytest.raises(GeneratorError, match="at most 1"):
        rows_for_ratio(train, 1.5)


def test_a_large_class_is_cut_for_the_neighbours_and_said(monkeypatch, numeric):
    monkeypatch.setattr("synth_core.generators.smote._MIXED", 50)
    generator = create("smote").fit(train_rows(numeric), seed=1)
    made = generator.sample(200, seed=2)
    assert (made["y"] == 1).sum() == 40, "proportions are those of all rows"
    assert any("50 drawn at random" in n for n in generator.notes)
