"""What a model answered becomes lines, whatever it wrapped them in, and never prose about them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.voice.parsing import lines_of

TIDE, KEY = "The tide sets the table.", "The key is brass. The welcome is older."
BOTH = [TIDE, KEY]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(BOTH),
        json.dumps({"lines": BOTH}),
        json.dumps({"brand": "Tide House", "note": "Two lines.", "variations": [{"id": 1, "text": t} for t in BOTH]}),
        json.dumps({"1": TIDE, "2": KEY}),
        f"```json\n{json.dumps(BOTH, indent=2)}\n```",
        f"Sure! Here are 2 variations:\n\n```json\n{json.dumps(BOTH)}\n```\n\nLet me know if you want more!",
        f"Here is the JSON array:\n{json.dumps(BOTH)}",
        f'["{TIDE}", "{KEY}",]',
        f'{{"lines": ["{TIDE}", "{KEY}",],}}',
        f'["{TIDE}", "{KEY}", "We carry the ba',
        f'{{"lines": [\n  "{TIDE}",\n  "{KEY}",\n  "We ca',
        f'[{{"text": "{TIDE}"}}, {{"text": "{KEY}"}}, {{"text": "We ca',
        f"['{TIDE}', '{KEY}']",
        f"1. {TIDE}\n2. {KEY}",
        f"1) {TIDE}\n2) {KEY}",
        f"(1) {TIDE}\n(2) {KEY}",
        f"- {TIDE}\n- {KEY}",
        f"• {TIDE}\n• {KEY}",
        f"* **{TIDE}**\n* **{KEY}**",
        f"Here are 10 variations:\n\n1. “{TIDE}”\n2. “{KEY}”\n\nI hope these capture the voice!",
        f"Certainly! Below are the lines you asked for.\n{TIDE}\n{KEY}",
        f'"{TIDE}"\n"{KEY}"',
        f"“{TIDE}”\n\n“{KEY}”",
        f"**Headlines**\n\n{TIDE}\n{KEY}\n".replace("**Headlines**", "## Headlines"),
        f"Headline 1: {TIDE}\nHeadline 2: {KEY}",
        f"{TIDE}\r\n{KEY}\r\n",
        f"<think>They want\n1. calm\n2. short</think>\n{json.dumps(BOTH)}",
        f"{TIDE} (24 characters)\n{KEY} (39 characters)",
        f'[\n"{TIDE}",\n"{KEY}"\n',
    ],
)
def test_every_wrapping_gives_the_same_lines(text):
    assert lines_of(text) == (BOTH, "")


def test_unescaped_quotes_in_broken_json_are_read_line_by_line():
    text = '[\n  "Say "no" to Monday.",\n  "Stay."\n]'
    assert lines_of(text)[0] == ['Say "no" to Monday.', "Stay."]


def test_escapes_and_other_scripts_survive():
    lines = ['She said “stay”, and "stay" again.', "Ünder the lamp — 夜", "A\ttab"]
    assert lines_of(json.dumps(lines))[0] == [lines[0], lines[1], "A tab"]


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "I’m sorry, but I can’t assist with this request.",
        "As an AI language model, I cannot write advertising for this product.",
        "Unfortunately, I am unable to create content that breaks the guidelines.",
        '["I cannot help with that."]',
        '{"lines": ["I\'m sorry, I can\'t write that."]}',
        "I must decline this request.",
        "I'm sorry, but I can't help with:\n1. naming a competitor\n2. claiming a cure",
    ],
)
def test_a_refusal_is_told_as_one(text):
    lines, reason = lines_of(text)
    assert lines == [] and reason.startswith("The model declined: “")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("   \n ", "empty"),
        ("<think>hm", "empty"),
        ("Here are 10 variations:", "no lines of copy"),
        ("Sure!", "no lines of copy"),
        ("[]", "no lines of copy"),
        ('{"lines": []}', "no lines of copy"),
        ('["cut in the mid', "no lines of copy"),
        ("```json\n```", "no lines of copy"),
        ("word " * 400, "no lines of copy"),
    ],
)
def test_nothing_comes_with_a_reason(text, said):
    lines, reason = lines_of(text)
    assert lines == [] and said in reason


@pytest.mark.parametrize(
    "line",
    [
        "Here, a good day is measured in pages read.",
        "Sorry, not sorry!",
        "I can't wait to see the sea.",
        "Of course the tea is free.",
        "Sure of foot, slow of step.",
        "3 nights for 2.",
        "1911. A garden planted, and still in no rush.",
        "Below the lighthouse, the map goes quiet.",
        "Note the silence.",
        "[Product] waits for you.",
        "A room with a desk, should a letter be owed.",
        "Great coffee. No hurry.",
    ],
)
def test_copy_that_looks_like_chatter_is_kept(line):
    assert lines_of(json.dumps([line, TIDE]))[0] == [line, TIDE]
    assert lines_of(f"{line}\n{TIDE}")[0] == [line, TIDE]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=300))
def test_no_text_breaks_it_and_no_line_is_empty(text):
    lines, reason = lines_of(text)
    assert bool(lines) != bool(reason)
    assert all(line.strip() == line and "\n" not in line and line for line in lines)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.integers(1, 200))
def test_json_cut_anywhere_gives_a_beginning_of_its_lines(at):
    whole = [f"Line {i} of the house." for i in range(6)]
    text = json.dumps({"lines": whole})
    lines, _ = lines_of(text[: min(at, len(text))])
    assert lines == whole[: len(lines)]
