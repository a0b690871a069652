"""Columns no generator sees: new ids of the real ones' look, invented values, codes, and never a real value."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.generators import create
from synth_core.generators._aside import Aside
from synth_core.tables import Column, Kind, Release, Role, Table, Train
from synth_core.tables.fakes import WHAT, fake
from synth_core.tables.schema import Schema
from synth_core.tables.table import DTYPES

ROWS = 400


def table_of(values, kind=Kind.TEXT, role=Role.IDENTIFIER, release=None, name="x") -> Table:
    series = pd.Series(values, dtype=DTYPES[kind])
    shown = tuple(map(str, series.dropna().head(3)))
    column = Column(name, name, kind, role, "chosen by you", shown, release=release)
    return Table(pd.DataFrame({name: series}), Schema((column,)))


def remade(table: Table, rows: int = 1_000, seed: int = 1) -> pd.Series:
    """The column made anew; checked against everything that holds for all of them."""
    (column,) = table.schema
    aside = Aside().fit(table)
    made = aside.restore(column, rows, seeds={column.name: seed})
    assert str(made.dtype) == DTYPES[column.kind] and len(made) == rows
    real = table.frame[column.name].dropna()
    assert not made.isin(real).any(), made[made.isin(real)].head()
    pd.testing.assert_series_equal(aside.restore(column, rows, seeds={column.name: seed}), made)
    plain = Aside.from_plain(aside.to_plain({column.name: column.kind}), {column.name: column.kind})
    pd.testing.assert_series_equal(plain.restore(column, rows, seeds={column.name: seed}), made)
    if made.notna().any() and rows > 20:
        assert not made.equals(aside.restore(column, rows, seeds={column.name: seed + 1}))
    return made


@pytest.mark.parametrize(
    ("real", "pattern"),
    [
        ([f"C{n:05d}" for n in range(ROWS)], r"C\d{5}"),
        ([f"ORD-2024-{n:06d}" for n in range(ROWS)], r"ORD-2024-\d{6}"),
        ([f"{n:08x}" for n in np.random.default_rng(1).integers(16**8, size=ROWS)], r"[0-9a-f]{8}"),
        (fake("uuid", ROWS, seed=1), r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"),
        ([f"{n:010d}" for n in range(ROWS)], r"\d{10}"),
        (["".join(p) for p in zip(*[iter("ABCDEFGHKLMNPRSTUVWXYZ" * 55)] * 3, strict=False)][:22], r"[A-Z]{3}\d?"),
    ],
)
def test_new_ids_keep_the_pattern_of_the_real_ones(real, pattern):
    made = remade(table_of(real))
    assert made.is_unique and made.map(lambda v: re.fullmatch(pattern, v) is not None).all()


def test_lengths_keep_their_shares():
    real = [f"A{n}" for n in range(10_000, 10_300)] + [f"B-{n}" for n in range(100, 200)]
    made = remade(table_of(real))
    assert set(made.str.len()) == {6, 5} and made.str.contains("-").mean() == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize("kind", [Kind.INTEGER, Kind.FLOAT])
@pytest.mark.parametrize("start", [0, 5_000, 123_456_789_012])
def test_number_ids_stay_numbers_of_as_many_digits(kind, start):
    made = remade(table_of(np.arange(start, start + ROWS), kind), rows=300)
    assert made.is_unique and (made > 0).all()
    digits = made.astype("int64").astype(str).str.len()
    assert digits.max() <= len(str(start + ROWS)) + 1
    assert digits.min() >= len(str(start))


def test_where_every_code_is_taken_new_ones_are_longer():
    made = remade(table_of([f"{n:03d}" for n in range(1_000)]), rows=5_000)
    assert made.is_unique and set(made.str.len()) == {4}
    assert made.str.isdigit().all()


def test_ids_that_repeat_do_so_as_often_as_the_real_ones_and_a_note_says_it():
    rng = np.random.default_rng(3)
    visits = rng.choice([1, 2, 7], 300, p=[0.5, 0.3, 0.2])
    real = np.repeat([f"C{n:05d}" for n in range(300)], visits)
    table = table_of(rng.permutation(real))
    made = remade(table, rows=10_000)
    sizes = made.value_counts()
    expected = pd.Series(visits).value_counts(normalize=True)
    assert set(sizes[:-1]) <= {1, 2, 7, *range(1, 7)}
    for size in (1, 2, 7):
        assert (sizes == size).mean() == pytest.approx(expected[size], abs=0.04)
    assert "a new value stands in as many rows as the real ones do" in " ".join(Aside().fit(table).notes)


def test_columns_that_repeat_together_in_the_real_rows_do_so_in_the_new_ones():
    rng = np.random.default_rng(5)
    who = rng.integers(60, size=300)
    frame = pd.DataFrame(
        {
            "customer": [f"C{n:05d}" for n in who],
            "email": [f"p{n}@agency.example" if n else None for n in who],
            "phone": [f"+49 170 {n:07d}" for n in who],
            "spend": rng.normal(size=300).round(3),
        }
    )
    text = {"kind": Kind.TEXT, "release": Release.FAKE}
    columns = (
        Column("customer", "customer", role=Role.IDENTIFIER, **text),
        Column("email", "email", role=Role.SENSITIVE, **text),
        Column("phone", "phone", role=Role.SENSITIVE, **text),
        Column("spend", "spend", Kind.FLOAT, Role.NUMERIC, decimals=3),
    )
    made = create("copula").fit(Train(Table(frame, Schema(columns)), np.arange(300)), seed=1).sample(500, seed=2)
    pairs = made[["customer", "phone"]].drop_duplicates()
    assert pairs["customer"].is_unique and pairs["phone"].is_unique and len(pairs) < 150
    assert not made[["customer", "email"]].dropna().drop_duplicates()["customer"].is_unique  # missing for one of them


@pytest.mark.parametrize("release", [Release.FAKE, Release.HASH])
def test_missing_values_keep_their_share(release):
    real = pd.Series([f"C{n:05d}" for n in range(ROWS)], dtype="object")
    made = remade(table_of(real.mask(np.arange(ROWS) % 4 == 0, None), release=release), rows=4_000)
    assert made.isna().mean() == pytest.approx(0.25, abs=0.03) and made.dropna().is_unique


@pytest.mark.parametrize("what", [w for w in WHAT if w != "id"])
@pytest.mark.parametrize("release", [Release.FAKE, Release.HASH])
def test_stand_ins_are_never_real_even_if_the_real_values_were_invented_here(what, release):
    real = fake(what, 3_000, seed=1)
    made = remade(table_of(real, role=Role.SENSITIVE, release=release, name=what), rows=3_000)
    assert made.is_unique
    if release is Release.HASH:
        assert made.map(lambda v: re.fullmatch(r"[0-9a-f]{16}", v) is not None).all()


def test_invented_values_are_of_the_columns_kind():
    email = remade(table_of([f"p{n}@agency.example" for n in range(50)], role=Role.SENSITIVE, release=Release.FAKE))
    assert email.str.fullmatch(r"[a-z.\-]+@example\.(com|org|net)").all()
    phone = remade(table_of([491700000000 + n for n in range(50)], Kind.INTEGER, Role.SENSITIVE, Release.FAKE, "phone"))
    assert phone.astype(str).str.contains("55501").all() and str(phone.dtype) == "Int64"
    text = remade(table_of(fake("text", 50, seed=3), role=Role.FREE_TEXT, release=Release.FAKE, name="note"))
    assert text.str.split().str.len().eq(8).all()


@pytest.mark.parametrize("role", [Role.SENSITIVE, Role.FREE_TEXT])
@pytest.mark.parametrize("release", [None, Release.DROP])
def test_sensitive_columns_and_free_text_are_blank_unless_chosen_otherwise(role, release):
    made = remade(table_of([f"p{n}@agency.example" for n in range(50)], role=role, release=release))
    assert made.isna().all()


def test_hashes_of_numbers_are_numbers():
    made = remade(table_of(np.arange(ROWS), Kind.INTEGER, Role.SENSITIVE, Release.HASH))
    assert made.is_unique and set(made.astype(str).str.len()) == {15}


@pytest.mark.parametrize("release", list(Release))
def test_dates_come_out_blank_whatever_is_asked(release):
    days = pd.date_range("1980-01-01", periods=50)
    assert remade(table_of(days, Kind.DATE, Role.SENSITIVE, release)).isna().all()


@pytest.mark.parametrize("count", [0, 1, 2])
def test_hardly_any_value_is_enough(count):
    values = [f"JOHN{n}" for n in range(count)] + [None] * 2
    made = remade(table_of(values), rows=200)
    assert made.notna().any() == (count > 0)
    assert not made.dropna().str.startswith("JOHN").all() or not count


@settings(max_examples=60, deadline=None)
@given(
    real=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12), min_size=1,
                  max_size=40),
    role=st.sampled_from([Role.IDENTIFIER, Role.SENSITIVE, Role.FREE_TEXT]),
    release=st.sampled_from(Release),
    name=st.sampled_from(["x", "name", "email", "city", "phone", "company"]),
)  # fmt: skip
def test_any_text_at_all(real, role, release, name):
    remade(table_of(real, role=role, release=release, name=name), rows=60)


@settings(max_examples=40, deadline=None)
@given(real=st.lists(st.integers(-(10**18), 10**18), min_size=1, max_size=40),
       release=st.sampled_from(Release))  # fmt: skip
def test_any_numbers_at_all(real, release):
    remade(table_of(real, Kind.INTEGER, release=release), rows=60)


@pytest.mark.parametrize("name", ["trees", "copula"])
def test_generators_follow_the_choice(name):
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "customer": [f"C{n:05d}" for n in range(ROWS)],
            "email": [f"p{n}@agency.example" for n in range(ROWS)],
            "spend": rng.lognormal(3, 1, ROWS).round(2),
        }
    )
    columns = (
        Column("customer", "customer", Kind.TEXT, Role.IDENTIFIER, release=Release.HASH),
        Column("email", "email", Kind.TEXT, Role.SENSITIVE, examples=("p1@agency.example",), release=Release.FAKE),
        Column("spend", "spend", Kind.FLOAT, Role.NUMERIC, decimals=2),
    )
    table = Table(frame, Schema(columns))
    generator = create(name).fit(Train(table, np.arange(ROWS)), seed=1)
    made = generator.sample(500, seed=2)
    assert made["email"].str.endswith(("@example.com", "@example.org", "@example.net")).all()
    assert made["customer"].str.fullmatch("[0-9a-f]{16}").all()
    said = " ".join(generator.notes)
    assert "email (sensitive): invented values" in said and "customer (identifier): random codes" in said
