"""Invented values: as many as wanted, none twice, none real, and nobody can be reached through them."""

import re

import numpy as np
import pytest

from synth_core.tables import Column, Kind, Role, table_from_frame
from synth_core.tables.fakes import WHAT, fake, free_tokens, kind_of
from tests.tables.makers import csv

every_kind = pytest.mark.parametrize("what", WHAT)
HARMLESS = {
    "email": r"[a-z0-9.\-]+@([a-z]+\.)?example\.(com|org|net)",
    "url": r"https://[a-z]+\.([a-z]+\.)?example\.(com|org|net)/[a-z0-9]+",
    "phone": r"\+1-[2-9]\d\d-555-01\d\d( x\d+)?",
    "ip": r"(198\.1[89]|10\.\d{1,3})\.\d{1,3}\.\d{1,3}",
    "iban": r"GB\d\d(FAKE|MOCK|TEST|DEMO|SHAM|NONE|VOID|NULL)\d{14}",
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    "postcode": r"\d{5}(-\d{4})?",
}


@every_kind
def test_more_than_there_are_words_and_none_twice(what):
    made = fake(what, 30_000, seed=3)
    assert len(set(made)) == len(made) == 30_000
    assert all(text == text.strip() and text for text in made[:1_000])


@every_kind
@pytest.mark.parametrize("unique", [True, False])
def test_the_seed_decides(what, unique):
    made = fake(what, 200, seed=3, unique=unique)
    assert made == fake(what, 200, seed=3, unique=unique)
    assert made != fake(what, 200, seed=4, unique=unique)
    assert len(made) == 200 and fake(what, 0, seed=1, unique=unique) == []


@pytest.mark.parametrize("what", HARMLESS)
@pytest.mark.parametrize("rows", [100, 200_000])
def test_nobody_can_be_reached_through_them(what, rows):
    assert all(re.fullmatch(HARMLESS[what], text) for text in fake(what, rows, seed=1)[:5_000])


def test_bank_accounts_have_the_right_check_digits():
    for text in fake("iban", 50, seed=1):
        assert int("".join(str(int(c, 36)) for c in text[4:] + text[:4])) % 97 == 1


@every_kind
def test_none_equals_a_real_value_even_if_the_real_ones_are_of_the_same_make(what):
    real = fake(what, 20_000, seed=3)
    tokens = free_tokens(what, real)
    if tokens is None:  # random characters: told apart elsewhere, by what the real ones begin with
        return
    made = fake(what, 20_000, seed=3, tokens=tokens)
    assert len(set(made)) == 20_000
    assert not {m.casefold() for m in made} & {r.casefold() for r in real}


def test_every_surname_taken_gives_compound_ones():
    real = fake("name", 200_000, seed=1)
    made = fake("name", 50, seed=1, tokens=free_tokens("name", real))
    assert all("-" in text for text in made)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="'horoscope' cannot be invented"):
        fake("horoscope", 1, seed=1)


def test_guesses_what_a_column_holds():
    rows = 40
    rng = np.random.default_rng(1)
    cells = {
        "Contact E-Mail": [f"p{n}@agency.example" for n in range(rows)],
        "mobile": [f"+49 170 {n:07d}" for n in rng.integers(10**7, size=rows)],
        "landing": [f"https://shop.example/{n}" for n in range(rows)],
        "client_ip": [f"81.2.{n}.7" for n in range(rows)],
        "gclid": [f"Cj0KCQ{n:030x}" for n in range(rows)],
        "guest_name": [f"{a} Muster" for a in fake("first_name", rows, seed=1)],
        "street_address": [f"{n} Main Street" for n in range(1, rows + 1)],
        "customer_id": [f"C{n:05d}" for n in range(rows)],
        "remark": fake("text", rows, seed=1),
    }
    lines = [",".join(cells), *(",".join(row) for row in zip(*cells.values(), strict=True))]
    guessed = {c.name: kind_of(c) for c in csv("\n".join(lines)).schema}
    assert guessed == {
        "Contact E-Mail": "email", "mobile": "phone", "landing": "url", "client_ip": "ip", "gclid": "click_id",
        "guest_name": "name", "street_address": "street_address", "customer_id": "id", "remark": "text",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "what"),
    [("firstName", "first_name"), ("Last name", "last_name"), ("companyName", "company"), ("ZIP code", "postcode"),
     ("loginName", "user_name"), ("trip", None), ("Home town", "city")],
)  # fmt: skip
def test_guesses_by_header_where_an_analyst_chose_the_role(header, what):
    assert kind_of(Column(header, header, Kind.TEXT, Role.SENSITIVE, "chosen by you", ("abc", "def"))) == what


def test_invented_columns_are_recognised_as_sensitive_again():
    import pandas as pd

    frame = pd.DataFrame({w: fake(w, 200, seed=2) for w in ("email", "phone", "url", "ip", "iban", "street_address")})
    assert {c.role for c in table_from_frame(frame).schema} == {Role.SENSITIVE}
