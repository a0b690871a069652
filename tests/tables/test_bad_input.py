"""Whatever is uploaded, the answer is one plain sentence that says what is wrong and what to do about it."""

import gzip
import io
import random
import zipfile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import SchemaError, SynthError, TableError
from synth_core.tables import MAX_BYTES, Role, read_table, set_roles, set_target, to_csv_bytes
from synth_core.tables.overview import overview
from tests.tables.makers import csv, xlsx

NOISE = random.Random(5).randbytes(200_000)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WIDE = (",".join(f"c{i}" for i in range(5_000)) + "\n" + (",".join(["1"] * 5_000) + "\n") * 50).encode()


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def bomb(megabytes: int) -> bytes:
    """A workbook that unpacks to 1,000 times its size."""
    archive = io.BytesIO(xlsx(data=pd.DataFrame({"a": [1]})))
    with (
        zipfile.ZipFile(archive, "a", zipfile.ZIP_DEFLATED) as file,
        file.open("xl/worksheets/sheet9.xml", "w") as part,
    ):
        for _ in range(megabytes):
            part.write(b"0" * 1024**2)
    return archive.getvalue()


def repeats() -> bytes:
    """A Parquet file of 200 million equal cells in a few hundred bytes."""
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, pa.schema([("x", pa.int64())])) as writer:
        part = pa.table({"x": pa.array([7] * 1_000_000, pa.int64())})
        for _ in range(200):
            writer.write_table(part)
    return buffer.getvalue()


def sheet(cells: pd.DataFrame) -> bytes:
    return xlsx(first=cells)


@pytest.mark.parametrize(
    ("data", "wrong", "remedy"),
    [
        pytest.param(b"", "The file is empty", "Export the table again", id="empty"),
        pytest.param(b"\xef\xbb\xbf\n \n\n", "The file is empty", "Export the table again", id="blank lines"),
        pytest.param(b"a,b,c\n", "has a header but no rows", "at least one row of data", id="header only"),
        pytest.param(b"a,b\n,\n,\n", "No column holds a value", "Export the table again", id="blank cells"),
        pytest.param(sheet(pd.DataFrame({"a": []})), "has a header but no rows", "at least one row", id="xlsx header"),
        pytest.param(sheet(pd.DataFrame()), "The sheet “first” is empty", "Pick another sheet: first", id="xlsx empty"),
        pytest.param(WIDE, "The file has 5,000 columns; at most 2,000", "Keep the columns that matter", id="wide"),
        pytest.param(NOISE, "not a table: it holds binary data", "Upload a CSV, TSV, .xlsx or Parquet", id="noise"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + NOISE, "a PNG picture, not a table", "as CSV, .xlsx or Parquet", id="png"),
        pytest.param(b"\xff\xd8\xff\xe0" + NOISE, "a JPEG picture", "as CSV, .xlsx or Parquet", id="jpeg"),
        pytest.param(b"%PDF-1.7\n1 0 obj\n", "a PDF document, not a table", "as CSV, .xlsx or Parquet", id="pdf"),
        pytest.param(b"\n<!DOCTYPE html><html>", "a web page", "as CSV, .xlsx or Parquet", id="html"),
        pytest.param(OLE + NOISE, "a password or in the old .xls format", "save it as .xlsx", id="old xls"),
        pytest.param(zipped(**{"readme.txt": b"hi"}), "damaged or not a workbook", "save it again as .xlsx", id="zip"),
        pytest.param(sheet(pd.DataFrame({"a": [1]}))[:900], "damaged", "save it again as .xlsx", id="half an xlsx"),
        pytest.param(gzip.compress(NOISE)[:5000], "compressed file is damaged", "Compress it again", id="half a gzip"),
        pytest.param(gzip.compress(b""), "compressed file holds nothing", "upload it uncompressed", id="empty gzip"),
        pytest.param(b"PAR1" + NOISE[:500] + b"PAR1", "Parquet file is damaged", "Write it again", id="parquet"),
        pytest.param(b"a,b,c\n1,2,3\n4,5\n", "Row 3 has 2 cells, but the first row has 3: “4,5”", "repair", id="short"),
        pytest.param(b"a,b\n1,2\n3,4,5\n", "Row 3 has 3 cells, but the first row has 2", "Put quotes", id="long"),
        pytest.param(b'a,b\n1,"x\n2,y\n3,z\n', "A quote is opened but never closed", "Put a second", id="open quote"),
    ],
)
def test_unusable_files(data, wrong, remedy):
    with pytest.raises(TableError) as caught:
        read_table(data)
    assert wrong in str(caught.value)
    assert remedy in str(caught.value)


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (lambda: bomb(400), "unpacks to 400 MB: too much to read safely"),
        (lambda: bomb(60), "unpacks to 60 MB: too much to read safely"),
        (repeats, "The Parquet file unpacks to 1,526 MB"),
        (lambda: gzip.compress(b"a,b\n" + b"1,2\n" * 60_000_000, 1), "The file of 1.1 MB unpacks to more than 110 MB"),
    ],
    ids=["large xlsx", "dense xlsx", "parquet", "gzip"],
)
def test_bombs_are_refused_before_they_unpack(make, wrong):
    data = make()
    assert len(data) < 2 * 1024**2
    with pytest.raises(TableError, match=wrong):
        read_table(data)


