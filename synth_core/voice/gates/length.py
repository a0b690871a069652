"""Does it fit its place?"""

from __future__ import annotations

from collections.abc import Sequence

from synth_core.voice.gates.base import Context
from synth_core.voice.gates.text import quoted, sentences, tokens
from synth_core.voice.records import Candidate


class Length:
    """Characters, words and sentences within the channel's limits."""

    key = "length"

    def __init__(self, context: Context) -> None:
        self.notes: tuple[str, ...] = ()
        self._limits = context.channel
        outside = [text for text in context.approved if self._one(text)]
        if len(outside) > 0.2 * max(len(context.approved), 1):
            self.notes = (
                f"{len(outside)} of {len(context.approved)} approved lines would not fit “{self._limits.name}” "
                f"themselves, such as {quoted(outside[0])} Check the channel or its limits.",
            )

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        return [self._one(candidate.text) for candidate in candidates]

    def _one(self, text: str) -> str | None:
        limits, text = self._limits, text.strip()
        chars, count, parts = len(text), len(tokens(text)), sentences(text)
        if chars > limits.max_chars:
            rest = quoted(text[text.rfind(" ", 0, limits.max_chars) + 1 :])
            return f"{chars} characters, {limits.max_chars} at most: {rest} is too much."
        if chars < limits.min_chars:
            return f"{chars} characters, {limits.min_chars} at least: {quoted(text)} is too short."
        if count > limits.max_words:
            rest = quoted(" ".join(text.split()[limits.max_words :]) or text.split()[-1])
            return f"{count} words, {limits.max_words} at most: {rest} is too much."
        if count < limits.min_words:
            return f"{_count(count, 'word')}, {limits.min_words} at least: {quoted(text)} is too short."
        if len(parts) > limits.max_sentences:
            rest = quoted(parts[limits.max_sentences])
            return f"{len(parts)} sentences, {limits.max_sentences} at most: {rest} is too much."
        return None


def _count(number: int, what: str) -> str:
    return f"{number} {what if number == 1 else what + 's'}"
