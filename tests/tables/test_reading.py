"""How files of every make are read: encoding, delimiter, decimals, headers, sheets, types."""

import codecs
import gzip
import io

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import TableError
from synth_core.tables import Kind, read_table, sheet_names, table_from_frame
from tests.tables.makers import csv, xlsx


def values(table, name):
    return [None if pd.isna(v) else v for v in table.frame[name]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(delimiter):
    table = csv("channel,clicks\nweb,12\nmail,7\n".replace(",", delimiter))
    assert table.schema.names == ["channel", "clicks"]
    assert values(table, "clicks") == [12, 7]


def test_commas_inside_text_do_not_split_a_semicolon_file():
    table = csv("note;spend\nred, blue;1,5\ngreen, grey, white;2,25\n")
    assert values(table, "note") == ["red, blue", "green, grey, white"]
    assert values(table, "spend") == [1.5, 2.25]


def test_excels_sep_line_names_the_delimiter_and_is_no_header():
    assert csv("sep=|\r\na|b\r\n1|2,5\r\n3|4,5\r\n").schema.names == ["a", "b"]


def test_line_endings_may_be_mixed():
    assert len(csv("a,b\r\n1,2\r3,4\n5,6")) == 3


TEXT = "name;city\nMüller;Köln\nFrançois;Orléans\nJosé;Málaga\nNiño;La Coruña\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encoding_is_found(encoding):
    table = csv(TEXT, encoding)
    assert table.schema.names == ["name", "city"]
    assert values(table, "city") == ["Köln", "Orléans", "Málaga", "La Coruña"]
    assert any("encoding" in note for note in table.notes) == (not encoding.startswith("utf-8"))


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1250", "imię,miasto\nŁukasz,Łódź\nPaweł,Kraków\nZofia,Częstochowa\nJędrzej,Gdańsk\n"),
        ("cp1250", "jméno,město\nJiří,Plzeň\nŽofie,České Budějovice\nOndřej,Přerov\nZdeněk,Kroměříž\n"),
        ("cp1251", "имя,город\nИван,Москва\nОльга,Казань\n"),
        ("cp1253", "όνομα,πόλη\nΓιώργος,Αθήνα\nΜαρία,Πάτρα\n"),
        ("shift_jis", "名前,都市\n田中,東京\n鈴木,大阪\n"),
        ("gb18030", "姓名,城市\n王伟,北京\n李娜,上海\n"),
    ],
)
def test_other_code_pages(encoding, text):
    table = csv(text, encoding)
    assert [*table.schema.names, *table.frame.iloc[0]] == text.replace("\n", ",").split(",")[:4]


def test_big_endian_utf16_with_mark():
    assert values(read_table(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")), "name")[0] == "Müller"


def test_decimal_comma_with_points_for_thousands():
    table = csv("spend;clicks\n1.234,50;1.000\n12.345,00;2.500\n7,25;900\n")
    assert values(table, "spend") == [1234.5, 12345.0, 7.25]
    assert values(table, "clicks") == [1000, 2500, 900]


def test_three_digits_after_a_leading_zero_are_decimals():
    assert values(csv("rate;n\n0,125;1\n0,250;2\n"), "rate") == [0.125, 0.25]
    assert values(csv('rate,n\n"0,125",1\n"0,250",2\n'), "rate") == [0.125, 0.25]
    assert values(csv("rate;n\n0.125;1,5\n0.250;2,5\n"), "rate") == [0.125, 0.25]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (['"1,234"', '"12,345"', "7"], [1234, 12345, 7]),
        (["1'234.50", "12'000.00", "1.25"], [1234.5, 12000.0, 1.25]),
        (["1 234", "12 345", "7"], [1234, 12345, 7]),
        (["1\u202f234", "12\u00a0345", "7"], [1234, 12345, 7]),
        (["$5.50", "€7.25", "12.00 €"], [5.5, 7.25, 12.0]),
        (["12%", "7%", "30 %"], [12, 7, 30]),
        (["\u22125", "+6", "7"], [-5, 6, 7]),
        (["1e3", "2.5E-1", "4"], [1000.0, 0.25, 4.0]),
    ],
)
def test_thousands_currency_and_signs(cells, expected):
    assert values(csv("amount,k\n" + "".join(f"{c},x\n" for c in cells)), "amount") == expected


