"""The offline default: recombines the brand's own lines, writes nothing of its own, and says which lines it used."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

from synth_core.errors import VoiceError
from synth_core.voice.providers.base import Provider, ProviderError
from synth_core.voice.providers.ranking import MOST_LINES, distinct, ranked
from synth_core.voice.providers.recombine import Draft
from synth_core.voice.records import Brand, Completion, Prompt

#: Figures: the demo brand (200 lines) and 140 lines of another house, on which the rules were tried; 120 lines read.
ABOUT = (
    "Works without a network or a model: it puts your own approved lines together anew and writes no word of its own. "
    "Things in a list change places, a noun gives way to its like, phrases of place and time move, short sentences of "
    "one subject are paired, and what your brief names is put in. It suits voices of short sentences and lists; from "
    "long sentences it makes nothing. Of 200 short lines it made some 900 new ones; about 270 differ clearly from each "
    "other. Read one by one, about six in seven made sense, in the voices it was tried on. Fewer are worth publishing, "
    "and none says what your lines do not say already. Numbers and names keep their words but may lose their truth: "
    "check them."
)


class EmbeddedProvider(Provider):
    """Answers from one ranked list of recombinations per seed: request after request takes the next of it.

    Parameters
    ----------
    brand : Brand

    Raises
    ------
    VoiceError
        There is nothing to recombine.
    """

    kind = "recombined"

    def __init__(self, brand: Brand) -> None:
        if not brand.approved:
            raise VoiceError(
                "This brand has no approved lines yet. Add some: offline, new lines are put together from them."
            )
        self.key, self.model = "embedded", "recombiner"
        self._brand = brand
        self._ranked: dict[int, list[Draft]] = {}
        self._lock = threading.Lock()

    def payload(
        self, prompt: Prompt, n: int, *, temperature: float, seed: int, position: int = 0, index: int = 0
    ) -> dict[str, Any]:
        return {"seed": seed, "position": position, "n": n}

    async def _ask(self, payload: dict[str, Any]) -> str:
        # Seconds of work, in a thread so that Cancel is heard meanwhile.
        halt = threading.Event()
        try:
            drafts = await asyncio.to_thread(self._drafts, payload["seed"], halt)
        except asyncio.CancelledError:
            halt.set()
            raise
        if not drafts:
            raise ProviderError(
                "Offline, nothing new can be put together from these approved lines: it takes short sentences and "
                "lists, some fifty lines or more. Add lines, or use a model.",
                hopeless=True,
            )
        start = payload["position"] * payload["n"]
        ids = [line.id for line in self._brand.approved]
        chosen = drafts[start : start + payload["n"]]
        return json.dumps([[d.text, [ids[i] for i in d.parents], d.how] for d in chosen], ensure_ascii=False)

    def read(self, raw: str) -> list[Completion]:
        return [Completion(text, i, parents=tuple(parents)) for i, (text, parents, _) in enumerate(json.loads(raw))]

    def notes(self) -> tuple[str, ...]:
        lines = len(self._brand.approved)
        used = f"{MOST_LINES:,} of {lines:,}" if lines > MOST_LINES else f"{lines:,}"
        return tuple(
            f"Offline, {used} approved lines can be put together in {len(drafts):,} new ways by the rules; "
            f"{distinct(drafts):,} of them differ clearly from each other."
            for drafts in self._ranked.values()
        )

    def _drafts(self, seed: int, halt: threading.Event) -> list[Draft]:
        with self._lock:
            if seed not in self._ranked:
                self._ranked[seed] = ranked(self._brand, seed, halt.is_set)
            return self._ranked[seed]
