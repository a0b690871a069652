"""Spelling and grammar, but for what the brand itself does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth_core.voice.gates import spelling
from synth_core.voice.gates.base import Context
from synth_core.voice.gates.text import quoted, tokens
from synth_core.voice.records import Candidate

_CODE = re.compile(r"`([^`]*)`")
_LEAST = 20  #: approved lines below which nothing can be learned of what the brand allows itself


class Grammar:
    """Harper's rules less those that an approved line breaks; words of the approved lines and the brief are right.

    Stops nothing where the checker is not installed, fewer than 20 lines are approved or they are not English, and
    says so.
    """

    key = "grammar"

    def __init__(self, context: Context) -> None:
        self._checker = None
        self.notes: tuple[str, ...] = ()
        if not spelling.available():
            self.notes = ("Grammar was not checked: harper-py is not installed.",)
            return
        if len(context.approved) < _LEAST:
            self.notes = (
                f"Grammar was not checked: {len(context.approved)} approved lines are too few to learn what the brand "
                f"allows itself; {_LEAST} are needed.",
            )
            return
        if not spelling.english(context.approved):
            self.notes = (
                "Grammar was not checked: the approved lines are not English, and the checker knows no other.",
            )
            return
        self._checker = spelling.of_brand(context.approved)
        self._words = context.vocabulary
        #: Rules that an approved line breaks.
        self.allowed = frozenset(
            mistake.rule
            for text in context.approved
            for mistake in self._checker.mistakes(text)
            if mistake.rule != "SpellCheck"
        )

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        return [self._one(candidate.text) for candidate in candidates]

    def _one(self, text: str) -> str | None:
        if self._checker is None:
            return None
        for mistake in self._checker.mistakes(text):
            if mistake.rule in self.allowed:
                continue
            if mistake.rule == "SpellCheck" and all(word in self._words for word in tokens(mistake.text)):
                continue
            told = "not in the dictionary." if mistake.rule == "SpellCheck" else _CODE.sub(r"“\1”", mistake.told)
            better = f" Perhaps {quoted(mistake.better)}?" if mistake.better.strip() else ""
            return f"{quoted(mistake.text)}: {told if told[-1:] in '.?!' else told + '.'}{better}"
        return None
