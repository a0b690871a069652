"""Drift: figures by hand, quiet on leads like the training rows, and loud on others."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.prospective import drift
from synth_core.prospective.drift import Bins
from synth_core.prospective.leads import check
from synth_core.tables import travel_leads
from tests.prospective.frozen import leads, scorer, studied

counts = st.lists(st.integers(0, 500), min_size=3, max_size=3)


def test_figures_by_hand():
    train, other = np.array([49.5, 49.5]), np.array([24.5, 74.5])  # with half a row each: 50:50 and 25:75
    assert drift.psi(train, other) == pytest.approx(0.25 * np.log(3))
    assert drift.kl(train, other) == pytest.approx(0.25 * np.log(0.5) + 0.75 * np.log(1.5))


@settings(max_examples=80, deadline=None)
@given(counts, counts)
def test_psi_is_symmetric_and_both_are_zero_only_for_equal_shares(a, b):
    a, b = np.array(a), np.array(b)
    if a.sum() and b.sum():
        assert drift.psi(a, b) == pytest.approx(drift.psi(b, a))
        assert drift.psi(a, b) >= drift.kl(a, b) >= 0
        assert drift.psi(a, a) == drift.kl(a, a) == 0


def test_bins_are_deciles_or_levels_and_missing_values():
    values = np.array([*range(1, 101), np.nan])
    bins = Bins.of("x", "number", values)
    assert bins.counts == (10,) * 10 + (1,)
    assert bins.count(np.array([-1e9, 1e9, np.nan]), np.array([False, False, True])).tolist() == [1, *[0] * 8, 1, 1]
    levels = Bins.of("x", "levels", np.array([0.0] * 9 + [1.0] * 5 + [2.0] * 4 + [np.nan] * 2))
    assert levels.counts == (9, 5, 4, 2)  # the third level is rare: among the others
    codes = np.array([0, 2, np.nan, np.nan])  # the first NaN is a level that nobody knew
    assert levels.count(codes, np.array([False, False, False, True])).tolist() == [1, 0, 2, 1]
    assert Bins.from_dict(levels.to_dict()) == levels
    with pytest.raises(ValueError, match="bins"):
        Bins.from_dict({**levels.to_dict(), "own": 3})


def test_a_quantity_with_one_value_or_none_has_bins():
    assert Bins.of("x", "number", np.zeros(20)).counts == (20, 0, 0)
    assert Bins.of("x", "number", np.full(20, np.nan)).counts == (0, 20)
    assert Bins.of("x", "levels", np.full(20, np.nan)).counts == (0, 20)


@pytest.mark.parametrize("rows", [60, 400])
def test_leads_like_the_training_rows_seldom_drift(rows):
    """At most one file in a hundred, by design; 300 files of another draw of the training distribution."""
    rng, false, features = np.random.default_rng(0), 0, 10
    train = rng.normal(size=(960, features))
    bins = [Bins.of("x", "number", column) for column in train.T]
    for _ in range(300):
        new = rng.normal(size=(rows, features))
        found = [
            drift._drift(b, b.count(column, np.isnan(column)), 0, [], features)
            for b, column in zip(bins, new.T, strict=True)
        ]
        false += any(d.level != "none" for d in found)
    assert false <= 9  # 3 expected; more than 9 by chance once in 900


def test_a_shift_is_found_and_explained():
    frozen, rows = scorer(), leads()
    moved = rows.assign(quote_eur=rows["quote_eur"] * 1.6)
    found = check(frozen, moved)
    quote = next(d for d in found.drift if d.name == "quote_eur")
    assert quote.level == "strong"
    assert quote.psi > 0.25
    assert quote.told.startswith("“quote_eur”: much different from the training rows (PSI ")
    assert found.drift[0].name == "quote_eur"
    calm = next(d for d in check(frozen, rows).drift if d.name == "quote_eur")
    assert calm.level == "none"
    assert "no drift to speak of" in calm.told


def test_new_levels_and_gaps_are_named():
    frozen, rows = scorer(), leads()
    channel = rows["channel"].copy()
    channel[:20], channel[20:30], channel[30:50] = "Podcast", "Fair", None
    found = next(d for d in check(frozen, rows.assign(channel=channel)).drift if d.name == "channel")
    assert found.unseen == 30
    assert found.examples == ("Podcast", "Fair")
    assert found.missing_train == 0
    assert found.missing_leads == pytest.approx(20 / len(rows))
    assert found.level != "none"
    assert "30 leads have a level that no training row has, such as “Podcast”, “Fair”: scored as missing." in found.told


def test_dates_move_on_without_alarm():
    found = next(d for d in check(scorer(), leads()).drift if d.name == "enquiry_date")
    assert found.psi > 1
    assert found.level == "some"
    assert "as dates do" in found.told


def test_scores_are_held_against_rows_that_were_not_trained_on():
    frozen = scorer()
    assert sum(frozen.score_bins.counts) == len(studied("travel").split.holdout)
    calm = check(frozen, pd.concat(travel_leads(8, 12, 60), ignore_index=True)).drift_score
    assert calm.level == "none"
    rows = leads()
    moved = check(frozen, rows.assign(past_trips=3, pages_viewed=20)).drift_score
    assert moved.level == "strong"
    assert moved.told.startswith("The scores of the real-rows model: much different from the study's holdout")


def test_parts_add_up_to_the_whole():
    frozen, rows = scorer(), leads()
    counter = frozen.counter()
    for first in range(0, len(rows), 50):
        part = rows.iloc[first : first + 50]
        scores = frozen.score(part)["score_reference"].to_numpy()
        counter.add(part, frozen.matrix(part), scores)
    whole = check(frozen, rows)
    assert counter.features() == whole.drift
    assert counter.of_score() == whole.drift_score
    assert len(whole.drift) == len(frozen.card.features)
    assert all(d.told.endswith(".") for d in whole.drift)
