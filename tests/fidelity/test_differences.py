"""What a column's sentence says: each fault by its name, and nothing where there is none."""

import numpy as np
import pandas as pd
import pytest

from synth_core.fidelity import differences
from tests.fidelity.makers import aligned

RNG = np.random.default_rng(0)
N = 2_000
AMOUNT = RNG.gamma(2, 20, N).round(2)
COUNT = RNG.poisson(3, N)
STEPS = RNG.choice(np.arange(0, 100, 5), N)
LEVEL = RNG.choice(["web", "phone", "shop"], N, p=[0.6, 0.3, 0.1])
DAY = pd.Timestamp("2024-01-01") + pd.to_timedelta(RNG.integers(0, 300, N), unit="D")


def fresh(values: np.ndarray) -> np.ndarray:
    return np.random.default_rng(1).permutation(values)


def gaps(values, share: float) -> pd.Series:
    return pd.Series(values).mask(np.random.default_rng(2).random(N) < share)


def said(real, synthetic) -> str:
    found = aligned(pd.DataFrame({"x": real}), pd.DataFrame({"x": synthetic}))
    return differences.sentence(found.columns[0])


@pytest.mark.parametrize(
    ("real", "synthetic", "words"),
    [
        (COUNT, np.full(N, 3), "Always 3 (real: "),
        (LEVEL, np.full(N, "web"), "Always “web” (real: 3 different values)"),
        (gaps(AMOUNT, 0.12), fresh(AMOUNT), "Never missing (real 12 %)"),
        (AMOUNT, gaps(AMOUNT, 0.2), "of rows (real: never)"),
        (gaps(COUNT, 0.1), np.full(N, np.nan), "No values at all (real: 91 % of rows have one)"),
        (COUNT, np.where(np.arange(N) < 60, COUNT.max() + 5, fresh(COUNT)), "Larger than any real value in 3 %"),
        (COUNT, np.where(np.arange(N) < 60, -1, fresh(COUNT)), "Smaller than any real value in 3 %"),
        (AMOUNT, fresh(AMOUNT) + RNG.uniform(0, 0.01, N).round(4), "Has 2 decimals more than real values"),
        (COUNT, np.clip(fresh(COUNT) + RNG.uniform(-0.4, 0.4, N), 0, 9), "Has fractions (real: whole)"),
        (COUNT, np.where(fresh(COUNT) == 0, 1, fresh(COUNT)), "No exact zeros (real "),
        (AMOUNT, np.where(np.arange(N) < 180, 17.25, fresh(AMOUNT)), "Repeats the value 17.25 in 9 % of rows (real "),
        (STEPS, np.clip(fresh(STEPS) + RNG.integers(-2, 3, N), 0, 95), "of rows (real 5"),
        (LEVEL, np.where(fresh(LEVEL) == "shop", "phone", fresh(LEVEL)), "Level “shop” never (real "),
        (LEVEL, np.where(np.arange(N) < 100, "fax", fresh(LEVEL)), "no real row has in 5 % of rows, such as “fax”"),
        (LEVEL, RNG.choice(["web", "phone", "shop"], N, p=[0.3, 0.45, 0.25]), "Level “web” in "),
        (AMOUNT, np.sqrt(fresh(AMOUNT) * AMOUNT.max()).round(2), "Higher: median "),
        (DAY, fresh(DAY.to_numpy()) - np.timedelta64(300, "D"), "Smaller than any real value in "),
    ],
)  # fmt: skip
def test_each_fault_is_named(real, synthetic, words):
    assert words in said(real, synthetic)


@pytest.mark.parametrize("real", [AMOUNT, COUNT, STEPS, LEVEL, DAY, gaps(AMOUNT, 0.1), gaps(LEVEL, 0.1)])
def test_another_sample_of_the_same_values_has_no_fault(real):
    order = np.random.default_rng(3).permutation(N)
    values = pd.Series(real)
    half, other = values.iloc[order[: N // 2]], values.iloc[order[N // 2 :]]
    assert said(half.to_numpy(), other.to_numpy()) == "As close as real rows are."


def test_values_between_the_real_ones():
    steps = np.round(np.clip(fresh(STEPS) + RNG.normal(0, 0.3, N), 0, 95), 0)
    found = aligned(pd.DataFrame({"x": STEPS}), pd.DataFrame({"x": steps + RNG.choice([0, 1, 2, 3], N)})).columns[0]
    texts = [d.text for d in differences.differences(found)]
    assert any("do not occur in the real column" in t for t in texts)


def test_real_values_only_where_fresh_rows_would_bring_new_ones():
    real = RNG.normal(size=N)
    assert "Holds only values that occur in the real column" in said(real, RNG.choice(real, N))


def test_a_rare_level_that_is_absent_by_chance_is_no_fault():
    rare = np.where(np.arange(N) < 4, "yes", "no")
    assert said(rare, np.full(N, "no")) == "As close as real rows are."
    assert said(np.where(np.arange(N) < 40, "yes", "no"), np.full(N, "no")).startswith("Always “no”")


def test_few_numbers_among_zeros_do_not_make_other_decimals():
    def mostly_zero(seed: int) -> np.ndarray:
        rng = np.random.default_rng(seed)
        return np.where(rng.random(N) < 0.01, rng.normal(5, 1, N).round(4), 0)

    assert {said(mostly_zero(1), mostly_zero(seed)) for seed in range(2, 8)} == {"As close as real rows are."}
