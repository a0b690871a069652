"""Rules between columns: what they say, which rows break them, where the data suggest them."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import SchemaError
from synth_core.tables import Role, Schema, TableLibrary, read_table, set_roles, set_target, table_from_frame
from synth_core.tables.rules import (
    FixedCombinations,
    Inequality,
    Range,
    Ratio,
    Sum,
    check,
    combinations,
    propose,
    rule_from_dict,
    set_rules,
)
from tests.generators.ads import ads_frame
from tests.generators.makers import CASES, case
from tests.tables.makers import REAL, needs_real


@pytest.fixture(scope="module")
def ads():
    return set_target(table_from_frame(ads_frame(2_000)), "segment")


def shorts(table) -> set[str]:
    return {p.rule.short for p in propose(table)}


ROWS = pd.DataFrame(
    {
        "clicks": pd.array([1, 2, None, 5, 0], "Int64"),
        "impressions": pd.array([10, 2, 3, 4, 0], "Int64"),
        "ctr": [10.0, 100.0, 7.0, None, 0.0],
        "city": ["Rome", "Paris", None, "Rome", "Oslo"],
        "region": ["S", "W", "S", "W", "N"],
        "start": pd.to_datetime(["2025-01-01", "2025-01-05", None, "2025-02-01", "2025-03-01"]),
        "end": pd.to_datetime(["2025-01-01", "2025-01-04", "2025-01-01", "2025-02-03", "2025-03-02"]),
        "both": pd.array([11, 4, 3, 9, 1], "Int64"),
    }
)
ALLOWED = (("Paris", "W"), ("Rome", "S"))


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        (Inequality("clicks", "impressions"), [0, 0, 0, 1, 0]),
        (Inequality("clicks", "impressions", strict=True), [0, 1, 0, 1, 1]),
        (Inequality("start", "end"), [0, 1, 0, 0, 0]),
        (Inequality("start", "end", strict=True), [1, 1, 0, 0, 0]),
        (FixedCombinations(("city", "region"), ALLOWED), [0, 0, 0, 1, 1]),
        (Range("clicks", low=1), [0, 0, 0, 0, 1]),
        (Range("clicks", high=4.5), [0, 0, 0, 1, 0]),
        (Range("start", low="2025-01-02", high="2025-02-01"), [1, 0, 0, 0, 1]),
        (Sum("both", ("clicks", "impressions"), 0), [0, 0, 0, 0, 1]),
        (Ratio("ctr", "clicks", "impressions", 100.0, 1), [0, 0, 0, 0, 0]),
        (Ratio("ctr", "clicks", "impressions", 1.0, 1), [1, 1, 0, 0, 0]),
    ],
)
def test_which_rows_break_a_rule(rule, broken):
    assert rule.broken(ROWS).tolist() == [bool(b) for b in broken]


def test_a_ratio_over_nothing_is_blank_or_zero_and_nothing_else():
    rule = Ratio("ctr", "clicks", "impressions", 1.0, 2)
    frame = pd.DataFrame({"clicks": [3, 3, 3], "impressions": [0, 0, 0], "ctr": [np.nan, 0.0, 0.4]})
    assert rule.broken(frame).tolist() == [False, False, True]


def test_ratios_and_sums_are_compared_at_the_columns_own_rounding():
    frame = pd.DataFrame({"spend": [10.0, 10.0], "clicks": [3.0, 3.0], "cpc": [3.33, 3.4]})
    assert Ratio("cpc", "spend", "clicks", 1.0, 2).broken(frame).tolist() == [False, True]
    assert Ratio("cpc", "spend", "clicks", 1.0, 1).broken(frame).tolist() == [False, False]
    parts = pd.DataFrame({"a": [1.25, 1.25], "b": [2.5, 2.5], "t": [3.7, 4.0]})
    assert Sum("t", ("a", "b"), 1).broken(parts).tolist() == [False, True]
    whole = pd.DataFrame({"a": [1, 1], "b": [2, 2], "t": [3, 4]})
    assert Sum("t", ("a", "b"), 0).broken(whole).tolist() == [False, True]


@pytest.mark.parametrize(
    "rule",
    [
        Inequality("clicks", "impressions", strict=True),
        FixedCombinations(("city", "region"), ALLOWED),
        Range("start", low="2025-01-02"),
        Sum("both", ("clicks", "impressions"), 0),
        Ratio("ctr", "clicks", "impressions", 100.0, 1),
    ],
)
def test_a_rule_survives_json_and_says_itself_plainly(rule):
    again = rule_from_dict(json.loads(json.dumps(rule.to_dict())))
    assert again == rule and hash(again) == hash(rule)
    assert all(name in rule.text and name in rule.short for name in rule.columns)


numbers = st.one_of(st.none(), st.integers(-50, 50))


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_missing_cell_never_breaks_a_rule_and_a_broken_row_was_tested(rows):
    frame = pd.DataFrame(rows, columns=["a", "b", "c"]).astype("Int64")
    rules = [
        Inequality("a", "b"),
        Inequality("a", "b", strict=True),
        Range("a", -10, 10),
        Sum("c", ("a", "b"), 0),
        FixedCombinations(("a", "b"), ((1, 2), (3, 4))),
    ]
    for rule in rules:
        broken = rule.broken(frame)
        missing = frame[list(rule.columns)].isna().any(axis=1).to_numpy()
        assert broken.dtype == bool and not (broken & missing).any()
        assert not (broken & ~rule.tested(frame)).any()
    for row, broken in zip(rows, rules[0].broken(frame), strict=True):
        assert broken == (None not in row[:2] and row[0] > row[1])


def test_rules_are_stored_with_the_table_and_count_in_its_hash(ads, tmp_path):
    ruled = set_rules(ads, [p.rule for p in propose(ads)])
    assert ruled.sha256() != ads.sha256()
    library = TableLibrary(tmp_path)
    assert library.get(library.add(ruled)).schema == ruled.schema
    assert library.get(library.add(ads)).schema.rules == ()


def test_a_schema_from_before_there_were_rules_is_read(ads):
    old = ads.schema.to_dict()
    del old["rules"]
    assert Schema.from_dict(old).rules == ()


def test_the_same_rules_leave_the_table_as_it_is(ads):
    ruled = set_rules(ads, [Inequality("clicks", "impressions")])
    assert set_rules(ruled, [Inequality("clicks", "impressions")]) is ruled
    assert set_rules(ads, []) is ads


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ([Inequality("clicks", "nowhere")], "no column called “nowhere”"),
        ([Inequality("city", "impressions")], "“city” .*for example “city.*is not a number or a date"),
        ([Inequality("start", "impressions")], "“impressions” .* is no date"),
        ([Inequality("clicks", "clicks")], "names a column twice"),
        ([Range("clicks", low="2025-01-01")], "no limit for “clicks”"),
        ([Range("start", low=3.0)], "no limit for “start”"),
        ([Range("start", low="soon")], "“soon” is not a date"),
        ([Range("clicks", low=5, high=1)], "is above the highest"),
        ([Range("clicks")], "has no end"),
        ([Sum("city", ("clicks", "impressions"))], "“city”"),
        ([FixedCombinations(("city", "segment"), (("a", "b"),))], "“segment” is the target"),
        ([FixedCombinations(("city", "spend"), (("a", 1.5),))], "“spend” .*has no fixed levels"),
        ([FixedCombinations(("city",), (("a",),))], "at least two columns"),
        ([FixedCombinations(("city", "region"), ())], "No row has a value"),
        (
            [Ratio("ctr", "clicks", "impressions"), Ratio("ctr", "conversions", "clicks")],
            "“ctr” would be computed twice",
        ),
        ([Ratio("ctr", "clicks", "cpc"), Ratio("cpc", "spend", "ctr")], "round in a circle"),
        ([Inequality("clicks", "impressions"), Inequality("impressions", "clicks")], "round in a circle"),
    ],
)
def test_rules_that_do_not_fit_are_refused_in_plain_words(ads, rules, says):
    with pytest.raises(SchemaError, match=says) as refusal:
        set_rules(ads, rules)
    assert str(refusal.value).endswith(".")


def test_an_identifier_takes_no_rule():
    frame = pd.DataFrame({"order_id": range(1000, 1100), "clicks": np.arange(100) % 7, "seen": np.arange(100) % 9})
    with pytest.raises(SchemaError, match=r"“order_id” .* is identifier"):
        set_rules(table_from_frame(frame), [Inequality("clicks", "order_id")])


def test_a_computed_column_is_no_target(ads):
    with pytest.raises(SchemaError, match="“roas” is the target"):
        set_rules(set_target(ads, "roas", drop_missing_target=True), [Ratio("roas", "revenue", "spend")])


def test_a_rule_that_no_longer_fits_is_dropped_with_a_note(ads):
    ruled = set_rules(ads, [Inequality("clicks", "impressions"), combinations(ads, ["city", "region"])])
    changed = set_roles(ruled, {"city": Role.FREE_TEXT})
    assert [r.short for r in changed.schema.rules] == ["clicks ≤ impressions"]
    assert changed.notes[-1].startswith("The rule “city + region as in the real table” was dropped: “city”")
    predicted = set_target(set_rules(ads, [Ratio("roas", "revenue", "spend")]), "roas", drop_missing_target=True)
    assert predicted.schema.rules == () and "“roas” is the target" in predicted.notes[-1]


def test_rules_are_taken_over_for_the_next_file_with_the_same_headers(ads, tmp_path):
    library = TableLibrary(tmp_path)
    library.remember(set_rules(ads, [Inequality("clicks", "impressions"), combinations(ads, ["city", "region"])]))
    fresh = table_from_frame(ads_frame(500, seed=9).assign(city="Oslo", region=np.resize(["N", "S"], 500)))
    after = library.recalled(set_roles(fresh, {"city": Role.CATEGORICAL}))
    assert [r.short for r in after.schema.rules] == ["clicks ≤ impressions", "city + region as in the real table"]
    assert after.schema.rules[1].allowed == (("Oslo", "N"), ("Oslo", "S"))
    assert not check(after.frame, after.schema.rules)[1].broken
    assert any("Rules were taken over from an earlier file: clicks ≤ impressions" in n for n in after.notes)


def test_an_advertising_report_has_its_rules_proposed_with_support(ads):
    found = {p.rule.short: p for p in propose(ads)}
    assert {
        "clicks ≤ impressions",
        "conversions ≤ clicks",
        "start ≤ end",
        "city + region as in the real table",
        "ctr = 100 × clicks / impressions",
        "cpc = spend / clicks",
        "roas = revenue / spend",
        "total_media = search + social",
        "spend ≥ 0",
    } <= set(found)
    assert "conversions ≤ revenue" not in found  # true of every row, and means nothing
    support = found["clicks ≤ impressions"].support
    assert 0 < support.broken < 10 and support.tested > 1_800
    assert found["clicks ≤ impressions"].text == (f"clicks ≤ impressions: {support.kept:,} of {support.tested:,} rows")
    set_rules(ads, [p.rule for p in found.values()])  # they fit together


def test_columns_that_have_nothing_to_do_with_each_other_suggest_nothing():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 90, 3_000),
            "visits_home": rng.poisson(2, 3_000),
            "income": rng.lognormal(10, 1, 3_000).round(2),
            "balance": rng.lognormal(2, 1, 3_000).round(2),
            "colour": rng.choice(list("abcd"), 3_000),
            "shape": rng.choice(list("wxyz"), 3_000),
            "code": rng.integers(0, 400, 3_000).astype(str),
            "joined": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, 3_000), unit="D"),
            "left": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, 3_000), unit="D"),
        }
    )
    assert shorts(table_from_frame(frame)) == set()


def test_a_coarsely_rounded_column_agrees_with_no_ratio_by_accident():
    rng = np.random.default_rng(5)
    views = rng.integers(1_000, 9_000, 2_000)
    frame = pd.DataFrame(
        {"views": views, "taps": rng.binomial(views, 0.01), "quality": rng.normal(0.02, 0.005, 2_000).round(2)}
    )
    assert not any("quality" in s for s in shorts(table_from_frame(frame)))


def test_a_chain_of_columns_decided_by_another_is_one_rule():
    rng = np.random.default_rng(5)
    city = rng.integers(0, 30, 2_000)
    frame = pd.DataFrame({"city": city, "region": city % 10, "country": city % 5, "size": rng.integers(0, 9, 2_000)})
    frame = frame.astype({"city": str, "region": str, "country": str}).add_prefix("the_")
    frame = frame.assign(**{c: "x" + frame[c] for c in ("the_city", "the_region", "the_country")})
    assert shorts(table_from_frame(frame)) == {"the_city + the_region + the_country as in the real table"}


@pytest.mark.parametrize("which", CASES)
def test_no_table_is_too_odd_to_be_looked_at(which):
    table = case(which).table
    set_rules(table, [p.rule for p in propose(table)])


def test_proposals_are_the_same_every_time(ads):
    assert propose(ads) == propose(ads)


@needs_real
@pytest.mark.parametrize(
    ("file", "target", "expected"),
    [
        (
            "facebook_ads_conversions.csv",
            None,
            {"Clicks ≤ Impressions", "Approved_Conversion ≤ Total_Conversion", "Spent ≥ 0"},
        ),
        ("ad_table_30k.csv", "conv", {"conv ≤ clicks", "spend ≥ 0"}),
        ("adult_income.csv", "income >50K", {"education + education-num as in the real table"}),
        ("telco_churn.csv", "Churn", {"MonthlyCharges ≤ TotalCharges"}),
    ],
)
def test_what_real_tables_suggest_makes_sense(file, target, expected):
    found = propose(read_table(REAL / file, target=target))
    assert expected <= {p.rule.short for p in found}
    assert len(found) <= 10
