"""What the brand has forbidden, or must say."""

from __future__ import annotations

from collections.abc import Sequence

from synth_core.voice.gates.base import Context
from synth_core.voice.gates.text import phrase, quoted
from synth_core.voice.records import Candidate


class Rules:
    """Banned words, claims the facts do not carry, competitors' names, disclaimers that are missing."""

    key = "compliance"

    def __init__(self, context: Context) -> None:
        rules = context.brand.compliance
        self._banned = [(item, phrase(item)) for item in rules.banned if item.strip()]
        self._competitors = [phrase(item) for item in rules.competitors if item.strip()]
        stated = "\n".join((*context.brand.brief.facts, *context.brand.brief.offers))
        claims = [(item, phrase(item)) for item in rules.claims if item.strip()]
        self._claims = [(item, pattern) for item, pattern in claims if not pattern.search(stated)]
        self._disclaimers = [(phrase(trigger), text) for trigger, text in rules.disclaimers if trigger.strip()]
        broken = [text for text in context.approved if self._one(text)]
        self.notes = (
            (f"{len(broken)} approved lines break the brand's own rules, such as {quoted(broken[0])}",)
            if broken
            else ()
        )

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        return [self._one(candidate.text) for candidate in candidates]

    def _one(self, text: str) -> str | None:
        for item, pattern in self._banned:
            if found := pattern.search(text):
                return f"{quoted(found.group())} is on the list of banned words ({item})."
        for pattern in self._competitors:
            if found := pattern.search(text):
                return f"{quoted(found.group())} is a competitor's name."
        for item, pattern in self._claims:
            if found := pattern.search(text):
                return f"{quoted(found.group())} is a claim ({item}) that none of the brief's facts supports."
        squeezed = " ".join(text.casefold().split())
        for pattern, needed in self._disclaimers:
            if (found := pattern.search(text)) and " ".join(needed.casefold().split()) not in squeezed:
                return f"{quoted(found.group())} needs the disclaimer {quoted(needed)}, which is missing."
        return None
