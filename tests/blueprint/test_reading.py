"""Blueprints from YAML and from data dictionaries as people write them, and what is said where they are wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from synth_core.blueprint import (
    Boolean,
    Category,
    Date,
    Faked,
    Identifier,
    Number,
    TargetSpec,
    draw,
    from_yaml,
    read_blueprint,
    to_yaml,
)
from synth_core.blueprint.words import levels, levels_text, number, share
from synth_core.errors import BlueprintError
from tests.blueprint.makers import leads

EXAMPLES = Path(__file__).resolve().parents[2] / "assets" / "blueprints"


@pytest.mark.parametrize("name", ["campaign-leads.yaml", "data-dictionary.csv"])
def test_the_examples_are_read_and_drawn(name):
    blueprint, notes = read_blueprint((EXAMPLES / name).read_bytes(), name)
    assert not notes and blueprint.target is not None
    assert len(draw(blueprint, 800, seed=1).table) == 800


def test_a_saved_blueprint_reads_back_the_same():
    assert from_yaml(to_yaml(leads())) == leads()
    example, _ = read_blueprint((EXAMPLES / "campaign-leads.yaml").read_bytes(), "x.yaml")
    assert from_yaml(to_yaml(example)) == example


NAMES = some.text(min_size=1, max_size=12).filter(lambda s: s.strip() == s and s.isprintable())


@settings(max_examples=60, deadline=None)
@given(some.lists(NAMES, min_size=4, max_size=4, unique=True), some.lists(NAMES, min_size=2, max_size=4, unique=True))
def test_any_names_and_levels_survive_saving(names, labels):
    """“no”, “1e3”, “null”, “2026-01-01”, “a: b”, “#x” … stay the texts they are."""
    columns = (
        Category(names[0], tuple(labels)),
        Boolean(names[1], 0.3, (labels[0], labels[1])),
        Number(names[2], mean=1),
    )
    blueprint = leads(columns=columns, correlations=(), target=TargetSpec(names[3], drivers={names[2]: 0.5}))
    assert from_yaml(to_yaml(blueprint)) == blueprint


def dictionary(text: str, encoding: str = "utf-8"):
    return read_blueprint(text.encode(encoding), "client.csv")


def test_a_dictionary_with_the_headers_of_a_data_team():
    blueprint, notes = dictionary(
        "Field Name,Data Type,Min Value,Max Value,Avg,Std Dev,Allowed Values,% Missing,Owner,Definition\n"
        "customerId,VARCHAR(12),,,,,,,crm,key\n"
        "customerEmail,varchar(80),,,,,,,crm,\n"
        "signup,timestamp,2025-01-01,2025-12-31,,,,,crm,\n"
        'amount,"decimal(10,2)",0,"12,000",350.5,,,5,shop,order value\n'
        'gender,string,,,,,"1=male, 2=female",10%,crm,\n'
        "visits,int,0,90,4,,,,web,\n"
        "score,,0.5,9.5,,,,,web,\n"
        "optin,flag,,,0.3,,,,crm,\n"
    )
    by_name = {c.name: c for c in blueprint.columns}
    assert by_name["customerEmail"] == Faked("customerEmail", "email")
    assert by_name["signup"] == Date("signup", dt.date(2025, 1, 1), dt.date(2025, 12, 31))
    assert by_name["amount"] == Number(
        "amount", mean=350.5, low=0, high=12_000, missing=0.05, description="order value"
    )
    assert by_name["gender"] == Category("gender", ("1", "2"), missing=0.1)
    assert by_name["visits"] == Number("visits", whole=True, low=0, high=90, mean=4)
    assert by_name["score"] == Number("score", low=0.5, high=9.5)
    assert by_name["optin"] == Boolean("optin", 0.3)
    assert notes == ("Not used: “Owner”.",)


def test_a_european_dictionary_with_semicolons_and_decimal_commas():
    blueprint, _ = dictionary(
        "Spalte;Typ;von;bis;Mittelwert;Werte\nUmsatz;number;0;1.500,5;32,4;\nRegion;category;;;;Süd 60 %, Nord 40 %\n"
        "Kund_in;id;;;;\n",
        "cp1252",
    )
    assert blueprint.columns == (
        Number("Umsatz", low=0, high=1500.5, mean=32.4),
        Category("Region", ("Süd", "Nord"), (0.6, 0.4)),
        Identifier("Kund_in"),
    )