def test_a_sign_left_out_is_said():
    table = csv("spend,rate\n$5.50,10%\n€7.25,20%\n")
    assert "the sign $ € was left out" in table.schema["spend"].reason
    assert any("“rate”: the sign % was left out" in note for note in table.notes)


def test_leading_zeros_stay_text():
    table = csv("zip,house\n06520,1\n12345,2\n00501,3\n")
    assert values(table, "zip") == ["06520", "12345", "00501"]
    assert table.schema["zip"].kind is Kind.TEXT
    assert "leading zeros" in table.schema["zip"].reason


def test_long_numbers_of_one_width_stay_text():
    table = csv("card,n\n4111111111111111,1\n4222222222222222,2\n9007199254740993,3\n")
    assert values(table, "card")[2] == "9007199254740993"


def test_header_is_told_from_values():
    assert csv("age,income\n31,40\n45,52\n").schema.names == ["age", "income"]
    headless = csv("1.5,2,x\n4.5,5,y\n5.5,6,y\n7.5,8,x\n")
    assert headless.schema.names == ["column_1", "column_2", "column_3"]
    assert len(headless) == 4
    assert any("first row holds values" in note for note in headless.notes)


def test_duplicate_blank_and_integer_headers():
    table = csv("a,a,,a_2\n1,2,3,4\n5,6,7,8\n")
    assert len(set(table.schema.names)) == 4
    assert [c.original for c in table.schema] == ["a", "a", "", "a_2"]
    assert values(table, "a_2") == [4, 8]
    assert csv("0,1,2\n1.5,2,3\n4.5,5,6\n").schema.names == ["0", "1", "2"]
    assert csv("2023,2024\n1.5,7\n2.5,8\n").schema.names == ["2023", "2024"]


def test_quoted_cells_keep_newlines_delimiters_and_quotes():
    table = csv('note,n\n"line one\nline two, still","1"\n"say ""yes""",2\n')
    assert values(table, "note") == ["line one\nline two, still", 'say "yes"']


def test_titles_above_the_header_are_left_out_and_said():
    table = csv('Campaign report\n"Jan 1, 2024 - Jan 31, 2024"\nCampaign,Clicks,Cost\nA,1,2.5\nB,2,3.5\n')
    assert table.schema.names == ["Campaign", "Clicks", "Cost"]
    assert any("Campaign report" in note for note in table.notes)


def test_tokens_for_missing_are_listed_and_the_column_stays_numeric():
    table = csv("spend,x\n" + "".join(f"{i},a\n" for i in range(1, 60)) + "N/A,a\n-,a\n,a\n")
    column = table.schema["spend"]
    assert column.kind is Kind.INTEGER
    assert set(column.missing_tokens) == {"N/A", "-"}
    assert table.frame["spend"].isna().sum() == 3
    assert "treated as missing" in column.reason


def test_numbers_too_large_for_sums_and_squares_count_as_missing_and_are_told():
    table = csv("x,y\n" + "1e308,1\n-1.7e308,2\n1e400,3\n" + "3.5,1\n4.5,2\n" * 10)
    assert table.schema["x"].kind is Kind.FLOAT and table.frame["x"].abs().max() == 4.5
    assert table.schema["x"].missing_tokens == ("1e308", "-1.7e308", "1e400")
    assert any("3 tokens treated as missing" in note for note in table.notes)


