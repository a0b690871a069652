"""The report on whole tables: honest samples pass, broken ones are named, nothing is silently dropped."""

import json

import numpy as np
import pandas as pd
import pytest

from synth_core import fidelity
from synth_core.tables import Holdout, Role, Train, load_sample, set_target, table_from_frame


def rows(frame: pd.DataFrame, target: str | None = None) -> Train:
    table = table_from_frame(frame)
    return Train(set_target(table, target) if target else table, np.arange(len(frame)))


@pytest.fixture(scope="module")
def halves():
    split = load_sample("travel").split(holdout=0.5, seed=1)
    return split.train, split.holdout


def test_fresh_real_rows_pass(halves):
    train, fresh = halves
    report = fidelity.report(train, None, fresh.frame, seed=1)
    assert all(f.synthetic.kl < 0.05 for f in report.features)
    assert np.mean([f.synthetic.kl for f in report.features]) == pytest.approx(
        np.mean([f.synthetic.kl_noise for f in report.features]), rel=0.5
    )
    assert report.associations.similarity > 0.9


def test_a_broken_column_is_named_first(halves):
    train, fresh = halves
    broken = fresh.frame.assign(household_income=fresh.frame["household_income"] * 2)
    report = fidelity.report(train, fresh, broken, seed=1)
    worst = max(report.features, key=lambda f: f.synthetic.kl)
    assert worst.name == "household_income" and "household_income" in report.headline
    assert worst.synthetic.kl > 10 * worst.holdout.kl


def test_shuffled_outcomes_keep_marginals_but_lose_the_relation(halves):
    train, fresh = halves
    shuffled = fresh.frame.assign(booked=fresh.frame["booked"].sample(frac=1, random_state=0).to_numpy())
    report = fidelity.report(train, fresh, shuffled, seed=1)
    strongest = max(report.features, key=lambda f: abs((f.target_auc_real or 0.5) - 0.5))
    assert all(f.synthetic.kl < 0.05 for f in report.features)
    assert abs(strongest.synthetic.target_auc - 0.5) < abs(strongest.target_auc_real - 0.5) / 2


def test_a_column_that_lost_its_relation_says_so_where_its_values_are_right(halves):
    train, fresh = halves
    shuffled = fresh.frame.assign(booked=fresh.frame["booked"].sample(frac=1, random_state=0).to_numpy())
    report = fidelity.report(train, fresh, shuffled, seed=1)
    strongest = max(report.features, key=lambda f: abs((f.target_auc_real or 0.5) - 0.5))
    assert strongest.sentence.startswith("Tells less about the target")
    alike = fidelity.report(train, fresh, fresh.frame, seed=1)
    assert not any(f.sentence.startswith("Tells") for f in alike.features)


def test_the_headline_tells_of_rows_that_a_model_can_tell_apart(halves):
    """Every column may be right while the rows are not."""
    train, fresh = halves
    alone = fresh.frame.apply(lambda c: c.sample(frac=1, random_state=len(c.name)).to_numpy())
    report = fidelity.report(train, fresh, alone.astype(fresh.frame.dtypes), seed=1)
    assert report.two_sample.told and "A model can tell the rows apart (AUC 0." in report.headline
    assert "apart" not in fidelity.report(train, fresh, fresh.frame, seed=1).headline


def test_round_trip_through_json(halves):
    train, fresh = halves
    report = fidelity.report(train, fresh, fresh.frame, seed=1)
    assert fidelity.FidelityReport.from_dict(json.loads(json.dumps(report.to_dict(), allow_nan=False))) == report


def test_same_seed_same_report(halves):
    train, fresh = halves
    first, second = (fidelity.report(train, fresh, fresh.frame, seed=3) for _ in range(2))
    assert first == second


def test_columns_set_aside_are_listed_with_a_reason(halves):
    train, fresh = halves
    report = fidelity.report(train, fresh, fresh.frame, seed=1)
    reasons = {u.name: u.reason for u in report.unavailable}
    for name in train.schema.with_roles(Role.IDENTIFIER):
        assert "identifier" in reasons[name]
    assert {f.name for f in report.features} == set(train.schema.features) | {train.schema.target}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_synthetic_rows(halves, count):
    train, fresh = halves
    report = fidelity.report(train, fresh, fresh.frame.head(count), seed=1)
    assert report.synthetic_rows == count
    json.dumps(report.to_dict(), allow_nan=False)


def test_a_strange_table():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "amount": pd.Series(rng.normal(size=80)).mask(rng.random(80) < 0.4),
            "when": pd.date_range("2024-01-01", periods=80).astype(str),
            "same": ["x"] * 80,
            "nothing": [None] * 80,
            "many": [f"v{i}" for i in rng.integers(0, 60, 80)],
            "größe": rng.choice(["S", "M"], 80),
        }
    )
    train = rows(frame)
    held = Holdout(train.table.take(np.arange(10)), np.arange(10))
    synthetic = train.frame.assign(amount=np.nan)
    report = fidelity.report(train, held, synthetic, seed=1)
    amount = next(f for f in report.features if f.name == "amount")
    assert amount.synthetic.missing == 1.0 and amount.synthetic.shape is None and amount.synthetic.kl > 0.5
    when = next(f for f in report.features if f.name == "when")
    assert "2024-01-01" in when.marginal.labels[0]
    assert any(u.name == "Relation to the target" for u in report.unavailable)
    json.dumps(report.to_dict(), allow_nan=False)


def test_marginal_shares_add_up(halves):
    train, fresh = halves
    for feature in fidelity.report(train, fresh, fresh.frame, seed=1).features:
        assert sum(feature.marginal.real) == pytest.approx(1)
        assert sum(feature.marginal.synthetic) == pytest.approx(1)
        assert len(feature.marginal.labels) == len(feature.marginal.real) == len(feature.marginal.synthetic)


def test_one_column():
    report = fidelity.report(rows(pd.DataFrame({"x": np.arange(30) % 7})), None, pd.DataFrame({"x": [1, 2]}), seed=1)
    assert report.associations is None and report.projection is None and len(report.features) == 1


def test_what_needs_an_outcome_or_a_holdout_says_so(halves):
    train, fresh = halves

    def reasons(holdout, synthetic: pd.DataFrame) -> dict[str, str]:
        return {u.name: u.reason for u in fidelity.report(train, holdout, synthetic, seed=1).unavailable}

    alone = fidelity.report(train, None, fresh.frame, seed=1)
    assert "Real holdout rows as a reference" in {u.name for u in alone.unavailable}
    assert "Real holdout rows as a reference" not in reasons(fresh, fresh.frame)
    assert "both outcomes" in reasons(fresh, fresh.frame.assign(booked="no"))["Relation to the target"]
    score = next(s for s in alone.scores if s.key == "two_sample")
    assert score.value is None and score.sentence.startswith("There are no holdout rows. ")
