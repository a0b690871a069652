"""The strongest guess at one person against the claimed ε; the full size is ``python -m tests.benchmarks.dp_audit``."""

from __future__ import annotations

import numpy as np
import pytest

from tests.benchmarks.dp_audit import CASES, CLAIM, lower_bound, scores

RUNS = 400


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_mechanism_keeps_its_claim(case):
    assert lower_bound(*scores(case, CLAIM, RUNS)) <= CLAIM


def test_sixteen_times_the_budget_is_caught():
    assert lower_bound(*scores(CASES[0], 16 * CLAIM, RUNS)) > CLAIM


def test_the_bound_is_right_where_the_answer_is_known():
    rng = np.random.default_rng(0)
    told = rng.random(20_000) < np.exp(2) / (1 + np.exp(2))  # randomised response with ε = 2
    lied = rng.random(20_000) < 1 / (1 + np.exp(2))
    assert 1.8 < lower_bound(lied.astype(float), told.astype(float)) <= 2.0
    assert lower_bound(lied.astype(float), lied[::-1].astype(float)) < 0.2
