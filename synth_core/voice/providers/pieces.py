"""Approved lines taken apart by rules: sentences, opening phrases of time, phrases of place.

There is no tagger. A rule that cannot tell says no: a line that is not understood is not recombined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from synth_core.voice.providers import words as w
from synth_core.voice.records import Line

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_ENDS = re.compile(r"(?<=[.!?…])[\"”’']?\s+(?=[\"“‘'A-Z0-9])")
_PLACE = re.compile(
    r"\b(?P<prep>[a-z]+) (?P<det>the|a|an|every|our|each|this) (?P<noun>[a-z]+(?: [a-z]+)?)(?=[.,!?]|$| and\b)"
)
_OPENING = re.compile(
    r"^(?P<phrase>(?:In|By|At|On|Before|After|Until|From|During) (?:the )?[\w' ]{2,24}?)(?P<comma>,?) (?=[a-z])"
)
_OPEN = frozenset({"when", "why", "how", "where", "answer", "tell", "know", "agree"})  # what, to whom, about what?


def words_of(text: str) -> list[str]:
    """Words in small letters, straight apostrophes."""
    return [m.group().lower().replace("’", "'") for m in _WORD.finditer(text)]


def sentences_of(text: str) -> list[str]:
    """Sentences of a line."""
    return [s.strip() for s in _ENDS.split(" ".join(text.split())) if s.strip()]


@dataclass(frozen=True)
class Sentence:
    """One sentence of an approved line.

    Attributes
    ----------
    text : str
    words : tuple of str
    line : int
        Which approved line.
    position, of : int
        Which sentence of how many.
    alone : bool
        Leans on nothing said before it.
    """

    text: str
    words: tuple[str, ...]
    line: int
    position: int
    of: int
    alone: bool


@dataclass(frozen=True)
class Phrase:
    """A phrase of place inside a sentence, or a phrase of time that opens one.

    Attributes
    ----------
    text : str
    line : int
    sentence : int
        Index of the sentence.
    start, stop : int
        In the sentence's text.
    sort : str
        What it may be exchanged with: of :data:`words.WHERE`, or ``"when"``.
    kind : str
        Of its noun; empty for time.
    """

    text: str
    line: int
    sentence: int
    start: int
    stop: int
    sort: str
    kind: str


def kinds_in(words: Sequence[str]) -> frozenset[str]:
    """Kinds of the nouns among words."""
    return frozenset(kind for word in words if (kind := w.kind_of(word)))


def names_in(lines: Sequence[Line]) -> frozenset[str]:
    """Words that keep their capital inside a sentence."""
    found = set()
    for line in lines:
        for sentence in sentences_of(line.text):
            found |= {m.group().lower() for m in list(_WORD.finditer(sentence))[1:] if m.group()[0].isupper()}
    return frozenset(found - {"i"}) | {"i"} | w.MONTHS | w.DAYS


def lowered(text: str, names: frozenset[str]) -> str:
    """``text`` as it goes on in a sentence."""
    first = _WORD.search(text)
    if first is None or first.group().lower().replace("’s", "").replace("'s", "") in names:
        return text
    return text[:1].lower() + text[1:]


def raised(text: str) -> str:
    """``text`` as it begins one."""
    return text[:1].upper() + text[1:]


def sentences(lines: Sequence[Line]) -> list[Sentence]:
    """Every sentence of the lines."""
    found = []
    for number, line in enumerate(lines):
        parts = sentences_of(line.text)
        for position, text in enumerate(parts):
            words = tuple(words_of(text))
            if words:
                found.append(Sentence(text, words, number, position, len(parts), stands_alone(words)))
    return found


def stands_alone(words: Sequence[str]) -> bool:
    """Whether a sentence leans on nothing before it: no word that points back, no “so”, no bare comparison."""
    if words[0] in w.CONJUNCTIONS and words[0] not in ("when", "if", "while", "because"):
        return False
    if words[-1] in {"to", "do", "did", "does", "will", "would", "can", "not", "is", "are", "have", "has"} | _OPEN:
        return False  # something is left out that was said before
    for i, word in enumerate(words):
        if word in w.COMPARATIVES and "than" not in words and not (i and words[i - 1] in w.DETERMINERS - {"the"}):
            return False
        if word == "one" and (
            i + 1 == len(words) or words[i + 1] in w.PREPOSITIONS | w.ADVERBS | w.VERBS | w.CONJUNCTIONS
        ):
            return False
        if word not in w.ANAPHORS:
            continue
        before, after = words[i - 1] if i else "", words[i + 1] if i + 1 < len(words) else ""
        if word in w.RELATIVES and i > 1 and before not in w.PREPOSITIONS | w.VERBS:
            continue  # “a window that opens”
        if word in ("his", "her", "its", "their") and any(w.kind_of(x) for x in words[:i]):
            continue  # belongs to something of the same sentence
        if word in ("once", "most", "least") and before in ("at", "the", "for"):
            continue
        if word == "so" and after == "that":
            continue
        if word in ("this", "these") and (w.kind_of(after) or after in w.TIMES):
            continue
        return False
    return len(words) >= 2


def openings(found: Sequence[Sentence]) -> list[Phrase]:
    """Phrases of time that open a sentence: “In April”, “By ten”."""
    phrases = []
    for number, sentence in enumerate(found):
        match = _OPENING.match(sentence.text)
        if not match:
            continue
        words = words_of(match["phrase"])
        rest = words_of(sentence.text[match.end() :])
        timed = words[-1] in w.TIMES - w.NUMBERS and (
            len(words) == 2 or words[1] in w.DETERMINERS | w.NUMBERS | {"early", "late"}
        )
        if timed and rest and (rest[0] in w.DETERMINERS | w.PRONOUNS | {"there"} or match["comma"]):
            phrases.append(Phrase(match["phrase"] + match["comma"], sentence.line, number, 0, match.end(), "when", ""))
    return phrases


def places(found: Sequence[Sentence]) -> list[Phrase]:
    """Phrases of place that close a clause: “on the jetty”, “behind the boathouse”."""
    phrases = []
    for number, sentence in enumerate(found):
        for match in _PLACE.finditer(sentence.text):
            noun = match["noun"].split()
            kind = w.kind_of(noun[-1])
            if not kind or kind in ("person", "animal", "food", "drink", "text", "money", "care", "device"):
                continue
            if len(noun) == 2 and (noun[0] in w.PREPOSITIONS | w.CONJUNCTIONS | w.VERBS | w.ADVERBS):
                continue
            idiom = match["prep"] == "on" and kind in ("house", "room")  # “on the house”
            if set(noun) & w.TIMES or match.start() == 0 or idiom:
                continue
            if sort := w.WHERE.get(match["prep"]):
                text = match.group()
                phrases.append(Phrase(text, sentence.line, number, match.start(), match.end(), sort, kind))
    return phrases


def takes_time(sentence: Sentence) -> bool:
    """Whether a phrase of time may be put before a sentence: in the present, with a subject, and no time of its own."""
    words = sentence.words
    if set(words) & (
        w.TIMES
        | w.PAST
        | {
            "no",
            "not",
            "nothing",
            "nobody",
            "always",
            "never",
            "when",
            "until",
            "after",
            "before",
            "since",
            "often",
            "if",
            "will",
        }
    ):
        return False
    if any(
        word.endswith("ed") and word in w.VERBS and words[i - 1] not in w.BE | w.DETERMINERS
        for i, word in enumerate(words)
        if i
    ):
        return False
    if set(words) & w.SEASONAL or set(words[1:4]) & w.BE:  # “In summer the mattress is horsehair”
        return False
    opens = words[0] in {"the", "our", "we", "you", "every", "somebody"}
    first = next((word for word in words[1:5] if word in w.VERBS), "")
    return opens and first in w.HAPPENS and len(words) >= 4
