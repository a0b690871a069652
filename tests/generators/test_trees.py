"""Trees: what they keep, what they blur, what they never copy."""

import numpy as np
import pandas as pd
import pytest
from sklearn.tree import DecisionTreeRegressor

from synth_core.errors import GeneratorError
from synth_core.generators import create
from synth_core.generators._splits import Splits
from synth_core.tables import Role, Train, set_roles, set_target, table_from_frame


def train_rows(frame: pd.DataFrame, target: str | None = None) -> Train:
    table = table_from_frame(frame)
    return Train(set_target(table, target) if target else table, np.arange(len(frame)))


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    n = 1_200
    x = rng.normal(size=n)
    region = rng.choice(["north", "south", "west"], n, p=[0.6, 0.3, 0.1])
    spend = np.where(rng.random(n) < 0.4, 0.0, np.exp(4 + x + (region == "west")).round(2))
    booked = np.where(rng.random(n) < 1 / (1 + np.exp(-2 * x)), "yes", "no")
    return pd.DataFrame({"x": x.round(4), "region": region, "spend": spend, "booked": booked})


def test_relations_survive(frame):
    made = create("trees").fit(train_rows(frame, "booked"), seed=1).sample(4_000, seed=2)
    for label in ("yes", "no"):
        real, synthetic = frame[frame["booked"] == label], made[made["booked"] == label]
        assert synthetic["x"].mean() == pytest.approx(real["x"].mean(), abs=0.1)
    spent, made_spent = frame[frame["spend"] > 0], made[made["spend"] > 0]
    assert made_spent["spend"].rank().corr(made_spent["x"]) == pytest.approx(
        spent["spend"].rank().corr(spent["x"]), abs=0.1
    )
    west = made_spent.groupby("region")["spend"].median()
    assert west["west"] > 1.25 * west["north"]


def test_a_frequent_value_keeps_its_share_and_nothing_falls_in_the_gap_beside_it(frame):
    made = create("trees").fit(train_rows(frame), seed=1).sample(4_000, seed=2)
    assert (made["spend"] == 0).mean() == pytest.approx((frame["spend"] == 0).mean(), abs=0.03)
    assert made.loc[made["spend"] > 0, "spend"].min() >= frame.loc[frame["spend"] > 0, "spend"].min()


def test_numbers_are_smoothed_unless_kept(frame):
    real = set(frame["x"])
    smoothed = create("trees").fit(train_rows(frame), seed=1).sample(1_000, seed=2)
    kept = create("trees", numbers="real").fit(train_rows(frame), seed=1).sample(1_000, seed=2)
    assert kept["x"].isin(real).all()
    assert smoothed["x"].isin(real).mean() < 0.2


def test_no_leaf_is_smaller_than_asked(frame):
    generator = create("trees", min_leaf=40).fit(train_rows(frame, "booked"), seed=1)
    for step in generator._steps:
        assert step.count[step.count > 0].min() >= 40


def test_rows_are_not_copied(frame):
    """Columns are drawn one after the other, so whole rows of the training data hardly ever come back."""
    made = create("trees").fit(train_rows(frame), seed=1).sample(4_000, seed=2)
    rows = set(frame.itertuples(index=False, name=None))
    assert np.mean([row in rows for row in made.itertuples(index=False, name=None)]) < 0.02


def test_missing_values_stay_tied_to_what_explains_them():
    rng = np.random.default_rng(2)
    kind = rng.choice(["web", "phone"], 1_000)
    value = pd.Series(rng.normal(size=1_000).round(2)).mask(kind == "phone")
    made = create("trees").fit(train_rows(pd.DataFrame({"kind": kind, "value": value})), seed=1).sample(2_000, seed=2)
    assert made.loc[made["kind"] == "phone", "value"].isna().mean() > 0.98
    assert made.loc[made["kind"] == "web", "value"].isna().mean() < 0.02


def test_splits_lead_to_the_leaves_of_the_library():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(800, 4)).astype(np.float32)
    x[rng.random(x.shape) < 0.2] = np.nan
    tree = DecisionTreeRegressor(min_samples_leaf=7, random_state=0).fit(x, np.nansum(x, axis=1))
    leaves = np.flatnonzero(tree.tree_.children_left < 0)
    assert (leaves[Splits.of(tree).apply(x)] == tree.apply(x)).all()


