"""Rules between columns hold in the rows of every generator of the catalogue, after rounding."""

from __future__ import annotations

import io
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.generators import CATALOGUE, create
from synth_core.generators.saving import load, save
from synth_core.tables import Train, read_table, set_target, table_from_frame
from synth_core.tables.rules import (
    FixedCombinations,
    Inequality,
    Range,
    Ratio,
    Sum,
    breaks_any,
    check,
    combinations,
    propose,
    set_rules,
)
from tests.generators.ads import ads_frame, ads_train
from tests.generators.makers import NEURAL, quick
from tests.tables.makers import REAL, needs_real

WANTED = 3_000

#: Private generators do not: rules are found in the rows, which costs budget.
every_generator = pytest.mark.parametrize("name", [name for name, entry in CATALOGUE.items() if not entry.private])


@pytest.fixture(scope="module")
def train() -> Train:
    return ads_train(2_000)


def made_from(train: Train, name: str = "trees", rows: int = WANTED):
    generator = quick(name).fit(train, seed=1)
    return generator, generator.sample(rows, seed=2)


def ruled(frame: pd.DataFrame, rules, target: str | None = None) -> Train:
    table = table_from_frame(frame)
    table = set_target(table, target) if target else table
    return Train(set_rules(table, rules(table) if callable(rules) else rules), np.arange(len(frame)))


def assert_kept(made: pd.DataFrame, train: Train) -> None:
    broken = {c.short: c.broken for c in check(made, train.schema.rules) if c.broken}
    assert not broken


def assert_like(made: pd.DataFrame, train: Train) -> None:
    assert list(made.columns) == train.schema.names
    assert made.dtypes.equals(train.frame.dtypes)
    assert list(made.index) == list(range(len(made)))


@every_generator
def test_every_generator_keeps_every_rule(name, train):
    real = check(train.frame, train.schema.rules)
    assert len(real) > 10 and sum(c.broken for c in real) >= 8  # real rows that break a rule are not fatal
    generator, made = made_from(train, name)
    assert len(made) == WANTED
    assert_like(made, train)
    assert_kept(made, train)
    assert set(made["segment"]) == {"a", "b", "vip"}
    if name not in (*NEURAL, "dp_mst"):  # few updates teach a network little of rates
        share = (made["segment"] == "vip").mean()
        assert 0.3 < share / (train.frame["segment"] == "vip").mean() < 3
    assert all(n.endswith((".", "…")) for n in generator.notes)


@pytest.mark.slow
@pytest.mark.timeout(3_600)
@every_generator
def test_a_hundred_thousand_rows_keep_every_rule(name, train):
    _, made = made_from(train, name, 100_000)
    assert len(made) == 100_000
    assert_kept(made, train)
    assert set(made["segment"]) == {"a", "b", "vip"}


@pytest.mark.parametrize("name", ["trees", "copula"])
def test_blanks_and_averages_stay_what_they_were(name, train):
    _, made = made_from(train, name, 6_000)
    real = train.frame
    assert (made.isna().mean() - real.isna().mean()).abs().max() < 0.04
    for column in ("impressions", "clicks", "spend", "total_media"):
        assert made[column].median() == pytest.approx(real[column].median(), rel=0.25)
        assert abs((made[column] == 0).mean() - (real[column] == 0).mean()) < 0.05
    days = (made["end"] - made["start"]).dt.days
    assert 20 < days.mean() < 40


def test_computed_columns_follow_from_the_rows_own_values(train):
    _, made = made_from(train)
    known = made[["clicks", "impressions", "ctr"]].dropna()
    known = known[known["impressions"] > 0].astype("float64")
    assert len(known) > 1_000
    assert (known["ctr"] - 100 * known["clicks"] / known["impressions"]).abs().max() <= 0.00500001
    nothing = made[(made["spend"] == 0).fillna(False)]
    assert len(nothing) and (nothing["roas"] == 0).all()  # as the real rows write it
    unseen = made[(made["impressions"] == 0).fillna(False)]
    assert len(unseen) and unseen["ctr"].isna().all()


def test_without_rules_not_a_bit_changes():
    table = set_target(table_from_frame(ads_frame(400)), "segment")
    plain = create("trees").fit(Train(table, np.arange(400)), seed=1)
    assert plain._constraints is None
    again = Train(set_rules(table, []), np.arange(400))
    pd.testing.assert_frame_equal(create("trees").fit(again, seed=1).sample(300, seed=2), plain.sample(300, seed=2))


