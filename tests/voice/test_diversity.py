"""Figures of variety against naive computations and where they must lie."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.voice.diversity import beside, diversity
from synth_core.voice.gates.text import tokens

WORDS = st.sampled_from(["tea", "boat", "rain", "lamp", "soup", "bell", "tide", "gate"])
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), min_size=2, max_size=12)


def naive_self_bleu(texts):
    """BLEU-4 of each line against all others, word for word as defined."""
    lines = [tokens(text) for text in texts]
    total = 0.0
    for i, line in enumerate(lines):
        others = [other for j, other in enumerate(lines) if j != i]
        log = 0.0
        for n in range(1, 5):
            own = Counter(tuple(line[k : k + n]) for k in range(len(line) - n + 1))
            most = Counter()
            for other in others:
                most |= Counter(tuple(other[k : k + n]) for k in range(len(other) - n + 1))
            matched, count = sum((own & most).values()), sum(own.values())
            log += math.log((matched or 0.1) / max(count, 1)) / 4
        closest = min((len(other) for other in others), key=lambda size: (abs(size - len(line)), size))
        penalty = 1 if len(line) >= closest else math.exp(1 - closest / len(line))
        total += penalty * math.exp(log)
    return total / len(lines)


@settings(max_examples=80, deadline=None)
@given(LINES)
def test_self_bleu_and_distinct_2_as_defined(texts):
    found = diversity(texts)
    assert found.self_bleu == pytest.approx(naive_self_bleu(texts))
    pairs = [pair for text in texts for pair in zip(tokens(text), tokens(text)[1:], strict=False)]
    assert found.distinct_2 == pytest.approx(len(set(pairs)) / len(pairs) if pairs else 1.0)
    assert found.lines == len(texts) and found.compression > 0


def test_repeated_lines_are_less_varied_than_the_demo_brand():
    from synth_core.voice.demo import demo

    own = [line.text for line in demo().approved]
    varied, same = diversity(own), diversity([own[0], own[1]] * 100)
    assert varied.distinct_2 > 0.8 > same.distinct_2
    assert varied.self_bleu < 0.4 < 0.99 < same.self_bleu
    assert varied.compression < 2.5 < same.compression


def test_both_sets_are_measured_at_the_size_of_the_smaller():
    a = [f"line number {i} of the longer set" for i in range(60)]
    b = [f"tea {i} and rain" for i in range(20)]
    left, right = beside(a, b, seed=3)
    assert left.lines == right.lines == 20
    assert right == diversity(b)
    assert left.distinct_2 > diversity(a).distinct_2, "more lines, more repeats: not comparable as they are"
    assert beside(a, b, seed=3) == (left, right)


def test_empty_and_single():
    assert diversity([]) == diversity([]) and diversity([]).self_bleu == 0
    assert diversity(["Only one line."]).self_bleu == 0
    assert beside([], ["a b"])[0].lines == 0
