"""Is it one whole line of copy, and nothing else?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth_core.voice.gates.base import Context
from synth_core.voice.gates.text import listed, quoted, tokens, words
from synth_core.voice.records import Candidate

_HABIT = 0.9  #: share of approved lines from which on a way to begin or end is the brand's
_SLOT = re.compile(r"\[[^\]\n]{1,40}\]|\{[^}\n]{1,40}\}|<[^>\n]{1,40}>|\bX{2,}\b|_{3,}|\blorem ipsum\b", re.IGNORECASE)
_MARKUP = re.compile(r"\*\*|^\s*#|^\s*[-*•]\s|^\s*\(?\d{1,3}[.)]\s|`|https?://\S*$|^\s*\|")
_TALK = re.compile(
    r"^\s*(?:sure|certainly|of course|absolutely|okay)\b[^.!?]{0,40}(?:here|variation|line)|\bas an ai\b|"
    r"\blanguage model\b|\bhere (?:is|are|'s) (?:\w+ ){0,4}(?:variation|line|option|headline|version)s?\b|"
    r"^\s*(?:variation|option|headline|version|output|answer)\s*\d*\s*:|\bi(?:'m| am) sorry\b.{0,20}\bcan(?:not|'t)\b|"
    r"\bi can(?:not|'t) (?:help|assist|do)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…][\"”’')\]]*$")
_HANGING = listed(
    "a an and as at because but by for from if in into my nor of on or our that the their to with your its than"
)
_PAIRS = {"(": ")", "[": "]", "“": "”", "«": "»"}


class Complete:
    """Empty lines, slots left open, remarks of the writer, mark-up, broken brackets, lines cut off.

    That a line must begin with a capital and end with a full stop is asked only where nine in ten approved lines do.
    """

    key = "complete"

    def __init__(self, context: Context) -> None:
        self.notes: tuple[str, ...] = ()
        approved = context.approved
        share = 1 / len(approved) if approved else 0.0
        self._stopped = share * sum(bool(_END.search(text.strip())) for text in approved)
        self._capital = share * sum(_capital(text) for text in approved)

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        return [self._one(candidate.text) for candidate in candidates]

    def _one(self, raw: str) -> str | None:
        text = raw.strip()
        if not tokens(text):
            return "The line is empty." if not text else f"{quoted(text)} holds no word."
        if "\n" in text:
            return f"More than one line: {quoted(text)}."
        if found := _TALK.search(text):
            return f"{quoted(found.group())} is a remark of the writer, not copy."
        if found := _SLOT.search(text):
            return f"{quoted(found.group())} is a slot that was left open."
        if found := _MARKUP.search(text):
            return f"{quoted(found.group().strip() or text[:10])} is mark-up, not copy."
        if "�" in text:
            return f"A character is damaged: {quoted(text)}."
        if broken := _unbalanced(text):
            return f"{quoted(broken)} has no partner in {quoted(text)}."
        last = words(text)[-1]
        if text.endswith((",", ";", ":", "-", "–", "—", "/", "&")):
            return f"Cut off: it ends with {quoted(text[-1])}."
        ended = bool(_END.search(text))
        if not ended and last.group().casefold() in _HANGING:
            return f"Cut off: it ends with the word {quoted(last.group())}."
        if not ended and self._stopped >= _HABIT:
            return (
                f"Cut off after {quoted(last.group())}: {100 * self._stopped:.0f} % of the approved lines end with a "
                "full stop or the like."
            )
        if self._capital >= _HABIT and not _capital(text):
            first = quoted(words(text)[0].group())
            return f"Begins with {first}: {100 * self._capital:.0f} % of the approved lines begin with a capital."
        return None


def _capital(text: str) -> bool:
    first = next((char for char in text if char.isalnum()), "A")
    return first.isupper() or first.isdigit() or not first.isalpha()


def _unbalanced(text: str) -> str | None:
    for opening, closing in _PAIRS.items():
        if text.count(opening) != text.count(closing):
            return opening if text.count(opening) > text.count(closing) else closing
    if text.count('"') % 2:
        return '"'
    return None