def test_a_dictionary_in_excel_below_a_title(tmp_path):
    frame = pd.DataFrame(
        {
            "Variable": ["age", "plan", "since"],
            "Minimum": [18, None, pd.Timestamp("2025-01-01")],
            "Maximum": [80, None, pd.Timestamp("2025-12-31")],
            "Allowed values": [None, "A 50 %; B 50 %", None],
            "% missing": [0.05, 0, 0],  # Excel holds 5 % so
        }
    )
    with pd.ExcelWriter(tmp_path / "d.xlsx") as writer:
        frame.to_excel(writer, index=False, startrow=2)
        writer.sheets["Sheet1"]["A1"] = "Data dictionary of the client"
    blueprint, _ = read_blueprint((tmp_path / "d.xlsx").read_bytes(), "d.xlsx")
    assert blueprint.columns == (
        Number("age", whole=True, low=18, high=80, missing=0.05),
        Category("plan", ("A", "B"), (0.5, 0.5)),
        Date("since", dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
    )


@pytest.mark.parametrize("head", ["", "Export of 3 May\n\n"])
def test_titles_above_the_header_and_trailing_separators(head):
    blueprint, _ = dictionary(head + "column;min;max;;\nage;18;80;;\nvisits;0;9;;\nclicks;0;5;;;;\n")
    assert blueprint.columns == tuple(
        Number(name, whole=True, low=low, high=high)
        for name, low, high in (("age", 18, 80), ("visits", 0, 9), ("clicks", 0, 5))
    )


PIECES = [
    "", ":", "{", "[", "]", "-", "nan", "inf", "-1", "1e999", "'", '"', ",", ";", "|", "%", "\n", "  ", "type: date",
    "type: boolean", "share: 2", "labels: [a]", "weekdays: [1]", "low: 5", "no", "é", "\t", "#", "&a", "*a", "!!int",
    "? ", "null", "2026-13-45", "99999999999999999999", "<=", "= a + b", "poisson", "zero: 99 %",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    some.sampled_from(["campaign-leads.yaml", "data-dictionary.csv"]),
    some.lists(some.tuples(some.floats(0, 1), some.integers(0, 30), some.sampled_from(PIECES)), min_size=1, max_size=4),
)
def test_a_damaged_file_is_read_or_refused_in_words(name, damage):
    text = (EXAMPLES / name).read_text("utf-8")
    for place, cut, piece in damage:
        start = int(place * len(text))
        text = text[:start] + piece + text[start + cut :]
    try:
        blueprint, _ = read_blueprint(text.encode(), name)
    except BlueprintError as refusal:
        assert str(refusal).endswith((".", "?", "”"))
    else:
        assert from_yaml(to_yaml(blueprint)) == blueprint


def test_a_range_column_and_the_target_in_a_role_column():
    blueprint, _ = dictionary(
        "column\ttype\trange\trole\nage\tinteger\t18 - 80\t\nleft\tboolean\tno 90 %|yes 10 %\ttarget\n"
    )
    assert blueprint.columns == (Number("age", whole=True, low=18, high=80),)
    assert blueprint.target == TargetSpec("left", 0.1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no lines below its header"),
        ("column,type\n", "no lines below its header"),
        ("a,b\n1,2\n", "Line 1: no header names the columns.*there are: a, b"),
        ("column,type\nage,integer\n", "Line 2: “age” says nothing about its values"),
        ("column,type,min,max\nage,integer,18,old\n", "Line 2: “age”: the high is “old”"),
        ("column,type,min,max\n\nage,integer,18,80\nx,blob,1,2\n", "Line 4: “x”: there is no type “blob”"),
        ("column,type,levels\nplan,category,A 50 %|B 30 %\n", "Line 2: The shares of “plan” add up to 0.8"),
        ("column,type,levels\nplan,category,A 50 %|B\n", "Line 2: “plan”: “B” has no share while others do"),
        ("column,type,min,max\nday,date,2026-01-01,soon\n", "Line 2: “day”: the last day is “soon”"),
        ("column,type,min,max\nday,date,2026-01-01,\n", "“day”: a date needs its first and its last day"),
        ("column,type,min,max\nage,integer,1,2,3\n", "Line 2 has 5 cells, the header 4"),
        ("column,min,max,missing\nage,1,2,7\n", "Line 2: “age”: the share missing is 7.*or 5 %"),
        ("column,min,max\n,1,2\n", "Line 2: There is a column without a name"),
        ("column,min,max\nx,1,2\nx,1,2\n", "Two columns are called “x”"),
        ("column,type,role,min,max\nx,number,target,1,2\ny,number,,1,2\n", "Line 2: the target “x” needs two levels"),
    ],
)
def test_what_is_wrong_in_a_dictionary_is_said_with_its_line(text, words):
    with pytest.raises(BlueprintError, match=words):
        dictionary(text)


