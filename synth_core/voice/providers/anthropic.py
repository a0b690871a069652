"""Anthropic's messages protocol."""

from __future__ import annotations

from typing import Any

from synth_core.voice.providers.base import Declined
from synth_core.voice.providers.http import HttpProvider
from synth_core.voice.providers.openai import count, joined, uncut
from synth_core.voice.records import Completion, Prompt

_VERSION = "2023-06-01"
_SPARE, _TOKENS_PER_LINE = 1024, 80


class AnthropicProvider(HttpProvider):
    """See :class:`synth_core.voice.providers.http.HttpProvider`. There is no seed: the same request may answer anew."""

    path = "/v1/messages"

    def headers(self) -> dict[str, str]:
        key = {"x-api-key": self._secret.reveal()} if self._secret else {}
        return {"anthropic-version": _VERSION, **key}

    def payload(
        self, prompt: Prompt, n: int, *, temperature: float, seed: int, position: int = 0, index: int = 0
    ) -> dict[str, Any]:
        return {
            "model": self.model,
            "max_tokens": _SPARE + _TOKENS_PER_LINE * n,
            **({"system": prompt.system} if prompt.system else {}),
            "messages": [{"role": "user", "content": prompt.user}],
            "temperature": min(temperature, 1.0),  # the protocol's highest
        }

    def read(self, raw: str) -> list[Completion]:
        data = self.parsed(raw)
        if data.get("type") == "error" or not isinstance(data.get("content"), list):
            raise self.unreadable(raw)
        text = joined(data["content"])
        if data.get("stop_reason") == "refusal" and not text:
            raise Declined("The model declined to write.")
        usage = data.get("usage") if isinstance(data.get("usage"), dict) else {}
        tokens_in = sum(
            count(usage.get(name))
            for name in ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        )
        was_cut = data.get("stop_reason") in ("max_tokens", "model_context_window_exceeded")
        return [Completion(uncut(text, was_cut), 0, tokens_in, count(usage.get("output_tokens")))]
