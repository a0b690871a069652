"""The bundled samples are what they are said to be: size, rates, and the best AUC any model can reach."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from synth_core.errors import TableError
from synth_core.tables import SAMPLES, Role, load_sample, travel_leads
from synth_core.tables.samples import best_possible_auc


def test_the_samples_the_pages_offer():
    assert set(SAMPLES) == {"travel", "fraud"}
    for sample in SAMPLES.values():
        assert "simulated" in sample.title and sample.summary


def test_travel_is_a_small_table_of_eighteen_features():
    table = load_sample("travel")
    assert len(table) == 1200
    assert len(table.schema.features) == 18
    assert table.schema["enquiry_id"].role is Role.IDENTIFIER
    assert table.schema["emails_opened"].role is Role.INTEGER
    assert table.schema.positive == "yes"
    assert 0.27 <= table.labels().mean() <= 0.33
    assert table.frame["household_income"].isna().mean() == pytest.approx(0.11, abs=0.03)


def test_fraud_is_large_and_rare():
    table = load_sample("fraud")
    assert len(table) == 60_000
    assert table.schema.positive == "1"
    assert 0.0025 <= table.labels().mean() <= 0.0035


@pytest.mark.parametrize("name", ["travel", "fraud"])
def test_stated_best_auc_is_that_of_the_rule(name):
    sample = SAMPLES[name]
    stated = sample.best_auc
    assert best_possible_auc(sample) == pytest.approx(stated, abs=0.002)
    rng = np.random.default_rng(11)
    _, chance = sample.simulate(200_000, rng)
    outcome = rng.random(len(chance)) < chance
    assert roc_auc_score(outcome, chance) == pytest.approx(stated, abs=0.012)
    assert f"{stated:.3f}" in load_sample(name).notes[0]
    assert "not real data" in load_sample(name).notes[0]


def test_travel_can_be_learned_but_not_beyond_its_best():
    assert 0.75 <= SAMPLES["travel"].best_auc <= 0.80
    frame, chance = SAMPLES["travel"].simulate(20_000, np.random.default_rng(5))
    outcome = np.random.default_rng(6).random(20_000) < chance
    x = pd.get_dummies(frame.drop(columns=["enquiry_id", "enquiry_date"])).astype("float64")
    x = ((x - x.mean()) / x.std()).fillna(0)
    model = LogisticRegression(max_iter=500).fit(x[:15_000], outcome[:15_000])
    auc = roc_auc_score(outcome[15_000:], model.predict_proba(x[15_000:])[:, 1])
    assert 0.68 < auc <= roc_auc_score(outcome[15_000:], chance[15_000:])


@pytest.mark.parametrize("name", ["travel", "fraud"])
def test_one_seed_one_table(name):
    assert load_sample(name, seed=3).sha256() == load_sample(name, seed=3).sha256() != load_sample(name).sha256()


def test_twelve_weeks_of_later_leads_follow_the_table():
    table, weeks = load_sample("travel"), travel_leads()
    assert len(weeks) == 12
    last = table.frame["enquiry_date"].max()
    for week in weeks:
        assert dict(week.dtypes) == dict(table.frame.dtypes)
        assert set(week["booked"]) == {"yes", "no"}
        assert week["enquiry_date"].min() > last
        assert (week["enquiry_date"].max() - week["enquiry_date"].min()).days <= 6
        last = week["enquiry_date"].max()
    everything = pd.concat(weeks)
    ids = [*table.frame["enquiry_id"], *everything["enquiry_id"]]
    assert len(ids) == len(set(ids))
    assert 550 <= len(everything) <= 900
    assert (everything["booked"] == "yes").mean() == pytest.approx(0.30, abs=0.05)


def test_leads_repeat_with_the_seed_only():
    first, again, other = travel_leads(3), travel_leads(3), travel_leads(4)
    assert all(a.equals(b) for a, b in zip(first, again, strict=True))
    assert not first[0].equals(other[0])


def test_unknown_sample_is_named():
    with pytest.raises(TableError, match=r"no sample called “hotel”\. The samples are: travel, fraud"):
        load_sample("hotel")
