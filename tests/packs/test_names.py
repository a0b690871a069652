"""Names chosen to do harm are only text in a pack: README, card, CSV and file names."""

import io
import re

import pandas as pd
import pytest

from pages.ui.pack_section import file_name
from synth_core.reports import data_card, pack_rows
from synth_core.reports.data_card import DataCard
from synth_core.reports.data_card_text import certificate_text, readme, to_markdown
from synth_core.reports.pack_names import markdown, plain, slug
from synth_core.tables import read_table
from tests.packs.makers import Made, parts_of

HOSTILE = [
    "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "re\u202egnp.exe", "a" * 500, "x\r\ny: z", "[a](javascript:b)",
    "![](https://evil.example/x.png)", "| a | b |", "# head", "../../etc/passwd", "\x00\x1b[31m", "`rm -rf`", "日本語",
]  # fmt: skip


def card(name: str) -> DataCard:
    header = re.sub(r"[\x00-\x1f]", "", name)  # which a CSV file cannot have
    schema = read_table(f'"{header}",b\n1.5,x\n2.5,y\n'.encode()).schema
    return DataCard(
        table=name, generator="Trees", generator_name="trees", made="2026-01-02", rows=3, seed=1, settings={name: name},
        where={name: name}, split={"holdout_share": 0.2, "training_rows": 5, "holdout_rows": 1}, target=name,
        positive=name, columns=data_card.columns_of(schema, private=False), rules=(name,), notes=(name,),
        fidelity={"left_out": "x"}, privacy={"left_out": "x"}, lift={"verdict": name, "sentence": name},
        certificate=None, checked=name, intended_use=("x",), not_for=("y",), versions={},
    )  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_readme_and_card_hold_text_only(name):
    found = card(name)
    first, *rest = readme(found, "1.0", {"synthetic.csv"}).split("\n")
    assert first.startswith("SYNTHETIC DATA, not real records: 3 rows made from the table “") and len(first) < 300
    shown = to_markdown(found, "1.0")
    for text in (first, *rest, shown):
        assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]", text)
    assert not re.search(r"(?<!\\)[<`\[]", shown)
    assert all(line.count(" | ") == 4 for line in shown.splitlines() if line.startswith("| b |"))
    assert max(map(len, shown.splitlines())) < 3_000


@pytest.mark.parametrize("name", HOSTILE)
def test_names_of_files_are_short_and_ascii(name):
    assert re.fullmatch(r"[a-z0-9-]{0,40}", slug(name)) and not slug(name).startswith("-")
    assert len(plain(name)) <= 120 and len(markdown(name)) <= 250 and "\n" not in plain(name)


def test_headers_that_are_formulas_are_none_in_the_csv():
    table = read_table(b'"=cmd()","@x",b\n1.5,=1+1,p\n2.5,+2+3,q\n')
    csv, parquet = pack_rows.written(table.frame, table.schema)
    read = pd.read_csv(io.BytesIO(csv))
    assert list(read)[:2] == ["'=cmd()", "'@x"] and read["'@x"].tolist() == ["'=1+1", "'+2+3"]
    back = pack_rows.read(parquet, table.schema)
    assert back.equals(table.frame) and back.dtypes.equals(table.frame.dtypes)


def test_a_certificate_with_hostile_columns_is_text():
    found = {
        "epsilon": 1.0, "delta": 1e-6, "rho": 0.1, "unit": "all rows with the same “<img src=x>”", "rows_per_person": 1,
        "mechanism": "m", "neighbours": "n", "spent": [{"what": "[a](b)", "rho": 0.1, "share": 1.0, "delta": 0.0}],
        "public": ["<script>"], "columns": [{"name": "<b>\u202e", "comes_out": "blank"}], "outside": [], "versions": {},
    }  # fmt: skip
    text = certificate_text(found)
    assert "<" not in text and "\u202e" not in text and "](" not in text.replace("\\[a](b)", "")


def test_a_pack_of_a_table_with_a_hostile_name(tmp_path, monkeypatch):
    name = "<script>\u202e=cmd()" + "x" * 400
    made = Made(tmp_path, name=name)
    parts = parts_of(made.pack())
    assert parts["README.txt"].decode().splitlines()[0].count("\u202e") == 0
    assert b"<script>" not in parts["data_card.md"]
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))
    assert re.fullmatch(r"synthetic-[a-z0-9-]{1,40}-trees-[0-9a-f]{8}-pack\.zip", file_name(made.rows))