GOOD = """blueprint: b
columns:
- {name: age, type: integer, low: 18, high: 80}
- {name: plan, levels: {A: 50 %, B: 0.5}}
"""


def test_yaml_takes_texts_as_they_stand():
    blueprint = from_yaml(GOOD + "target: {name: left, prevalence: 5 %, labels: [no, on], drivers: {plan: {A: 1}}}\n")
    assert blueprint.columns[1] == Category("plan", ("A", "B"), (0.5, 0.5))
    assert blueprint.target == TargetSpec("left", 0.05, ("no", "on"), {"plan": {"A": 1.0}})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no “columns:”"),
        ("just words", "no “columns:”"),
        ("columns: 3", "must be a list"),
        ("columns: [age]", "Column 1 is “age”"),
        ("columns:\n- {name: age, low: 1\n  high: [", r"Line \d of the file cannot be read"),
        (
            "columns:\n- {name: age, low: 1, hihg: 2}",
            "Line 2: “age” says “hihg”, which is not known. Did you mean “high”",
        ),
        ("columns:\n- {name: age, low: 1, low: 2}", "Line 2: “low” is stated twice"),
        ("columns:\n- name: age\n  type: integer\n  low: x\n  high: 3", "Line 2: “age”: the low is “x”"),
        ("columns:\n- {name: age, low: [1], high: 3}", "“low” of “age” takes one value"),
        (GOOD + "rows: many", "the number of rows is “many”"),
        (GOOD + "rows: .inf", "the number of rows is “.inf”"),
        (GOOD + "correlations: [[age, plan]]", "A correlation is written as"),
        (GOOD + "correlations: [[age, plan, high]]", "The correlation of “age” and “plan” is “high”"),
        (GOOD + "target: {prevalence: 0.1}", "The target needs a name"),
        (GOOD + "target: {name: y, drivers: {age: strong}}", "the strength of “age” is “strong”"),
        (GOOD + "target: {name: y, driver: {age: 1}}", "Did you mean “drivers”"),
        ("a: &a [1]\ncolumns: [*a, *a]", "references"),
        ("columns: " + "[" * 5_000, "cannot be read"),
        ("columns: !!python/object/apply:os.system ['true']", "Column 1 is “true”"),
    ],
)
def test_what_is_wrong_in_yaml_is_said(text, words):
    with pytest.raises(BlueprintError, match=words):
        from_yaml(text)


def test_other_files_are_refused():
    with pytest.raises(BlueprintError, match="not text"):
        read_blueprint(b"\x89PNG\x00\x00\x01", "x.csv")
    with pytest.raises(BlueprintError, match="not text"):
        read_blueprint(b"\x89PNG\x00\x00\x01", "x.yaml")
    with pytest.raises(BlueprintError, match="larger than 2 MB"):
        read_blueprint(b"a," * 1_500_000, "x.csv")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Search 40 %, Social 60%", (("Search", "Social"), (0.4, 0.6))),
        ("Search=0.4|Social=0.6", (("Search", "Social"), (0.4, 0.6))),
        ("Search: 40%; Social: 60%", (("Search", "Social"), (0.4, 0.6))),
        ("A (12,5 %), B (87,5 %)", (("A", "B"), (0.125, 0.875))),
        ("North; South", (("North", "South"), ())),
        ("Plan 1, Plan 2", (("Plan 1", "Plan 2"), ())),
        ("0 = no, 1 = yes", (("0", "1"), ())),
        ("", ((), ())),
    ],
)
def test_levels_as_people_write_them(text, found):
    assert levels(text) == found


@given(
    some.lists(some.sampled_from(["A, B", "x;y", "Plan 2", "e-mail", "ä"]), min_size=1, unique=True), some.booleans()
)
def test_levels_are_read_as_they_are_written(names, with_shares):
    shares = tuple(1 / len(names) for _ in names) if with_shares else ()
    back, found = levels(levels_text(names, shares))
    assert back == tuple(names) and found == pytest.approx(shares)


def test_numbers_and_shares_as_people_write_them():
    assert number("1,234.5", "x") == 1234.5 and number("1.234,5", "x", comma=True) == 1234.5
    assert number("€ 12", "x") == 12 and number(" ", "x") is None and number("−3", "x") == -3
    assert share("5 %", "x") == 0.05 and share("5", "x", percent=True) == 0.05 and share("", "x") == 0
