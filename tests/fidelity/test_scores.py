"""Scores of the whole table: neutral where rows are real, each moved by its own fault, fair where sizes differ."""

import json

import numpy as np
import pandas as pd
import pytest

from synth_core import fidelity
from synth_core.errors import SchemaError
from synth_core.fidelity import duplicates, manifold, samples
from synth_core.tables import Holdout, Train, load_sample


@pytest.fixture(scope="module")
def thirds():
    table = load_sample("travel")
    order = np.random.default_rng(0).permutation(len(table))
    parts = np.array_split(order, 3)
    return Train(table.take(parts[0]), parts[0]), Holdout(table.take(parts[1]), parts[1]), table.take(parts[2]).frame


@pytest.fixture(scope="module")
def neutral(thirds):
    return fidelity.report(*thirds, seed=1)


def scores(report) -> dict[str, fidelity.Score]:
    return {s.key: s for s in report.scores}


def test_other_real_rows_score_as_the_holdout_does(neutral):
    for score in neutral.scores:
        assert score.value == pytest.approx(score.reference, abs=0.1 if score.key != "strict" else 4), score.key
        assert score.better in ("lower", "higher", "0.5", "1") and score.sentence.endswith(".")
        assert ("Lower is" in score.formula) == (score.better == "lower")
        assert ("Higher is" in score.formula) == (score.better == "higher")


def test_every_number_has_its_formula(neutral):
    told = neutral.features[0]
    numbers = {n for m in (told, told.synthetic) for n, v in vars(m).items() if isinstance(v, int | float) or v is None}
    assert numbers - {"is_quantity", "holdout"} <= set(neutral.formulas)
    assert all(s.formula for s in neutral.scores)


