"""Trees: what they keep, what they blur, what they never copy."""

import numpy as np
import pandas as pd
import pytest

from synth_core.generators import create
from synth_core.tables import Train, set_target, table_from_frame


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
