"""Is it a line that has been accepted already, in other words; has an approved line enough offspring?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from synth_core.voice.gates.base import Context
from synth_core.voice.gates.text import quoted, tokens
from synth_core.voice.records import Candidate

KIN = 60.0  #: similarity from which a written line counts as the offspring of the approved line most like it


class Similar:
    """``token_set_ratio`` to every accepted line below a limit: order and repeats of words do not count."""

    key = "similar"

    def __init__(self, context: Context) -> None:
        self.notes: tuple[str, ...] = ()
        self._limit = context.settings.similar
        self._texts: list[str] = []
        self._folded: list[str] = []

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        return [self._one(candidate.text) for candidate in candidates]

    def _one(self, text: str) -> str | None:
        folded = " ".join(tokens(text))
        found = process.extractOne(folded, self._folded, scorer=fuzz.token_set_ratio, score_cutoff=self._limit)
        if found is not None:
            _, score, place = found
            return f"{score:.0f} % the same words as the accepted line {quoted(self._texts[place])}"
        return None

    def accept(self, candidate: Candidate) -> None:
        """Later lines are compared with this one."""
        self._texts.append(candidate.text)
        self._folded.append(" ".join(tokens(candidate.text)))


class Family:
    """At most so many accepted lines for one approved line.

    A recombined line counts for every line it was put together from; a written one for the approved line most like
    it, where that is like it at all: the examples of its prompt are not its parents.
    """

    key = "family"

    def __init__(self, context: Context) -> None:
        self.notes: tuple[str, ...] = ()
        self._most = context.settings.per_family
        self._texts = {line.id: line.text for line in context.brand.approved}
        self._ids = list(self._texts)
        self._folded = [" ".join(tokens(text)) for text in self._texts.values()]
        self._counts: Counter[str] = Counter()

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        return [self._one(candidate) for candidate in candidates]

    def _one(self, candidate: Candidate) -> str | None:
        for parent in self._parents(candidate):
            if self._counts[parent] >= self._most:
                text = self._texts.get(parent, parent)
                return f"{self._most} accepted lines stem from the approved line {quoted(text)} already."
        return None

    def accept(self, candidate: Candidate) -> None:
        """Counts for its approved lines."""
        self._counts.update(self._parents(candidate))

    def _parents(self, candidate: Candidate) -> tuple[str, ...]:
        if candidate.kind == "recombined":
            return tuple(dict.fromkeys(candidate.parents))
        folded = " ".join(tokens(candidate.text))
        found = process.extractOne(folded, self._folded, scorer=fuzz.ratio, score_cutoff=KIN)
        return (self._ids[found[2]],) if found is not None else ()
