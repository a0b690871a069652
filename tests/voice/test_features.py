"""Tokens, masked text, style traits, and their scaling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.voice.features import STYLE_LENGTH, Counting, Encoder, TfIdf
from synth_core.voice.lexicon import FUNCTION_WORDS
from synth_core.voice.masking import masked, sentences, straight, tokens
from synth_core.voice.style import TRAITS, style

LINES = [
    "The tide sets the table.", "We simply light the candles.", "FREE towels from £9.99!", "You will remember it.",
]  # fmt: skip


SUBJECTS = ["tide", "candle", "Bread", "orchard", "FERRY", "kettle's", "window-box", "the", "we", "will", "not"]


def trait(key: str, text: str) -> float:
    return style([text])[0][[t.key for t in TRAITS].index(key)]


def test_tokens_keep_inner_apostrophes_hyphens_and_decimals():
    assert [t.text for t in tokens("Don’t miss the must-have £9.99 bag…")] == [
        "Don't", "miss", "the", "must-have", "£", "9.99", "bag", "…",
    ]  # fmt: skip


def test_sentences_split_on_marks_not_on_decimals():
    assert sentences("From £9.99 a night. Book! Why wait… Yes") == ["From £9.99 a night.", "Book!", "Why wait…", "Yes"]
    assert sentences("No end mark") == ["No end mark"] and sentences("  ") == []


def test_masked_text_is_the_same_for_another_subject_of_the_same_shape():
    assert masked("The tide sets the table.") == masked("The rain eats the bread.")
    assert masked("The tide sets the table.") != masked("The tide sets the table!")
    assert masked("The tide sets the table.") != masked("THE TIDE sets the table.")


@given(st.lists(st.sampled_from(SUBJECTS), min_size=1))
@settings(max_examples=50, deadline=None)
def test_no_subject_survives_masking(words):
    kept = {part for token in masked(" ".join(words)) for part in token.split(":")}
    assert not kept & {"tide", "candle", "bread", "orchard", "ferry", "kettle", "window", "Bread", "FERRY"}
    assert {w for w in words if w in FUNCTION_WORDS} <= kept


@pytest.mark.parametrize(
    ("key", "without", "with_it", "value"),
    [
        ("exclamations", "Come in.", "Come in!!", 2),
        ("questions", "You came.", "You came?", 1),
        ("contractions", "We will not.", "We won't, it's late and they're tired.", 3),
        ("contractions", "The dog's bowl.", "That's it.", 1),
        ("prices", "Nine pounds.", "From £9.99, was €12.", 2),
        ("percents", "Half price.", "20% off.", 1),
        ("emoji", "Sun.", "Sun ☀🎉.", 2),
        ("capitals", "Free now.", "FREE NOW.", 2),
        ("superlatives", "An honest harvest.", "The finest and best.", 2),
        ("cliches", "A nice stay.", "An unforgettable, luxurious stay.", 2),
        ("commands", "The book is here.", "Book a room. Discover more.", 2),
        ("passives", "We serve breakfast.", "Breakfast is served.", 1),
        ("negations", "Some rush.", "Nothing here, and no rush.", 2),
        ("listing", "Bread, and wine.", "Bread, cheese and wine.", 1),
        ("anaphora", "You go. We stay.", "You go. You stay.", 1),
        ("ends_stop", "No end", "An end.", 1),
        ("ends_open", "An end.", "No end", 1),
        ("starts_small", "Capital.", "small.", 1),
        ("hyphens", "World class.", "World-class.", 1),
        ("sentences", "One.", "One. Two. Three.", 3),
        ("dots", "Well.", "Well… then...", 2),
        ("last_longer", "One two.", "One. Two three four.", 2),
    ],
)
def test_trait_counts_what_it_names(key, without, with_it, value):
    assert trait(key, with_it) == value
    assert trait(key, without) != value


def test_traits_have_distinct_keys_and_names():
    assert len({t.key for t in TRAITS}) == len({t.name for t in TRAITS}) == len(TRAITS) >= 50


def test_curly_and_straight_quotes_read_alike():
    assert np.array_equal(style(["We’ll “go”."]), style(['We\'ll "go".']))
    assert straight("a\u00a0 b\n") == "a b"


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_text_has_finite_traits(text):
    found = style([text])
    assert found.shape == (1, len(TRAITS)) and np.isfinite(found).all()


def test_no_lines_have_no_rows():
    assert style([]).shape == (0, len(TRAITS))
    assert Counting(LINES)([]).chars.shape[0] == 0


def test_blocks_weigh_what_they_are_meant_to():
    raw = Counting(LINES * 2)(LINES * 2)
    encoder = Encoder(raw)
    whole, plain = encoder(raw), Encoder(raw, only_style=True)(raw)
    squares = np.asarray(whole.multiply(whole).sum(axis=1)).ravel()
    style_squares = np.asarray(plain.multiply(plain).sum(axis=1)).ravel()
    assert squares - style_squares == pytest.approx(2.0)  # two n-gram blocks of length 1
    assert style_squares.mean() < 4 * STYLE_LENGTH**2


def test_columns_and_weights_come_from_training_rows_alone():
    counting = Counting([*LINES, "zebra zebra", "zebra quagga"])
    raw = counting([*LINES, "zebra zebra", "zebra quagga"])
    fit = TfIdf(raw.chars[:4], least=1)
    bare = Counting(LINES)
    again = TfIdf(bare(LINES).chars, least=1)
    assert len(fit.columns) == len(again.columns)
    assert np.allclose(np.sort(fit.idf), np.sort(again.idf))
    assert fit(raw.chars[4:5]).nnz < TfIdf(raw.chars, least=1)(raw.chars[4:5]).nnz


def test_character_ngrams_keep_case():
    counting = Counting(["free FREE"])
    assert counting(["free"]).chars.sum() != counting(["Free"]).chars.sum()
