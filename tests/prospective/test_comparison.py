"""Two AUCs on the same leads: against other implementations, and where weeks are not alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from synth_core.lift import delong
from synth_core.prospective.comparison import compare
from synth_core.prospective.sequential import FEWEST_WEEKS, half_width, tightest_at


def leads(rng, per_week: int, weeks: int, uneven: float = 0.0, base: float = 0.2):
    """Outcomes, two scores of the same mean AUC, and the week of each lead."""
    week = np.repeat(np.arange(weeks), per_week)
    y = (rng.random(len(week)) < base).astype(float)
    common = np.sqrt(0.8) * rng.standard_normal(len(y))
    auc = (0.75 + uneven * rng.standard_normal(weeks))[week]
    arm, reference = (
        y * norm.ppf(a) * np.sqrt(2) + common + np.sqrt(0.2) * rng.standard_normal(len(y)) for a in (auc, 0.75)
    )
    return y, arm, reference, week


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.integers(20, 200), st.integers(0, 2))
def test_it_agrees_with_scikit_learn_and_delong(seed, count, digits):
    y, arm, reference, week = leads(np.random.default_rng(seed), count, 3)
    arm, reference = arm.round(digits), reference.round(digits)  # ties
    y[:2] = 0, 1
    found = compare(y, arm, reference, week)
    assert found.auc_arm == pytest.approx(roc_auc_score(y, arm))
    assert found.auc_reference == pytest.approx(roc_auc_score(y, reference))
    assert (found.delta, found.error) == pytest.approx(delong.auc_difference(y, arm, reference))
    assert found.weeks == 3


def test_with_a_week_per_lead_it_is_delongs():
    y, arm, reference, _ = leads(np.random.default_rng(1), 400, 5)
    found = compare(y, arm, reference, np.arange(len(y)))
    assert found.error_by_week == pytest.approx(found.error, rel=0.01)
    assert np.isnan(compare(y, arm, reference, np.zeros(len(y))).error_by_week)


def test_the_error_by_week_is_that_of_the_pairs_themselves():
    """Without ranks: every pair of a positive and a negative lead, its share in the difference given to both leads."""
    y, arm, reference, week = leads(np.random.default_rng(4), 15, 4, 0.05)

    def wins(score):
        up, down = score[y == 1][:, None], score[y == 0][None, :]
        return (up > down) + 0.5 * (up == down)

    pairs = wins(arm) - wins(reference)
    pairs = (pairs - pairs.mean()) / pairs.size
    sums = np.zeros(4)
    np.add.at(sums, week[y == 1], pairs.sum(axis=1))
    np.add.at(sums, week[y == 0], pairs.sum(axis=0))
    assert compare(y, arm, reference, week).error_by_week == pytest.approx(np.sqrt(4 / 3 * (sums**2).sum()))


def test_both_errors_tell_the_spread_between_replays():
    """Of the differences over 400 replays: DeLong's where weeks are alike, the one by week also where they are not."""
    for uneven in (0.0, 0.04):
        found = [compare(*leads(np.random.default_rng([2, s]), 100, 12, uneven)) for s in range(400)]
        spread = np.std([f.delta for f in found])
        assert np.sqrt(np.mean([f.error_by_week**2 for f in found])) == pytest.approx(spread, rel=0.12)
        alone = np.sqrt(np.mean([f.error**2 for f in found]))
        assert (alone == pytest.approx(spread, rel=0.12)) == (uneven == 0)


def test_uneven_weeks_do_not_make_the_safe_interval_fail():
    """Weekly looks at 12 weeks whose gain has a mean of 0 and an SD of 0.03; taking leads alone would fail often."""
    missed = np.zeros(2)
    tightest, runs = tightest_at(0.2), 200
    for run in range(runs):
        y, arm, reference, week = leads(np.random.default_rng([3, run]), 300, 12, 0.03)
        ever = np.zeros(2)
        for weeks in range(FEWEST_WEEKS, 13):
            n = weeks * 300
            found = compare(y[:n], arm[:n], reference[:n], week[:n])
            errors = np.array([max(found.error, found.error_by_week), found.error])
            ever = np.maximum(ever, [abs(found.delta) > half_width(e, n, tightest) for e in errors])
        missed += ever
    assert missed[0] / runs <= 0.06
    assert missed[1] / runs > 0.12
