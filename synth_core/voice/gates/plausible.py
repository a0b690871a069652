"""Do the words of a recombined line follow each other as words of the brand's lines do?"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from synth_core.voice.gates.base import Context
from synth_core.voice.gates.text import ngrams, quoted
from synth_core.voice.providers.kneser_ney import KneserNey
from synth_core.voice.records import Candidate

_PIECE = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*|[.,;:!?]")
_FOLDS = 5
_LEAST = 30  #: approved lines below which a model of their wording is worth nothing


class Plausible:
    """Log-probability per word under an n-gram model of the brand's and the contrast's lines.

    A line is scored by a model that has not seen the approved lines it was put together from, and compared with
    approved lines scored by models that have not seen them. Only recombined lines are asked: what a model writes
    freely scores the better the more it repeats itself.
    """

    key = "plausible"

    def __init__(self, context: Context) -> None:
        self.notes: tuple[str, ...] = ()
        self._context = context
        approved = context.brand.approved
        self._asked = len(approved) >= _LEAST
        if not self._asked:
            self.notes = (
                f"Plausible wording was not checked: it needs {_LEAST} approved lines, there are {len(approved)}.",
            )
            return
        order = np.random.default_rng([context.seed, 31]).permutation(len(approved))
        self._fold = {approved[i].id: place % _FOLDS for place, i in enumerate(order)}
        self._models: dict[frozenset[int], KneserNey] = {}
        held_out = [self._score(line.text, frozenset({self._fold[line.id]})) for line in approved]
        #: Nats per word below which a line is implausible.
        self.limit = float(np.quantile(held_out, context.settings.implausible))

    def check(self, candidates: Sequence[Candidate]) -> list[str | None]:
        return [self._one(candidate) for candidate in candidates]

    def _one(self, candidate: Candidate) -> str | None:
        if not self._asked or candidate.kind != "recombined":
            return None
        left_out = frozenset(self._fold[parent] for parent in candidate.parents if parent in self._fold)
        score = self._score(candidate.text, left_out or frozenset({0}))
        if score >= self.limit:
            return None
        odd = self._oddest(candidate.text, left_out or frozenset({0}))
        return (
            f"{quoted(odd)} is an unlikely run of words for this brand ({score:.2f} nats a word; "
            f"{self.limit:.2f} at least)."
        )

    def _model(self, left_out: frozenset[int]) -> KneserNey:
        if left_out not in self._models:
            brand = self._context.brand
            seen = [line for line in brand.approved if self._fold[line.id] not in left_out]
            self._models[left_out] = KneserNey([_words(line.text) for line in (*seen, *brand.contrast)])
        return self._models[left_out]

    def _score(self, text: str, left_out: frozenset[int]) -> float:
        """Nats per word."""
        return self._model(left_out).score(_words(text))

    def _oddest(self, text: str, left_out: frozenset[int]) -> str:
        """The least likely word after the one before it, of those the model knows."""
        model, words = self._model(left_out), _words(text)
        pairs = [
            (model.probability(b, (a,)), f"{a} {b}") for a, b in ngrams(words, 2) if b[0].isalnum() and a[0].isalnum()
        ]
        known = [pair for pair in pairs if all(word in model.vocabulary for word in pair[1].split())]
        return min(known or pairs or [(0.0, text)])[1]


def _words(text: str) -> list[str]:
    """Words and marks, in lower case."""
    return [found.replace("’", "'") for found in _PIECE.findall(text.casefold())]
