"""Families: shared parents, near-duplicates, and chains of both."""

from __future__ import annotations

import hashlib

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.voice.families import families
from synth_core.voice.records import Candidate, Line

WORDS = [
    "harbour lamp",
    "seven courses",
    "quiet coast",
    "brass key",
    "cedar smoke",
    "late train",
    "fig tree",
    "old linen",
]


def child(text: str, *parents: str) -> Candidate:
    return Candidate(text, "b", parents, "recombined", "p")


def found(lines) -> list[int]:
    return families(lines, [line.text for line in lines]).tolist()


def test_lines_with_a_parent_in_common_join():
    assert found([child("harbour lamp", "a"), child("seven courses", "b"), child("brass key", "a")]) == [0, 1, 0]


def test_chains_of_shared_parents_join():
    chain = [child(WORDS[n], f"p{n}", f"p{n + 1}") for n in range(6)]
    assert found([*chain, child("old linen", "q")]) == [0] * 6 + [1]


def test_a_line_joins_the_approved_line_it_stems_from():
    seed = Line("The tide sets the table.", "house")
    assert found([seed, child("harbour lamp", seed.id), Line("Old linen, new rain.", "house")]) == [0, 0, 1]


def test_near_duplicates_join_whatever_case_order_and_quotes():
    lines = [
        Line("The boat won't leave without you.", "h"), Line("the boat won’t leave, without you!", "h"),
        Line("Without you the boat won't leave.", "h"), Line("Snow at the window.", "h"),
    ]  # fmt: skip
    assert found(lines) == [0, 0, 0, 1]


def test_a_short_line_does_not_swallow_longer_ones_that_hold_it():
    assert found([Line("Breakfast.", "h"), Line("Breakfast is served whenever the morning finds you.", "h")]) == [0, 1]


def test_the_text_as_it_stands_decides_not_the_one_that_was_written():
    lines = [child("harbour lamp", "a"), child("seven courses", "b")]
    assert families(lines, ["brass key on a hook", "brass key on the hook"]).tolist() == [0, 0]


def test_nothing_has_no_families():
    assert families([], []).shape == (0,)


def test_more_lines_than_one_block():
    lines = [child(hashlib.sha256(bytes([n % 256, n // 256])).hexdigest()[:24]) for n in range(1200)]
    lines[1100] = child(lines[3].text + " ", "x")
    lines[1150] = child(lines[700].text + ".", "y")
    label = found(lines)
    assert label[1100] == label[3] and label[1150] == label[700] and max(label) == 1197


@given(st.lists(st.lists(st.integers(0, 9), max_size=3), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_same_as_walking_from_line_to_line(parents):
    lines = [
        child(WORDS[n % len(WORDS)] * (n // len(WORDS) + 1) + str(n) * 9, *map(str, p)) for n, p in enumerate(parents)
    ]
    label = families(lines, [str(n) * 20 for n in range(len(lines))])
    groups = [{n} for n in range(len(lines))]
    for n, mine in enumerate(parents):
        for m, other in enumerate(parents):
            if set(mine) & set(other):
                joined = groups[n] | groups[m]
                for k in joined:
                    groups[k] = joined
    for n in range(len(lines)):
        assert set(np.flatnonzero(label == label[n]).tolist()) == groups[n]
