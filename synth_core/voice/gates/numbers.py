"""Numbers, prices, times and dates in a line of copy, written in figures or in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from synth_core.voice.gates.text import STOP, list_of, listed

_UNITS = list_of(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = dict(zip(list_of("twenty thirty forty fifty sixty seventy eighty ninety"), range(20, 100, 10), strict=True))
_WORDS = {word: i for i, word in enumerate(_UNITS)} | _TENS
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "dozen": 12}
_ORDINALS = {
    "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12, "twentieth": 20, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip
_TIMES = {"twice": 2, "thrice": 3}
#: Said of anything: no claim. “One” is mostly a pronoun, “first” mostly an order.
_LOOSE = frozenset({"one", "zero"})

MONTHS = list_of(
    "january february march april may june july august september october november december jan feb apr jun jul "
    "aug sept sep oct nov dec"
)
DAYS = list_of("monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun")
FEASTS = list_of("christmas easter halloween thanksgiving ramadan eid diwali hanukkah valentine's midsummer")
#: Words too, and so a date only where the sentence says so.
_ALSO_WORDS = listed("march may mar jan dec sat sun wed mon fri sep august")
_DATING = listed("in of from until till by since before after during this next last every late early mid on")

_NOT_COUNTED = listed(
    "about above after before behind below between by near off over per through under until upon within"
)

_NUMBER = re.compile(
    r"(?P<currency>[£$€¥₹]|\b(?:GBP|USD|EUR|CHF)\s?)?\s?"
    r"(?P<value>\d+(?:[.,:]\d+)*)"
    r"(?P<suffix>\s?(?:%|per ?cent\b|€|£|\$|[ap]m\b|k\b|(?:GBP|USD|EUR|CHF)\b|st\b|nd\b|rd\b|th\b))?",
    re.IGNORECASE,
)
_PART = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?(?:-[^\W\d_]+)*")


@dataclass(frozen=True)
class Figure:
    """A number as it stands in a text.

    Attributes
    ----------
    text : str
        As written, with what it counts where that is the next word.
    value : str
        Normal form: ``"9"``, ``"9.99"``, ``"7:30"``.
    kind : {"number", "price", "percentage", "time"}
    counted : str
        The next word in lower case, without a plural s; empty at the end of a sentence.
    start, end : int
        Of the number itself.
    """

    text: str
    value: str
    kind: str
    counted: str
    start: int
    end: int


def figures(text: str) -> list[Figure]:
    """All numbers of a text, in figures and in words, in order."""
    return sorted([*_digits(text), *_spelled(text)], key=lambda figure: figure.start)


def dates(text: str) -> list[tuple[str, str]]:
    """Months, weekdays and feasts: as written, and in lower case and full."""
    found = []
    matches = list(_WORD.finditer(text))
    for i, match in enumerate(matches):
        word = match.group()
        key = word.casefold().replace("’", "'")
        bare = key.removesuffix("'s") if key != "valentine's" else key
        name = bare if bare in _CALENDAR else bare.removesuffix("s")  # “Sundays”
        if name not in _CALENDAR or not word[0].isupper():
            continue
        if name in _ALSO_WORDS:
            before = matches[i - 1].group().casefold() if i else ""
            near = text[max(match.start() - 3, 0) : match.end() + 5]
            if not (before in _DATING or re.search(r"\d", near) or (i and _inside(text, match.start()))):
                continue
        found.append((word, _CALENDAR[name]))
    return found


def _inside(text: str, start: int) -> bool:
    """Not at the start of a sentence."""
    before = text[:start].rstrip(" \"“‘'(")
    return bool(before) and before[-1] not in ".!?…:"


_CALENDAR: dict[str, str] = {}
for _names, _full in ((MONTHS, MONTHS[:12]), (DAYS, DAYS[:7]), (FEASTS, FEASTS)):
    for _name in _names:
        _CALENDAR[_name] = next(full for full in _full if full == _name or full[:3] == _name[:3])


def _digits(text: str) -> list[Figure]:
    found = []
    for match in _NUMBER.finditer(text):
        currency, suffix = match["currency"], (match["suffix"] or "").strip().casefold()
        value = match["value"].rstrip(".,:")
        kind = "number"
        if currency or suffix in ("€", "£", "$", "gbp", "usd", "eur", "chf"):
            kind = "price"
        elif suffix == "%" or suffix.startswith("per"):
            kind = "percentage"
        elif suffix in ("am", "pm") or (re.fullmatch(r"\d{1,2}[:.]\d{2}", value) and ":" in value):
            kind = "time"
        if suffix == "k":
            value += "000"
        end = match.end() if suffix else match.end("value")
        told, counted = (
            _counted(text, match.start(), end) if kind == "number" else (match.group()[: end - match.start()], "")
        )
        found.append(Figure(told.strip(), _normal(value, kind, suffix), kind, counted, match.start(), end))
    return found


def _normal(value: str, kind: str, suffix: str = "") -> str:
    if kind == "time":
        hours, _, minutes = value.replace(".", ":").partition(":")
        late = 12 if suffix == "pm" and int(hours) < 12 else 0
        return f"{int(hours) + late}:{minutes or '00'}"
    plain = re.sub(r",(?=\d{3}(?:\D|$))", "", value).replace(",", ".")
    whole, _, rest = plain.partition(".")
    return (whole.lstrip("0") or "0") + (f".{rest.rstrip('0')}" if rest.strip("0") else "")


def _spelled(text: str) -> list[Figure]:
    """Numbers in words, joined as English joins them: tens with units, “and” after a hundred, scales with anything."""
    parts = [(match.group().casefold(), match.start(), match.end()) for match in _PART.finditer(text)]
    found, i = [], 0
    while i < len(parts):
        j, value = _joined(parts, i, text)
        if j > i and not (j == i + 1 and parts[i][0] in _LOOSE):
            start, end = parts[i][1], parts[j - 1][2]
            told, counted = _counted(text, start, end)
            found.append(Figure(told, str(value), "number", counted, start, end))
        i = max(j, i + 1)
    return found


def _joined(parts: list[tuple[str, int, int]], i: int, text: str) -> tuple[int, int]:
    """Where the number that begins at part ``i`` ends, and its value; ``i`` itself where none does."""
    total, group, last, j = 0, 0, 0, i
    while j < len(parts):
        word = parts[j][0]
        number = _worth(word)
        if j > i and text[parts[j - 1][2] : parts[j][1]] not in (" ", "-"):
            break
        if number is None:
            follows = j + 1 < len(parts) and _worth(parts[j + 1][0]) is not None
            if word == "and" and last in (100, 1000, 10**6, 10**9) and follows:
                j += 1
                continue
            break
        if _is_scale(word):
            group = max(group, 1) * number
            if number >= 1000:
                total, group = total + group, 0
        elif j > i and not (last >= 100 or (last in _TENS.values() and number < 10)):
            break
        else:
            group += number
        last, j = number, j + 1
    if j > i and parts[j - 1][0] == "and":
        j -= 1
    return j, total + group


def _is_scale(word: str) -> bool:
    return word in _SCALES or word.removesuffix("s") in _SCALES


def _worth(word: str) -> int | None:
    for table in (_WORDS, _SCALES, _ORDINALS, _TIMES):
        if word in table:
            return table[word]
    return _SCALES.get(word.removesuffix("s")) if word.endswith("s") else None


def _counted(text: str, start: int, end: int) -> tuple[str, str]:
    """The number with the word that follows it at once, and that word in lower case without a plural s."""
    after = re.match(r"[ \-]([^\W\d_]+)", text[end:])
    word = after[1].casefold() if after else ""
    if not after or word in _NOT_COUNTED or word in STOP:
        return text[start:end].strip(), ""
    return text[start : end + after.end()].strip(), word.removesuffix("s")
