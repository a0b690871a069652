"""The bundled brand is what the page says it is: new lines, no near-duplicates, its own rules kept."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from rapidfuzz import fuzz, process

from synth_core.errors import VoiceError
from synth_core.voice.demo import demo
from synth_core.voice.records import Brand
from tests.tables.makers import REAL

PARALLEL = REAL / "parallel_voices.csv"


def similarities(a, b):
    folded = [[text.casefold() for text in side] for side in (a, b)]
    return np.maximum(
        process.cdist(*folded, scorer=fuzz.ratio, dtype=np.float32),
        process.cdist(*folded, scorer=fuzz.token_set_ratio, dtype=np.float32),
    )


def test_two_hundred_lines_in_twenty_five_briefs_and_four_other_voices():
    brand = demo()
    briefs = Counter(line.brief for line in brand.approved)
    assert len(brand.approved) == 200 and set(briefs.values()) == {8} and len(briefs) == 25
    assert Counter(line.source for line in brand.contrast) == dict.fromkeys(
        ("promo", "corporate", "cliche_luxury", "riot"), 40
    )
    for voice in {line.source for line in brand.contrast}:
        assert {line.brief for line in brand.contrast if line.source == voice} == set(briefs)
    assert Brand.from_dict(brand.to_dict()) == brand


def test_no_two_lines_are_nearly_the_same():
    texts = [line.text for line in (*demo().approved, *demo().contrast)]
    found = similarities(texts, texts)
    np.fill_diagonal(found, 0)
    assert found.max() < 80


@pytest.mark.skipif(not PARALLEL.exists(), reason="the prototype's lines are not here")
def test_none_is_taken_from_the_prototypes_lines():
    old = pd.read_csv(PARALLEL)["text"].tolist()
    texts = [line.text for line in (*demo().approved, *demo().contrast)]
    assert similarities(texts, old).max() < 80


def test_missing_files_are_told(tmp_path):
    with pytest.raises(VoiceError, match="not found"):
        demo(tmp_path)
