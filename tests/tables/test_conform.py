"""Synthetic tables from elsewhere get the real table's columns and kinds, or a sentence that says what is wrong."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import SchemaError, TableError
from synth_core.tables import (
    Kind,
    Role,
    load_sample,
    read_table,
    set_roles,
    set_target,
    table_from_frame,
    to_csv_bytes,
    to_parquet_bytes,
)
from synth_core.tables.conform import conform, only_columns
from synth_core.tables.table import DTYPES
from tests.tables.makers import REAL, csv, needs_real

REAL_CSV = """Customer ID,age,spend,plan,joined,Churn
c-01,31,10.50,Gold,2024-01-05,Yes
c-02,44,3.25,Silver,2024-02-11,No
c-03,27,7.00,Gold,2024-03-20,No
c-04,58,,Basic,2024-04-02,Yes
"""
HEADERS = ["Customer ID", "age", "spend", "plan", "joined", "Churn"]


@pytest.fixture(scope="module")
def real():
    return set_roles(csv(REAL_CSV, target="Churn"), {"Customer ID": Role.IDENTIFIER})


@pytest.fixture(scope="module")
def travel():
    return load_sample("travel")


def said(table) -> str:
    return " ".join(table.notes)


@pytest.mark.parametrize("pack", [to_csv_bytes, to_parquet_bytes])
def test_an_export_of_own_rows_comes_back_as_it_was(travel, pack):
    rows = travel.frame.sample(500, replace=True, random_state=3).reset_index(drop=True)
    back = conform(read_table(pack(rows, travel.schema)), travel)
    assert back.schema == travel.schema
    for name in travel.schema.features:
        assert back.frame[name].equals(rows[name]), name


@needs_real
@pytest.mark.parametrize("name", ["telco_churn", "adult_income", "hillstrom_email", "facebook_ads_conversions"])
def test_a_real_file_conforms_to_itself(name):
    table = read_table(REAL / f"{name}.csv")
    assert conform(table, table).frame.equals(table.frame)


@settings(max_examples=40, deadline=None)
@given(
    order=st.permutations(HEADERS),
    dropped=st.sets(st.sampled_from(HEADERS), max_size=4),
    case=st.sampled_from([str, str.upper, str.lower, lambda h: f"  {h} "]),
    extra=st.booleans(),
)
def test_columns_are_found_in_any_order_and_case(real, order, dropped, case, extra):
    if not {"age", "spend", "plan", "joined", "Churn"} - dropped:
        return
    frame = pd.read_csv(pd.io.common.StringIO(REAL_CSV), dtype=str, keep_default_na=False)
    given = frame[[c for c in order if c not in dropped]].rename(columns=case)
    if extra:
        given["from the tool"] = ["x", "y", "z", "x"]
    found = conform(table_from_frame(given, "made.csv"), real)
    kept = [c for c in HEADERS if c not in dropped]
    assert found.schema.names == kept
    assert {n: str(d) for n, d in found.frame.dtypes.items()} == {n: DTYPES[real.schema[n].kind] for n in kept}
    assert found.frame.equals(real.frame[kept])
    assert found.schema.target == ("Churn" if "Churn" in kept else None)
    assert ("from the tool" in said(found)) == extra
    assert all(name in said(found) for name in dropped)


def test_a_column_is_found_by_its_original_header_or_as_it_is_exported():
    real = csv("=sum,a b,\n1.5,x,3\n2.5,y,4\n0.5,x,5\n")
    assert real.schema.names == ["=sum", "a b", "column_3"]
    found = conform(csv("A  B,'=sum\nx,1.5\ny,2.5\n"), real)
    assert found.frame["=sum"].tolist() == [1.5, 2.5] and found.frame["a b"].tolist() == ["x", "y"]


def test_an_exact_header_goes_before_one_that_differs_in_case():
    real = csv("age,AGE,x\n1,50,2\n2,60,3\n4,70,5\n")
    found = conform(csv("AGE,age,x\n51,9,1\n52,8,1\n"), real)
    assert found.frame["age"].tolist() == [9, 8] and found.frame["AGE"].tolist() == [51, 52]


def test_only_rows_marked_as_synthetic_are_kept(real):
    text = "is_synthetic,age,plan\nFalse,31,Gold\nTrue,45,Silver\nTrue,29,Basic\n"
    found = conform(csv(text), real)
    assert found.frame["age"].tolist() == [45, 29] and found.frame.index.tolist() == [0, 1]
    assert "1 row that “is_synthetic” does not mark as synthetic" in said(found)
    with pytest.raises(TableError, match=r"marks no row.*“no”"):
        conform(csv("is_synthetic,age\nno,3\nno,4\n"), real)


def test_numbers_written_as_text_are_read_and_a_few_others_count_as_missing(real):
    rows = "\n".join(f'"{20 + i % 40}.0","{i}.25",Gold' for i in range(60))
    found = conform(csv(f"age,spend,plan\n{rows}\n31,n.a.,Gold\n"), real)
    assert str(found.frame["age"].dtype) == "Int64" and found.frame["age"].notna().all()
    assert found.frame["spend"].isna().sum() == 1
    assert "“spend”" in said(found) and "n.a." in said(found)


def test_text_among_numbers_is_an_error_that_names_the_column_a_value_and_what_to_do(real):
    rows = "\n".join(f"{20 + i},EUR {i} net,Gold" for i in range(60))
    with pytest.raises(SchemaError, match=r"“spend” holds numbers such as “10.50”.*“EUR 0 net”.*Correct"):
        conform(csv(f"age,spend,plan\n{rows}\n"), real)


def test_broken_numbers_are_rounded_where_the_real_ones_are_whole(real):
    found = conform(csv("age,plan\n31.2,Gold\n44.9,Gold\n27,Basic\n"), real)
    assert found.frame["age"].tolist() == [31, 45, 27]
    assert "2 values such as “31.2” were rounded" in said(found)


def test_true_and_false_are_one_and_nought_where_the_real_column_has_numbers():
    real = csv("flag,x\n0,1.5\n1,2.5\n1,3.5\n0,4.5\n")
    found = conform(table_from_frame(pd.DataFrame({"flag": [True, False, True], "x": [1, 2, 3]})), real)
    assert found.frame["flag"].tolist() == [1, 0, 1]
    assert found.frame["x"].dtype == "float64"


def test_levels_get_the_real_spelling_and_unknown_ones_stay(real):
    found = conform(csv("plan,Churn\ngold,YES\nSILVER ,no\nPlatinum,No\n"), real)
    assert found.frame["plan"].tolist() == ["Gold", "Silver", "Platinum"]
    assert found.frame["Churn"].tolist() == ["Yes", "No", "No"]
    assert "“plan”: 2 values such as “gold” are read as the real “Gold”" in said(found)


def test_levels_that_differ_by_case_only_are_never_merged():
    real = csv("code,x\na,1\nA,2\nb,3\n")
    assert conform(csv("code,x\nA,1\na,2\nB,3\n"), real).frame["code"].tolist() == ["A", "a", "b"]


def test_numbers_become_text_where_the_real_column_has_codes():
    real = csv("zip,x\n06520,1\n10001,2\n94105,3\n")
    assert real.schema["zip"].kind is Kind.TEXT
    assert conform(csv("zip,x\n10001,1\n94105,2\n"), real).frame["zip"].tolist() == ["10001", "94105"]


def test_dates_are_read_in_the_real_order_of_day_and_month():
    real = csv("day,x\n25/03/2024,1\n02/04/2024,2\n14/05/2024,3\n")
    found = conform(csv("day,x\n01/02/2024,1\n03/04/2024,2\n05/06/2024,3\n"), real)
    assert found.frame["day"].dt.month.tolist() == [2, 4, 6]


def test_dates_in_another_format_are_read_and_no_dates_are_an_error(real):
    found = conform(csv("joined,age\n05.01.2024,1\n17.02.2024,2\n23.03.2024,3\n"), real)
    assert found.frame["joined"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-05", "2024-02-17", "2024-03-23"]
    with pytest.raises(SchemaError, match=r"“joined” holds dates such as “2024-01-05”.*“soon”"):
        conform(csv("joined,age\nsoon,1\nlater,2\n"), real)


def test_an_identifier_of_another_kind_is_left_out_with_a_note():
    real = set_roles(csv("id,age\n1,31\n2,44\n3,27\n"), {"id": Role.IDENTIFIER})
    found = conform(csv("id,age\nsdv-id-0,31\nsdv-id-1,44\n"), real)
    assert found.schema.names == ["age"]
    assert "“sdv-id-0”" in said(found) and "left out" in said(found)


def test_a_column_without_values_stays_and_is_missing(real):
    found = conform(csv("age,spend,joined,plan\n31,,,Gold\n44,,,Basic\n"), real)
    assert found.frame[["spend", "joined"]].isna().all().all()
    assert found.frame["joined"].dtype == "datetime64[ns]"


def test_another_table_altogether_is_one_sentence_with_both_headers(real):
    with pytest.raises(TableError, match=r"None of the columns.*width, height.*Customer ID, age"):
        conform(csv("width,height\n1,2\n3,4\n"), real)
    with pytest.raises(TableError, match="None of the columns"):
        conform(csv("Customer ID,height\nc-9,2\nc-8,4\n"), real)  # an identifier alone is nothing to compare


def test_a_part_of_a_table_keeps_what_still_fits(travel):
    assert only_columns(travel, travel.schema.names) is travel
    without = only_columns(travel, [n for n in travel.schema.names if n != travel.target])
    assert without.target is None and without.schema.positive is None and len(without) == len(travel)
    kept = only_columns(set_target(travel, travel.target), [travel.target, travel.schema.features[0]])
    assert kept.target == travel.target and np.array_equal(kept.labels(), travel.labels())
