"""The offline default: recombines the brand's own lines, writes nothing of its own, and says which lines it used."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

from synth_core.errors import VoiceError
from synth_core.voice.providers.base import Provider, ProviderError
from synth_core.voice.providers.recombine import Draft, Workshop
from synth_core.voice.records import Brand, Completion, Prompt

#: Shares from reading 120 recombinations of two brands with short lines (200 and 140 of them) one by one.
ABOUT = (
    "Works without a network or a model: it puts your own approved lines together anew and writes no word of its own. "
    "Things in a list change places, a noun gives way to its like, phrases of place and time move, short sentences of "
    "one subject are paired, and what your brief names is put in. It suits voices of short sentences and lists; from "
    "long sentences it makes nothing. Read one by one, about six in seven lines made sense. Fewer are worth publishing, "
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
        drafts = await asyncio.to_thread(self._drafts, payload["seed"])
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
        return tuple(
            f"Offline, {len(self._brand.approved):,} approved lines can be put together in {len(drafts):,} new ways "
            "by the rules. More approved lines give more."
            for drafts in self._ranked.values()
        )

    def _drafts(self, seed: int) -> list[Draft]:
        with self._lock:
            if seed not in self._ranked:
                self._ranked[seed] = Workshop(self._brand).ranked(seed)
            return self._ranked[seed]
