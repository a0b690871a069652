"""From rows back to files: nothing runs in a spreadsheet, nothing changes its kind on the way round."""

import io

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from synth_core.errors import SchemaError, TableError
from synth_core.tables import Kind, combined, load_sample, read_table, table_from_frame, to_csv_bytes, to_parquet_bytes
from synth_core.tables.release import examples, repeated, set_releases, without_real_values, without_repeats
from synth_core.tables.schema import Release, Role, Schema
from tests.tables.makers import csv


def written(table, frame=None):
    """The CSV export, every cell as text."""
    data = to_csv_bytes(table.frame if frame is None else frame, table.schema)
    return pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+SUM(A1)",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1:A9)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "  =1+1",
        '=HYPERLINK("https://example.com?x="&A1,"go")',
        "-",
        "+49 =1",
        "＝1+1",
    ],
)
def test_formulas_are_neutralised(cell):
    table = table_from_frame(pd.DataFrame({"note": [cell, "plain", "x"], "n": [1, 2, 3]}))
    out = written(table)["note"]
    assert out[0].startswith("'")
    assert out[0][1:].replace("\r", "\n") == cell.replace("\r", "\n")
    assert list(out[1:]) == ["plain", "x"]


@pytest.mark.parametrize("cell", ["-3", "+3", "-3.5", "-1,234.50", "1e5", "-.5", "a=b", "3-4", "x@y", "'quoted"])
def test_plain_numbers_and_words_are_left_alone(cell):
    table = table_from_frame(pd.DataFrame({"note": [cell, "word", "0x"], "n": [1, 2, 3]}))
    assert table.schema["note"].kind is Kind.TEXT
    assert written(table)["note"][0] == cell


def test_negative_numbers_stay_numbers():
    table = csv("balance,rate\n-3,-0.50\n4,1.25\n-12,-7.00\n")
    assert written(table).values.tolist() == [["-3", "-0.50"], ["4", "1.25"], ["-12", "-7.00"]]


def test_headers_are_neutralised_too():
    table = csv("=1+1,@x,n\n1,2,3\n4,5,6\n")
    assert list(written(table).columns) == ["'=1+1", "'@x", "n"]


def test_a_spreadsheet_sees_no_formula():
    table = table_from_frame(pd.DataFrame({"note": ["=1+1", "@x", "+1-1"], "n": [1, 2, 3]}))
    sheet = openpyxl.Workbook().active
    for row in written(table).itertuples(index=False):
        sheet.append(list(row))
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.column == 1} == {"s"}


AWKWARD = '''zip;on;at;first;spend;count;share;done;id;note
06520;31/01/2024;2024-01-31 10:30;20240131;1,50;3;0,125;TRUE;0012345678;"two
lines; and a ""quote"""
00501;29/02/2024;2024-02-29 00:00;20240229;;;0,25;FALSE;0012345679;b
10001;;2024-03-01 23:59;20240301;12,25;-4;;TRUE;0012345680;c
;01/03/2024;;20240302;7,00;5;0,5;;0012345681;
'''


def test_a_round_trip_keeps_kinds_formats_and_zeros():
    table = csv(AWKWARD)
    back = read_table(to_csv_bytes(table.frame, table.schema))
    assert [c.kind for c in back.schema] == [c.kind for c in table.schema]
    assert [c.format for c in back.schema] == [c.format for c in table.schema]
    assert [c.decimals for c in back.schema] == [c.decimals for c in table.schema]
    pd.testing.assert_frame_equal(back.frame, table.frame)
    out = written(table)
    assert list(out["zip"]) == ["06520", "00501", "10001", ""]
    assert list(out["on"]) == ["31/01/2024", "29/02/2024", "", "01/03/2024"]
    assert list(out["first"]) == ["20240131", "20240229", "20240301", "20240302"]
    assert list(out["spend"]) == ["1.50", "", "12.25", "7.00"]
    assert list(out["count"]) == ["3", "", "-4", "5"]


@pytest.mark.parametrize("name", ["travel", "fraud"])
def test_samples_come_round(name):
    table = load_sample(name)
    back = read_table(to_csv_bytes(table.frame, table.schema), target=table.target, positive=table.schema.positive)
    assert [(c.name, c.kind, c.role) for c in back.schema] == [(c.name, c.kind, c.role) for c in table.schema]
    pd.testing.assert_frame_equal(back.frame, table.frame)


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("start_date", ["45292", "45293", "45300"]),
        ("created_at", ["1704067200", "1704153601", "1706745600"]),
        ("event_time", ["1704067200123", "1704153601456", "1706745600000"]),
        ("when", ["27 Dec 2020", "03 Jan 2021", "14 May 2021"]),
    ],
)
def test_dates_are_written_as_they_stood(header, cells):
    table = csv(f"{header},n\n" + "".join(f"{c},{i}\n" for i, c in enumerate(cells)))
    assert table.schema[header].kind is Kind.DATE
    assert list(written(table)[header]) == cells