def test_columns_that_tell_of_the_target_come_first(frame):
    rng = np.random.default_rng(3)
    wide = frame.assign(noise=rng.normal(size=len(frame)))[["noise", "region", "x", "booked"]]
    related = create("trees", min_leaf=15).fit(train_rows(wide, "booked"), seed=1)
    assert [v.source for v in related._order][:2] == ["booked", "x"]
    table = create("trees", min_leaf=15, order="table").fit(train_rows(wide, "booked"), seed=1)
    assert [v.source for v in table._order] == ["booked", "noise", "region", "x"]


def test_shares_repeat_with_less_noise_than_single_draws(frame):
    """1,000 single draws of a 60 % level would scatter by 1.5 points; rows of one leaf share its values out."""
    generator = create("trees", min_leaf=15).fit(train_rows(frame, "booked"), seed=1)
    real = (frame["region"] == "north").mean()
    shares = [(generator.sample(1_000, seed=s)["region"] == "north").mean() for s in range(12)]
    assert np.std(shares) < 0.008 and np.mean(shares) == pytest.approx(real, abs=0.01)


def test_leaves_grow_until_copies_are_as_rare_as_repeats():
    rng = np.random.default_rng(5)
    n = 3_000
    few = pd.DataFrame({f"c{i}": rng.choice(list("abcdef"), n) for i in range(6)})
    generator = create("trees").fit(train_rows(few), seed=1)
    rows = set(few.itertuples(index=False, name=None))
    made = generator.sample(n, seed=2)
    copies = np.mean([r in rows for r in made.itertuples(index=False, name=None)])
    repeats = few.duplicated(keep=False).mean()
    assert generator._leaf >= 15 and copies < repeats + 0.03


def test_conditions_are_met_without_throwing_rows_away(frame):
    generator = create("trees", min_leaf=15).fit(train_rows(frame, "booked"), seed=1)
    made = generator.sample(2_000, seed=2, where={"booked": "yes", "region": "west"})
    assert len(made) == 2_000 and set(made["booked"]) == {"yes"} and set(made["region"]) == {"west"}
    assert generator.notes[-1] == "Every row has booked = yes and region = west."
    real = frame[(frame["booked"] == "yes") & (frame["region"] == "west")]
    assert made["x"].mean() == pytest.approx(real["x"].mean(), abs=0.25)
    assert (made["spend"] == 0).mean() == pytest.approx((real["spend"] == 0).mean(), abs=0.12)


@pytest.mark.parametrize("name", ["trees", "copula"])
def test_ids_repeat_as_the_real_ones_do_where_rows_are_picked_from_many(name):
    """The copula puts these rows together from several samples, of which it keeps one row in fifty."""
    rng = np.random.default_rng(0)
    n = 600
    region = rng.choice(["west", "east"], n, p=[0.02, 0.98])
    frame = pd.DataFrame({"customer": np.repeat(np.arange(200), 3) + 100, "x": rng.normal(size=n), "region": region})
    table = set_roles(table_from_frame(frame), {"customer": Role.IDENTIFIER})
    generator = create(name).fit(Train(table, np.arange(n)), seed=1)
    made = generator.sample(600, seed=2, where={"region": "west"})
    assert made["customer"].value_counts().mean() == pytest.approx(3, abs=0.1)
    assert not made["customer"].isin(table.frame["customer"]).any()
    for rows in (0, 1):
        few = generator.sample(rows, seed=2, where={"region": "west"})
        assert len(few) == rows and few.dtypes.equals(table.frame.dtypes)


def test_generators_that_cannot_aim_pick_from_many_and_say_so(frame):
    generator = create("copula").fit(train_rows(frame, "booked"), seed=1)
    made = generator.sample(300, seed=2, where={"region": "west"})
    assert len(made) == 300 and set(made["region"]) == {"west"}
    assert "cannot aim at it" in generator.notes[-1] and " 300 of them" not in generator.notes[-1]


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"city": "Rome"}, "no column “city”"),
        ({"x": 1.0}, "needs a category"),
        ({"region": "east"}, "0 of .* rows made had region = east"),
    ],
)
def test_impossible_conditions_are_refused_in_words(frame, where, words):
    generator = create("trees", min_leaf=15).fit(train_rows(frame, "booked"), seed=1)
    with pytest.raises(GeneratorError, match=words):
        generator.sample(10, seed=1, where=where)
