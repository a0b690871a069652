"""A provider for tests: the same prompt and seed give the same lines, and nothing leaves the process."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from synth_core.voice.providers.base import Provider
from synth_core.voice.records import Completion, Prompt

_WHO = ("The harbour", "A slow morning", "The old key", "Our cook", "The last ferry", "One long table")
_WHAT = ("keeps its own hours", "asks for nothing", "waits for you", "knows the way", "leaves when it likes")
_END = ("So will you.", "Stay a while.", "The rest can wait.", "Nobody minds.", "It always has.")


class FakeProvider(Provider):
    """Answers with ``n`` lines put together from a few phrases, numbered so that they differ."""

    def __init__(self, model: str = "fake") -> None:
        self.key, self.model = "fake", model

    def payload(
        self, prompt: Prompt, n: int, *, temperature: float, seed: int, position: int = 0, index: int = 0
    ) -> dict[str, Any]:
        return {"prompt": prompt.hash, "user": prompt.user, "n": n, "seed": seed, "index": index}

    async def _ask(self, payload: dict[str, Any]) -> str:
        lines = []
        for i in range(payload["n"]):
            name = f"{payload['prompt']}:{payload['seed']}:{payload['index']}:{i}"
            digest = hashlib.sha256(name.encode()).digest()
            who, what, end = (part[digest[k] % len(part)] for k, part in enumerate((_WHO, _WHAT, _END)))
            lines.append(f"{who} {what} on day {int.from_bytes(digest[3:6])}. {end}")
        return json.dumps({"lines": lines, "in": len(payload["user"]) // 4, "out": sum(map(len, lines)) // 4})

    def read(self, raw: str) -> list[Completion]:
        data = json.loads(raw)
        return [Completion(json.dumps(data["lines"]), 0, data["in"], data["out"])]