def test_repeated_and_blank_headers_get_names_and_others_their_own():
    table = csv("  spend per day ,a,a,\n1,2,3,4\n5,6,7,8\n")
    assert list(written(table).columns) == ["  spend per day ", "a", "a_2", "column_4"]


def test_combined_marks_which_rows_are_synthetic():
    table = load_sample("travel")
    train = table.split(seed=1).train.frame
    synthetic = train.iloc[::-1].head(30).reset_index(drop=True)
    both = combined(train, synthetic, table.schema)
    assert list(both.columns) == [*table.schema.names, "is_synthetic"]
    assert both["is_synthetic"].dtype == bool
    assert (~both["is_synthetic"]).sum() == len(train)
    assert dict(both.dtypes[table.schema.names]) == dict(table.frame.dtypes)
    out = written(table, both)
    assert list(out["is_synthetic"]) == ["False"] * len(train) + ["True"] * 30
    assert list(out["enquiry_date"][:3]) == list(train["enquiry_date"].dt.strftime("%Y-%m-%d")[:3])
    stored = pq.read_table(io.BytesIO(to_parquet_bytes(both, table.schema))).to_pandas()
    assert stored["is_synthetic"].sum() == 30


def test_a_flag_of_the_same_name_in_the_file_is_kept_apart():
    table = csv("is_synthetic,n\n0,1\n1,2\n0,3\n")
    both = combined(table.frame, table.frame, table.schema)
    assert list(written(table, both).columns) == ["is_synthetic", "n", "is_synthetic_"]
    assert list(written(table).columns) == ["is_synthetic", "n"]


def test_rows_with_other_columns_are_refused_by_name():
    table = csv("a,b\n1,2\n3,4\n")
    with pytest.raises(TableError, match="Column “b” is in only one of the real and the synthetic rows"):
        combined(table.frame, table.frame[["a"]], table.schema)
    with pytest.raises(TableError, match="The rows to export have no column “b”"):
        to_csv_bytes(table.frame[["a"]], table.schema)


def test_parquet_keeps_types():
    table = csv(AWKWARD)
    stored = pq.read_table(io.BytesIO(to_parquet_bytes(table.frame, table.schema)))
    kinds = {field.name: str(field.type) for field in stored.schema}
    assert kinds["zip"] in ("string", "large_string")
    assert kinds["on"].startswith("timestamp")
    assert (kinds["spend"], kinds["count"]) == ("double", "int64")
    back = read_table(to_parquet_bytes(table.frame, table.schema))
    assert [c.kind for c in back.schema] == [c.kind for c in table.schema]
    assert list(back.frame["zip"]) == list(table.frame["zip"])
    assert back.frame["at"].equals(table.frame["at"])


def test_empty_columns_and_no_missing_markers_leak():
    table = csv("a,nothing,b\n1,,x\n2,,NA\n3,N/A,y\n")
    text = to_csv_bytes(table.frame, table.schema).decode()
    assert text.splitlines() == ["a,nothing,b", "1,,x", "2,,", "3,,y"]
    assert not np.any([token in text for token in ("nan", "None", "<NA>", "NaT")])


def test_parquet_holds_the_values_themselves():
    table = csv("note,n\n=1+1,1\n-,2\nx,3\n")
    stored = pq.read_table(io.BytesIO(to_parquet_bytes(table.frame, table.schema))).to_pandas()
    assert list(stored["note"]) == ["=1+1", "-", "x"]


def people(rows: int = 40):
    """Customers with several bookings: an id, an e-mail address and a remark, some of them missing."""
    who = np.arange(rows) // 2
    frame = pd.DataFrame(
        {
            "customer_id": [f"C{n:05d}" for n in who],
            "email": [f"p{n}@agency.example" for n in who],
            "remark": [f"Guest {n} asked for a very quiet room upstairs." for n in range(rows)],
            "spend": np.arange(rows) + 0.5,
        }
    )
    frame.loc[4, ["customer_id", "email"]] = None
    return table_from_frame(frame)


