"""What a blueprint states is what comes out."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from lightgbm import LGBMClassifier
from scipy import stats
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from synth_core.blueprint import Blueprint, Category, Correlation, Identifier, Number, TargetSpec, draw, known_truth
from synth_core.blueprint.marginals import beta_shapes, moments
from synth_core.blueprint.outcome import best_auc
from synth_core.errors import BlueprintError
from synth_core.tables import Role, TableLibrary
from tests.blueprint.makers import leads


@pytest.fixture(scope="module")
def drawn():
    return draw(leads(), seed=3)


def test_the_same_seed_draws_the_same_table(drawn):
    pd.testing.assert_frame_equal(draw(leads(), seed=3).table.frame, drawn.table.frame)
    assert not draw(leads(), seed=4).table.frame["age"].equals(drawn.table.frame["age"])


def test_every_column_has_its_role_and_says_that_it_is_simulated(drawn):
    roles = {c.name: c.role for c in drawn.table.schema}
    assert roles == {
        "lead_id": Role.IDENTIFIER, "email": Role.SENSITIVE, "age": Role.INTEGER, "income": Role.NUMERIC,
        "orders": Role.INTEGER, "channel": Role.CATEGORICAL, "member": Role.BOOLEAN, "day": Role.DATE,
        "bought": Role.TARGET,
    }  # fmt: skip
    assert drawn.table.name == "Leads (simulated)"
    assert drawn.table.notes[0].startswith("Simulated from a blueprint (seed 3), not real data. Best possible AUC: 0.")
    assert drawn.table.task == "binary" and drawn.table.schema.positive == "yes"
    assert drawn.table.frame["lead_id"].is_unique and drawn.table.frame["email"].is_unique


def test_marginals_are_as_stated(drawn):
    frame = drawn.table.frame
    age, income = frame["age"].astype(float), frame["income"].dropna()
    assert age.between(18, 80).all() and age.mean() == pytest.approx(42, abs=0.3)
    assert income.mean() == pytest.approx(50_000, rel=0.02) and income.std() == pytest.approx(20_000, rel=0.04)
    assert (income == income.round()).all()
    assert frame["income"].isna().mean() == pytest.approx(0.1, abs=0.008)
    assert (frame["orders"] == 0).mean() == pytest.approx(0.4, abs=0.012)
    assert frame["channel"].value_counts(normalize=True).to_dict() == pytest.approx(
        {"Search": 0.5, "Social": 0.3, "E-mail": 0.2}, abs=0.012
    )
    assert (frame["member"] == "yes").mean() == pytest.approx(0.25, abs=0.01)
    weekdays = frame["day"].dt.weekday.value_counts()
    assert 6 not in weekdays and weekdays[5] / weekdays[0] == pytest.approx(0.5, abs=0.06)


def test_correlations_are_those_of_the_normal_scores(drawn):
    rows = drawn.table.frame.dropna(subset=["income"])
    spearman = rows["age"].astype(float).corr(rows["income"], "spearman")
    assert spearman == pytest.approx(6 / np.pi * np.arcsin(0.25), abs=0.02)
    assert abs(rows["age"].astype(float).corr(rows["orders"].astype(float), "spearman")) < 0.03


@pytest.mark.parametrize(
    ("column", "reference"),
    [
        (Number("x", distribution="normal", mean=-3, sd=2, decimals=6), stats.norm(-3, 2)),
        (Number("x", distribution="gamma", mean=6, sd=3, decimals=6), stats.gamma(4, scale=1.5)),
        (Number("x", distribution="exponential", mean=6, decimals=6), stats.expon(scale=6)),
        (Number("x", distribution="uniform", low=2, high=5, decimals=6), stats.uniform(2, 3)),
        (Number("x", distribution="beta", low=0, high=10, mean=4, decimals=6), stats.beta(2.4, 3.6, scale=10)),
        (
            Number("x", distribution="normal", mean=0, sd=1, low=0.5, high=2, decimals=6),
            stats.truncnorm(0.5, 2),
        ),
    ],
)
def test_distributions_are_scipys(column, reference):
    values = draw(Blueprint("b", (column,), 20_000), seed=1).table.frame["x"]
    assert stats.kstest(values, reference.cdf).pvalue > 0.001
    assert moments(column) == pytest.approx((reference.mean(), reference.std()), rel=0.01)


@pytest.mark.parametrize(
    ("distribution", "sd", "reference"),
    [("poisson", None, stats.poisson(4)), ("negative binomial", 4, stats.nbinom(4 / 3, 0.25))],
)
def test_counts_are_scipys(distribution, sd, reference):
    column = Number("x", whole=True, distribution=distribution, mean=4, sd=sd)
    values = draw(Blueprint("b", (column,), 20_000), seed=1).table.frame["x"].astype(int)
    seen = np.bincount(values, minlength=12)[:12] / len(values)
    assert seen == pytest.approx(reference.pmf(np.arange(12)), abs=0.01)


@pytest.mark.parametrize("mean", [0.02, 0.16, 0.17, 0.5, 0.9])
def test_low_mean_high_keeps_the_mean_and_never_piles_up_at_both_ends(mean):
    a, b = beta_shapes(mean)
    assert a / (a + b) == pytest.approx(mean)
    assert min(a, b) >= 1 - 1e-12


def test_contradicting_correlations_become_the_nearest_that_go_together():
    columns = tuple(Number(n, distribution="normal", mean=0, sd=1) for n in "abc")
    pairs = (Correlation("a", "b", 0.9), Correlation("a", "c", 0.9), Correlation("b", "c", -0.9))
    found = draw(Blueprint("b", columns, 30_000, pairs), seed=1)
    assert len(found.notes) == 1 and "contradict each other" in found.notes[0]
    assert found.notes[0] in found.table.notes
    seen = found.table.frame.corr().to_numpy()
    # The nearest correlation matrix to this one is known: ±0.5 everywhere (by symmetry, on the border of the cone).
    assert np.abs(seen - [[1, 0.5, 0.5], [0.5, 1, -0.5], [0.5, -0.5, 1]]).max() < 0.03


def test_the_prevalence_and_the_coefficients_are_those_stated():
    found = draw(leads(), 200_000, seed=5)
    y = (found.table.frame["bought"] == "yes").to_numpy()
    assert y.mean() == pytest.approx(0.15, abs=0.004)
    fitted = LogisticRegression(C=1e6, max_iter=500).fit(_design(found), y)
    assert fitted.intercept_[0] == pytest.approx(found.truth.intercept, abs=0.05)
    assert fitted.coef_[0] == pytest.approx([0.6, -0.4, 1.0, 0.8], abs=0.05)


def _design(found) -> np.ndarray:
    """The drivers as they enter the stated model."""
    frame, scales = found.table.frame, found.truth.scales
    numbers = {n: (frame[n].astype(float) - scales[n][0]) / scales[n][1] for n in ("income", "orders")}
    email, member = (frame["channel"] == "E-mail").astype(float), (frame["member"] == "yes").astype(float)
    return np.column_stack([numbers["income"].fillna(0), numbers["orders"], email, member])


def test_no_model_beats_the_best_auc_and_the_true_one_reaches_it():
    found = draw(leads(), 60_000, seed=6)
    y = (found.table.frame["bought"] == "yes").to_numpy()
    learn, judge = np.arange(60_000) < 30_000, np.arange(60_000) >= 30_000
    noise = 3 * 0.005  # standard error of an AUC on 30,000 rows with 4,500 positives is below 0.005
    design = _design(found)
    logistic = LogisticRegression(max_iter=500).fit(design[learn], y[learn])
    reached = roc_auc_score(y[judge], logistic.predict_proba(design[judge])[:, 1])
    assert reached == pytest.approx(found.truth.best_auc, abs=noise)
    features = found.table.features().copy()
    for name in ("channel", "member"):
        features[name] = features[name].astype("category")
    features["day"] = features["day"].astype("int64")
    features = features.astype({"age": float, "orders": float})
    forest = LGBMClassifier(n_estimators=60, num_leaves=15, learning_rate=0.05, verbose=-1, n_jobs=1, random_state=0)
    forest.fit(features[learn], y[learn])
    boosted = roc_auc_score(y[judge], forest.predict_proba(features[judge])[:, 1])
    assert found.truth.best_auc - 0.03 < boosted < found.truth.best_auc + noise


def test_the_best_auc_is_the_same_for_every_seed_and_has_an_honest_error():
    blueprint = leads()
    assert known_truth(blueprint) == draw(blueprint, 500, seed=1).truth == draw(blueprint, 500, seed=2).truth
    rng = np.random.default_rng(0)
    chances = [expit(-2 + rng.normal(size=20_000)) for _ in range(60)]
    aucs, errors = zip(*(best_auc(c) for c in chances), strict=True)
    assert np.mean(errors) == pytest.approx(np.std(aucs), rel=0.35)
    p = chances[0][:400]  # by its definition: all pairs, ties half
    above = (p[:, None] > p[None, :]) + 0.5 * (p[:, None] == p[None, :])
    weight = p[:, None] * (1 - p[None, :])
    assert best_auc(p)[0] == pytest.approx((weight * above).sum() / weight.sum(), abs=1e-9)


def test_without_drivers_nothing_can_be_predicted():
    truth = known_truth(leads(target=TargetSpec("bought", 0.2)))
    assert truth.best_auc == pytest.approx(0.5) and expit(truth.intercept) == pytest.approx(0.2)


NUMBERS = some.builds(
    lambda kind, whole, mean, ratio, zero, missing: Number(
        "x", whole, kind, mean=mean, sd=mean * ratio, low=0, high=mean * 4, zero=zero, missing=missing
    ),
    some.sampled_from(["uniform", "beta", "normal", "lognormal", "gamma", "exponential", "poisson"]),
    some.booleans(),
    some.floats(1, 1e6),
    some.floats(0.1, 1.5),
    some.sampled_from([0, 0.3]),
    some.sampled_from([0, 0.2]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    NUMBERS,
    some.lists(some.integers(1, 20), min_size=2, max_size=6),
    some.floats(0.05, 0.9),
    some.floats(-2, 2),
    some.floats(-0.95, 0.95),
)
def test_any_blueprint_keeps_its_word(number, weights, prevalence, strength, correlation):
    levels = tuple(f"level {i}" for i in range(len(weights)))
    shares = tuple(w / sum(weights) for w in weights)
    blueprint = Blueprint(
        "any",
        (number, Category("c", levels, shares), Identifier("id")),
        8_000,
        (Correlation("x", "c", correlation),),
        TargetSpec("y", prevalence, drivers={"x": strength, "c": {levels[0]: strength}}),
    )
    found = draw(blueprint, seed=1)
    frame = found.table.frame
    x = frame["x"].astype("float64").dropna()
    assert x.between(0, number.high).all() and (x == (x.round() if number.whole else x.round(2))).all()
    assert frame["x"].isna().mean() == pytest.approx(number.missing, abs=0.02)
    if number.zero:
        assert (x == 0).mean() == pytest.approx(number.zero, abs=0.025)
    seen = frame["c"].value_counts(normalize=True).reindex(levels, fill_value=0).to_numpy()
    assert seen == pytest.approx(shares, abs=0.025)
    assert (frame["y"] == "yes").mean() == pytest.approx(prevalence, abs=0.025)
    assert 0.5 - 1e-6 <= found.truth.best_auc < 1 and found.truth.best_auc_error < 0.01


@pytest.mark.parametrize("kind", ["uniform", "beta", "normal", "poisson"])
def test_limits_between_two_steps_are_moved_inside(kind):
    whole = Number("x", True, kind, mean=3, sd=2, low=0.4, high=5.5)
    frame = draw(Blueprint("b", (whole, replace(whole, name="y", whole=False, high=5.555)), 3_000), seed=1).table.frame
    assert (frame["x"].min(), frame["x"].max()) == (1, 5)
    if kind != "poisson":
        assert frame["y"].max() <= 5.55 and (frame["y"] == frame["y"].round(2)).all()


def test_a_draw_without_the_outcome_says_so():
    with pytest.raises(BlueprintError, match=r"Of 20 rows with a prevalence of 0\.01 % none came out as “yes”"):
        draw(leads(target=TargetSpec("bought", 0.0001)), 20, seed=1)


def test_one_row_and_tiny_tables_are_drawn():
    plain = leads(target=None)
    for rows in (1, 2, 3):
        assert len(draw(plain, rows, seed=1).table) == rows


def test_it_is_stored_and_read_back(drawn, tmp_path):
    library = TableLibrary(tmp_path)
    small = drawn.table.take(np.arange(300))
    back = library.get(library.add(small))
    pd.testing.assert_frame_equal(back.frame, small.frame)
    assert back.schema == small.schema and back.notes == small.notes


def test_a_million_rows_of_twenty_columns_take_well_under_a_minute():
    kinds = ("normal", "lognormal", "gamma", "beta", "exponential")
    numbers = tuple(
        Number(f"x{i}", distribution=kinds[i % 5], mean=5, sd=2, low=0, high=50, missing=0.02) for i in range(15)
    )
    columns = (*numbers, *(Category(f"c{i}", ("a", "b", "c")) for i in range(4)))
    pairs = tuple(Correlation(f"x{i}", f"x{i + 1}", 0.4) for i in range(14))
    wide = Blueprint("wide", columns, 1_000_000, pairs, TargetSpec("y", 0.1, drivers={"x1": 0.5}))
    begun = time.process_time()  # of this process alone, whatever else runs
    table = draw(wide, seed=1).table
    assert table.frame.shape == (1_000_000, 20) and time.process_time() - begun < 45


def test_more_columns_do_not_change_the_others():
    short = leads(correlations=(), target=None)
    long = replace(short, columns=(*short.columns, Number("more", low=0, high=1)))
    first, second = draw(short, 500, seed=1).table.frame, draw(long, 500, seed=1).table.frame
    pd.testing.assert_frame_equal(first, second[list(first.columns)])
