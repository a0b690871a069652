"""Is it a copy of a line the brand has already, or of somebody else's?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz, process

from synth_core.voice.gates.base import Context
from synth_core.voice.gates.settings import POLICIES
from synth_core.voice.gates.text import ngrams, quoted, tokens
from synth_core.voice.records import Candidate

_CLOSEST = 5  #: approved lines that are looked at word by word; a long common run always makes a line close


class Copy:
    """Edit similarity, runs of four words in common, and the longest run of words in common, against every line.

    Lines of the contrast are somebody else's: against them the strict limits hold under either policy.

    Notes
    -----
    Coverage and runs are taken against one approved line at a time: a line put together from two approved ones
    holds much of each, and all of neither.
    """

    key = "copy"

    def __init__(self, context: Context) -> None:
        self.notes: tuple[str, ...] = ()
        self._limits = POLICIES[context.settings.policy]
        self._approved = _Lines(context.approved)
        self._contrast = _Lines([line.text for line in context.brand.contrast])
        self._ids = [line.id for line in context.brand.approved]
        #: Of the candidates checked last: id of the closest approved line and similarity to it, 0 to 100.
        self.nearest: list[tuple[str, float | None]] = []

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        texts = [candidate.text for candidate in candidates]
        own, other = self._approved.ratios(texts), self._contrast.ratios(texts)
        best = own.argmax(axis=1) if own.shape[1] else []
        self.nearest = [(self._ids[j], float(own[i, j])) for i, j in enumerate(best)] or [("", None)] * len(texts)
        return [
            self._approved.copied(text, own[i], self._limits, "the approved line")
            or self._contrast.copied(text, other[i], POLICIES["fresh"], "a line of the contrast,")
            for i, text in enumerate(texts)
        ]


class _Lines:
    """Lines with what comparing needs, prepared once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(texts)
        self.folded = [text.casefold() for text in texts]
        self.tokens = [tokens(text) for text in texts]
        self.index: dict[tuple[str, ...], set[int]] = {}
        for i, words in enumerate(self.tokens):
            for run in ngrams(words, 4):
                self.index.setdefault(run, set()).add(i)

    def ratios(self, texts: Sequence[str]) -> np.ndarray:
        """(texts, lines), 0 to 100."""
        if not self.texts:
            return np.zeros((len(texts), 0), np.float32)
        folded = [text.casefold() for text in texts]
        return process.cdist(folded, self.folded, scorer=fuzz.ratio, dtype=np.float32)

    def copied(self, text: str, ratios: np.ndarray, limits, what: str) -> str | None:
        if not self.texts:
            return None
        best = int(ratios.argmax())
        if ratios[best] >= limits.ratio:
            return f"{ratios[best]:.0f} % the same as {what} {quoted(self.texts[best])}"
        words = tokens(text)
        runs = list(ngrams(words, 4))
        shared: dict[int, int] = {}
        for run in runs:
            for i in self.index.get(run, ()):
                shared[i] = shared.get(i, 0) + 1
        for i, count in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_CLOSEST]:
            start, length = _common_run(words, self.tokens[i])
            common = quoted(" ".join(words[start : start + length]))
            if length > limits.run:
                return f"{length} words in a row stand in {what} {quoted(self.texts[i])}: {common}."
            share = count / len(runs)
            if share > limits.coverage:
                return f"{100 * share:.0f} % of its wording stands in {what} {quoted(self.texts[i])}, such as {common}."
        return None


def _common_run(a: list[str], b: list[str]) -> tuple[int, int]:
    """Start in ``a`` and length of the longest run of words in common."""
    best, end, row = 0, 0, [0] * (len(b) + 1)
    for i, word in enumerate(a, 1):
        above = 0
        for j, other in enumerate(b, 1):
            above, row[j] = row[j], above + 1 if word == other else 0
            if row[j] > best:
                best, end = row[j], i
    return end - best, best
