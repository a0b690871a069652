"""The offline default."""

from __future__ import annotations

import json
from typing import Any

from synth_core.voice.providers.base import Provider
from synth_core.voice.records import Brand, Completion, Prompt

ABOUT = "Puts your approved lines together anew, offline."


class EmbeddedProvider(Provider):
    kind = "recombined"

    def __init__(self, brand: Brand) -> None:
        self.key, self.model = "embedded", "recombiner"
        self._brand = brand

    def payload(
        self, prompt: Prompt, n: int, *, temperature: float, seed: int, position: int = 0, index: int = 0
    ) -> dict[str, Any]:
        return {"from": position * n, "n": n, "seed": seed}

    def read(self, raw: str) -> list[Completion]:
        data = json.loads(raw)
        return [Completion(text, i, parents=tuple(parents)) for i, (text, parents) in enumerate(data)]
