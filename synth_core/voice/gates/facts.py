"""Does the line claim something that neither the brief nor an approved line says?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth_core.voice.gates import spelling
from synth_core.voice.gates.base import Context
from synth_core.voice.gates.numbers import dates, figures
from synth_core.voice.gates.personal import spans
from synth_core.voice.gates.text import listed, quoted, words
from synth_core.voice.records import Candidate

_OPENERS = re.compile(r"(?:^|[.!?…:;]|[\"“”‘'(\[–—/|]|\n)\s*[\"“‘'(\[]*$")
_NOT_NAMES = listed("i i'm i'll i've i'd ok")
_ADDRESS = re.compile(
    r"\b(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|co\.uk|org|net|io|shop|de|fr|eu)\b|(?<!\w)[@#]\w{2,}", re.I
)
_TITLE = 0.7  #: share of longer words with a capital from which on a line is in title case
_SHOUT = 2  #: letters from which on a word all in capitals may be emphasis


class Facts:
    """Numbers, prices, times, dates, names and web addresses that are in neither the brief nor an approved line.

    Notes
    -----
    A number is compared by its value, however it is written, and a price only with prices; what the brief's facts
    count (“nine rooms”) may have no other number. “One”, “first” and “second” are never taken for a claim. A capital
    inside a sentence makes a name; a capital at its start, or in title case, only where the small word is not in the
    dictionary, so a name that is also a word (“Grace pours the tea”) passes there.
    """

    key = "facts"

    def __init__(self, context: Context) -> None:
        self._known = set(context.vocabulary)
        self._known |= {part for word in context.vocabulary for part in word.split("-")}
        self._known |= {word.removesuffix("'s") for word in self._known}
        found = [figure for text in context.known.split("\n") for figure in figures(text)]
        self._values = {figure.value for figure in found}
        self._exact = {(figure.kind, figure.value) for figure in found}
        self._dates = {date for text in context.known.split("\n") for _, date in dates(text)}
        self._counts: dict[str, set[str]] = {}
        for fact in context.brand.brief.facts:
            for figure in figures(fact):
                if figure.counted and figure.kind == "number":
                    self._counts.setdefault(figure.counted, set()).add(figure.value)
        shares = [
            _capitals(longer) for t in context.approved if (longer := [m for m in _inner(t) if len(m.group()) > 3])
        ]
        self._titles = sum(share == 1 for share in shares) > len(shares) / 2  # a brand that writes in title case
        self._addresses = {m.group().casefold() for m in _ADDRESS.finditer(context.known)}
        self.notes: tuple[str, ...] = ()
        self._checker = None
        self._names = True
        if not spelling.available():
            self.notes = (
                "Names at the start of a sentence were not looked for: the dictionary (harper-py) is not installed.",
            )
        elif spelling.english(context.approved):
            self._checker = spelling.of_brand(context.approved)
        else:
            self._names = False  # German nouns, for one, have capitals
            self.notes = (
                "The approved lines are not English: names and numbers in words were not looked for, figures were.",
            )

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        return [self._one(candidate.text) for candidate in candidates]

    def _one(self, text: str) -> str | None:
        # personal data has its own gate, which says more plainly what is wrong
        rest = _blank(text, [(start, end) for start, end, _ in spans(text)])
        for match in _ADDRESS.finditer(rest):
            if match.group().casefold() not in self._addresses:
                return f"The address {quoted(match.group())} is in neither the brief nor an approved line."
        return self._number(rest) or self._date(rest) or (self._name(rest) if self._names else None)

    def _number(self, text: str) -> str | None:
        for figure in figures(text):
            if figure.kind == "number":
                wanted = self._counts.get(figure.counted)
                if wanted and figure.value not in wanted:
                    return f"{quoted(figure.text)} is not what the brief says: {' or '.join(sorted(wanted))}."
                known = figure.value in self._values
            else:
                known = (figure.kind, figure.value) in self._exact
            if not known:
                return f"The {figure.kind} {quoted(figure.text)} is in neither the brief nor an approved line."
        return None

    def _date(self, text: str) -> str | None:
        for written, date in dates(text):
            if date not in self._dates:
                return f"The date {quoted(written)} is in neither the brief nor an approved line."
        return None

    def _name(self, text: str) -> str | None:
        inner = _inner(text)
        longer = [m for m in inner if len(m.group()) > 3]
        titled = self._titles or (len(longer) > 2 and _capitals(longer) >= _TITLE)
        insides = {m.start() for m in inner}
        for match in words(text):
            word = match.group()
            key = word.casefold().replace("’", "'")
            if not word[0].isupper() or key in _NOT_NAMES or self._supported(key):
                continue
            sure = match.start() in insides and not titled and not (word.isupper() and len(word) >= _SHOUT)
            if sure:
                return f"The name {quoted(_run(text, match))} is in neither the brief nor an approved line."
            if self._checker is not None and not all(self._checker.is_word(part) for part in key.split("-")):
                return f"{quoted(word)} is not a common word, and as a name in neither the brief nor an approved line."
        return None

    def _supported(self, key: str) -> bool:
        bare = key.removesuffix("'s").removesuffix("'")
        return (
            {key, bare} & self._known != set()
            or all(part in self._known for part in bare.split("-"))
            or (bare.endswith("s") and bare[:-1] in self._known)
        )


def _inner(text: str) -> list[re.Match[str]]:
    """Words that begin no sentence."""
    return [m for m in words(text) if m.group()[0].isalpha() and not _OPENERS.search(text[: m.start()])]


def _capitals(found: Sequence[re.Match[str]]) -> float:
    """Share of words with a capital."""
    return sum(match.group()[0].isupper() for match in found) / len(found)


def _run(text: str, match: re.Match[str]) -> str:
    """The capitalised words that follow each other from ``match`` on."""
    rest = re.match(r"(?:[ ](?:of|the|de|la|le|von)(?=[ ][A-Z])|[ ][A-Z][\w'’-]*)*", text[match.end() :])
    return match.group() + (rest.group() if rest else "")


def _blank(text: str, places: list[tuple[int, int]]) -> str:
    for start, end in places:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
