"""Every contradiction is one sentence that names the column."""

from __future__ import annotations

import datetime as dt

import pytest

from synth_core.blueprint import Blueprint, Boolean, Category, Correlation, Date, Faked, Number, TargetSpec, draw
from synth_core.errors import BlueprintError
from tests.blueprint.makers import leads


@pytest.mark.parametrize(
    ("column", "words"),
    [
        (Category("plan", ("A", "B"), (0.5, 0.4)), r"shares of “plan” add up to 0.9 instead of 1 \(A 0.5, B 0.4\)"),
        (Category("plan", ("A", "A"), (0.5, 0.5)), "“plan” lists the level “A” twice"),
        (Category("plan", ()), "“plan” is a category without levels"),
        (Category("plan", ("A", "B"), (1.5, -0.5)), "share of “A” is 1.5"),
        (Number("age"), "“age” says nothing about its values"),
        (Number("age", low=80, high=18), r"low \(80\) must be below high \(18\)"),
        (Number("age", low=18, high=80, mean=90), r"the mean \(90\) must lie between low \(18\) and high \(80\)"),
        (Number("age", low=0, high=1e300), "the high is 1e.300. Write a number of at most 15 digits"),
        (Number("age", True, low=5.2, high=5.8), "from 5.2 to 5.8 there is no whole number"),
        (Number("age", low=0, high=10, mean=5, sd=6), "the sd is below 5"),
        (Number("age", distribution="normal", mean=3), "the normal distribution needs sd"),
        (Number("age", distribution="normal", mean=3, sd=-1), "the sd is -1"),
        (Number("age", distribution="bell", mean=3, sd=1), "no distribution called “bell”"),
        (Number("age", distribution="gamma", mean=-3, sd=1), "the gamma distribution needs one above 0"),
        (Number("n", True, "negative binomial", mean=9, sd=2), "scatter by at least 3"),
        (Number("age", mean=3, missing=1.0), "share missing is 1"),
        (Number("age", mean=3, zero=30), "share of zeros is 30"),
        (Number("age", distribution="normal", mean=0, sd=1, low=50, high=60), "no values from 50 to 60"),
        (Boolean("member", 1.2), "share of “yes” is 1.2"),
        (Boolean("member", 0.2, ("yes", "yes")), "“member” needs two different labels"),
        (Date("day", dt.date(2026, 2, 1), dt.date(2026, 1, 1)), "comes after the last"),
        (Date("day", dt.date(2026, 1, 1), dt.date(2026, 2, 1), weekdays=(1, 1)), "weekdays takes 7 numbers"),
        (Date("day", dt.date(2026, 1, 3), dt.date(2026, 1, 4), weekdays=(1, 1, 1, 1, 1, 0, 0)), "“day”: no day from"),
        (Faked("pet", "dog"), "“pet”: “dog” cannot be made up. Choose name"),
    ],
)
def test_a_column_that_cannot_be(column, words):
    with pytest.raises(BlueprintError, match=words):
        draw(Blueprint("b", (column, Number("other", low=0, high=1)), 50), seed=1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"columns": ()}, "no columns"),
        ({"columns": (Number("a", mean=1), Number("a", mean=2))}, "Two columns are called “a”"),
        ({"columns": (Number(" ", mean=1),), "target": None}, "Column 1 has no name"),
        ({"rows": 0}, "0 rows cannot be made"),
        ({"target": TargetSpec("bought", 1.2)}, "prevalence of “bought” is 1.2"),
        ({"target": TargetSpec("bought", 0)}, "prevalence of “bought” is 0"),
        ({"target": TargetSpec("age", 0.1)}, "Two columns are called “age”"),
        ({"target": TargetSpec("bought", drivers={"agee": 1})}, "names “agee”, which is no column.*lead_id, email"),
        ({"target": TargetSpec("bought", drivers={"email": 1})}, "“email”, whose values are made up"),
        ({"target": TargetSpec("bought", drivers={"channel": 1})}, "“channel” is a category: give a strength per"),
        ({"target": TargetSpec("bought", drivers={"channel": {"TV": 1}})}, "level “TV”.*Search, Social, E-mail"),
        ({"target": TargetSpec("bought", drivers={"age": {"TV": 1}})}, "it is a number"),
        ({"target": TargetSpec("bought", drivers={"age": 99})}, "strength of the driver “age” is 99"),
        ({"correlations": (Correlation("age", "incme", 0.1),)}, "names “incme”, which is no column"),
        ({"correlations": (Correlation("age", "email", 0.1),)}, "“email”, whose values are made up"),
        ({"correlations": (Correlation("age", "age", 0.1),)}, "cannot be correlated with itself"),
        ({"correlations": (Correlation("age", "income", 1.0),)}, "“age” and “income” is 1: choose one between"),
        ({"correlations": (Correlation("age", "income", 0.1), Correlation("income", "age", 0.2))}, "stated twice"),
    ],
)
def test_a_blueprint_that_cannot_be(changes, words):
    with pytest.raises(BlueprintError, match=words):
        draw(leads(**changes), seed=1)
