"""Lines as tokens, and with their subject masked: function words and punctuation stay, other words become shapes.

``"The tide sets the table."`` becomes ``<s> the xs xs:s the xm:le . </s>``: what is said is gone, how it is said stays.
Masking content words for style comes from authorship work (Stamatatos 2017, "Authorship attribution using text
distortion").
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from synth_core.voice.lexicon import FUNCTION_WORDS

_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,:]\d+)*)|(?P<word>[^\W\d_]+(?:['-][^\W\d_]+)*)|(?P<dots>\.{2,}|…)|(?P<other>[^\s])"
)
_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "‐": "-", "‑": "-"})
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"')\]]*\s+")
#: Longest first.
_SUFFIXES = (
    "ation", "ment", "ness", "able", "ible", "less", "ful", "ing", "ity", "ous", "ive", "est", "ion", "ed", "ly", "er",
    "al", "en", "ic", "y", "s",
)  # fmt: skip


class Token(NamedTuple):
    """One piece of a line; ``kind`` is ``"word"``, ``"number"``, ``"dots"`` or ``"other"``."""

    text: str
    kind: str

    @property
    def lower(self) -> str:
        return self.text.lower()


def straight(text: str) -> str:
    """``text`` in composed Unicode, apostrophes and quotes straight, white space single."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_STRAIGHT).split())


def tokens(text: str) -> list[Token]:
    """Words (with inner hyphens and apostrophes), numbers, dots and single signs, in order."""
    return [Token(m.group(), m.lastgroup or "other") for m in _TOKEN.finditer(straight(text))]


def sentences(text: str) -> list[str]:
    """The sentences of a line; one without an end mark counts."""
    return [s for s in _SENTENCE_END.split(straight(text)) if s]


def is_emoji(sign: str) -> bool:
    """Whether one character is a pictogram (Unicode: symbol, other; or from the emoji planes)."""
    return unicodedata.category(sign) == "So" or 0x1F000 <= ord(sign) <= 0x1FAFF


def masked(text: str) -> list[str]:
    """``text`` with its subject masked.

    Returns
    -------
    list of str
        Function words in lower case, signs as they are, numbers as ``#``, other words as length class, suffix and
        shape; ``<s>`` and ``</s>`` around each sentence.
    """
    found: list[str] = []
    for sentence in sentences(text):
        found.append("<s>")
        found += [_mask(token, first=n == 0) for n, token in enumerate(tokens(sentence))]
        found.append("</s>")
    return found


def _mask(token: Token, *, first: bool) -> str:
    if token.kind == "number":
        return "#"
    if token.kind == "dots":
        return "…"
    if token.kind == "other":
        category = unicodedata.category(token.text)
        if category == "Sc":
            return "¤"
        return "☺" if is_emoji(token.text) else token.text
    word = token.lower
    if word in FUNCTION_WORDS:
        return word
    length = len(word)
    size = "s" if length <= 4 else "m" if length <= 7 else "l"
    suffix = next((s for s in _SUFFIXES if word.endswith(s) and length > len(s) + 2), "")
    parts = [f"x{size}"]
    if "'" in word:
        parts.append("'" + word.rpartition("'")[2])
    elif suffix:
        parts.append(suffix)
    if "-" in word:
        parts.append("-")
    if token.text.isupper() and length > 1:
        parts.append("CAPS")
    elif token.text[0].isupper() and not first:
        parts.append("Cap")
    return ":".join(parts)