def test_files_over_the_limit_are_refused_unread(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(300 * 1024**2)
    with pytest.raises(TableError, match="The file has 300 MB; at most 200 MB are read. Take a random sample"):  # noqa: RUF043
        read_table(path)
    with pytest.raises(TableError, match="at most 200 MB"):
        read_table(memoryview(bytearray(MAX_BYTES + 1)))


def test_missing_files_and_folders_are_named(tmp_path):
    with pytest.raises(TableError, match="“gone.csv” cannot be found"):  # noqa: RUF043
        read_table(tmp_path / "gone.csv")
    with pytest.raises(TableError, match=f"“{tmp_path.name}” cannot be read"):
        read_table(tmp_path)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a,y\n1,\n2,NA\n", ["Target “y” has no values at all", "Choose another column"]),
        ("a,y\n1,yes\n2,yes\n", ["Target “y” has the same value in every row (yes)", "Choose another column"]),
        ("a,y\n1,yes\n2,\n3,no\n", ["Target “y” is missing in 1 of 3 rows", "row 2", "leave those rows out"]),
        ("y\n1\n0\n1\n", ["“y” is the only column", "Add more columns"]),
        ("a,Y\n1,0\n2,1\n", ["There is no column called “y”", "The columns are: a, Y"]),
    ],
)
def test_unusable_targets_name_the_column_and_the_way_out(text, parts):
    with pytest.raises(SchemaError) as caught:
        csv(text, target="y")
    for part in parts:
        assert part in str(caught.value)


def test_more_than_two_classes_are_no_error_until_labels_are_needed():
    table = set_target(csv("a,y\n1,low\n2,mid\n3,high\n"), "y")
    with pytest.raises(SchemaError, match="Target “y” has 3 different values; two classes are needed"):
        table.labels()


def test_tiny_and_odd_but_usable_tables():
    assert len(csv("a,b\n1,2\n")) == 1
    assert csv("only\n1\n2\n").schema.names == ["only"]
    assert csv("a;b\n1;2\n", "utf-16").schema.names == ["a", "b"]
    assert len(csv("a,b\n1,2\n\n\n3,4\n\n")) == 2


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "csv"])
def test_damaged_anywhere_is_still_a_plain_error(kind):
    frame = pd.DataFrame(
        {"zip": ["06520", "00501"] * 20, "on": pd.date_range("2024-01-01", periods=40), "v": range(40)}
    )
    buffer = io.BytesIO()
    if kind == "parquet":
        frame.to_parquet(buffer)
    whole = {"xlsx": sheet(frame), "parquet": buffer.getvalue(), "csv": frame.to_csv().encode()}[kind]
    rng = random.Random(11)
    failed = 0
    for _ in range(80):
        damaged = bytearray(whole)
        for _ in range(rng.choice([1, 4, 20])):
            damaged[rng.randrange(4, len(damaged))] = rng.randrange(256)
        try:
            read_table(bytes(damaged))
        except SynthError as error:
            failed += 1
            assert str(error).endswith((".", "”"))
    assert failed > 5


TOKENS = "0 1 -1 1,5 1.234,5 007 N/A - 2024-01-01 31.12.2023 20240101 1e400 inf 9999-12-31 yes no ü 日本 =1 5% ½"
CELLS = st.one_of(st.sampled_from(TOKENS.split()), st.text(max_size=4), st.floats().map(str))
GRIDS = st.integers(1, 4).flatmap(lambda w: st.lists(st.lists(CELLS, min_size=w, max_size=w), min_size=1, max_size=9))
FILES = st.one_of(
    st.binary(max_size=60),
    st.text('ab,;"\n\r\t |019.-é', max_size=60).map(str.encode),
    st.tuples(GRIDS, st.sampled_from(",;\t")).map(
        lambda drawn: pd.DataFrame(drawn[0]).to_csv(index=False, header=False, sep=drawn[1]).encode("utf-8", "replace")
    ),
)


@settings(max_examples=250, deadline=None)
@given(FILES, st.sampled_from(Role))
def test_any_bytes_give_a_table_or_a_plain_error(data, role):
    try:
        table = read_table(data)
        overview(table)
        first = table.schema.names[0]
        overview(set_target(table, first))
        changed = set_roles(table, {first: role})
        assert to_csv_bytes(changed.frame, changed.schema)
    except SynthError as error:
        assert " " in str(error)
