"""What each column is proposed to be, why, and how the proposal is changed."""

import numpy as np
import pandas as pd
import pytest

from synth_core.errors import SchemaError
from synth_core.tables import Kind, Role, load_sample, read_table, set_roles, set_target, table_from_frame
from tests.tables.makers import csv

N = 120
RNG = np.random.default_rng(3)


def role_of(header, cells):
    table = table_from_frame(pd.DataFrame({header: cells, "other": RNG.random(len(cells))}))
    return table.schema[header].role, table.schema[header].reason


EMAILS = [f"guest{i}@hotel{i % 7}.example" for i in range(N)]
WORDS = ["warm", "welcome", "garden", "slow", "breakfast", "quiet", "lake", "view", "again", "soon"]
SENTENCES = [" ".join(RNG.choice(WORDS, 9)) + f" {i}" for i in range(N)]
FIRST, LAST = ["Ana", "Björn", "Chloé", "Dai", "Emma"], ["O'Neill", "García", "Smith-Jones", "Weiß", "Li"]
NAMES = [f"{RNG.choice(FIRST)} {RNG.choice(LAST)}" for _ in range(N)]


@pytest.mark.parametrize(
    ("header", "cells", "role", "reason"),
    [
        ("contact", EMAILS, Role.SENSITIVE, "e-mail"),
        ("newsletter", [e if i % 3 else None for i, e in enumerate(EMAILS)], Role.SENSITIVE, "e-mail"),
        ("reach_me", [f"+49 170 {i:03d} {1000 + i}" for i in range(N)], Role.SENSITIVE, "phone"),
        ("phone", [f"0{1701000000 + 37 * i}" for i in range(N)], Role.SENSITIVE, "phone"),
        ("mobile", [4915100000000 + 7919 * i for i in range(N)], Role.SENSITIVE, "phone"),
        ("gclid", [f"Cj0KCQjw{i:05d}" for i in range(N)], Role.SENSITIVE, "click or device id"),
        ("fbclid", [f"IwAR{i % 20}" for i in range(N)], Role.SENSITIVE, "click or device id"),
        ("landing", [f"https://example.com/p/{i}" for i in range(N)], Role.SENSITIVE, "web addresses"),
        ("source", [f"10.0.{i % 200}.{i % 17}" for i in range(N)], Role.SENSITIVE, "IP addresses"),
        ("customer_name", NAMES, Role.SENSITIVE, "names of people"),
        ("guest", NAMES, Role.SENSITIVE, "names of people"),
        ("address", [f"{i} High Street" for i in range(N)], Role.SENSITIVE, "postal addresses"),
        ("booking_id", [f"B-{i:05d}" for i in range(N)], Role.IDENTIFIER, "different value in every filled row"),
        ("ID", list(RNG.permutation(N) + 7000), Role.IDENTIFIER, "header names an id"),
        ("clientId", list(RNG.permutation(N) + 7000), Role.IDENTIFIER, "header names an id"),
        ("row", range(1, N + 1), Role.IDENTIFIER, "counts the rows"),
        ("token", [f"{i:08x}-0000-4000-8000-{i * 7919:012x}" for i in range(N)], Role.IDENTIFIER, "UUID"),
        ("review", SENTENCES, Role.FREE_TEXT, "long, varied text"),
        ("currency", ["EUR"] * N, Role.CONSTANT, "EUR"),
        ("left_blank", [None] * N, Role.EMPTY, "no value"),
        ("subscribed", ["yes", "no"] * (N // 2), Role.BOOLEAN, "no and yes"),
        ("new_client", [0, 1] * (N // 2), Role.BOOLEAN, "0 and 1"),
        ("channel", ["web", "mail", "shop"] * (N // 3), Role.CATEGORICAL, "3 different values"),
        ("postcode", [f"{v:05d}" for v in RNG.integers(500, 99999, N // 4)] * 4, Role.CATEGORICAL, "kept as text"),
        ("spend", list(RNG.random(N).round(2)), Role.NUMERIC, "decimals"),
        ("first_visit", pd.date_range("2024-01-01", periods=N), Role.DATE, "dates from 2024-01-01"),
    ],
)
def test_proposed_role_and_reason(header, cells, role, reason):
    found, why = role_of(header, list(cells))
    assert found is role
    assert reason in why


@pytest.mark.parametrize(
    "header",
    [
        *("emails_opened", "phone_calls", "mobile_sessions", "url_clicks", "address_changes", "paid", "bid", "valid"),
        *("names_collected", "ip_count", "keyword_count", "id_checks", "customers", "cookies_accepted"),
    ],
)
def test_counts_with_a_telling_header_stay_integers(header):
    assert role_of(header, list(RNG.poisson(40, N)))[0] is Role.INTEGER
    assert role_of(header, list(RNG.permutation(N) * 13 + 1_000_000))[0] is Role.INTEGER


def test_a_few_ways_of_contact_are_a_category_not_people():
    assert role_of("contact", ["cellular", "telephone", "unknown"] * 40)[0] is Role.CATEGORICAL


def test_saved_index_is_set_aside_even_after_a_filter():
    table = csv(",age,y\n" + "".join(f"{i},{20 + i % 50},{i % 2}\n" for i in range(0, 90, 3)))
    assert table.schema["column_1"].role is Role.IDENTIFIER


def test_examples_are_the_files_own_texts():
    assert csv("spend;n\n1.234,50;1\n7,25;2\n").schema["spend"].examples == ("1.234,50", "7,25")


@pytest.fixture
def table():
    rows = "".join(
        f"{i},{'web' if i % 2 else 'mail'},{i % 5}.5,{i % 3},2024-01-{1 + i % 28:02d},06{i % 9}\n" for i in range(60)
    )
    return csv("n,channel,spend,score,day,zip\n" + rows)


def test_set_roles_changes_role_and_values(table):
    changed = set_roles(table, {"score": Role.CATEGORICAL, "zip": Role.INTEGER, "n": Role.IDENTIFIER})
    assert changed.schema["score"].role is Role.CATEGORICAL
    assert changed.schema["score"].reason == "chosen by you"
    assert changed.schema["zip"].kind is Kind.INTEGER
    assert changed.frame["zip"].iloc[1] == 61
    assert "n" not in changed.schema.features
    assert table.schema["zip"].kind is Kind.TEXT


def test_set_roles_reads_numbers_as_dates():
    table = csv("start,n\n" + "".join(f"{45_292 + i},1\n" for i in range(30)))
    assert table.schema["start"].kind is Kind.INTEGER
    dated = set_roles(table, {"start": Role.DATE})
    assert dated.frame["start"].iloc[0] == pd.Timestamp("2024-01-01")


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        ({"channel": Role.NUMERIC}, r"“channel” cannot be read as numeric: for example “(web|mail)”"),
        ({"spend": Role.INTEGER}, r"“spend” cannot be read as integer: for example “\d\.5”"),
        ({"channel": Role.DATE}, r"“channel” cannot be read as date: for example “(web|mail)”"),
        ({"channel": Role.EMPTY}, "“channel” is not empty: it holds “mail”"),
        ({"channel": Role.CONSTANT}, "“channel” has 2 different values, such as “mail”"),
        ({"score": Role.BOOLEAN}, "“score” has 3 different values, such as “0”. Use “categorical”"),
        ({"channel": Role.TARGET}, "“channel”: the target is chosen with the target picker"),
        ({"chanel": Role.DATE}, "no column called “chanel”. The columns are: n, channel"),
    ],
)
def test_roles_that_do_not_fit_name_column_value_and_way_out(table, roles, message):
    with pytest.raises(SchemaError, match=message):
        set_roles(table, roles)


def test_set_target_moves_and_gives_the_former_target_its_role_back(table):
    first = set_target(table, "channel")
    assert first.schema["channel"].role is Role.TARGET
    second = set_target(first, "score")
    assert second.schema["channel"].role is Role.CATEGORICAL
    assert second.target == "score"
    assert not second.is_binary  # three values


@pytest.mark.parametrize(
    ("labels", "positive"),
    [
        (["0", "0", "0", "1"], "1"),
        (["1", "1", "1", "0"], "1"),
        (["no", "yes", "yes", "yes"], "yes"),
        (["FALSE", "TRUE", "TRUE", "TRUE"], "TRUE"),
        (["<=50K", "<=50K", "<=50K", ">50K"], ">50K"),
        (["1", "1", "1", "2"], "2"),
        (["stayed", "stayed", "stayed", "left"], "left"),
        (["'-1'", "'-1'", "'-1'", "'1'"], "'1'"),
        (["0.0", "1.0", "1.0", "1.0"], "1"),
    ],
)
def test_positive_class_is_the_outcome_of_interest(labels, positive):
    table = csv("x,y\n" + "".join(f"{i % 7},{y}\n" for i, y in enumerate(labels * 10)), target="y")
    assert table.schema.positive == positive
    assert table.labels().sum() == sum(label.removesuffix(".0") == positive for label in labels) * 10


def test_positive_class_can_be_chosen():
    data = b"x,y\n" + b"1,no\n2,yes\n3,no\n" * 10
    assert read_table(data, "y", positive="no").labels().sum() == 20
    assert read_table(b"x,y\n" + b"1,0\n2,1\n" * 10, "y", positive=0.0).schema.positive == "0"
    with pytest.raises(SchemaError, match="Target “y” has no two classes of which one is “maybe”: its values are"):
        read_table(data, "y", positive="maybe")


def test_target_role_survives_set_roles():
    table = load_sample("travel")
    changed = set_roles(table, {"channel": Role.FREE_TEXT, "booked": Role.TARGET})
    assert changed.target == "booked"
    with pytest.raises(SchemaError, match="“booked”: the target is chosen"):
        set_roles(table, {"booked": Role.CATEGORICAL})


def test_rows_without_outcome_can_be_left_out():
    table = csv("x,y\n1,0\n2,\n3,1\n4,NA\n", target="y", drop_missing_target=True)
    assert len(table) == 2
    assert any("2 rows without a value in “y” were left out" in note for note in table.notes)
