"""Files of leads: however they are written, the same leads get the same scores; what cannot be read is named."""

import gzip
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import ScorerError, TableError
from synth_core.prospective import lead_files
from synth_core.prospective.lead_files import open_leads
from synth_core.prospective.leads import check, read_leads
from tests.prospective.frozen import leads, scorer, studied


def csv(frame: pd.DataFrame, encoding: str = "utf-8", **options) -> bytes:
    return frame.to_csv(index=False, **options).encode(encoding)


def binary(write) -> bytes:
    buffer = io.BytesIO()
    write(buffer)
    return buffer.getvalue()


def german(frame: pd.DataFrame) -> pd.DataFrame:
    """Decimal comma, points between thousands, day first."""

    def number(value: float) -> str:
        return "" if pd.isna(value) else f"{value:,.2f}".translate(str.maketrans(",.", ".,"))

    out = frame.assign(enquiry_date=frame["enquiry_date"].dt.strftime("%d.%m.%Y"))
    return out.assign(**{c: frame[c].map(number) for c in ("quote_eur", "discount_percent", "call_minutes")})


def shuffled(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[list(np.random.default_rng(0).permutation(frame.columns))]


WRITTEN = {
    "frame": lambda f: f,
    "csv": csv,
    "another order of columns": lambda f: csv(shuffled(f)),
    "semicolons, UTF-16": lambda f: csv(f, "utf-16", sep=";"),
    "tabs, Latin-1": lambda f: csv(f.assign(größe="ä"), "latin-1", sep="\t"),
    "decimal comma, Latin-1": lambda f: csv(german(f).assign(café="é"), "latin-1", sep=";"),
    "decimal comma between commas": lambda f: csv(german(shuffled(f))),
    "BOM, CRLF": lambda f: csv(f, "utf-8-sig", lineterminator="\r\n"),
    "Excel's first line": lambda f: b"sep=;\r\n" + csv(f, sep=";"),
    "a title above": lambda f: b"Leads of the week\n\n" + csv(f),
    "upper case and blanks": lambda f: csv(f.rename(columns=lambda c: f" {c.upper()} ")),
    "cells with line ends": lambda f: csv(f.assign(note='one\n"two", three')),
    "gzip": lambda f: gzip.compress(csv(f)),
    "Excel": lambda f: binary(lambda b: f.to_excel(b, index=False)),
    "Parquet": lambda f: binary(lambda b: f.to_parquet(b)),
    "levels in another case": lambda f: csv(f.assign(channel=f["channel"].str.upper() + " ")),
    "signs of currency": lambda f: csv(f.assign(quote_eur=f["quote_eur"].map("{:,.2f} €".format))),
    "words for missing": lambda f: csv(f, na_rep="n/a"),
    "times of day": lambda f: csv(f.assign(enquiry_date=f["enquiry_date"].dt.strftime("%Y-%m-%dT00:00:00Z"))),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_the_same_leads_get_the_same_scores(how):
    frozen, rows = scorer(), leads()
    frame, _, missing, _ = read_leads(WRITTEN[how](rows), frozen, name=how)
    assert frozen.score(frame).equals(frozen.score(rows))
    assert not missing
    assert list(frame) == list(frozen.card.features)


@pytest.mark.parametrize("how", ["csv", "decimal comma, Latin-1", "Parquet", "Excel"])
def test_parts_of_a_file_are_read_as_the_whole(how, monkeypatch):
    frozen, rows = scorer(), leads()
    whole = read_leads(WRITTEN[how](rows), frozen, name=how)[0]
    monkeypatch.setattr(lead_files, "_BLOCK", 4_000)
    monkeypatch.setattr(lead_files, "PART", 17)
    assert sum(1 for _ in open_leads(WRITTEN[how](rows)).parts([0])) > 8
    assert read_leads(WRITTEN[how](rows), frozen, name=how)[0].equals(whole)


def test_a_file_on_disk_is_read_like_its_content(tmp_path):
    (tmp_path / "week.csv").write_bytes(csv(leads()))
    found = read_leads(tmp_path / "week.csv", scorer(), name="week.csv")
    assert found[0].equals(read_leads(csv(leads()), scorer(), name="week.csv")[0])


def test_leads_without_the_outcome_are_the_usual_case_and_one_is_not_looked_at():
    frozen, rows = scorer(), leads()
    frame, notes, missing, extra = read_leads(csv(rows.drop(columns="booked")), frozen, name="week")
    assert (notes, missing, extra) == ([], (), ())
    turned = rows.assign(booked=np.where(rows["booked"] == "yes", "no", "yes"))
    other, notes, _, extra = read_leads(csv(turned), frozen, name="week")
    assert notes == ["The outcome “booked” is in the file: scoring does not look at it."]
    assert not extra
    assert other.equals(frame)


def test_missing_and_extra_columns_are_named():
    frozen, rows = scorer(), leads()
    given = rows.drop(columns=["age", "call_minutes", "booked"]).assign(sales_rep="Ana", mood=3)
    frame, notes, missing, extra = read_leads(csv(given), frozen, name="week")
    assert missing == ("age", "call_minutes")
    assert extra == ("sales_rep", "mood")
    assert notes == [
        "Not in the file, so scored as missing: age, call_minutes.",
        "Columns that the training rows do not have are ignored: sales_rep, mood.",
    ]
    blank = rows.assign(age=pd.array([None] * len(rows), "Int64"), call_minutes=np.nan)
    assert frozen.score(frame).equals(frozen.score(blank))
    found = check(frozen, frame)
    assert found.missing == missing
    age = next(d for d in found.drift if d.name == "age")
    assert (age.missing_leads, age.level) == (1.0, "strong")
    assert "no lead has a value, so both models score without it" in age.told


def test_columns_that_are_kept_come_as_text():
    rows = leads()
    frame, _, _, extra = read_leads(csv(rows.assign(code="007")), scorer(), name="week", keep=["ENQUIRY_ID", "code"])
    assert list(frame)[-2:] == ["ENQUIRY_ID", "code"]
    assert frame["ENQUIRY_ID"].tolist() == rows["enquiry_id"].tolist()
    assert set(frame["code"]) == {"007"}
    assert not extra
    with pytest.raises(ScorerError, match=r"“week” has no column “lead”\. Its columns are enquiry_id"):
        read_leads(csv(rows), scorer(), name="week", keep=["lead"])
    with pytest.raises(ScorerError, match="“channel” is one of the scorer's features"):
        read_leads(csv(rows), scorer(), name="week", keep=["channel"])


def test_what_was_changed_is_said_with_an_example():
    rows = leads()
    texts = pd.read_csv(io.BytesIO(csv(rows)), dtype=str, keep_default_na=False)
    texts.loc[3, "quote_eur"] = "on request"
    texts.loc[4, "travellers"] = "2.5"
    texts.loc[5, "enquiry_date"] = "soon"
    texts.loc[6:7, "channel"] = "referral"
    frame, notes, _, _ = read_leads(csv(texts.drop(columns="booked")), scorer(), name="week")
    assert notes == [
        "“enquiry_date”: 1 value such as “soon” counts as missing, being no date.",
        "“channel”: 2 values such as “referral” were read as the levels of the training rows that differ in case or "
        "blanks only.",
        "“travellers”: 1 value such as “2.5” was rounded: the training rows have whole numbers.",
        "“quote_eur”: 1 value such as “on request” counts as missing, being no number.",
    ]
    assert pd.isna(frame["quote_eur"][3])
    assert frame["travellers"][4] == 2
    assert pd.isna(frame["enquiry_date"][5])
    assert frame["channel"][6] == "Referral"


BAD = {
    "another column": (
        lambda f: csv(f.assign(quote_eur="cheap")),
        r"“quote_eur” holds numbers .* but “cheap” in",
    ),
    "no dates": (lambda f: csv(f.assign(enquiry_date="later")), r"“enquiry_date” holds dates \(%Y-%m-%d\) .*“later”"),
    "other headers": (
        lambda f: csv(f.add_prefix("x_")),
        r"None of the scorer's columns is in “week”: its first",
    ),
    "no headers": (lambda f: csv(f, header=False), "None of the scorer's columns is in “week”"),
    "no rows": (lambda f: csv(f.iloc[:0]), "no rows|no leads"),
    "a ragged row": (lambda f: csv(f) + b"1,2\n", r"Row \d+ has 2 cells, but the header has 20: “1,2”"),
    "an open quote": (lambda f: csv(f) + b'"' + b"x,\n" * 99, 'A quote is opened but never closed.*“"x,'),
    "an open quote in the last cell": (
        lambda f: csv(f).replace(b",no\n", b',"no\n', 1),
        "A quote is opened but never closed.*“no",
    ),
    "an open quote in UTF-16": (
        lambda f: csv(f, "utf-16").replace(",no\n".encode("utf-16-le"), ',"no\n'.encode("utf-16-le"), 1),
        "A quote is opened but never closed.*“no",
    ),
    "an open quote in a long file": (lambda f: csv(f) + b'"' + b"x,\n" * 900_000, "never closed"),
    "nothing": (lambda f: b"", "file is empty"),
    "a picture": (lambda f: b"\x89PNG\r\n\x1a\n" + bytes(99), "a PNG picture"),
    "damaged Parquet": (lambda f: WRITTEN["Parquet"](f)[:900], "Parquet file is damaged"),
    "damaged gzip": (lambda f: gzip.compress(csv(f))[:-900], "damaged"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_read_is_named(what):
    make, text = BAD[what]
    with pytest.raises((ScorerError, TableError), match=text):
        read_leads(make(leads()), scorer(), name="week")
    with pytest.raises(TableError, match="cannot be found"):
        read_leads("/nowhere/week.csv", scorer(), name="week")


def test_few_features_and_repeated_headers_are_said():
    rows = leads()
    twice = csv(rows[["age", "channel"]]).replace(b"age,channel", b"age,Age", 1)
    frame, notes, missing, _ = read_leads(twice, scorer(), name="week")
    assert list(frame) == ["age"]
    assert len(missing) == 17
    assert notes[0] == "Only 1 of 18 features are in the file: scores tell little."
    assert notes[1] == "Headers that occur twice: the first such column counts (age)."


def test_the_first_odd_byte_may_come_late():
    rows = pd.concat([leads()] * 9, ignore_index=True)
    rows["place"] = ["Graz"] * (len(rows) - 1) + ["Köln"]
    assert len(csv(rows)) > 200_000
    frame, notes, _, _ = read_leads(csv(rows, "cp1252"), scorer(), name="week", keep=["place"])
    assert frame["place"].iloc[-1] == "Köln"
    assert notes[0] == "The file was read with the encoding cp1252."


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9).map(lambda v: round(v, 2)), min_size=3, max_size=12), st.booleans(), st.booleans())
def test_numbers_mean_the_same_in_every_notation(numbers, comma, grouped):
    """Two decimals and a thousand separator: only one notation fits."""
    rows = leads().iloc[: len(numbers)].assign(quote_eur=numbers)
    text = [f"{v:,.2f}" if grouped else f"{v:.2f}" for v in numbers]
    if comma:
        text = [t.translate(str.maketrans(",.", ".,")) for t in text]
    frame, notes, _, _ = read_leads(csv(rows.assign(quote_eur=text)), scorer(), name="week")
    assert frame["quote_eur"].tolist() == numbers
    assert len(notes) == 1  # the outcome


@pytest.mark.parametrize(
    ("column", "elsewhere", "read"),
    [
        (["1,234", "12,5"], "0.5", [1.234, 12.5]),  # the column's other values tell
        (["1,234", "12.5"], "0,5", [1234, 12.5]),
        (["1.234", "12,5"], "0.5", [1234, 12.5]),
        (["1,234", "1,234"], "0,5", [1.234, 1.234]),  # the file's other columns tell
        (["1,234", "1,234"], "0.5", [1234, 1234]),
        (["1.234", "1.234"], "0,5", [1234, 1234]),
        (["1.234", "1.234"], "0.5", [1.234, 1.234]),
        (["12.5", "7,25"], "0.5", [12.5, 7.25]),  # each fits one notation only
    ],
)
def test_a_comma_before_three_digits_is_told_by_its_surroundings(column, elsewhere, read):
    rows = pd.DataFrame({"quote_eur": column, "call_minutes": elsewhere, "channel": "Search"})
    frame, _, _, _ = read_leads(csv(rows, sep=";"), scorer(), name="week")
    assert frame["quote_eur"].tolist() == read


def test_training_rows_read_back_are_the_training_rows():
    train = studied("travel").split.train.frame
    frame, _, _, _ = read_leads(csv(train), scorer(), name="train")
    for name in frame:
        pd.testing.assert_series_equal(frame[name], train[name])
