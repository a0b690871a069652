"""The same line twice."""

from __future__ import annotations

from collections.abc import Sequence

from synth_core.voice.gates.base import Context
from synth_core.voice.gates.text import quoted
from synth_core.voice.records import Candidate, line_id

_QUOTES = str.maketrans("“”„‘’‚", "\"\"\"'''")


class Duplicate:
    """Word for word an earlier candidate, an approved line or a line of the contrast; case and white space aside."""

    key = "duplicate"

    def __init__(self, context: Context) -> None:
        self.notes: tuple[str, ...] = ()
        self._approved = {_id(text) for text in context.approved}
        self._contrast = {_id(line.text): line.source for line in context.brand.contrast}
        self._seen: set[str] = set()

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        return [self._one(candidate.text) for candidate in candidates]

    def _one(self, text: str) -> str | None:
        mark = _id(text)
        if mark in self._approved:
            return f"{quoted(text)} is word for word an approved line."
        if mark in self._contrast:
            return f"{quoted(text)} is word for word a line of {self._contrast[mark]}."
        if mark in self._seen:
            return f"{quoted(text)} came before, word for word."
        self._seen.add(mark)
        return None


def _id(text: str) -> str:
    return line_id(text.translate(_QUOTES))
