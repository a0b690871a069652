"""A smaller split keeps sides, proportions and outcomes."""

import numpy as np
import pandas as pd
import pytest

from synth_core.tables import sampled, set_target, table_from_frame


def table(rows: int, target):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"a": rng.normal(size=rows), "b": rng.choice(["x", "y"], rows), "t": target(rng)})
    frame["when"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, rows), unit="D")
    return set_target(table_from_frame(frame), "t")


KINDS = {
    "binary": lambda rng: np.where(rng.random(4_000) < 0.05, "yes", "no"),
    "several": lambda rng: rng.choice(["p", "q", "r"], 4_000, p=[0.9, 0.08, 0.02]),
    "number": lambda rng: rng.gamma(2, 3, 4_000).round(3),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("by_date", [None, "when"])
def test_a_sample_keeps_sides_proportions_and_outcomes(kind, by_date):
    split = table(4_000, KINDS[kind]).split(holdout=0.25, seed=5, by_date=by_date)
    found = sampled(split, 1_000)
    assert (len(found.train) + len(found.holdout), found.sampled_from, found.cutoff) == (1_000, 4_000, split.cutoff)
    for small, large in ((found.train, split.train), (found.holdout, split.holdout)):
        assert type(small) is type(large) and small.by_date == by_date
        assert set(small.row_ids) < set(large.row_ids) and len(set(small.row_ids)) == len(small)
        assert len(small) / 1_000 == pytest.approx(len(large) / 4_000, abs=0.001)
        if kind != "number":
            shares = [np.bincount(part.outcomes().astype(int)) / len(part) for part in (small, large)]
            assert shares[0] == pytest.approx(shares[1], abs=1.01 / len(small))
        else:
            assert np.median(small.outcomes()) == pytest.approx(np.median(large.outcomes()), rel=0.05)
    again = sampled(split, 1_000)
    assert again.holdout.fingerprint() == found.holdout.fingerprint() != split.holdout.fingerprint()
    assert list(again.train.row_ids) == list(found.train.row_ids)


def test_a_table_that_is_small_enough_stays_whole():
    split = table(4_000, KINDS["binary"]).split(seed=5)
    assert sampled(split, 4_000) is split and split.sampled_from is None


def test_without_a_target_the_sample_is_plain():
    other = table_from_frame(table(4_000, KINDS["binary"]).frame)
    assert len(sampled(other.split(seed=5), 500).train) == 400
