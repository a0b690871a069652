"""A small interpolated Kneser–Ney language model: which of two recombinations reads more like the lines it was fed.

Kneser & Ney 1995, interpolated as in Chen & Goodman 1999 (section 2.7): absolute discounting of the highest order, and
of continuation counts below it, down to a uniform distribution over the vocabulary.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

START, END, UNKNOWN = "<s>", "</s>", "<unk>"


class KneserNey:
    """Fit on sentences of tokens.

    Parameters
    ----------
    sentences : sequence of sequence of str
    order : int
        Longest n-gram.

    Attributes
    ----------
    vocabulary : frozenset of str
        What can come next: every word seen, the end of a sentence, and one entry for all other words.
    discounts : tuple of float
        One per order, from 1: ``n1 / (n1 + 2 n2)``, by the n-grams counted once and twice.
    """

    def __init__(self, sentences: Sequence[Sequence[str]], order: int = 3) -> None:
        self.order = order
        counts: list[Counter[tuple[str, ...]]] = [Counter() for _ in range(order)]
        for words in sentences:
            padded = [START] * (order - 1) + list(words) + [END]
            for end in range(order, len(padded) + 1):
                counts[order - 1][tuple(padded[end - order : end])] += 1
        for n in range(order - 1, 0, -1):  # below the highest order: in how many contexts, not how often
            for gram in counts[n]:
                counts[n - 1][gram[1:]] += 1
        self.vocabulary = frozenset({g[0] for g in counts[0]} | {END, UNKNOWN})
        self._counts = counts
        self._totals: list[Counter[tuple[str, ...]]] = [Counter() for _ in range(order)]
        self._kinds: list[Counter[tuple[str, ...]]] = [Counter() for _ in range(order)]
        for n, table in enumerate(counts):
            for gram, times in table.items():
                self._totals[n][gram[:-1]] += times
                self._kinds[n][gram[:-1]] += 1
        self.discounts = tuple(_discount(table) for table in counts)
        self._known: dict[tuple[str, ...], float] = {}

    def probability(self, word: str, context: Sequence[str] = ()) -> float:
        """Of ``word`` after ``context``; over the vocabulary these sum to one."""
        word = word if word in self.vocabulary else UNKNOWN
        context = tuple(w if w in self.vocabulary or w == START else UNKNOWN for w in context)
        return self._at((*context[len(context) - self.order + 1 :], word) if self.order > 1 else (word,))

    def _at(self, gram: tuple[str, ...]) -> float:
        if not gram:
            return 1.0 / len(self.vocabulary)
        if gram in self._known:
            return self._known[gram]
        n, context = len(gram) - 1, gram[:-1]
        lower = self._at(gram[1:])
        total = self._totals[n].get(context, 0)
        if total:
            discount = self.discounts[n]
            kept = max(self._counts[n].get(gram, 0) - discount, 0.0) / total
            lower = kept + discount * self._kinds[n][context] / total * lower
        self._known[gram] = lower
        return lower

    def score(self, words: Sequence[str]) -> float:
        """Mean natural-log probability of a sentence's words and its end."""
        padded = [START] * (self.order - 1) + list(words) + [END]
        first = self.order - 1
        logs = [math.log(self.probability(padded[i], padded[i - first : i])) for i in range(first, len(padded))]
        return sum(logs) / len(logs)


def _discount(table: Counter[tuple[str, ...]]) -> float:
    once = sum(times == 1 for times in table.values())
    twice = sum(times == 2 for times in table.values())
    return once / (once + 2 * twice) if once and twice else 0.5
