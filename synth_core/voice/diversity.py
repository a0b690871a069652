"""How varied a set of lines is, beside the approved lines' own variety."""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from synth_core.voice.gates.text import ngrams, tokens
from synth_core.voice.records import Diversity

_ORDER = 4
_DRAWS = 10


def diversity(texts: Sequence[str]) -> Diversity:
    """Distinct bigrams, Self-BLEU and compression of ``texts``.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    Diversity
        All three depend on how many lines there are: compare sets of the same size, see :func:`beside`. Empty or
        single sets: ``distinct_2`` 1, ``self_bleu`` 0.

    Notes
    -----
    distinct-2: Li et al. (2016). Self-BLEU: Zhu et al. (2018), BLEU-4 of each line against all others, uniform weights,
    brevity penalty against the reference closest in length, zero matches replaced by 0.1 (smoothing 1 of Chen and
    Cherry, 2014). Compression: bytes of all lines ÷ bytes after zlib at level 9 (Shaib et al., 2024).
    """
    cut = [tokens(text) for text in texts]
    pairs = [pair for words in cut for pair in ngrams(words, 2)]
    raw = "\n".join(texts).encode()
    compressed = len(zlib.compress(raw, 9))
    return Diversity(
        len(texts),
        len(set(pairs)) / len(pairs) if pairs else 1.0,
        _self_bleu(cut),
        len(raw) / compressed if raw else 1.0,
    )


def beside(accepted: Sequence[str], seeds: Sequence[str], *, seed: int = 0) -> tuple[Diversity, Diversity]:
    """Both sets at the size of the smaller one: the larger is drawn from ten times, and the figures averaged.

    Returns
    -------
    accepted, seeds : Diversity
        ``lines`` is the size at which both were measured.
    """
    size = min(len(accepted), len(seeds))
    return _at(accepted, size, seed), _at(seeds, size, seed)


def _at(texts: Sequence[str], size: int, seed: int) -> Diversity:
    if len(texts) <= size or size == 0:
        return diversity(texts[:size])
    draws = np.random.default_rng([seed, 41])
    found = [
        diversity([texts[i] for i in sorted(draws.choice(len(texts), size, replace=False))]) for _ in range(_DRAWS)
    ]
    mean = {
        name: float(np.mean([getattr(d, name) for d in found])) for name in ("distinct_2", "self_bleu", "compression")
    }
    return Diversity(size, **mean)


def _self_bleu(lines: Sequence[Sequence[str]]) -> float:
    """Exact, in one pass: of every n-gram the two largest counts in any line are kept."""
    lines = [list(line) for line in lines if line]
    if len(lines) < 2:
        return 0.0
    counts = [[Counter(ngrams(line, n)) for line in lines] for n in range(1, _ORDER + 1)]
    lengths = Counter(len(line) for line in lines)
    logs = np.zeros(len(lines))
    for per_line in counts:
        top: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for i, found in enumerate(per_line):
            for gram, count in found.items():
                top[gram] = sorted([*top[gram], (count, i)], reverse=True)[:2]
        for i, found in enumerate(per_line):
            total = sum(found.values())
            if not total:  # shorter than n words: nothing to compare
                logs[i] += math.log(0.1) / _ORDER
                continue
            matched = sum(
                min(count, max((c for c, j in top[gram] if j != i), default=0)) for gram, count in found.items()
            )
            logs[i] += math.log((matched or 0.1) / total) / _ORDER
    return float(np.mean(np.exp(logs) * [_brevity(len(line), lengths) for line in lines]))


def _brevity(length: int, lengths: Counter[int]) -> float:
    others = [other for other, count in lengths.items() if count > (other == length)]
    closest = min(others, key=lambda other: (abs(other - length), other))
    return 1.0 if length >= closest else math.exp(1 - closest / length)
