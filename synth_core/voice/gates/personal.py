"""E-mail addresses, telephone and card numbers, bank accounts: never in copy, unless the brief gives them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth_core.voice.gates.base import Context
from synth_core.voice.gates.text import quoted
from synth_core.voice.records import Candidate

_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_LONG = re.compile(r"(?<![\w.,£$€])\+?\(?\d(?:[ \-.()/]{0,2}\d){6,18}(?![\w%])")
_SSN = re.compile(r"\b\d{3}-\d{2}-\d{4}\b")
_NINO = re.compile(r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b")
_POST = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b")
_STREET = re.compile(r"\b\d{1,4} (?:[A-Z][a-z]+ ){1,3}(?:Street|Road|Avenue|Lane|Drive|Close|Boulevard|St\.|Rd\.)")


def spans(text: str) -> list[tuple[int, int, str]]:
    """Start, end and kind of all that looks like personal data, in order, none inside another."""
    found: list[tuple[int, int, str]] = []
    for pattern, kind in (
        (_EMAIL, "an e-mail address"),
        (_IBAN, "a bank account (IBAN)"),
        (_SSN, "a social security number"),
        (_NINO, "a national insurance number"),
        (_LONG, ""),
        (_STREET, "a street address"),
        (_POST, "a postcode"),
    ):
        for match in pattern.finditer(text):
            what = kind or _long(match.group())
            if not what or (kind.endswith("(IBAN)") and not _iban(match.group())):
                continue
            if all(match.end() <= start or match.start() >= end for start, end, _ in found):
                found.append((match.start(), match.end(), what))
    return sorted(found)


class Personal:
    """Personal data; what the brief or the brand's name holds is the brand's own and passes."""

    key = "personal"

    def __init__(self, context: Context) -> None:
        self.notes: tuple[str, ...] = ()
        self._own = {_squeezed(context.brief[start:end]) for start, end, _ in spans(context.brief)}

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        return [self._one(candidate.text) for candidate in candidates]

    def _one(self, text: str) -> str | None:
        for start, end, kind in spans(text):
            if _squeezed(text[start:end]) not in self._own:
                return f"{quoted(text[start:end])} looks like {kind} that is not in the brief."
        return None


def _long(text: str) -> str:
    """What a long number is; empty: just a number."""
    digits = re.sub(r"\D", "", text)
    if 13 <= len(digits) <= 19 and _luhn(digits):
        return "a card number"
    if re.fullmatch(r"\d{4}[-./]\d{2}[-./]\d{2}|\d{1,2}[-./]\d{1,2}[-./]\d{4}", text):
        return ""  # a date
    if re.fullmatch(r"\d{4}\s?[-–/]\s?\d{4}", text):
        return ""  # years
    grouped = bool(re.search(r"[ \-()./]", text.strip()))
    if len(digits) <= 15 and (text[0] in "+(" or digits[0] == "0" or grouped) and len(digits) >= 7:
        return "a telephone number"
    return ""


def _luhn(digits: str) -> bool:
    """Check digit of card numbers (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0 and set(digits) != {"0"}


def _iban(text: str) -> bool:
    """Check digits of bank accounts (ISO 13616): the rearranged number is 1 modulo 97."""
    plain = text.replace(" ", "")
    return len(plain) >= 15 and int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1


def _squeezed(text: str) -> str:
    return re.sub(r"[\s()\-./]", "", text.casefold())