@pytest.mark.parametrize("release", list(Release))
def test_real_rows_leave_without_real_values_and_the_same_value_is_always_the_same_stand_in(release):
    table = people()
    table = set_releases(table, dict.fromkeys(["customer_id", "email", "remark"], release))
    text = to_csv_bytes(combined(table.frame, table.frame.head(0), table.schema), table.schema).decode()
    for column in ("customer_id", "email", "remark"):
        assert not any(value in text for value in table.frame[column].dropna())
    out = without_real_values(table.frame, table.schema)
    assert out["spend"].equals(table.frame["spend"])
    for column in ("customer_id", "email"):
        if release is Release.DROP:
            assert out[column].isna().all()
            continue
        assert out[column].isna().equals(table.frame[column].isna())
        pairs = pd.DataFrame({"real": table.frame[column], "new": out[column]}).dropna().drop_duplicates()
        assert pairs["real"].is_unique and pairs["new"].is_unique and len(pairs) == 20
        assert not out[column].equals(without_real_values(table.frame, table.schema)[column])  # no key is kept


def test_stand_ins_of_real_rows_are_none_of_the_synthetic_rows_values():
    table = people()
    rows = table.frame.assign(customer_id=without_real_values(table.frame, table.schema)["customer_id"])
    both = combined(table.frame, rows, table.schema)
    real, synthetic = (set(both.loc[both["is_synthetic"] == flag, "customer_id"].dropna()) for flag in (False, True))
    assert len(real) == len(synthetic) == 20 and not real & synthetic


def test_numbers_and_dates_are_replaced_in_their_own_kind():
    days = pd.date_range("1980-01-01", periods=30)
    table = table_from_frame(pd.DataFrame({"account_no": np.arange(30) + 7_000, "born": days, "n": np.arange(30) % 4}))
    schema = table.schema.replace_column("born", role=Role.SENSITIVE).replace_column("account_no", role=Role.IDENTIFIER)
    for release in (Release.FAKE, Release.HASH):
        out = without_real_values(table.frame, schema.replace_column("account_no", release=release))
        assert out["account_no"].is_unique and not out["account_no"].isin(table.frame["account_no"]).any()
        assert str(out["account_no"].dtype) == "Int64" and out["born"].isna().all()
        assert str(out["born"].dtype) == "datetime64[ns]"


def test_repeated_real_values_are_counted_by_column_and_left_blank():
    table = people()
    synthetic = without_real_values(table.frame, set_releases(table, {"email": Release.FAKE}).schema)
    assert repeated(table.frame, synthetic, table.schema) == {}
    synthetic.loc[[0, 7], "email"] = " P3@Agency.Example"
    synthetic.loc[2, "customer_id"] = "C00002"
    assert repeated(table.frame, synthetic, table.schema) == {"customer_id": 1, "email": 2}
    cleared, found = without_repeats(table.frame, synthetic, table.schema)
    assert found == {"customer_id": 1, "email": 2} and repeated(table.frame, cleared, table.schema) == {}
    assert cleared["email"].isna().sum() == synthetic["email"].isna().sum() + 2
    assert cleared.dtypes.equals(synthetic.dtypes) and cleared["spend"].equals(synthetic["spend"])


def test_what_comes_out_can_be_seen_beforehand():
    table = people()
    seen = {
        release: [examples(c, table.frame[c.name]) for c in set_releases(table, {"email": release}).schema][1]
        for release in Release
    }
    assert seen[Release.DROP] == () and len(seen[Release.FAKE]) == len(seen[Release.HASH]) == 2
    assert all("@example." in text for text in seen[Release.FAKE])


def test_choices_that_do_not_fit_are_refused_by_name():
    table = people()
    with pytest.raises(SchemaError, match="“spend” is numeric: its values are sampled"):
        set_releases(table, {"spend": Release.DROP})
    days = table_from_frame(pd.DataFrame({"born": pd.date_range("1980-01-01", periods=30), "n": np.arange(30)}))
    days = type(days)(days.frame, days.schema.replace_column("born", role=Role.SENSITIVE))
    with pytest.raises(SchemaError, match="“born” holds date values and cannot come out as “hash”: use “drop”"):
        set_releases(days, {"born": Release.HASH})


def test_the_choice_is_stored_and_older_files_have_none():
    table = set_releases(people(), {"email": Release.HASH})
    stored = table.schema.to_dict()
    assert Schema.from_dict(stored)["email"].comes_out is Release.HASH
    for column in stored["columns"]:
        del column["release"]
    older = Schema.from_dict(stored)
    assert older["email"].comes_out is Release.DROP and older["customer_id"].comes_out is Release.FAKE
    assert older["spend"].comes_out is None
    assert (
        table.sha256() != people().sha256() and set_releases(table, {"email": Release.DROP}).schema == people().schema
    )
