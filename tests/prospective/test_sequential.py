"""The always-valid interval: its formula, its best width, its coverage at all looks, and the forecast."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from synth_core.lift import delong
from synth_core.prospective import sequential
from synth_core.prospective.sequential import FEWEST, half_width, tightest_at, weeks_needed


def test_the_formula_is_the_published_one():
    leads, tightest, alpha = 700, 1_200, 0.05
    minus = -lambert_by_search(alpha) - 1
    rho2 = minus / tightest
    wanted = math.sqrt((leads * rho2 + 1) / (leads * rho2) * math.log((leads * rho2 + 1) / alpha**2))
    assert half_width(1.0, leads, tightest) == pytest.approx(wanted, rel=1e-6)
    # The same as the running mean's form: sd · sqrt(2(nρ²+1)/(n²ρ²) · log(sqrt(nρ²+1)/α)), with error = sd/√n.
    sd = math.sqrt(leads)
    other = sd * math.sqrt(2 * (leads * rho2 + 1) / (leads**2 * rho2) * math.log(math.sqrt(leads * rho2 + 1) / alpha))
    assert half_width(1.0, leads, tightest) == pytest.approx(other, rel=1e-6)


def lambert_by_search(alpha: float) -> float:
    """W₋₁(−α²/e) by bisection on w·exp(w)."""
    low, high, wanted = -60.0, -1.0, -(alpha**2) / math.e
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if middle * math.exp(middle) > wanted else (low, middle)
    return low


@pytest.mark.parametrize("leads", [100, 1_200, 50_000])
def test_no_other_setting_is_tighter_at_the_stated_number(leads):
    best = minimize_scalar(lambda t: half_width(1.0, leads, math.exp(t)), bounds=(0, 16), method="bounded")
    assert math.exp(best.x) == pytest.approx(leads, rel=0.02)
    assert half_width(1.0, leads, leads) > norm.ppf(0.975), "safe to look at any time costs width"


def test_the_stated_number_follows_the_rarer_outcome():
    assert tightest_at(0.2) == tightest_at(0.8) == 5 * sequential.TIGHTEST
    assert tightest_at(0.0) < 10**6


def null(rng, leads: int, base: float, auc: float, shared: float):
    """Two binormal scores with the same AUC and correlation ``shared`` within a class."""
    y = (rng.random(leads) < base).astype(float)
    common = np.sqrt(shared) * rng.standard_normal(leads)
    scores = [
        y * norm.ppf(auc) * np.sqrt(2) + common + np.sqrt(1 - shared) * rng.standard_normal(leads) for _ in range(2)
    ]
    return y, *scores


@pytest.mark.parametrize(
    ("base", "auc", "shared", "seed"),
    [
        (0.17, 0.75, 0.8, 1),
        pytest.param(0.06, 0.75, 0.5, 2, marks=pytest.mark.slow),
        (0.3, 0.95, 0.9, 3),
    ],
)
def test_it_holds_at_all_looks_together_from_the_burn_in_on(base, auc, shared, seed):
    """A look after every 10 positives, from 30 to 300 of them: far more often than weekly."""
    runs, missed = 200, 0
    tightest, leads = tightest_at(base), int(310 / base)
    for run in range(runs):
        y, p, q = null(np.random.default_rng([seed, run]), leads, base, auc, shared)
        positives = np.cumsum(y)
        for count in range(FEWEST, 301, 10):
            n = int(np.searchsorted(positives, count)) + 1
            if n > leads:
                break
            delta, error = delong.auc_difference(y[:n], p[:n], q[:n])
            if abs(delta) > half_width(error, n, tightest):
                missed += 1
                break
    assert missed / runs <= 0.05


def test_looking_again_and_again_breaks_the_ordinary_interval():
    """What the always-valid one is for: with the ordinary interval the same looks fail far more often than 5 %."""
    runs, missed = 200, 0
    for run in range(runs):
        y, p, q = null(np.random.default_rng([9, run]), 1_800, 0.17, 0.75, 0.8)
        looks = (delong.auc_difference(y[:n], p[:n], q[:n]) for n in range(200, 1_801, 100))
        missed += any(abs(delta) > 1.96 * error for delta, error in looks)
    assert missed / runs > 0.1


def test_weeks_needed_is_the_first_week_that_decides():
    delta, error, leads, tightest = 0.03, 0.02, 1_000, 1_200
    week = weeks_needed(delta, error, leads, 400, tightest)
    assert week >= 1

    def decided(weeks: int) -> bool:
        then = leads + 400 * weeks
        return delta > half_width(error * math.sqrt(leads / then), then, tightest)

    assert decided(week) and not decided(week - 1)
    assert weeks_needed(-delta, error, leads, 400, tightest) == week
    assert weeks_needed(0.5, error, leads, 400, tightest) == 0
    assert weeks_needed(0.0001, error, leads, 400, tightest) is None
    assert weeks_needed(delta, error, leads, 0, tightest) is None and weeks_needed(delta, error, 0, 5, tightest) is None
