"""What an analyst types about columns is read into what a measurement takes, or refused in words."""

import pytest

from synth_core.errors import GeneratorError
from synth_core.generators.dp import declaring
from synth_core.generators.dp.columns import Declared
from synth_core.generators.dp.declaring import Typed
from synth_core.tables import load_sample

SCHEMA = load_sample("travel").schema


def test_bounds_dates_and_categories_are_read():
    typed = [
        Typed("age", "18", " 99.5 "),
        Typed("enquiry_date", "1970-01-02", "2024-12-31"),
        Typed("device", labels="mobile, desktop,, mobile ,a b"),
        Typed("nights"),
        Typed("channel", labels=" , "),
    ]
    assert declaring.read(typed, SCHEMA) == {
        "age": Declared(low=18.0, high=99.5),
        "enquiry_date": Declared(low=1.0, high=20_088.0),
        "device": Declared(labels=("mobile", "desktop", "a b")),
    }


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (Typed("age", "eighteen", "99"), "“age”: “eighteen” is not a number such as"),
        (Typed("age", "nan", "99"), "“nan” is not a number"),
        (Typed("age", "18", "inf"), "“inf” is not a number"),
        (Typed("age", "18"), "“age”: give the lowest and the highest value, or neither"),
        (Typed("age", "99", "18"), "“age”: the lowest value 99 must be below 18"),
        (Typed("enquiry_date", "soon", "2024-12-31"), "“soon” is not a date such as 2024-12-31"),
        (Typed("device", "1", "2"), "“device” has categories: list them"),
        (Typed("age", labels="young, old"), "“age” has whole numbers: give the lowest and the highest"),
    ],
)
def test_what_cannot_be_read_names_the_column(typed, why):
    with pytest.raises(GeneratorError, match=why):
        declaring.read([typed], SCHEMA)


def test_what_was_read_survives_json():
    known = {"age": Declared(low=18.0, high=99.5), "device": Declared(labels=("a", "b"))}
    assert declaring.from_dict(declaring.to_dict(known)) == known


def test_only_columns_that_are_measured_are_offered():
    offered = dict(declaring.lines(SCHEMA))
    assert "enquiry_id" not in offered and offered["device"] == "categories" and offered["age"] == "whole numbers"
    assert "device" not in dict(declaring.lines(SCHEMA, "device"))
