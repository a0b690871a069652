"""Rules in a blueprint: read, written, and kept by every row that is drawn."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from synth_core.blueprint import Blueprint, Category, Correlation, Date, Number, TargetSpec, draw, from_yaml, to_yaml
from synth_core.blueprint.rules import parse, text_of
from synth_core.errors import BlueprintError
from synth_core.tables.rules import FixedCombinations, Inequality, Range, Ratio, Sum, check
from tests.blueprint.makers import leads

NAMES = ("clicks", "impressions", "ctr", "start", "end", "search", "social", "total", "region", "city", "two words")


def campaigns(rows: int = 20_000, **changes) -> Blueprint:
    stated = Blueprint(
        "Campaigns",
        (
            Number("impressions", whole=True, distribution="lognormal", mean=900, sd=700, low=1),
            Number("clicks", whole=True, distribution="negative binomial", mean=300, sd=250, missing=0.05),
            Number("ctr", decimals=4),
            Number("search", distribution="gamma", mean=40, sd=20),
            Number("social", distribution="gamma", mean=25, sd=20),
            Number("total"),
            Date("start", dt.date(2026, 1, 1), dt.date(2026, 6, 30)),
            Date("end", dt.date(2026, 2, 1), dt.date(2026, 12, 31)),
            Category("region", ("West", "East"), (0.7, 0.3)),
            Category("city", ("Köln", "Bonn", "Berlin"), (0.4, 0.2, 0.4)),
        ),
        rows,
        (Correlation("impressions", "clicks", 0.5),),
        TargetSpec("booked", 0.3, drivers={"ctr": 0.8, "total": 0.3}),
    )
    lines = (
        "clicks <= impressions", "ctr = clicks / impressions", "total = search + social", "start < end", "ctr <= 0.9",
        "region, city: West, Köln | West, Bonn | East, Berlin",
    )  # fmt: skip
    rules = tuple(parse(line, [c.name for c in stated.columns]) for line in lines)
    return replace(stated, rules=rules, **changes)


def test_no_row_breaks_a_rule_and_they_come_along():
    found = draw(campaigns(), seed=1)
    assert len(found.table) == 20_000
    assert len(found.table.schema.rules) == 6
    assert [c.broken for c in check(found.table.frame, found.table.schema.rules)] == [0] * 6
    assert all(c.tested > 18_000 for c in check(found.table.frame, found.table.schema.rules))
    assert found.table.frame["clicks"].isna().mean() == pytest.approx(0.05, abs=0.01)
    assert (found.table.frame["ctr"].isna() == found.table.frame["clicks"].isna()).all()


def test_combinations_keep_the_shares_of_their_first_column():
    frame = draw(campaigns(), seed=1).table.frame
    assert (frame["region"] == "West").mean() == pytest.approx(0.7, abs=0.012)
    west = frame.loc[frame["region"] == "West", "city"].value_counts(normalize=True)
    assert west["Köln"] == pytest.approx(2 / 3, abs=0.015)


def test_what_is_redrawn_is_the_stated_distribution_given_the_rule():
    low, high = Number("low", low=0, high=1, decimals=6), Number("high", low=0, high=1, decimals=6)
    rule = parse("low <= high", ["low", "high"])
    found = draw(Blueprint("b", (low, high), 30_000, rules=(rule,)), seed=1)
    assert found.table.frame["low"].mean() == pytest.approx(1 / 3, abs=0.01)  # the smaller of two uniform numbers
    assert found.notes == (
        "50 % of the rows drawn broke a rule and were drawn again: their columns moved accordingly.",
    )


def test_the_target_is_driven_by_what_the_rules_compute():
    found = draw(campaigns(60_000), seed=2)
    assert (found.table.frame["booked"] == "yes").mean() == pytest.approx(0.3, abs=0.01)
    mean, sd = found.truth.scales["ctr"]
    assert found.table.frame["ctr"].mean() == pytest.approx(mean, rel=0.02)
    assert found.table.frame["ctr"].std() == pytest.approx(sd, rel=0.05)
    assert found.truth.best_auc > 0.65
    assert draw(campaigns(500), seed=9).truth == found.truth


def test_the_same_seed_draws_the_same_rows():
    first, second = (draw(campaigns(400), seed=3).table.frame for _ in range(2))
    assert first.equals(second)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("clicks <= impressions", Inequality("clicks", "impressions")),
        ("impressions ≥ clicks", Inequality("clicks", "impressions")),
        ("end > start", Inequality("start", "end", strict=True)),
        ("clicks >= 0", Range("clicks", 0.0, None)),
        ("clicks≤90", Range("clicks", None, 90.0)),
        ("0 <= ctr <= 0.5", Range("ctr", 0.0, 0.5)),
        ("0.5 >= ctr >= 0", Range("ctr", 0.0, 0.5)),
        ("start >= 2026-01-01", Range("start", "2026-01-01", None)),
        ("ctr = clicks / impressions", Ratio("ctr", "clicks", "impressions")),
        ("ctr = 100 * clicks / impressions", Ratio("ctr", "clicks", "impressions", 100.0)),
        ("total = search + social + two words", Sum("total", ("search", "social", "two words"))),
        ("region, city: West, Köln | East, Berlin",
         FixedCombinations(("region", "city"), (("West", "Köln"), ("East", "Berlin")))),
    ],
)  # fmt: skip
def test_rules_are_read_as_they_are_written(line, rule):
    assert parse(line, NAMES) == rule
    assert parse(text_of(rule), NAMES) == rule


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("clicks", "The rule “clicks” cannot be read. Rules name columns and look like: clicks <= impressions"),
        ("clicks <= impresions", "names “impresions”, which is neither a column nor a number"),
        ("1 <= 2", "cannot be read"),
        ("0 <= ctr >= 3", "cannot be read"),
        ("ctr = clicks - impressions", "cannot be read"),
        ("ctr = many * clicks / impressions", "the factor in .* is “many"),
        ("region, city: West", "cannot be read"),
    ],
)
def test_a_rule_that_says_nothing_is_told(line, words):
    with pytest.raises(BlueprintError, match=words):
        parse(line, NAMES)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("search <= region",), "“region”.* is not a number or a date"),
        (("start <= search",), "compares a date with a number"),
        (("total = search + social", "total = search / social"), "would be computed twice"),
        (("region, city: West, Rome",), "“city” has no level “Rome”"),
        (("search >= 1000",), r"“search ≥ 1,000” holds in 0\.\d % of the rows only"),
    ],
)
def test_rules_that_cannot_hold_are_told(lines, words):
    plain = campaigns(500, target=None)
    names = [c.name for c in plain.columns]
    blueprint = replace(plain, rules=(*plain.rules[1:3], *(parse(line, names) for line in lines)))
    with pytest.raises(BlueprintError, match=words):
        draw(blueprint, seed=1)


def test_a_computed_column_takes_no_correlation_of_its_own():
    with pytest.raises(BlueprintError, match="“ctr” is computed by “ctr = clicks / impressions” and cannot be"):
        draw(campaigns(correlations=(Correlation("ctr", "search", 0.3),)), seed=1)


def test_rules_are_saved_with_the_blueprint():
    assert from_yaml(to_yaml(campaigns())) == campaigns()
    text = to_yaml(leads()) + "rules: [{low: 1}]\n"
    with pytest.raises(BlueprintError, match="Rules are written as one line of text"):
        from_yaml(text)


def test_rare_rules_are_kept_at_size():
    names = ("a", "b")
    columns = tuple(Number(n, distribution="normal", mean=m, sd=1) for n, m in zip(names, (2, 0), strict=True))
    frame = draw(Blueprint("b", columns, 20_000, rules=(parse("a <= b", names),)), seed=1).table.frame
    assert len(frame) == 20_000 and (frame["a"] <= frame["b"]).all()
    assert np.unique(frame["a"]).size > 300
