"""Kinds of files on which a reader once failed: each is refused in words, or read as it should be."""

import gzip
import io
import json
import random
import re
import time

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from synth_core.blueprint.reading import from_yaml
from synth_core.errors import BlueprintError, GeneratorError, JourneyError, SynthError, TableError, VoiceError
from synth_core.generators import create, saving
from synth_core.generators._splits import Splits
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.world import World
from synth_core.prospective.lead_cells import Cells
from synth_core.prospective.lead_files import open_leads
from synth_core.records import parse
from synth_core.tables import Kind, Role, TableLibrary, read_table, set_roles, to_csv_bytes
from synth_core.tables.choices import DAMAGED
from synth_core.tables.schema import Column, Schema
from synth_core.voice import reading as voice
from tests.fuzz import bases, workbooks

GROWS = gzip.compress(b"a,b\n" + b"1,2\n" * 8_000_000)


def book(change=lambda name, content: content):
    made = workbooks.workbook(random.Random(0), [["a", "b"], ["1", "x"], ["2", "y"]])
    return workbooks.zipped([(name, change(name, content)) for name, content in workbooks.unzip(made)])


def first_sheet(change):
    return book(lambda name, content: change(content) if name.endswith("sheet1.xml") else content)


def parquet(table, **options):
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", **options)
    return buffer.getvalue()


def same_text(rows):
    codes = pa.array(np.zeros(rows, "int32"))
    return pa.table({"x": pa.DictionaryArray.from_arrays(codes, pa.array(["long " * 20_000])), "y": codes})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_a_workbook_are_never_followed(encoding):
    def grown(content):
        return (workbooks._BOMB + content.decode().split("?>", 1)[-1]).encode(encoding)

    with pytest.raises(TableError, match="holds definitions"):
        read_table(first_sheet(grown))
    with pytest.raises(VoiceError, match="holds definitions"):
        voice.read(first_sheet(grown), source="us")


def test_formulas_of_a_workbook_are_not_run():
    cell = b'<c r="A2"><f>1+1</f><v>7</v></c>'
    data = first_sheet(lambda c: re.sub(rb'<c r="A2".*?</c>', cell, c))
    assert read_table(data).frame["a"].tolist() == [7, 2]  # what Excel stored beside the formula


def test_a_sheet_with_a_row_far_below_all_others_is_damaged():
    with pytest.raises(TableError, match="damaged"):
        read_table(first_sheet(lambda c: c.replace(b'<row r="3"', b'<row r="99999999"')))


def test_a_workbook_of_lines_that_swells_is_refused():
    parts = [*workbooks.unzip(book()), ("xl/media/a.xml", b"0" * 60 * 2**20)]
    with pytest.raises(VoiceError, match="unpacks to 60 MB"):
        voice.read(workbooks.zipped(parts), source="us")


def test_compressed_files_that_swell_are_refused_wherever_they_are_uploaded():
    with pytest.raises(TableError, match="unpacks to more than 20 MB"):
        read_table(GROWS)
    with pytest.raises(TableError, match="unpacks to more than 20 MB"):
        open_leads(GROWS)
    with pytest.raises(TableError, match="compressed twice"):
        read_table(gzip.compress(gzip.compress(b"a,b\n1,2\n")))


@pytest.mark.parametrize(
    "data",
    [
        parquet(same_text(2_000)),
        parquet(same_text(200_000)),
        parquet(pa.table({"x": [f"{'long ' * 4_000}{i % 7}" for i in range(12_000)]}), use_dictionary=False,
                column_encoding="DELTA_BYTE_ARRAY"),
        parquet(pa.table({"x": np.zeros(9_000_000, "int64")})),
    ],
    ids=["one text in every row", "terabytes of it", "texts with one beginning", "one number in every row"],
)  # fmt: skip
def test_parquet_files_that_swell_are_refused(data):
    assert len(data) < 2**20
    with pytest.raises(TableError, match=r"unpacks to [\d,]+ MB"):
        read_table(data)


@pytest.mark.parametrize(
    "broken", ["[" * 100_000, "[]", "{}", '{"roles": {"a": "king"}, "target": null, "positive": 1}']
)
def test_damaged_choices_are_told_and_left_out(tmp_path, broken):
    library = TableLibrary(tmp_path)
    table = read_table(bases.tables()[0].encode())
    library.remember(set_roles(table, {"city": Role.FREE_TEXT}))
    (stored,) = (tmp_path / "roles").iterdir()
    stored.write_text(broken)
    recalled = library.recalled(table)
    assert recalled.notes[-1] == DAMAGED
    assert recalled.schema == table.schema


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", 3),
        ("decimals", -1),
        ("decimals", "2"),
        ("examples", [None]),
        ("format", 7),
        ("kind", "song"),
        ("name", ""),
    ],
)
def test_a_schema_of_other_types_is_refused(key, value):
    stored = Schema((Column("a", "a", Kind.FLOAT, Role.NUMERIC),)).to_dict()
    stored["columns"][0][key] = value
    with pytest.raises((TypeError, ValueError)):
        Schema.from_dict(stored)


