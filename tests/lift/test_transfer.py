"""Train on synthetic, test on real: rows that carry the outcome score, rows that do not are at chance."""

import numpy as np
import pandas as pd
import pytest

from synth_core.lift.transfer import trained_on
from synth_core.tables import load_sample, set_target, table_from_frame


@pytest.fixture(scope="module")
def split():
    rng = np.random.default_rng(4)
    x = rng.normal(size=600)
    frame = pd.DataFrame(
        {"x": x, "noise": rng.normal(size=600), "y": np.where(x + 0.3 * rng.normal(size=600) > 0, "yes", "no")}
    )
    return set_target(table_from_frame(frame), "y").split(holdout=0.4, seed=1)


def test_real_rows_beat_shuffled_outcomes(split):
    rows = split.train.frame
    assert trained_on(rows, split.train, split.holdout, seed=1) > 0.9
    shuffled = rows.assign(y=rows["y"].sample(frac=1, random_state=3).to_numpy())
    assert abs(trained_on(shuffled, split.train, split.holdout, seed=1) - 0.5) < 0.2


def test_rows_without_an_outcome_are_left_out(split):
    rows = split.train.frame
    blank = rows.assign(y=rows["y"].where(np.arange(len(rows)) % 2 == 0, None))
    half = rows[np.arange(len(rows)) % 2 == 0]
    assert trained_on(blank, split.train, split.holdout, seed=1) == trained_on(half, split.train, split.holdout, seed=1)


def test_one_outcome_only_is_no_score(split):
    rows = split.train.frame
    assert np.isnan(trained_on(rows[rows["y"] == "yes"], split.train, split.holdout, seed=1))


@pytest.mark.parametrize("target", ["channel", "age"])
def test_several_classes_and_numbers_have_their_own_score(target):
    split = set_target(load_sample("travel"), target, drop_missing_target=True).split(seed=1)
    assert -1 < trained_on(split.train.frame, split.train, split.holdout, seed=1) <= 1
