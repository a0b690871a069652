"""Statistical simulation: the right distribution is found, its AIC is scipy's, and columns stay together."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from synth_core.generators import create
from synth_core.generators._distributions import fit
from synth_core.generators.simulation import cell_scores, copula_correlations
from synth_core.lift import default_arms
from tests.generators.makers import train_rows

N = 4_000


def drawn(name: str, rng: np.random.Generator, n: int = N) -> np.ndarray:
    return {
        "normal": lambda: rng.normal(-5, 2, n),
        "Laplace": lambda: rng.laplace(1, 2, n),
        "uniform": lambda: rng.uniform(-2, 3, n),
        "exponential": lambda: rng.exponential(4, n),
        "gamma": lambda: rng.gamma(2, 3, n),
        "lognormal": lambda: rng.lognormal(3, 0.8, n),
        "beta": lambda: 10 * rng.beta(0.6, 0.5, n),
        "Poisson": lambda: rng.poisson(3, n),
        "negative binomial": lambda: rng.negative_binomial(2, 0.2, n),
    }[name]().astype(float)


@pytest.mark.parametrize(
    ("name", "parameters", "tolerance"),
    [
        ("normal", (-5, 2), 0.1),
        ("Laplace", (1, 2), 0.15),
        ("uniform", (-2, 5), 0.02),
        ("gamma", (2, 0, 3), 0.25),
        ("lognormal", (0.8, 0, np.exp(3)), 0.8),
        ("beta", (0.6, 0.5, 0, 10), 0.05),
        ("Poisson", (3,), 0.1),
        ("negative binomial", (2, 0.2), 0.2),
    ],
)
def test_the_distribution_that_made_the_numbers_is_found_again(name, parameters, tolerance):
    found = fit(drawn(name, np.random.default_rng(11)))
    assert found.title == name
    assert found.rest.args == pytest.approx(parameters, abs=tolerance)
    values = found.quantile((np.arange(50_000) + 0.5) / 50_000)
    real = drawn(name, np.random.default_rng(6))
    assert (np.diff(values) >= 0).all()
    assert stats.ks_2samp(values, real).statistic < 0.04


@pytest.mark.parametrize(("name", "wider"), [("exponential", "gamma"), ("Poisson", "negative binomial")])
def test_the_simpler_of_two_nested_ones_usually_wins(name, wider):
    """AIC prefers one parameter too many in P(χ²₁ > 2) = 16 % of samples."""
    rng = np.random.default_rng(12)
    found = [fit(drawn(name, rng, 300)) for _ in range(25)]
    plain = [f.rest.args[-1] for f in found if f.title == name]
    assert len(plain) >= 16 and sum(f.title == wider for f in found) <= 9
    assert np.mean(plain) == pytest.approx({"exponential": 4, "Poisson": 3}[name], abs=0.15)


@pytest.mark.parametrize(
    ("title", "distribution", "fixed"),
    [
        ("normal", stats.norm, {}),
        ("exponential", stats.expon, {"floc": 0}),
        ("gamma", stats.gamma, {"floc": 0}),
        ("lognormal", stats.lognorm, {"floc": 0}),
        ("Laplace", stats.laplace, {}),
        ("uniform", stats.uniform, {}),
    ],
)
def test_aic_is_that_of_scipys_own_fit(title, distribution, fixed):
    values = np.random.default_rng(1).gamma(3, 2, 301)
    parameters = distribution.fit(values, **fixed)
    aic = 2 * (len(parameters) - len(fixed)) - 2 * distribution.logpdf(values, *parameters).sum()
    assert fit(values).scores[title] == pytest.approx(aic, abs=0.01)


def test_aic_of_counts_is_that_of_their_probabilities():
    values = np.random.default_rng(2).poisson(4, 500).astype(float)
    aic = 2 - 2 * stats.poisson(values.mean()).logpmf(values).sum()
    found = fit(values)
    assert found.scores["Poisson"] == pytest.approx(aic, abs=1e-6)
    assert found.scores["negative binomial"] <= aic + 2.01  # the Poisson is one of them


def test_zeros_beside_a_count_are_a_part_of_their_own():
    rng = np.random.default_rng(3)
    values = rng.poisson(3, N) * (rng.random(N) < 0.6)
    found = fit(values.astype(float))
    assert found.title == "Poisson beside 0"
    assert found.rest.args[0] == pytest.approx(3, abs=0.12)
    assert found.shares[0] == (values == 0).mean()
    made = found.quantile((np.arange(N) + 0.5) / N)
    assert (made == 0).mean() == pytest.approx((values == 0).mean(), abs=0.001)
    assert made.mean() == pytest.approx(values.mean(), rel=0.03)


def test_a_count_from_one_on_is_a_truncated_one():
    """Clicks of people who clicked: a Poisson without its zeros, whose mean is not its rate."""
    values = np.random.default_rng(14).poisson(1.5, 3 * N).astype(float)
    values = values[values > 0]
    found = fit(values)
    if found.title == "negative binomial":  # one parameter too many, in one sample of six
        assert found.rest.args[1] > 0.95
    else:
        assert found.title == "Poisson" and found.rest.args[0] == pytest.approx(1.5, abs=0.06)
    made = found.quantile((np.arange(N) + 0.5) / N)
    assert made.min() == 1 and made.mean() == pytest.approx(values.mean(), rel=0.02)


def test_a_plain_count_gets_no_extra_zeros():
    assert fit(np.random.default_rng(4).poisson(0.7, N).astype(float)).title in ("Poisson", "its own values")


def test_spikes_among_decimals_are_kept():
    rng = np.random.default_rng(5)
    values = np.where(rng.random(N) < 0.3, 0, rng.lognormal(3, 0.5, N)).round(2)
    values[:400] = 19.99
    made = fit(values).quantile(rng.random(20_000))
    assert (made == 0).mean() == pytest.approx((values == 0).mean(), abs=0.01)
    assert (made == 19.99).mean() == pytest.approx((values == 19.99).mean(), abs=0.01)


def test_a_scale_of_a_few_values_keeps_their_shares():
    values = np.random.default_rng(6).choice([1.0, 2, 3, 4, 5], 300, p=[0.1, 0.45, 0.05, 0.05, 0.35])
    found = fit(values)
    assert found.title == "its own values"
    assert dict(zip(found.atoms, found.shares, strict=True)) == {v: (values == v).mean() for v in np.unique(values)}


def test_cell_scores_of_ties_are_conditional_means_of_the_normal():
    z = np.random.default_rng(7).standard_normal(200_000)
    scores = cell_scores((z > 0.5).astype(float))
    assert scores.max() == pytest.approx(z[z > 0.5].mean(), abs=0.02)
    assert scores.min() == pytest.approx(z[z <= 0.5].mean(), abs=0.02)


def test_grouping_does_not_weaken_the_correlation():
    rng = np.random.default_rng(8)
    z = rng.multivariate_normal([0, 0, 0], [[1, 0.5, 0.3], [0.5, 1, 0.4], [0.3, 0.4, 1]], 40_000)
    grouped = (np.exp(z[:, 0]), z[:, 1] > 0.8, np.digitize(z[:, 2], [-1, 0.3]))
    found = copula_correlations(
        pd.DataFrame({k: cell_scores(v.astype(float)) for k, v in zip("abc", grouped, strict=True)})
    )
    assert found[0, 1] == pytest.approx(0.5, abs=0.03)
    assert found[0, 2] == pytest.approx(0.3, abs=0.03)
    assert found[1, 2] == pytest.approx(0.4, abs=0.04)


def test_noise_is_shrunk_to_none_and_real_correlation_is_not():
    rng = np.random.default_rng(9)
    noise = copula_correlations(pd.DataFrame({k: cell_scores(rng.normal(size=12)) for k in "abcdef"}))
    assert np.abs(noise - np.eye(6)).max() < 0.35
    raw = np.corrcoef([rng.normal(size=12) for _ in range(6)])
    assert np.abs(raw - np.eye(6)).max() > np.abs(noise - np.eye(6)).max()
    x = rng.normal(size=2_000)
    kept = copula_correlations(pd.DataFrame({"a": cell_scores(x), "b": cell_scores(x + rng.normal(size=2_000))}))
    assert kept[0, 1] == pytest.approx(np.sqrt(0.5), abs=0.04)


def _related(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(10)
    x = rng.normal(size=rows)
    return pd.DataFrame(
        {
            "spend": np.exp(3 + x).round(2),
            "income": (x + rng.normal(size=rows)).round(3),
            "booked": np.where(x + rng.normal(size=rows) > 0.8, "yes", "no"),
        }
    )


def test_columns_and_target_stay_together_only_where_asked():
    frame = _related(3_000)
    train = train_rows(frame, "booked")
    made = {link: create("simulation", link=link).fit(train, seed=1).sample(6_000, seed=2) for link in
            ("copula", "independent")}  # fmt: skip

    def strength(rows: pd.DataFrame) -> tuple[float, float]:
        booked = rows["booked"] == "yes"
        return rows["spend"].corr(rows["income"], "spearman"), rows["spend"].rank().corr(booked)

    assert strength(made["copula"]) == pytest.approx(strength(frame), abs=0.05)
    assert strength(made["independent"]) == pytest.approx((0, 0), abs=0.05)
    assert (made["copula"]["booked"] == "yes").mean() == pytest.approx((frame["booked"] == "yes").mean(), abs=0.02)


@pytest.mark.parametrize("rows", [2, 3, 5])
def test_a_handful_of_rows_is_enough(rows):
    frame = _related(rows).assign(booked=["yes", "no", "no", "no", "yes"][:rows])
    generator = create("simulation").fit(train_rows(frame, "booked"), seed=1)
    made = generator.sample(200, seed=1)
    assert made["spend"].between(frame["spend"].min(), frame["spend"].max()).all()
    assert made["spend"].nunique() > rows and set(made["booked"]) == {"yes", "no"}


def test_notes_say_which_distribution_each_quantity_got_and_its_aic():
    frame = _related(400).assign(visits=np.random.default_rng(1).poisson(3, 400))
    notes = create("simulation").fit(train_rows(frame, "booked"), seed=1).notes
    values = np.log(frame["spend"])
    aic = 4 - 2 * stats.lognorm(values.std(ddof=0), scale=np.exp(values.mean())).logpdf(frame["spend"]).sum()
    assert any(n.startswith(f"“spend”: lognormal (AIC {aic:,.1f}; next: ") for n in notes)
    assert any(n.startswith("“visits”: Poisson (AIC ") for n in notes)


def test_its_state_makes_the_same_rows():
    train = train_rows(_related(150).assign(visits=np.random.default_rng(1).poisson(1, 150)), "booked")
    first, second = create("simulation").fit(train, seed=1), create("simulation").fit(train, seed=1)
    second._set_state(first._state())
    pd.testing.assert_frame_equal(first.sample(50, seed=3), second.sample(50, seed=3))
    numbers = [v for part in first._state()["parts"].values() for v in np.ravel(part.get("atoms", []))]
    assert not set(numbers) & {v for v in train.frame["spend"] if (train.frame["spend"] == v).sum() == 1}


def test_studies_do_not_start_with_it():
    train = train_rows(_related(100), "booked")
    assert "simulation" not in [*default_arms(train.table), *default_arms(train.table, search=True)]