def test_the_same_seed_makes_the_same_rows(train):
    generator, made = made_from(train)
    pd.testing.assert_frame_equal(generator.sample(WANTED, seed=2), made)
    pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(generator)).sample(WANTED, seed=2), made)
    assert not generator.sample(WANTED, seed=3).equals(made)


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_any_number_of_rows(train, rows):
    _, made = made_from(train, rows=rows)
    assert len(made) == rows
    assert_like(made, train)


def test_rows_that_cannot_be_moved_are_drawn_anew_and_ids_stay_unique(train):
    frame = train.frame.assign(order_id=np.arange(len(train.frame)) + 7)
    rules = [Ratio("ctr", "clicks", "impressions", 100.0), Range("ctr", high=1.0)]
    training = ruled(frame, rules, "segment")
    generator, made = made_from(training)
    assert_kept(made, training)
    assert len(made) == WANTED and made["order_id"].is_unique
    (note,) = [n for n in generator.notes if "drawn anew" in n]
    assert note.startswith("Rules between columns: ")
    assert made["segment"].value_counts(normalize=True)["vip"] == pytest.approx(0.02, abs=0.012)


def test_rules_that_no_row_can_keep_are_said_plainly_and_rows_still_come():
    rng = np.random.default_rng(3)
    a = rng.integers(1, 50, 300)
    training = ruled(
        pd.DataFrame({"a": a, "b": a + rng.integers(1, 9, 300), "share": rng.random(300).round(3)}),
        [Ratio("share", "b", "a"), Range("share", high=0.5)],
    )
    generator, made = made_from(training, rows=200)
    assert len(made) == 200
    assert any("200 rows still break a rule" in n for n in generator.notes)


def test_notes_speak_of_the_last_rows_only(train):
    frame = train.frame
    training = ruled(frame, [Ratio("ctr", "clicks", "impressions", 100.0), Range("ctr", high=1.0)], "segment")
    generator, _ = made_from(training, rows=500)
    generator.sample(400, seed=3)
    assert sum("drawn anew" in n for n in generator.notes) == 1
    assert generator.sample(0, seed=3).empty and not any("drawn anew" in n for n in generator.notes)


def test_combinations_that_share_a_column_hold_together():
    rng = np.random.default_rng(3)
    city = rng.integers(0, 24, 900)
    frame = pd.DataFrame({"city": city, "region": city % 8, "land": city % 4, "x": rng.normal(size=900).round(3)})
    frame = frame.assign(**{c: c + frame[c].astype(str) for c in ("city", "region", "land")})
    frame = frame.mask(rng.random(frame.shape) < 0.05)
    training = ruled(frame, lambda t: [combinations(t, ["city", "region"]), combinations(t, ["region", "land"])])
    _, made = made_from(training)
    assert_kept(made, training)
    assert made["city"].nunique() == 24
    assert (made.isna().mean() - frame.isna().mean()).abs().max() < 0.04


def test_training_rows_with_a_forbidden_combination_are_learned_as_allowed_ones():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"city": rng.choice(["Rome", "Oslo"], 200), "x": rng.normal(size=200).round(3)})
    frame["region"] = np.where(frame["city"] == "Rome", "S", "N")
    frame.loc[:9, "region"] = "W"
    training = ruled(frame, [FixedCombinations(("city", "region"), (("Oslo", "N"), ("Rome", "S")))])
    _, made = made_from(training)
    assert_kept(made, training)
    assert set(made["region"]) == {"N", "S"}


@pytest.mark.parametrize("strict", [False, True])
def test_an_inequality_whose_high_side_is_the_target_or_a_limit(strict):
    """What cannot be learned as a distance is moved: low sides go down where the high side may not go up."""
    rng = np.random.default_rng(3)
    total = rng.integers(1, 40, 600)
    frame = pd.DataFrame({"approved": rng.binomial(total, 0.6) - 1, "asked": total + 3, "sold": total + 1.25})
    rules = [Inequality("approved", "sold", strict), Inequality("sold", "asked", strict), Range("asked", high=20)]
    training = ruled(frame, rules, "sold")
    _, made = made_from(training)
    assert_kept(made, training)
    assert made["asked"].max() <= 20


def test_dates_and_moments_are_ordered_to_the_second():
    rng = np.random.default_rng(3)
    opened = pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 10**6, 500), unit="s")
    closed = opened + pd.to_timedelta(rng.integers(1, 10**5, 500), unit="s")
    frame = pd.DataFrame({"opened": opened, "closed": closed, "x": rng.normal(size=500).round(2)})
    training = ruled(frame, [Inequality("opened", "closed", strict=True), Range("closed", high="2024-01-09")])
    _, made = made_from(training)
    assert_kept(made, training)
    assert (made["opened"].dt.nanosecond == 0).all() and (made["closed"].dt.microsecond == 0).all()