@pytest.mark.parametrize(
    ("key", "broken", "name"),
    [
        ("kl", lambda f: f.assign(age=f["age"] // 2), "age"),
        ("strict", lambda f: f.assign(age=f["age"] // 2), "age"),
        ("shape", lambda f: f.assign(age=f["age"] // 2), "age"),
        ("adherence", lambda f: f.assign(device="fridge"), "device"),
        ("missing", lambda f: f.assign(age=f["age"].mask(np.arange(len(f)) < 100)), "age"),
        ("duplicates", lambda f: f.sample(len(f), replace=True, random_state=0), "repeat an earlier one"),
        ("two_sample", lambda f: f.assign(age=f["age"] // 2), "tells synthetic"),
        ("target", lambda f: f.assign(booked=f["booked"].sample(frac=1, random_state=3).to_numpy()), "AUC"),
    ],
)
def test_each_fault_moves_its_score(thirds, neutral, key, broken, name):
    train, holdout, fresh = thirds
    before, after = scores(neutral)[key], scores(fidelity.report(train, holdout, broken(fresh), seed=1))[key]
    worse = {"lower": after.value > before.value, "higher": after.value < before.value}
    assert worse.get(after.better, abs(after.value - 0.5) > 0.2)
    assert name in after.sentence and after.reference == before.reference


def test_a_small_holdout_is_a_fair_reference(thirds):
    """Forty holdout rows differ more by chance alone: the score uses forty synthetic rows, too, and tells of all."""
    train, holdout, fresh = thirds
    few = holdout.only(np.arange(len(holdout)) < 40)
    found = scores(fidelity.report(train, few, fresh, seed=1))
    assert found["kl"].value == pytest.approx(found["kl"].reference, rel=1.0)
    assert "On 400 synthetic rows" in found["kl"].sentence
    assert scores(fidelity.report(train, None, fresh, seed=1))["kl"].value < found["kl"].value / 2


def test_sizes_of_samples_are_told(thirds):
    train, holdout, fresh = thirds
    told = fidelity.report(train, holdout.only(np.arange(len(holdout)) < 40), fresh, seed=1).sampling
    assert "Pairs of columns: 400 training rows, 40 synthetic rows and as many holdout rows." in told
    assert "Two-sample test: 40 rows of each kind." in told and told[0] == "Columns: all rows."


def test_coverage_and_density_by_hand():
    """Ten points on a line; the fifth nearest of the first is 5 away, of the middle ones 3."""
    real = np.arange(10.0)[:, None]
    radius = manifold.radii(real)
    assert radius[0] == 25 and radius[4] == 9
    assert manifold.coverage_and_density(real, radius, np.array([[-5.0]])) == (0.1, 1 / 5)
    assert manifold.coverage_and_density(real, radius, real) == (1.0, pytest.approx(1.22, abs=0.2))
    assert manifold.coverage_and_density(real, radius, np.array([[100.0]])) == (0.0, 0.0)


def test_half_of_the_levels_are_half_of_the_coverage():
    rng = np.random.default_rng(0)
    real, whole = rng.normal(size=(2, 1_000, 3))
    real[:500, 0] += 20
    whole[:500, 0] += 20
    radius = manifold.radii(real)
    covered, dense = manifold.coverage_and_density(real, radius, whole)
    assert covered == pytest.approx(0.97, abs=0.02) and dense == pytest.approx(1, abs=0.1)
    half, dense = manifold.coverage_and_density(real, radius, np.repeat(whole[500:], 2, axis=0))
    assert half == pytest.approx(0.48, abs=0.03) and dense > 0.8


def test_repeated_rows_by_hand():
    assert duplicates.repeated([np.array([1.0, 1.0, 2.0, np.nan, np.nan]), np.array([0, 0, 0, -1, -1])]) == 0.4
    assert duplicates.repeated([]) is None and duplicates.repeated([np.array([])]) is None


def test_pairs_are_sorted_from_the_farthest_and_agree_with_the_detail(thirds):
    train, holdout, fresh = thirds
    broken = fresh.assign(device=fresh["device"].sample(frac=1, random_state=0).to_numpy(), age=fresh["age"] // 2)
    found = fidelity.report(train, holdout, broken, seed=5).associations.pairs
    short = [p.similarity - p.similarity_holdout for p in found]
    assert short == sorted(short) and "age" in (found[0].first, found[0].second)
    assert len(found) == 19 * 18 / 2
    for pair in found[:3]:
        detail = fidelity.pair_detail(train, holdout, broken, pair.first, pair.second, seed=5)
        assert (detail.similarity, detail.similarity_holdout) == (pair.similarity, pair.similarity_holdout)
        for shares in (detail.real, detail.synthetic, detail.holdout):
            assert len(shares) == len(detail.first_labels) and len(shares[0]) == len(detail.second_labels)
            assert sum(map(sum, shares)) == pytest.approx(1)
        assert detail.sentence.startswith("Most different: ")
        json.dumps(vars(detail), allow_nan=False)


def test_a_pair_that_cannot_be_compared_says_why(thirds):
    train, holdout, fresh = thirds
    for name, words in (("enquiry_id", "an identifier"), ("nothing", "not in the table")):
        with pytest.raises(SchemaError, match=words):
            fidelity.pair_detail(train, holdout, fresh, "age", name, seed=1)
    with pytest.raises(SchemaError, match="no such column"):
        fidelity.pair_detail(train, holdout, pd.DataFrame({"age": [1]}), "age", "device", seed=1)


def test_very_long_tables_are_sampled_and_the_detail_draws_the_same_rows(thirds, monkeypatch):
    monkeypatch.setattr(samples, "MOST_ROWS", 150)
    train, holdout, fresh = thirds
    found = fidelity.report(train, holdout, fresh, seed=5)
    assert found.sampling[0] == "Columns: 150 rows of each kind." and found.train_rows == 400
    pair = found.associations.pairs[0]
    detail = fidelity.pair_detail(train, holdout, fresh, pair.first, pair.second, seed=5)
    assert (detail.similarity, detail.similarity_holdout) == (pair.similarity, pair.similarity_holdout)


def test_the_sentence_of_a_pair_names_columns_and_cells(thirds):
    train, holdout, fresh = thirds
    broken = fresh.assign(device="mobile", age=fresh["age"] // 2)
    detail = fidelity.pair_detail(train, holdout, broken, "device", "age", seed=1)
    assert "device “mobile” with age " in detail.sentence and "% of rows (real " in detail.sentence
    same = fidelity.pair_detail(train, None, train.frame, "device", "age", seed=1)
    assert same.sentence == "No cell differs by more than 1 % of the rows." and same.holdout is None
