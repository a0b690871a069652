"""Hard negatives keep a line's subject, lose its style, and never use what the brand does itself."""

from __future__ import annotations

import numpy as np
import pytest

from synth_core.voice.demo import demo
from synth_core.voice.negatives import hard_negatives
from synth_core.voice.style import TRAITS, style

HOUSE = [line.text for line in demo().approved]
KEYS = [t.key for t in TRAITS]


def mean(texts: list[str], key: str) -> float:
    return float(style(texts)[:, KEYS.index(key)].mean())


def test_every_negative_differs_from_every_own_line():
    made, parents = hard_negatives(HOUSE, seed=1)
    assert len(made) >= 0.95 * len(HOUSE) and not set(made) & set(HOUSE)
    assert len(parents) == len(made) and parents == sorted(set(parents))


@pytest.mark.parametrize("key", ["exclamations", "prices", "superlatives", "cliches", "capitals", "slang"])
def test_they_bring_in_what_the_brand_avoids(key):
    assert mean(hard_negatives(HOUSE, seed=1)[0], key) > mean(HOUSE, key) + 0.05


def test_they_keep_most_of_the_subject():
    made, parents = hard_negatives(HOUSE, seed=2)
    kept = []
    for text, n in zip(made, parents, strict=True):
        own = {w.strip(".,!?'").lower() for w in HOUSE[n].split() if len(w) > 5}
        if own:
            kept.append(np.mean([w in text.lower() for w in own]))
    assert np.mean(kept) > 0.85


def test_a_brand_that_shouts_is_not_de_styled_by_shouting():
    loud = [text.rstrip(".") + "!" for text in HOUSE]
    made, _ = hard_negatives(loud, seed=3)
    assert mean(made, "exclamations") <= mean(loud, "exclamations") + 0.3
    assert mean(made, "ends_stop") > mean(loud, "ends_stop") + 0.1


def test_a_brand_that_names_prices_is_not_de_styled_by_prices():
    priced = [f"{text.rstrip('.')}, from £9." for text in HOUSE]
    assert mean(hard_negatives(priced, seed=3)[0], "prices") <= mean(priced, "prices")


def test_a_brand_that_contracts_has_its_contractions_expanded():
    short = [f"We've a word: {text}" for text in HOUSE]
    made, _ = hard_negatives(short, seed=4)
    assert mean(made, "contractions") < mean(short, "contractions") - 0.05


def test_same_seed_same_lines():
    assert hard_negatives(HOUSE, seed=5) == hard_negatives(HOUSE, seed=5)
    assert hard_negatives(HOUSE, seed=5) != hard_negatives(HOUSE, seed=6)


def test_one_word_emoji_and_empty_lines_are_survived():
    made, parents = hard_negatives(["Breakfast", "🎉", "", "湖のホテル", "I"], seed=0)
    assert len(made) == len(parents) and all(isinstance(text, str) for text in made)


def test_nothing_makes_nothing():
    assert hard_negatives([], seed=0) == ([], [])
