"""New lines from a brand's own: items of lists exchanged, phrases of time and place moved, sentences paired, and the
brief's products, places, seasons, offers and calls to action put where their like stood."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from rapidfuzz import fuzz, process

from synth_core.voice.providers import words as w
from synth_core.voice.providers.kneser_ney import KneserNey
from synth_core.voice.providers.pieces import (
    Item,
    Listing,
    Sentence,
    kinds_in,
    listings,
    loose_items,
    lowered,
    names_in,
    openings,
    places,
    raised,
    sentences,
    takes_time,
    words_of,
)
from synth_core.voice.records import Brand

NOVEL_BELOW = 88.0  #: rapidfuzz ratio to every approved line
_DRAFTS_PER_LINE = 150  # of each rule
_COVERED, _RUN = 0.6, 8  # share of its runs of four words, and words in a row, that a draft may have from one line
_LONGEST_PART = 8  # words of one sentence taken whole
_USED = 0.12  # what each earlier use of a fragment costs a draft, in nats a word
_SMALL = w.DETERMINERS | w.NUMBERS | w.PREPOSITIONS | w.CONJUNCTIONS | w.AUXILIARIES | w.PRONOUNS | w.ADVERBS
_NOUN = re.compile(r"\b(?P<det>[Tt]he|[Oo]ur|[Ee]very|[Yy]our) (?P<noun>[a-z]+)\b(?! of\b)(?!'s)(?!-)")
_TIMED = {
    "spring": "In spring",
    "summer": "In summer",
    "autumn": "In autumn",
    "fall": "In the fall",
    "winter": "In winter",
}


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
_PLACES_ALIKE = ({"shore", "land"}, {"room", "house"})


@dataclass(frozen=True)
class Variant:
    """A sentence as it is, or with one thing in it changed."""

    sentence: Sentence
    text: str
    lines: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    how: str = ""


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
    """A brand's lines, taken apart once.

    Parameters
    ----------
    brand : Brand
    """

    def __init__(self, brand: Brand) -> None:
        self.lines = brand.approved
        self.brief = brand.brief
        self.names = names_in(brand.approved) | frozenset(
            word.lower() for fact in brand.brief.facts for word in fact.split() if word[:1].isupper()
        )
        self.sentences = sentences(self.lines)
        self.listings = listings(self.lines, self.names)
        self.openings = openings(self.sentences)
        self.places = places(self.sentences)
        self.kinds = [kinds_in(words_of(line.text)) for line in self.lines]
        self.loose = loose_items(self.lines, self.names)
        self.model = KneserNey([words_of(line.text) for line in (*brand.approved, *brand.contrast)])
        self.variants: dict[int, list[Variant]] = {}
        for variant in (*self._times(), *self._places(), *self._nouns(), *self._slots()):
            if _sound(variant.text):
                self.variants.setdefault(self.sentences.index(variant.sentence), []).append(variant)

    def akin(self, a: int, b: int) -> bool:
        """Whether two lines speak of the same thing: one subject, or things met together."""
        subject = self.lines[a].brief
        return bool(subject and subject == self.lines[b].brief) or together(self.kinds[a], self.kinds[b])

    def drafts(self, dice: np.random.Generator) -> list[Draft]:
        """Every rule's drafts, at most a set number for each rule and line; those not new are left out."""
        rules: tuple[Callable[[], Iterator[Draft]], ...] = (
            self._lists, self._slot_items, self._changed, self._pairs, self._actions,
        )  # fmt: skip
        seen = {" ".join(words_of(line.text)) for line in self.lines}
        found: list[Draft] = []
        for rule in rules:
            by_line: dict[int, list[Draft]] = {}
            for draft in rule():
                by_line.setdefault(draft.parents[0], []).append(draft)
            for drafts in by_line.values():
                order = dice.permutation(len(drafts))[:_DRAFTS_PER_LINE]
                for i in sorted(order):
                    key = " ".join(words_of(drafts[i].text))
                    if key not in seen and _sound(drafts[i].text) and not self._copies(drafts[i]):
                        seen.add(key)
                        found.append(drafts[i])
        texts = [draft.text for draft in found]
        if not texts:
            return []
        near = process.cdist(
            [t.casefold() for t in texts], [x.text.casefold() for x in self.lines], scorer=fuzz.ratio, dtype=np.float32
        )
        return [draft for draft, row in zip(found, near, strict=True) if row.max() < NOVEL_BELOW]

    def ranked(self, seed: int) -> list[Draft]:
        """Drafts, best first, in rounds over the approved lines: none is built on twice before all have been once."""
        dice = np.random.default_rng([seed, 21])
        by_line: dict[int, list[tuple[float, Draft]]] = {}
        for draft in self.drafts(dice):
            score = self.model.score(words_of(draft.text)) + dice.normal(0, 0.15)
            by_line.setdefault(draft.parents[0], []).append((score, draft))
        used: Counter[str] = Counter()
        order = dice.permutation(sorted(by_line))
        ranked: list[Draft] = []
        while by_line:
            for line in order:
                left = by_line.get(int(line))
                if not left:
                    by_line.pop(int(line), None)
                    continue
                best = max(range(len(left)), key=lambda i: left[i][0] - _USED * _uses(left[i][1], used))
                draft = left.pop(best)[1]
                used.update((*draft.parts, draft.how + str(line)))
                ranked.append(draft)
        return ranked

    def _lists(self) -> Iterator[Draft]:
        items = {(item.text, item.line): item for item in self.loose}
        items |= {(item.text, item.line): item for listing in self.listings for item in listing.items}
        for listing in self.listings:
            yield from self._refilled(listing, list(items.values()))

    def _refilled(self, listing: Listing, items: Sequence[Item]) -> Iterator[Draft]:
        """One item of a list replaced, or two."""
        base, size = listing.line, len(listing.items)
        near = [item for item in items if item.line != base and any(self._fits(item, x) for x in listing.items)]
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
        """Whether two items may stand in one list: lines of one subject, or things met together."""
        return a.line == b.line or self._one_subject(a, b) or together(a.kinds, b.kinds)

    def _one_subject(self, a: Item, b: Item) -> bool:
        one, other = self.lines[a.line].brief, self.lines[b.line].brief
        return bool(one) and one == other

    def _filled(self, listing: Listing, changed: dict[int, Item], how: str) -> Iterator[Draft]:
        items = [changed.get(i, item) for i, item in enumerate(listing.items)]
        if not all(self._fits(a, b) for a, b in combinations(items, 2)):
            return
        if len(items) == 2 and not (items[0].kinds & items[1].kinds or self._one_subject(*items)):
            return  # so short a list needs a closer bond
        content = [word for item in items for word in words_of(item.text) if word not in _SMALL]
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
                if (set(sentence.words) - set(words_of(old.text))) & (set(words_of(new.text)) - _SMALL):
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
            values = [_bare(value) for value in getattr(self.brief, slot)]
            for sentence in self.sentences:
                for old in values:
                    match = re.search(rf"\b{re.escape(old)}\b(?![- ][a-z]+s\b)", sentence.text, re.IGNORECASE)
                    if match and match.start():
                        for new in values:
                            if new.lower() not in sentence.text.lower():
                                text = sentence.text[: match.start()] + new + sentence.text[match.end() :]
                                yield Variant(sentence, text, (), (new,), f"other {slot[:-1]}")

    def _versions(self, number: int) -> list[Variant]:
        """A sentence as it is, and its variants."""
        return [Variant(self.sentences[number], self.sentences[number].text), *self.variants.get(number, ())]

    def _changed(self) -> Iterator[Draft]:
        """A line with one thing changed in one of its sentences, or in two."""
        by_line: dict[int, list[int]] = {}
        for number, sentence in enumerate(self.sentences):
            by_line.setdefault(sentence.line, []).append(number)
        for line, numbers in by_line.items():
            for number in numbers:
                for variant in self.variants.get(number, ()):
                    texts = [variant.text if n == number else self.sentences[n].text for n in numbers]
                    yield Draft(" ".join(texts), _family(line, variant), variant.parts, variant.how)

    def _pairs(self) -> Iterator[Draft]:
        """Two short sentences of one subject, the second leaning on nothing; either may be changed."""
        short = [i for i, s in enumerate(self.sentences) if len(s.words) <= _LONGEST_PART and s.alone]
        for i in short:
            first = self.sentences[i]
            if first.position:
                continue
            for j in short:
                second = self.sentences[j]
                if second.line == first.line or not self._goes_on(first, second):
                    continue
                for a in self._versions(i):
                    for b in self._versions(j):
                        if (
                            (a.how and b.how)
                            or b.how == "time"
                            or (a.text.startswith("There is") and b.text.startswith("There is"))
                        ):
                            continue
                        if (set(words_of(a.text)) & set(words_of(b.text))) - _SMALL:
                            continue
                        parents = tuple(dict.fromkeys((first.line, second.line, *a.lines, *b.lines)))
                        how = "pair" + (f", {a.how or b.how}" if a.how or b.how else "")
                        yield Draft(f"{_closed(a.text)} {b.text}", parents, (second.text, *a.parts, *b.parts), how)

    def _goes_on(self, first: Sentence, second: Sentence) -> bool:
        """Whether the second sentence may follow the first: one subject, known or by what both speak of."""
        one, other = self.lines[first.line].brief, self.lines[second.line].brief
        if one and other:
            return one == other
        return second.position > 0 and together(kinds_in(first.words), kinds_in(second.words))

    def _actions(self) -> Iterator[Draft]:
        """A call to action after a short line."""
        for sentence in self.sentences:
            if sentence.of > 1:
                continue
            for action in self.brief.actions:
                if not (set(words_of(action)) & set(sentence.words)) - _SMALL:
                    text = f"{_closed(sentence.text)} {_closed(raised(action.strip()))}"
                    yield Draft(text, (sentence.line,), (action,), "action")

    def _copies(self, draft: Draft) -> bool:
        """Whether too much of a draft stands in one of its parents."""
        words = words_of(draft.text)
        runs = list(zip(*(words[i:] for i in range(4)), strict=False))
        for line in draft.parents:
            own = words_of(self.lines[line].text)
            theirs = set(zip(*(own[i:] for i in range(4)), strict=False))
            if runs and sum(run in theirs for run in runs) / len(runs) > _COVERED:
                return True
            long = set(zip(*(own[i:] for i in range(_RUN + 1)), strict=False))
            if any(run in long for run in zip(*(words[i:] for i in range(_RUN + 1)), strict=False)):
                return True
        return False


def together(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two sets of kinds share one, or have two that are met together."""
    return bool(a & b) or any(a & group and b & group for group in _TOGETHER)


def _family(line: int, variant: Variant) -> tuple[int, ...]:
    return tuple(dict.fromkeys((line, *variant.lines)))


def _uses(draft: Draft, used: Counter[str]) -> int:
    return sum(used[part] for part in draft.parts) + used[draft.how + str(draft.parents[0])]


def _closed(text: str) -> str:
    return text if text[-1:] in '.!?…”"' else text + "."


def _bare(value: str) -> str:
    return re.sub(r"^(?:the|a|an|our)\s+", "", value.strip(), flags=re.IGNORECASE)


def _sound(text: str) -> bool:
    """No word twice in a row, and “a” and “an” right."""
    words = words_of(text)
    if any(a == b for a, b in pairwise(words)):
        return False
    return not any((a == "a" and b[0] in "aeio") or (a == "an" and b[0] not in "aeiouh8") for a, b in pairwise(words))
