"""Lines that are one list of things without a verb, and their items: “Six stools, two lamps, one very good gin.”"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synth_core.voice.providers import words as w
from synth_core.voice.providers.pieces import kinds_in, lowered, sentences_of, words_of
from synth_core.voice.records import Line

_LONGEST_ITEM = 7  # words


@dataclass(frozen=True)
class Item:
    """One item of a list without a verb: ``"two lamps"``.

    Attributes
    ----------
    text : str
        In the middle of a sentence, without “and”.
    line : int
    place : {"first", "middle", "last"}
        Where it stood.
    kinds : frozenset of str
        Of its nouns.
    """

    text: str
    line: int
    place: str
    kinds: frozenset[str]


@dataclass(frozen=True)
class Listing:
    """A line that is one list.

    Attributes
    ----------
    items : tuple of Item
    joined : bool
        “and” stands before the last.
    end : str
        Closing mark.
    """

    items: tuple[Item, ...]
    joined: bool
    end: str
    line: int


def listings(lines: Sequence[Line], names: frozenset[str]) -> list[Listing]:
    """Lines that are one list of things without a verb."""
    found = []
    for number, line in enumerate(lines):
        parts = sentences_of(line.text)
        if len(parts) != 1 or ":" in line.text or ";" in line.text:
            continue
        body, end = (line.text[:-1], line.text[-1]) if line.text[-1:] in ".!?…" else (line.text, "")
        raw = [piece.strip() for piece in body.split(",")]
        joined = len(raw) > 1 and raw[-1].startswith("and ")
        raw[-1] = raw[-1].removeprefix("and ")
        if len(raw) < 2 or any(not _is_item(lowered(piece, names)) for piece in raw):
            continue
        items = tuple(
            Item(
                lowered(piece, names),
                number,
                "first" if i == 0 else "last" if i == len(raw) - 1 else "middle",
                kinds_in(words_of(piece)),
            )
            for i, piece in enumerate(raw)
        )
        found.append(Listing(items, joined, end, number))
    return found


def loose_items(lines: Sequence[Line], names: frozenset[str]) -> list[Item]:
    """Things without a verb that open a sentence, or are all of it: “Boots in every size”, “Vows at high water”."""
    found = []
    for number, line in enumerate(lines):
        for text in sentences_of(line.text):
            pieces = [piece.strip() for piece in text.rstrip(".!?…").split(",")]
            if ":" in text or not _is_item(lowered(pieces[0], names)):
                continue
            for piece in pieces:
                bare = lowered(piece.removeprefix("and "), names)
                if _is_item(bare) and not set(words_of(bare)) <= w.TIMES:
                    found.append(Item(bare, number, "loose", kinds_in(words_of(bare))))
    return found


def _is_item(text: str) -> bool:
    words = words_of(text)
    if not 1 <= len(words) <= _LONGEST_ITEM or words[0] in w.PREPOSITIONS | w.CONJUNCTIONS | w.ADVERBS | w.PRONOUNS:
        return False
    if words[0].endswith(("ing", "ly")) or words[0] in w.BASE_VERBS or words[:2] == ["no", "one"]:
        return False
    if words[-1] in w.PREPOSITIONS | w.ADVERBS | w.DETERMINERS:
        return False
    if len(words) > 3 and words[-1] in w.VERBS and not w.kind_of(words[-1]) and words[-2] not in w.DETERMINERS:
        return False  # “the key to number four sticks”
    relative = False
    for i, word in enumerate(words):
        if word in w.RELATIVES and i:
            relative = True
        elif word in w.ANAPHORS or (
            not relative
            and (word in w.PRONOUNS | w.AUXILIARIES | w.PAST or (word in w.VERBS and not _noun_place(words, i)))
        ):
            return False
    return True


def _noun_place(words: Sequence[str], i: int) -> bool:
    """Whether a word that may be a verb stands where a noun or adjective does: no noun yet since “the” or “on”."""
    if i == 0:
        return w.kind_of(words[0]) is not None or (len(words) > 1 and words[1] not in w.DETERMINERS)
    for back in range(i - 1, -1, -1):
        if words[back] in w.DETERMINERS | w.NUMBERS | w.PREPOSITIONS | {"and", "or"}:
            return True
        if w.kind_of(words[back]) or w.is_plural(words[back]) or words[i].endswith("s"):
            break
    # “hulls turned over for paint”, but not “the clock stopped in 1954”
    return words[i].endswith("ed") and (words[0] != "the" or words[i - 1] in w.ADVERBS | {"half"})
