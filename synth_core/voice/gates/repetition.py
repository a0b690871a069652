"""Does the line repeat itself more than the brand's lines do?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from synth_core.voice.gates.base import Context
from synth_core.voice.gates.text import STOP, ngrams, quoted, sentences, tokens
from synth_core.voice.records import Candidate

_DOUBLED = re.compile(r"\b([^\W\d_]+(?:['’][^\W\d_]+)?)\s+\1\b", re.IGNORECASE)
_MAY_DOUBLE = frozenset({"that", "had", "bye", "hear", "ha", "no", "very"})
_DRAWN_OUT = re.compile(r"(\w)\1{3,}|([!?.,])\2{3,}|([!?])\3{1,}", re.IGNORECASE)


class Repetition:
    """A word doubled, a sentence said twice, a word or a run of words that returns too often.

    How often is too often is learned: one return more than any approved line allows itself, and never fewer than
    three times a word, twice a run of three words.
    """

    key = "repetition"

    def __init__(self, context: Context) -> None:
        self.notes: tuple[str, ...] = ()
        counts = [_counts(text) for text in context.approved]
        self._words = max([2, *(words for words, _ in counts)])
        self._runs = max([1, *(runs for _, runs in counts)])
        self._habits = {mark[:2] for text in context.approved for mark in _drawn_out(text)}
        self._doubled = {pair for text in context.approved for pair in _doubled(text)}

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        return [self._one(candidate.text) for candidate in candidates]

    def _one(self, text: str) -> str | None:
        for mark in _drawn_out(text):
            if mark[:2] not in self._habits:
                return f"{quoted(mark)} is drawn out; no approved line does so."
        for pair in _doubled(text):
            if pair not in self._doubled:
                return f"{quoted(f'{pair} {pair}')} stands twice in a row."
        parts = [" ".join(tokens(part)) for part in sentences(text)]
        for part, count in Counter(parts).items():
            if part and count > 1:
                return f"It says {quoted(part)} {count} times."
        words = Counter(_content(text))
        if words and (top := words.most_common(1)[0])[1] > self._words:
            return (
                f"{quoted(top[0])} comes {top[1]} times; in approved lines no word comes more than {self._words} times."
            )
        runs = Counter(ngrams(tokens(text), 3))
        if runs and (most := runs.most_common(1)[0])[1] > self._runs:
            return f"{quoted(' '.join(most[0]))} comes {most[1]} times; in approved lines {self._runs} at most."
        return None


def _counts(text: str) -> tuple[int, int]:
    words, runs = Counter(_content(text)), Counter(ngrams(tokens(text), 3))
    return max(words.values(), default=0), max(runs.values(), default=0)


def _content(text: str) -> list[str]:
    return [word for word in tokens(text) if word.split("'")[0] not in STOP and len(word) > 2]


def _doubled(text: str) -> list[str]:
    return [match[1].casefold() for match in _DOUBLED.finditer(text) if match[1].casefold() not in _MAY_DOUBLE]


def _drawn_out(text: str) -> list[str]:
    return [match.group() for match in _DRAWN_OUT.finditer(text) if match.group()[0] != "." or len(match.group()) > 3]
