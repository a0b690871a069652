"""The chat completions protocol of OpenAI, spoken by vLLM, Ollama, LM Studio, llama.cpp and many services too."""

from __future__ import annotations

from typing import Any

from synth_core.voice.providers.base import Declined
from synth_core.voice.providers.http import HttpProvider
from synth_core.voice.records import Completion, Prompt

_TOKENS_PER_LINE = 80


class OpenAIProvider(HttpProvider):
    """See :class:`synth_core.voice.providers.http.HttpProvider`.

    Parameters
    ----------
    limit : {"max_completion_tokens", "max_tokens"}
        OpenAI has replaced the second by the first; local servers know the second. A model that refuses one, or
        a temperature or seed, is asked without it.
    spare : int
        Tokens beside those for the lines: models that reason spend them before they write.
    """

    path = "/chat/completions"

    def __init__(self, *, limit: str = "max_completion_tokens", spare: int = 4096, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._limit, self._spare = limit, spare

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._secret.reveal()}"} if self._secret else {}

    def payload(
        self, prompt: Prompt, n: int, *, temperature: float, seed: int, position: int = 0, index: int = 0
    ) -> dict[str, Any]:
        system = [{"role": "system", "content": prompt.system}] if prompt.system else []
        return {
            "model": self.model,
            "messages": [*system, {"role": "user", "content": prompt.user}],
            "temperature": temperature,
            # The same prompt is asked again with another seed, or its answer would come twice.
            "seed": (seed + position) % 2**31,
            self._limit: self._spare + _TOKENS_PER_LINE * n,
        }

    def read(self, raw: str) -> list[Completion]:
        data = self.parsed(raw)
        choices = data.get("choices")
        if not isinstance(choices, list) or not choices:
            raise self.unreadable(raw)
        usage = data.get("usage") if isinstance(data.get("usage"), dict) else {}
        found, declined = [], ""
        for index, choice in enumerate(choices):
            message = choice.get("message") if isinstance(choice, dict) else None
            if not isinstance(message, dict):
                raise self.unreadable(raw)
            text = joined(message.get("content"))
            if not text and (said := message.get("refusal")):
                declined = f"The model declined: “{str(said)[:160]}”"
            elif not text and choice.get("finish_reason") == "content_filter":
                declined = "The provider's content filter held the answer back."
            first = index == 0
            found.append(
                Completion(
                    uncut(text, choice.get("finish_reason") == "length"),
                    index,
                    count(usage.get("prompt_tokens")) if first else 0,
                    count(usage.get("completion_tokens")) if first else 0,
                )
            )
        if declined and not any(c.text for c in found):
            raise Declined(declined)
        return found


def joined(content: Any) -> str:
    """The text of a message: a string, or a list of parts of which some are text."""
    if isinstance(content, list):
        parts = [p for p in content if isinstance(p, dict) and p.get("type") in ("text", "output_text")]
        return "".join(str(p.get("text", "")) for p in parts)
    return content if isinstance(content, str) else ""


def uncut(text: str, was_cut: bool) -> str:
    """``text`` without its last line, where the limit of tokens cut that in the middle."""
    return text.rsplit("\n", 1)[0] if was_cut and "\n" in text else text


def count(value: Any) -> int:
    """Tokens as told; 0 where they are not."""
    return int(value) if isinstance(value, int | float) and value > 0 else 0