def test_one_real_word_in_twenty_numbers_is_not_silently_dropped():
    table = csv("size,x\n" + "1,a\nlarge,a\nsmall,b\n" * 20)
    assert table.schema["size"].kind is Kind.TEXT


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["2024-03-01", "2024-04-15", "2024-12-31"], "2024-03-01"),
        (["31/12/2023", "01/02/2024", "15/03/2024"], "2023-12-31"),
        (["12/31/2023", "02/01/2024", "03/15/2024"], "2023-12-31"),
        (["27 Dec 2020", "3 Jan 2021", "14 May 2021"], "2020-12-27"),
        (["20230623", "20230701", "20231231"], "2023-06-23"),
        (["1704067200", "1704153600", "1706745600"], "2024-01-01"),
        (["1704067200000", "1704153600000", "1706745600000"], "2024-01-01"),
        (["45292", "45293", "45400"], "2024-01-01"),
        (["2024-01-01T10:30:00Z", "2024-01-02T11:00:00Z", "2024-01-05T00:00:00Z"], "2024-01-01 10:30:00"),
        (
            ["2024-01-01T10:30:00+02:00", "2024-01-02T11:00:00+01:00", "2024-01-03T00:00:00+01:00"],
            "2024-01-01 08:30:00",
        ),
    ],
)
def test_dates_in_many_forms(cells, first):
    table = csv("signup_date,n\n" + "".join(f"{c},{i}\n" for i, c in enumerate(cells)))
    column = table.schema["signup_date"]
    assert column.kind is Kind.DATE
    assert table.frame["signup_date"].iloc[0] == pd.Timestamp(first)
    assert str(table.frame["signup_date"].max().date()) in column.reason


def test_day_and_month_order_is_said_when_both_fit():
    table = csv("day_of,n\n01/02/2024,1\n02/02/2024,2\n03/02/2024,3\n")
    assert table.frame["day_of"].iloc[0] == pd.Timestamp("2024-02-01")
    assert any("both orders fit" in note for note in table.notes)


def test_unread_dates_are_counted():
    rows = "".join(f"2024-01-{d:02d},1\n" for d in range(1, 29))
    table = csv(f"booked_on,n\n{rows}soon,1\n2024-13-45,1\n")
    assert table.frame["booked_on"].isna().sum() == 2
    assert "2 rows could not be read as a date" in table.schema["booked_on"].reason


@pytest.mark.parametrize("header", ["candidate_salary", "lifetime_value", "spend_to_date", "updates"])
def test_amounts_are_not_dates_because_of_a_syllable(header):
    assert (
        csv(f"{header},n\n" + "".join(f"{45_000 + 7 * i},1\n" for i in range(30))).schema[header].kind is Kind.INTEGER
    )


def test_sheet_is_picked_by_name():
    data = xlsx(one=pd.DataFrame({"zip": ["06520", "12345"], "v": [1.5, 2.0]}), two=pd.DataFrame({"q": [1, 2]}))
    assert sheet_names(data) == ["one", "two"]
    assert values(read_table(data), "zip") == ["06520", "12345"]
    assert read_table(data, sheet="two").schema.names == ["q"]
    with pytest.raises(TableError, match="The sheets are: one, two"):
        read_table(data, sheet="three")
    assert sheet_names(b"a,b\n1,2\n") == []


def test_excel_keeps_types_dates_and_blanks():
    frame = pd.DataFrame({
        "day": pd.to_datetime(["2024-01-01", "2024-02-03", None]),
        "at": pd.to_datetime(["2024-01-01 10:30:00", "2024-02-03 00:00:00", "2024-02-03 23:59:59"]),
        "n": [1, None, 3],
        "ok": [True, False, True],
    })  # fmt: skip
    table = read_table(xlsx(data=frame))
    assert [c.kind for c in table.schema] == [Kind.DATE, Kind.DATE, Kind.INTEGER, Kind.TEXT]
    assert table.frame["at"].tolist() == frame["at"].tolist()
    assert values(table, "n") == [1, None, 3]
    assert values(table, "ok") == ["TRUE", "FALSE", "TRUE"]