def test_one_changed_byte_of_a_stored_table_is_noticed(tmp_path):
    library = TableLibrary(tmp_path)
    table_id = library.add(read_table(bases.tables()[0].encode()))
    rows = tmp_path / table_id / "rows.parquet"
    content = bytearray(rows.read_bytes())
    content[len(content) // 2] ^= 1
    rows.write_bytes(content)
    with pytest.raises(TableError, match="damaged"):
        library.get(table_id)


def test_a_saved_tree_that_goes_in_circles_is_refused():
    nodes = {"left": [1, 0, -1], "right": [2, 2, -1], "feature": [0, 0, 0], "leaf": [-1, -1, 0]}
    state = {k: np.array(v, "int32") for k, v in nodes.items()}
    state |= {"threshold": np.zeros(3), "missing_left": np.zeros(3, bool)}
    with pytest.raises(ValueError, match="outside the tree"):
        Splits.from_state(state, 1)


def test_a_saved_generator_whose_parts_do_not_fit_together_is_refused():
    table = read_table(bases.tables()[2].encode(), target="y")
    file = io.BytesIO()
    saving.save(create("trees").fit(table.split(seed=1).train, seed=1), file, table="t", seed=1)
    parts = dict(workbooks.unzip(file.getvalue()))
    model = json.loads(parts["model.json"])
    model["state"]["order"] = model["state"]["order"][::-1]
    parts["model.json"] = json.dumps(model).encode()
    with pytest.raises(GeneratorError, match="damaged"):
        saving.load(io.BytesIO(workbooks.zipped(list(parts.items()))))


def test_leads_with_numbers_beyond_whole_numbers_count_as_missing():
    cells = Cells(Column("n", "n", Kind.INTEGER, Role.INTEGER), None)
    read = cells.read(pa.array(["1", "2", "1e300", "-1e300"]))
    assert read.tolist()[:2] == [1, 2]
    assert read.isna().sum() == 2
    assert "too large for whole numbers" in cells.notes()[0]


def test_a_long_table_in_shift_jis_is_read():
    data = ("名前,値\n" + "東京都千代田区霞,1\n大阪,22\n" * 9_000).encode("shift_jis")
    assert read_table(data).schema.names == ["名前", "値"]


@pytest.mark.parametrize("header", ["customer", "email", "date", "phone", "n"])
@pytest.mark.parametrize("cell", ["x" * 40_000, "9" * 40_000 + ".", "a1" * 20_000, "é" * 40_000 + "!", " 1" * 20_000])
def test_endless_cells_are_read_at_once(header, cell):
    began = time.process_time()
    table = read_table(f"{header},b\n{cell},1\n-{cell},2\n{cell[1:]},3\n".encode())
    to_csv_bytes(table.frame, table.schema)
    assert time.process_time() - began < 5  # where a pattern goes back and forth, minutes


@pytest.mark.parametrize("text", ["[" * 20_000, "columns: " + "{a: " * 500, "a: {b: [" * 60])
def test_a_blueprint_of_endless_brackets_is_refused(text):
    with pytest.raises(BlueprintError, match="brackets are open"):
        from_yaml(text)


@pytest.mark.parametrize("text", ["[" * 100_000, '"\\ud800"', b"\xff", "{"])
def test_json_that_cannot_be_kept_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse(text)


def test_a_world_with_half_a_character_is_refused():
    world = {**next(iter(PRESETS.values())).to_dict(), "name": "\ud800"}
    with pytest.raises(JourneyError):
        World.from_json(json.dumps(world))


def test_messages_show_a_little_of_what_is_huge_or_cannot_be_shown():
    text = str(SynthError(f"The column “{'x' * 5_000}” holds “a\x00\nb”. Name it “{'y ' * 3_000}”. Then upload again."))
    assert len(text) < 400
    assert "\x00" not in text
    assert text.endswith("Then upload again.")
    assert len(str(SynthError("Columns: " + ", ".join(f"column {i}" for i in range(999)) + ". Choose one."))) <= 900


def test_trees_take_columns_beyond_single_precision():
    frame = pd.DataFrame({"a": np.r_[1e300, -1e300, np.arange(58.0)], "b": ["x", "y"] * 30})
    table = read_table(frame.to_csv(index=False).encode(), target="b")
    rows = create("trees").fit(table.split(seed=1).train, seed=1).sample(20, seed=1)
    assert np.isfinite(rows["a"]).all()


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/passwd", "a\x00b.csv"])
def test_the_name_of_an_upload_is_no_path(tmp_path, name):
    inside = tmp_path / "inside"
    TableLibrary(inside).add(read_table(b"a,b\n1,x\n2,y\n", name=name))
    assert [p.name for p in tmp_path.iterdir()] == ["inside"]
    assert {p.name for p in inside.rglob("*") if p.is_file()} == {"rows.parquet", "schema.json", "meta.json"}


def test_bytes_that_are_no_text_in_a_parquet_file_are_told():
    buffer = io.BytesIO()
    pq.write_table(pa.table({"x": ["plain text", "more"]}), buffer, use_dictionary=False, compression="none")
    data = buffer.getvalue().replace(b"plain", b"pl\xff\xfen")
    with pytest.raises(TableError, match="Column “x” holds string values, which cannot be read"):
        read_table(data)
