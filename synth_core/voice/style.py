"""Sixty-six countable traits of a line's style, each with a name in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np

from synth_core.voice import lexicon as lex
from synth_core.voice.masking import Token, is_emoji, sentences, straight, tokens

Kind = Literal["count", "share", "size", "flag"]
_ABSTRACT = ("tion", "sion", "ment", "ity", "ness", "ance", "ence", "tions", "ments", "ities")
_BEFORE_S = lex.THEY | lex.POINTING | lex.QUESTION_WORDS  # not the 's of a noun: that is a genitive
_NOT_SUPERLATIVE = frozenset(
    (
        "forest",
        "harvest",
        "honest",
        "interest",
        "modest",
        "request",
        "invest",
        "suggest",
        "protest",
        "tempest",
        "digest",
    )
)


class Reading:
    """A line taken apart once, for all traits."""

    def __init__(self, text: str) -> None:
        self.text = straight(text)
        self.sentences: list[list[Token]] = [tokens(s) for s in sentences(self.text)] or [[]]
        self.tokens: list[Token] = [t for s in self.sentences for t in s]

    @cached_property
    def words(self) -> list[str]:
        return [t.lower for t in self.tokens if t.kind == "word"]

    @cached_property
    def sizes(self) -> list[int]:
        """Words of each sentence, numbers counted as words."""
        return [sum(t.kind in ("word", "number") for t in s) for s in self.sentences]

    @cached_property
    def inner_capitals(self) -> int:
        """Capitalised words that do not begin a sentence."""
        inner = [t for s in self.sentences for t in s[1:] if t.kind == "word"]
        return sum(t.text[0].isupper() and t.lower not in lex.ME for t in inner)

    def signs(self, *wanted: str) -> int:
        return sum(t.text in wanted for t in self.tokens if t.kind == "other")

    def among(self, listed: frozenset[str]) -> int:
        return sum(w in listed for w in self.words)

    def ending(self, *suffixes: str, longer: int = 5) -> int:
        return sum(w.endswith(suffixes) and len(w) >= longer for w in self.words)

    def starts(self, listed: frozenset[str]) -> int:
        """Sentences whose first word is in the list."""
        return sum(w in listed for w in self.first_words())

    def first_words(self) -> list[str]:
        return [next((t.lower for t in s if t.kind == "word"), "") for s in self.sentences]

    def share(self, count: float) -> float:
        return count / max(1, len(self.words))


@dataclass(frozen=True)
class StyleTrait:
    """One countable trait.

    Attributes
    ----------
    key : str
    name : str
        In words, plural where it is a count: ``"exclamation marks"``; for a flag, what holds: ``"opens with a verb"``.
    group : str
        Traits of one group say nearly the same; only the strongest of a group is told.
    kind : {"count", "share", "size", "flag"}
        A number per line, a share of the words, a length (characters, words, letters), or yes and no.
    unit : float
        The smallest difference worth telling; spreads are never taken to be smaller.
    of : callable
        From a :class:`Reading` to the value.
    """

    key: str
    name: str
    group: str
    kind: Kind
    unit: float
    of: Callable[[Reading], float]


def _syllables(word: str) -> int:
    return max(1, len(re.findall(r"[aeiouy]+", word)) - (word.endswith("e") and not word.endswith("le")))


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else 0.0


def _superlatives(r: Reading) -> int:
    listed = r.among(lex.SUPERLATIVES)
    return listed + sum(
        w.endswith("est") and len(w) > 5 and w not in _NOT_SUPERLATIVE | lex.SUPERLATIVES for w in r.words
    )


def _contractions(r: Reading) -> int:
    short = ("n't", "'re", "'ll", "'ve", "'m", "'d")
    return sum(
        w.endswith(short) or w in lex.CONTRACTIONS or (w.endswith("'s") and w[:-2] in _BEFORE_S) for w in r.words
    )


def _passives(r: Reading) -> int:
    return sum(a in lex.BE and len(b) > 4 and b.endswith(("ed", "en")) for a, b in pairwise(r.words))


def _listing(r: Reading) -> bool:
    return bool(re.search(r"[^,.!?]+,[^,.!?]+,? (and|or|&) ", r.text))


def _repeats(r: Reading) -> int:
    content = [w for w in r.words if w not in lex.FUNCTION_WORDS]
    return len(content) - len(set(content))


def _anaphora(r: Reading) -> bool:
    firsts = [w for w in r.first_words() if w]
    return len(firsts) > 1 and len(set(firsts)) < len(firsts)


def _alliteration(r: Reading) -> int:
    content = [w for w in r.words if len(w) > 3]
    return sum(a[0] == b[0] for a, b in pairwise(content))


def _prices(r: Reading) -> int:
    return len(re.findall(r"[$€£¥₹]\s?\d|\d\s?(?:€|£|USD|EUR|GBP)", r.text))


def _size(key: str, name: str, of: Callable[[Reading], float], *, unit: float, group: str = "length") -> StyleTrait:
    return StyleTrait(key, name, group, "size", unit, of)


def _count(key: str, name: str, of: Callable[[Reading], float], *, unit: float = 0.4) -> StyleTrait:
    return StyleTrait(key, name, key, "count", unit, of)


def _share(key: str, name: str, of: Callable[[Reading], float], *, unit: float = 0.08, group: str = "") -> StyleTrait:
    return StyleTrait(key, name, group or key, "share", unit, lambda r: r.share(of(r)))


def _flag(key: str, name: str, of: Callable[[Reading], bool], *, group: str = "") -> StyleTrait:
    return StyleTrait(key, name, group or key, "flag", 0.3, lambda r: float(of(r)))


TRAITS: tuple[StyleTrait, ...] = (
    _size("characters", "characters in the line", lambda r: len(r.text), unit=8),
    _size("words", "words in the line", lambda r: sum(r.sizes), unit=2),
    _size("sentence_words", "words in a sentence", lambda r: _mean(r.sizes), unit=1.5),
    _size("longest", "words in the longest sentence", lambda r: max(r.sizes), unit=2),
    _size("shortest", "words in the shortest sentence", lambda r: min(r.sizes), unit=1.5),
    _size("last_longer", "words by which the last sentence is longer than the first",
          lambda r: r.sizes[-1] - r.sizes[0], unit=2, group="rhythm"),
    _size("letters", "letters in a word", lambda r: _mean([len(w) for w in r.words]), unit=0.35, group="word length"),
    _size("syllables", "syllables in a word", lambda r: _mean([_syllables(w) for w in r.words]), unit=0.15,
          group="word length"),
    _size("longest_word", "letters in the longest word", lambda r: max(map(len, r.words), default=0), unit=1.5,
          group="word length"),
    _share("long_words", "words of eight letters or more", lambda r: sum(len(w) > 7 for w in r.words),
           group="word length"),
    _share("short_words", "words of three letters or fewer", lambda r: sum(len(w) < 4 for w in r.words), unit=0.1,
           group="word length"),
    _count("sentences", "sentences", lambda r: len(r.sentences), unit=0.5),
    _count("exclamations", "exclamation marks", lambda r: r.text.count("!")),
    _count("questions", "question marks", lambda r: r.text.count("?")),
    _count("commas", "commas", lambda r: r.signs(","), unit=0.5),
    _count("colons", "colons and semicolons", lambda r: r.signs(":", ";")),
    _count("dashes", "dashes", lambda r: r.signs("-", "–", "—")),
    _count("dots", "trailing dots (…)", lambda r: sum(t.kind == "dots" for t in r.tokens)),
    _count("quotes", "quotation marks", lambda r: r.signs('"', "«", "»", "'"), unit=0.5),
    _count("brackets", "brackets", lambda r: r.signs("(", ")", "[", "]"), unit=0.5),
    _count("symbols", "symbols (&, +, /, *)", lambda r: r.signs("&", "+", "/", "*", "|", "=", "~")),
    _count("tags", "hashtags and @ names", lambda r: r.signs("#", "@")),
    _count("emoji", "emoji", lambda r: sum(map(is_emoji, r.text))),
    _flag("ends_stop", "ends with a full stop", lambda r: r.text.endswith((".", '."', ".'", ".)")), group="ending"),
    _flag("ends_open", "ends without a punctuation mark", lambda r: r.text[-1:].isalnum(), group="ending"),
    _flag("starts_small", "starts with a small letter", lambda r: r.text[:1].islower()),
    _count("capitals", "words in capitals", lambda r: sum(len(t.text) > 1 and t.text.isupper() for t in r.tokens)),
    _share("title_case", "capital letters inside sentences", lambda r: r.inner_capitals),
    _count("numbers", "numbers in digits", lambda r: sum(t.kind == "number" for t in r.tokens)),
    _count("prices", "prices", _prices),
    _count("percents", "per cent signs", lambda r: r.signs("%")),
    _count("spelled_numbers", "numbers in words", lambda r: r.among(lex.NUMBER_WORDS), unit=0.5),
    _count("contractions", "contractions (we'll, don't)", _contractions),
    _share("you", "you and your", lambda r: r.among(lex.YOU)),
    _share("we", "we and our", lambda r: r.among(lex.WE)),
    _share("me", "I and my", lambda r: r.among(lex.ME)),
    _share("they", "he, she, it and they", lambda r: r.among(lex.THEY)),
    _share("articles", "a, an and the", lambda r: r.among(lex.ARTICLES)),
    _share("pointing", "this, that, here and there", lambda r: r.among(lex.POINTING)),
    _share("prepositions", "prepositions (in, of, by)", lambda r: r.among(lex.PREPOSITIONS)),
    _share("being", "forms of to be", lambda r: r.among(lex.BE)),
    _share("modals", "will, would, can and must", lambda r: r.among(lex.MODALS)),
    _share("function_words", "small words (the, of, we)", lambda r: r.among(lex.FUNCTION_WORDS)),
    _count("and", "uses of and", lambda r: r.words.count("and"), unit=0.5),
    _count("turning", "turning words (but, yet, still)", lambda r: r.among(lex.TURNING)),
    _count("subordinating", "words that open a clause (because, when, which)", lambda r: r.among(lex.SUBORDINATING),
           unit=0.5),
    _count("joined_start", "sentences that start with and, or, but or so", lambda r: r.starts(lex.JOINING)),
    _count("commands", "sentences that start with a command (book, discover)", lambda r: r.starts(lex.IMPERATIVES)),
    _count("negations", "negations (no, not, never)", lambda r: r.among(lex.NEGATIONS), unit=0.5),
    _count("passives", "passive forms (is served)", _passives),
    _count("ly", "words in -ly", lambda r: r.ending("ly"), unit=0.5),
    _count("ing", "words in -ing", lambda r: r.ending("ing"), unit=0.5),
    _count("abstract", "abstract nouns (-tion, -ment, -ity)", lambda r: r.ending(*_ABSTRACT, longer=6), unit=0.5),
    _count("superlatives", "superlatives (best, finest)", _superlatives),
    _count("intensifiers", "intensifiers (very, really, so)", lambda r: r.among(lex.INTENSIFIERS)),
    _count("hedges", "hedges (almost, perhaps)", lambda r: r.among(lex.HEDGES)),
    _count("cliches", "stock words of advertising (unforgettable, elevate)", lambda r: r.among(lex.CLICHES)),
    _count("urgency", "words of offers and haste (free, now, save)", lambda r: r.among(lex.URGENCY), unit=0.5),
    _count("slang", "slang (gonna, mate)", lambda r: r.among(lex.SLANG)),
    _count("formal", "office words (ensure, provide, upon)", lambda r: r.among(lex.FORMAL), unit=0.5),
    _count("time_words", "words of time (morning, June)", lambda r: r.among(lex.TIME_WORDS), unit=0.5),
    _count("hyphens", "hyphenated words", lambda r: sum("-" in w for w in r.words)),
    _flag("listing", "holds a list (one, two and three)", _listing),
    _count("repeats", "repeated words", _repeats),
    _flag("anaphora", "has sentences that start with the same word", _anaphora),
    _count("alliteration", "neighbours with the same first letter", _alliteration, unit=0.5),
)  # fmt: skip


def style(texts: Sequence[str]) -> np.ndarray:
    """Every trait of every line.

    Returns
    -------
    ndarray of float, shape (lines, traits)
        Columns as in :data:`TRAITS`.
    """
    rows = [[float(trait.of(reading)) for trait in TRAITS] for reading in map(Reading, texts)]
    return np.asarray(rows, dtype=float).reshape(len(texts), len(TRAITS))