def test_prices_in_hundreds_stay_in_hundreds():
    rng = np.random.default_rng(3)
    low = rng.integers(1, 90, 400)
    frame = pd.DataFrame({"offer": low * 7, "price": -(-low * 7 // 100) * 100 + rng.integers(0, 5, 400) * 100})
    training = ruled(frame, [Inequality("offer", "price")])
    _, made = made_from(training)
    assert_kept(made, training)
    assert (made["price"] % 100 == 0).mean() > 0.99


def test_a_total_of_totals_and_a_ratio_of_them():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({k: rng.integers(0, 30, 400) for k in "abcd"}).assign(
        ab=lambda f: f.a + f.b, all=lambda f: f.ab + f.c + f.d, share=lambda f: (f.ab / f["all"].clip(1)).round(3)
    )
    rules = [Ratio("share", "ab", "all"), Sum("all", ("ab", "c", "d")), Sum("ab", ("a", "b"))]
    training = ruled(frame, rules)
    _, made = made_from(training)
    assert_kept(made, training)
    assert (made["all"] == made[list("abcd")].sum(axis=1)).all()


cells = st.one_of(st.none(), st.integers(-20, 20))


@given(
    rows=st.lists(st.tuples(cells, cells, cells, st.sampled_from(["x", "y", None])), min_size=3, max_size=40),
    rules=st.sets(st.integers(0, 6), min_size=1),
    seed=st.integers(0, 5),
)
@settings(max_examples=60, deadline=None)
def test_any_small_table_with_any_rules_gives_rows_that_keep_them_or_says_so(rows, rules, seed):
    frame = pd.DataFrame(rows, columns=["a", "b", "c", "k"]).astype({"a": "Int64", "b": "Int64", "c": "Int64"})
    frame = frame.assign(a=frame["a"].fillna(1), grade=np.resize(["u", "v", "w"], len(frame)))
    menu = [
        Inequality("a", "b"), Inequality("b", "c", strict=True), Inequality("a", "c"), Range("a", -5, 5),
        Range("c", low=0), Sum("c", ("a", "b")), Ratio("b", "a", "c", 100.0),
    ]  # fmt: skip
    table = table_from_frame(frame)
    for number in sorted(rules):
        try:
            table = set_rules(table, [*table.schema.rules, menu[number]])
        except Exception as refusal:  # noqa: BLE001 - only the documented refusals
            assert type(refusal).__name__ == "SchemaError"
    try:
        table = set_rules(table, [*table.schema.rules, combinations(table, ["k", "grade"])])
    except Exception as refusal:  # noqa: BLE001
        assert type(refusal).__name__ == "SchemaError"
    generator = create("trees").fit(Train(table, np.arange(len(table))), seed=seed)
    made = generator.sample(25, seed=seed)
    assert len(made) == 25 and made.dtypes.equals(table.frame.dtypes)
    left = int(breaks_any(made, table.schema.rules).sum())
    assert left == 0 or any(
        n.startswith(f"Rules between columns: {left} row") and "still break" in n for n in generator.notes
    )


@pytest.mark.parametrize("name", ["simulation", "copula"])
def test_a_saved_generator_keeps_its_rules_and_makes_the_same_rows(name, train):
    file = io.BytesIO()
    generator, made = made_from(train, name, 800)
    save(generator, file, table="ads", seed=1)
    again = load(file)
    reloaded = again.sample(800, seed=2)
    assert_kept(reloaded, train)
    assert_like(reloaded, train)
    first = load(file).sample(800, seed=2)
    pd.testing.assert_frame_equal(first, reloaded)
    assert (reloaded.isna().mean() - made.isna().mean()).abs().max() < 0.05


@needs_real
@pytest.mark.parametrize(("file", "target"), [("facebook_ads_conversions.csv", None), ("ad_table_30k.csv", "conv")])
def test_real_advertising_reports_keep_the_rules_they_suggest(file, target):
    """In the second, 362 real rows have a conversion and no click."""
    table = read_table(REAL / file, target=target)
    table = set_rules(table, [p.rule for p in propose(table)])
    training = Train(table, np.arange(len(table)))
    _, made = made_from(training, rows=5_000)
    assert_kept(made, training)
    if target:
        assert made[target].mean() == pytest.approx(table.frame[target].mean(), rel=0.2)
