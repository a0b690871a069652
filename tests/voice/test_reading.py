"""Lines from pasted text and files: formats, guesses, duplicates, bad input."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from synth_core.errors import VoiceError
from synth_core.voice.demo import FOLDER
from synth_core.voice.reading import read, read_lines

TWO = ["Eleven rooms, one orchard.", "We kept the road narrow."]


def texts(data, name="x", **options):
    return [line.text for line in read(data, name=name, source="us", **options).lines]


def workbook(rows, sheet="Sheet"):
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("\n".join(TWO), "pasted text"),
        ("1. " + TWO[0] + "\n2) " + TWO[1], "pasted text"),
        ("- " + TWO[0] + "\n\n• “" + TWO[1] + "”\n", "pasted text"),
        ("\r\n".join(TWO).encode(), "a.txt"),
        ("\n".join(TWO).encode("utf-16"), "a.txt"),
        (b"\xef\xbb\xbf" + "\n".join(TWO).encode(), "a.txt"),
        (f'text,topic\n"{TWO[0]}",garden\n{TWO[1]},road\n'.encode(), "a.csv"),
        (f"headline;topic\n{TWO[0]};garden\n{TWO[1]};road\n".encode(), "a.csv"),
        (f"topic\tCopy\ngarden\t{TWO[0]}\nroad\t{TWO[1]}\n".encode(), "a.tsv"),
        (f'text\n"{TWO[0]}"\n{TWO[1]}\n'.encode(), "a.csv"),
        ("\n".join(TWO).encode(), "a.csv"),
        ("\n".join(json.dumps({"text": t, "n": 1}) for t in TWO), "a.jsonl"),
        (json.dumps(TWO), "a.json"),
        (json.dumps([{"output": t} for t in TWO]), "a.json"),
        (workbook([["Text", "Brief"], [TWO[0], "garden"], [TWO[1], None]]), "a.xlsx"),
        (workbook([[TWO[0]], [TWO[1]]]), "a.xlsx"),
    ],
)
def test_formats(data, name):
    assert texts(data, name) == TWO


def test_chat_files_give_brief_and_line():
    chat = [{"messages": [{"role": "user", "content": "On roads"}, {"role": "assistant", "content": t}]} for t in TWO]
    lines = read_lines("\n".join(map(json.dumps, chat)), name="a.jsonl", source="us")
    assert [(line.brief, line.text, line.source) for line in lines] == [("On roads", t, "us") for t in TWO]


def test_columns_guessed_said_and_chosen():
    data = (
        b"id,who,what\n1,ann,The path behind the chapel is not described.\n2,bob,A bell far off and nothing but bees.\n"
    )
    found = read(data, name="a.csv", source="us")
    assert found.text == "what" and "“what”, whose texts are the longest" in found.notes[0]
    assert [line.brief for line in read(data, name="a.csv", source="us", text="what", brief="who").lines] == [
        "ann",
        "bob",
    ]
    with pytest.raises(VoiceError, match=r"no column “which”.*id, who, what"):
        read(data, name="a.csv", source="us", text="which")


def test_a_contrast_brings_its_own_sources():
    found = read((FOLDER / "others.csv").read_bytes(), name="others.csv", source="")
    assert len(found.lines) == 160 and found.source == "voice" and found.brief == "brief"
    assert {line.source for line in found.lines} == {"promo", "corporate", "cliche_luxury", "riot"}


def test_the_demo_file_reads_back_whole():
    assert len(read((FOLDER / "house.csv").read_bytes(), name="house.csv", source="us").lines) == 200


def test_duplicates_blanks_and_giants_are_left_out_with_a_note():
    found = read(f"{TWO[0]}\n{TWO[0].upper()}\n---\n{'word ' * 500}\n{TWO[1]}", source="us")
    assert [line.text for line in found.lines] == TWO
    assert any("twice" in note for note in found.notes)
    assert any("more than 2,000 characters" in note and "row 4" in note for note in found.notes)
    assert any("without a word" in note for note in found.notes)


def test_latin_1_is_recognised():
    lines = "Süße Träume über dem See.\nKüchlein, Körbe und schöne Gärten am Ufer.\nGrüße aus dem Häuschen.\n"
    assert texts(lines.encode("cp1252"), "a.txt") == lines.strip().split("\n")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("", "empty"),
        ("\n \n", "empty"),
        ("!!\n??", "No line of copy"),
        (b"\x00\x01\x02binary", "not a text file"),
        (b"PK\x03\x04broken", "cannot be opened"),
        ('{"text": "a"}\n{broken', "Row 2"),
        ('["a", {"b": 1}]', "mixes"),
        (b"text,topic\nOne, two, three,x\nFour,y\n", "Row 2 of “x” has 4 cells, the header 2"),
        (b"x" * (20 * 2**20 + 1), "larger than 20 MB"),
    ],
)
def test_bad_input_is_told(data, words):
    with pytest.raises(VoiceError, match=words.replace("(", r"\(")):
        read(data, name="x", source="us")


def test_sheets():
    data = workbook([["text"], ["A lamp by the door."]], sheet="Lines")
    assert texts(data, "a.xlsx", sheet="Lines") == ["A lamp by the door."]
    with pytest.raises(VoiceError, match=r"no sheet “Other”.*Lines"):
        read(data, name="a.xlsx", source="us", sheet="Other")
    with pytest.raises(VoiceError, match="empty"):
        read(workbook([]), name="a.xlsx", source="us")


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_anything_gives_lines_or_a_plain_error(data):
    try:
        found = read(data, name="x", source="us")
    except VoiceError:
        return
    assert found.lines and len({line.id for line in found.lines}) == len(found.lines)
    assert all(line.text == " ".join(line.text.split()) and line.text for line in found.lines)


def test_a_workbook_that_is_cut_or_changed_anywhere_is_refused_in_words():
    whole = workbook([["Text"], *([f"A lamp by door {n}."] for n in range(30))])
    changed = [whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :] for at in range(4, len(whole), 37)]
    for data in [whole[:at] for at in range(4, len(whole), 97)] + changed:
        try:
            read(data, name="a.xlsx", source="us")
        except VoiceError as error:
            assert "a.xlsx" in str(error)
