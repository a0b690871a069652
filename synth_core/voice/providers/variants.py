"""Sentences with one thing in them changed: a phrase of time or place, a noun, something the brief names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from synth_core.voice.providers import words as w
from synth_core.voice.providers.pieces import Sentence, lowered, openings, places, takes_time, words_of
from synth_core.voice.records import Brief, Line

#: Words that two halves of a line may share.
SMALL = w.DETERMINERS | w.NUMBERS | w.PREPOSITIONS | w.CONJUNCTIONS | w.AUXILIARIES | w.PRONOUNS | w.ADVERBS
_NOUN = re.compile(r"\b(?P<det>[Tt]he|[Oo]ur|[Ee]very|[Yy]our) (?P<noun>[a-z]+)\b(?! of\b)(?!'s)(?!-)")
_TIMED = {
    "spring": "In spring",
    "summer": "In summer",
    "autumn": "In autumn",
    "fall": "In the fall",
    "winter": "In winter",
}
_PLACES_ALIKE = ({"shore", "land"}, {"room", "house"})


@dataclass(frozen=True)
class Variant:
    """A sentence as it is, or with one thing in it changed.

    Attributes
    ----------
    sentence : Sentence
        As it was.
    text : str
    lines : tuple of int
        Approved lines that the change came from; empty: the brief.
    parts : tuple of str
        What was put in.
    how : str
        Which rule made it; empty: as it is.
    """

    sentence: Sentence
    text: str
    lines: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    how: str = ""

    @cached_property
    def content(self) -> frozenset[str]:
        """Its words without the small ones."""
        return frozenset(words_of(self.text)) - SMALL


class Variants:
    """Every variant of the sentences of some lines.

    Parameters
    ----------
    lines : sequence of Line
    brief : Brief
    found : sequence of Sentence
        Of the lines.
    names : frozenset of str
        Words that keep their capital.
    """

    def __init__(self, lines: Sequence[Line], brief: Brief, found: Sequence[Sentence], names: frozenset[str]) -> None:
        self.lines, self.brief, self.sentences, self.names = lines, brief, found, names
        self.openings, self.places = openings(found), places(found)

    def all(self) -> Iterator[Variant]:
        """Rule by rule."""
        for rule in (self._times, self._places, self._nouns, self._slots):
            yield from rule()

    def _times(self) -> Iterator[Variant]:
        """A phrase of time, from another line or of a season of the brief, before a sentence that has none."""
        phrases: list[tuple[str, tuple[int, ...]]] = [(p.text, (p.line,)) for p in self.openings]
        phrases += [(_TIMED[s.lower()], ()) for s in self.brief.seasons if s.lower() in _TIMED]
        phrases += [(f"In {s}", ()) for s in self.brief.seasons if s.lower() in w.MONTHS]
        for sentence in self.sentences:
            if not sentence.position and takes_time(sentence):
                for phrase, lines in phrases:
                    if sentence.line not in lines and self._in_season(sentence, phrase):
                        text = f"{phrase} {lowered(sentence.text, self.names)}"
                        yield Variant(sentence, text, lines, (phrase,), "time")
        for opening in self.openings:  # and one for another
            sentence = self.sentences[opening.sentence]
            for phrase, lines in phrases:
                if phrase.rstrip(",") != opening.text.rstrip(",") and opening.line not in lines:
                    comma = "," if opening.text.endswith(",") else ""
                    text = f"{phrase.rstrip(',')}{comma} {sentence.text[opening.stop :]}"
                    yield Variant(sentence, text, lines, (phrase,), "time")

    def _in_season(self, sentence: Sentence, phrase: str) -> bool:
        """Whether a line's subject is no time, or this one."""
        subject = set(words_of(self.lines[sentence.line].brief)) & w.TIMES
        return not subject or bool(subject & set(words_of(phrase)))

    def _places(self) -> Iterator[Variant]:
        """A phrase of place for another of the same sort, about a place of the same kind."""
        for old in self.places:
            sentence = self.sentences[old.sentence]
            for new in self.places:
                if new.line == old.line or new.sort != old.sort or new.text == old.text:
                    continue
                if new.kind != old.kind and not any({new.kind, old.kind} <= alike for alike in _PLACES_ALIKE):
                    continue
                if (set(sentence.words) - set(words_of(old.text))) & (set(words_of(new.text)) - SMALL):
                    continue
                text = sentence.text[: old.start] + new.text + sentence.text[old.stop :]
                yield Variant(sentence, text, (new.line,), (new.text,), "place")

    def _nouns(self) -> Iterator[Variant]:
        """“The curlews” for “the seals”: a noun after “the” or “our” for a sister of it that the brand uses too."""
        stock: dict[str, int] = {}
        for sentence in self.sentences:
            for word in sentence.words:
                if (noun := w.singular(word)) in w.SISTERS_OF and word not in self.names:
                    stock.setdefault(noun, sentence.line)
        for sentence in self.sentences:
            for match in _NOUN.finditer(sentence.text):
                old = match["noun"].lower()
                noun = w.singular(old)
                for new in sorted(w.SISTERS_OF.get(noun, frozenset()) & set(stock) - {noun}):
                    line = stock[new]
                    if line == sentence.line or new in map(w.singular, sentence.words):
                        continue
                    word = w.plural(new) if w.is_plural(old) else new
                    text = f"{sentence.text[: match.start()]}{match['det']} {word}{sentence.text[match.end() :]}"
                    yield Variant(sentence, text, (line,), (new,), "noun")

    def _slots(self) -> Iterator[Variant]:
        """A product, place or season where another of the same slot stood."""
        for slot in ("products", "places", "seasons"):
            values = [bare(value) for value in getattr(self.brief, slot)]
            for sentence in self.sentences:
                for old in values:
                    match = re.search(rf"\b{re.escape(old)}\b(?![- ][a-z]+s\b)", sentence.text, re.IGNORECASE)
                    if match and match.start():
                        for new in values:
                            if new.lower() not in sentence.text.lower():
                                text = sentence.text[: match.start()] + new + sentence.text[match.end() :]
                                yield Variant(sentence, text, (), (new,), f"other {slot[:-1]}")


def bare(value: str) -> str:
    """A value of the brief without its article."""
    return re.sub(r"^(?:the|a|an|our)\s+", "", value.strip(), flags=re.IGNORECASE)