def test_excel_title_rows_are_left_out():
    book = openpyxl.Workbook()
    for row in (
        ["Bookings 2024"],
        [],
        ["channel", "clicks", "cost"],
        ["web", 1, 2.5],
        ["mail", 2, 3.5],
        ["web", 3, 1.0],
    ):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    assert read_table(buffer.getvalue()).schema.names == ["channel", "clicks", "cost"]


def parquet(**columns) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def test_parquet_types():
    stamps = pd.to_datetime(["2024-01-01 13:45:01", "2024-01-02 00:00:00"])
    table = read_table(
        parquet(
            at=pa.array(stamps),
            zip=["06520", "10001"],
            whole=pa.array([1.0, 2.0]),
            part=[0.5, None],
            flag=[True, None],
            level=pa.array(["a", "b"]).dictionary_encode(),
            nothing=pa.nulls(2),
            price=pa.array([1, 2], pa.decimal128(10, 2)),
        )
    )
    assert table.frame["at"].tolist() == list(stamps)
    assert values(table, "zip") == ["06520", "10001"]
    assert table.schema["whole"].kind is Kind.INTEGER
    assert values(table, "part") == [0.5, None]
    assert values(table, "flag") == ["TRUE", None]
    assert values(table, "level") == ["a", "b"]
    assert table.schema["nothing"].role == "empty"
    assert values(table, "price") == [1, 2]


def test_parquet_with_nested_values_names_the_column():
    with pytest.raises(TableError, match=r"Column “tags” holds nested values \(list<.*Give each part its own column"):
        read_table(parquet(n=[1, 2], tags=[["a"], ["b", "c"]]))
    with pytest.raises(TableError, match="Column “blob” holds binary values, for example"):
        read_table(parquet(n=[1, 2], blob=[b"\xff", b"a"]))


def test_gzip_is_unpacked():
    assert len(read_table(gzip.compress(b"a,b\n1,2\n3,4\n"))) == 2


def test_path_and_bytes_read_the_same(tmp_path):
    path = tmp_path / "bookings.2024.csv"
    path.write_bytes(b"a,b\n1,2\n3,4\n")
    assert read_table(path).sha256() == read_table(path.read_bytes()).sha256()
    assert read_table(path).name == "bookings"


def test_frames_with_awkward_dtypes():
    frame = pd.DataFrame({
        3: pd.Series([1, None, 3], dtype="Int64"),
        "cat": pd.Categorical(["a", None, "b"]),
        "mixed": [1, "x", None],
        "flag": pd.Series([True, None, False], dtype="boolean"),
        "text": pd.Series(["06520", None, "1"], dtype="string"),
    })  # fmt: skip
    table = table_from_frame(frame)
    assert table.schema.names == ["3", "cat", "mixed", "flag", "text"]
    assert values(table, "3") == [1, None, 3]
    assert values(table, "mixed") == ["1", "x", None]
    assert values(table, "text") == ["06520", None, "1"]
    with pytest.raises(TableError, match="Column “d” holds nested values"):
        table_from_frame(pd.DataFrame({"d": [{"a": 1}, {"a": 2}]}))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-(10**9), 10**9),
            st.floats(-1e6, 1e6).map(lambda v: round(v, 3)),
            st.text("abcäß €,;\"'\n", min_size=1, max_size=8).filter(lambda t: t.strip() == t and t.strip("\"'")),
        ),
        min_size=3,
        max_size=30,
    )
)
def test_any_written_csv_comes_back_value_for_value(rows):
    frame = pd.DataFrame(rows, columns=["whole", "part", "text"])
    table = read_table(frame.to_csv(index=False).encode())
    assert [str(v) for v in table.frame["text"]] == frame["text"].tolist()
    assert table.frame["part"].astype("float64").tolist() == frame["part"].tolist()
    assert table.frame["whole"].astype("object").map(int).tolist() == frame["whole"].tolist()
