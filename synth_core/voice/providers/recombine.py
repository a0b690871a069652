"""New lines from a brand's own: items of lists exchanged, phrases of time and place moved, sentences paired, and the
brief's products, places, seasons, offers and calls to action put where their like stood."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from synth_core.voice.providers.lists import Item, Listing, listings, loose_items
from synth_core.voice.providers.pieces import Sentence, kinds_in, lowered, names_in, raised, sentences, words_of
from synth_core.voice.providers.variants import SMALL, Variant, Variants
from synth_core.voice.records import Brief, Line

T = TypeVar("T")

_LONGEST_PART = 8  # words of one sentence taken whole
_MOST_TRIES = 60_000  # of one rule, so that many lines take no longer than some hundreds
_MOST_VERSIONS = 12  # of one sentence in a pair
#: Kinds of things that are met together: a list may mix them, and a pair of sentences may speak of both.
_TOGETHER = (
    {"food", "drink", "vessel"},
    {"water", "shore", "craft", "land", "weather"},
    {"garden", "plant", "animal", "land"},
    {"room", "part", "seat", "cloth", "house", "light"},
    {"clothing", "cloth", "body", "care"},
    {"text", "music", "seat", "light"},
    {"device", "part"},
    {"money", "text"},
)


@dataclass(frozen=True)
class Draft:
    """A recombination.

    Attributes
    ----------
    text : str
    parents : tuple of int
        Approved lines it holds words of; the one it is built on comes first.
    parts : tuple of str
        Fragments that were put in.
    how : str
        Which rule made it.
    """

    text: str
    parents: tuple[int, ...]
    parts: tuple[str, ...]
    how: str


class Workshop:
    """Approved lines, taken apart once.

    Parameters
    ----------
    lines : sequence of Line
    brief : Brief
    """

    def __init__(self, lines: Sequence[Line], brief: Brief) -> None:
        self.lines, self.brief = lines, brief
        self.names = names_in(lines) | frozenset(
            word.lower() for fact in brief.facts for word in fact.split() if word[:1].isupper()
        )
        self.sentences = sentences(lines)
        self.listings = listings(lines, self.names)
        self.loose = loose_items(lines, self.names)
        self.kinds = [kinds_in(words_of(line.text)) for line in lines]
        number = {(s.line, s.position): i for i, s in enumerate(self.sentences)}
        self.versions = [[Variant(s, s.text)] for s in self.sentences]  #: of each sentence, itself first
        for variant in Variants(lines, brief, self.sentences, self.names).all():
            self.versions[number[variant.sentence.line, variant.sentence.position]].append(variant)

    def rules(self) -> tuple[Iterator[Draft], ...]:
        """The drafts of each rule."""
        return self._lists(), self._slot_items(), self._changed(), self._pairs(), self._actions()

    def _lists(self) -> Iterator[Draft]:
        items = {item.text: item for item in self.loose}
        items |= {item.text: item for listing in self.listings for item in listing.items}
        # Two of three items replaced: the square of this for each list.
        most = max(8, round((_MOST_TRIES / max(len(self.listings), 1) / 3) ** 0.5))
        for listing in self.listings:
            yield from self._refilled(listing, list(items.values()), most)

    def _refilled(self, listing: Listing, items: Sequence[Item], most: int) -> Iterator[Draft]:
        """One item of a list replaced, or two."""
        base, size = listing.line, len(listing.items)
        near = [item for item in items if item.line != base and any(self._fits(item, x) for x in listing.items)]
        near = _some(near, most, str(base), lambda item: item.text)
        for i, old in enumerate(listing.items):
            # What closes a list is often its point: only another that closed one takes that place.
            fit = [item for item in near if (item.place == "last") == (old.place == "last")]
            for new in fit:
                yield from self._filled(listing, {i: new}, "list")
                for j in range(i + 1, size if size > 2 else 0):
                    for other in near:
                        closes = listing.items[j].place == "last"
                        if other.line != new.line and (other.place == "last") == closes:
                            yield from self._filled(listing, {i: new, j: other}, "list")

    def _fits(self, a: Item, b: Item) -> bool:
        """Whether two items may stand in one list: of one subject, else of one kind; without subjects, met together."""
        if a.line == b.line or self._one_subject(a, b) or a.kinds & b.kinds:
            return True
        known = self.lines[a.line].brief and self.lines[b.line].brief
        return not known and together(a.kinds, b.kinds)

    def _one_subject(self, a: Item, b: Item) -> bool:
        one, other = self.lines[a.line].brief, self.lines[b.line].brief
        return bool(one) and one == other

    def _filled(self, listing: Listing, changed: dict[int, Item], how: str) -> Iterator[Draft]:
        items = [changed.get(i, item) for i, item in enumerate(listing.items)]
        loose = [pair for pair in combinations(items, 2) if not self._fits(*pair)]
        if len(loose) > (len(items) > 2) or not all(together(a.kinds, b.kinds) for a, b in loose):
            return
        if len(items) == 2 and not (items[0].kinds & items[1].kinds or self._one_subject(*items)):
            return  # so short a list needs a closer bond
        content = [word for item in items for word in words_of(item.text) if word not in SMALL]
        if len(set(content)) < len(content):
            return
        texts = [item.text for item in items]
        last = ("and " if listing.joined else "") + texts[-1]
        text = raised(", ".join([*texts[:-1], last])) + listing.end
        parents = tuple(dict.fromkeys((listing.line, *(item.line for item in changed.values()))))
        yield Draft(text, parents, tuple(item.text for item in changed.values()), how)

    def _slot_items(self) -> Iterator[Draft]:
        """A product or offer of the brief as an item of a list about its like."""
        for listing in self.listings:
            for slot in ("products", "offers"):
                for value in getattr(self.brief, slot):
                    kinds = kinds_in(words_of(value))
                    item = Item(lowered(value.strip().rstrip("."), self.names), listing.line, "first", kinds)
                    if slot == "offers" or together(kinds, self.kinds[listing.line]):
                        yield from self._filled(listing, {0: item}, f"list with one of the {slot}")

    def _changed(self) -> Iterator[Draft]:
        """A line with one thing changed in one of its sentences, or in two."""
        by_line: dict[int, list[int]] = {}
        for number, sentence in enumerate(self.sentences):
            by_line.setdefault(sentence.line, []).append(number)
        for line, numbers in by_line.items():
            for number in numbers:
                for variant in self.versions[number][1:]:
                    texts = [variant.text if n == number else self.sentences[n].text for n in numbers]
                    yield Draft(" ".join(texts), _family(line, variant), variant.parts, variant.how)

    def _pairs(self) -> Iterator[Draft]:
        """Two short sentences of one subject, the second leaning on nothing; either may be changed."""
        short = [i for i, s in enumerate(self.sentences) if len(s.words) <= _LONGEST_PART and s.alone]
        most = max(6, _MOST_TRIES // (8 * max(len(short), 1)))
        for i in short:
            first = self.sentences[i]
            if first.position:
                continue
            after = [
                j for j in short if self.sentences[j].line != first.line and self._goes_on(first, self.sentences[j])
            ]
            for j in _some(after, most, first.text, lambda j: self.sentences[j].text):
                second = self.sentences[j]
                for a in self.versions[i][:_MOST_VERSIONS]:
                    for b in self.versions[j][:_MOST_VERSIONS]:
                        if (
                            (a.how and b.how)
                            or b.how == "time"
                            or (a.text.startswith("There is") and b.text.startswith("There is"))
                        ):
                            continue
                        if a.content & b.content:
                            continue
                        parents = tuple(dict.fromkeys((first.line, second.line, *a.lines, *b.lines)))
                        how = "pair" + (f", {a.how or b.how}" if a.how or b.how else "")
                        yield Draft(f"{_closed(a.text)} {b.text}", parents, (second.text, *a.parts, *b.parts), how)

    def _goes_on(self, first: Sentence, second: Sentence) -> bool:
        """Whether the second sentence may follow the first: one subject, known or by what both speak of."""
        return self._may_follow(first.line, kinds_in(first.words), second)

    def _may_follow(self, line: int, kinds: frozenset[str], second: Sentence) -> bool:
        one, other = self.lines[line].brief, self.lines[second.line].brief
        if one and other:
            return one == other
        return second.position > 0 and together(kinds, kinds_in(second.words))

    def _actions(self) -> Iterator[Draft]:
        """A call to action after a short line."""
        for sentence in self.sentences:
            if sentence.of > 1:
                continue
            for action in self.brief.actions:
                if not (set(words_of(action)) & set(sentence.words)) - SMALL:
                    text = f"{_closed(sentence.text)} {_closed(raised(action.strip()))}"
                    yield Draft(text, (sentence.line,), (action,), "action")


def together(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two sets of kinds share one, or have two that are met together."""
    return bool(a & b) or any(a & group and b & group for group in _TOGETHER)


def _some(values: Sequence[T], most: int, salt: str, text: Callable[[T], str]) -> list[T]:
    """At most so many of the values, drawn the same way in every process."""
    if len(values) <= most:
        return list(values)
    return sorted(values, key=lambda value: hashlib.sha256(f"{salt}\0{text(value)}".encode()).digest())[:most]


def _family(line: int, variant: Variant) -> tuple[int, ...]:
    return tuple(dict.fromkeys((line, *variant.lines)))


def _closed(text: str) -> str:
    return text if text[-1:] in '.!?…”"' else text + "."
