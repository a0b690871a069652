"""The providers there are, and how to get one ready."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from synth_core.errors import VoiceError
from synth_core.voice.providers.anthropic import AnthropicProvider
from synth_core.voice.providers.base import Provider
from synth_core.voice.providers.embedded import ABOUT, EmbeddedProvider
from synth_core.voice.providers.fake import FakeProvider
from synth_core.voice.providers.openai import OpenAIProvider
from synth_core.voice.records import Brand


@dataclass(frozen=True)
class ProviderInfo:
    """What a page needs to know of a provider.

    Attributes
    ----------
    key, name, about : str
    needs_key : {"no", "optional", "yes"}
    variable : str
        Environment variable of the key; empty where there is none.
    base_url, model : str
        To start from; the user may change both. Empty: not asked for, or for the user to fill in.
    kind : {"written", "recombined"}
    offline : bool
        Works without any server.
    listed : bool
        Offered on the page.
    """

    key: str
    name: str
    about: str
    needs_key: Literal["no", "optional", "yes"] = "no"
    variable: str = ""
    base_url: str = ""
    model: str = ""
    kind: Literal["written", "recombined"] = "written"
    offline: bool = False
    listed: bool = True


PROVIDERS: Mapping[str, ProviderInfo] = {
    info.key: info
    for info in (
        ProviderInfo("embedded", "Recombination (offline)", ABOUT, model="recombiner", kind="recombined", offline=True),
        ProviderInfo(
            "openai",
            "OpenAI",
            "A model of OpenAI's, or of a service that speaks its chat completions protocol: change the address. "
            "Your approved lines and brief are sent there, and each request costs money.",
            "yes",
            "OPENAI_API_KEY",
            "https://api.openai.com/v1",
            "gpt-4.1-mini",
        ),
        ProviderInfo(
            "anthropic",
            "Anthropic",
            "A model of Anthropic's. Your approved lines and brief are sent there, and each request costs money.",
            "yes",
            "ANTHROPIC_API_KEY",
            "https://api.anthropic.com",
            "claude-sonnet-4-5",
        ),
        ProviderInfo(
            "local",
            "Model on your own computer or network",
            "A server that speaks OpenAI's protocol: Ollama, LM Studio, vLLM, llama.cpp. Nothing leaves your network. "
            "Small models often answer with nonsense or broken lists: expect the gates to stop much.",
            "optional",
            "LOCAL_MODEL_KEY",
            "http://127.0.0.1:11434/v1",
        ),
        ProviderInfo("fake", "Test phrases", "Made-up phrases for trying the page.", offline=True, listed=False),
    )
}

#: Names the variable with further addresses, comma-separated, that people who share a server may have asked.
ADDRESSES = "STUDIO_PROVIDER_ADDRESSES"


def permit(key: str, base_url: str, environment: Mapping[str, str] | None = None) -> None:
    """See that somebody who shares a server may have this address asked.

    A server that asks any address opens its own network, and hands its own key, to whoever types one.

    Raises
    ------
    VoiceError
        The address is neither the provider's own nor listed in ``$STUDIO_PROVIDER_ADDRESSES``.
    """
    info, environment = PROVIDERS.get(key), os.environ if environment is None else environment
    if info is None or info.offline or base_url.rstrip("/") in {a.rstrip("/") for a in _permitted(info, environment)}:
        return
    raise VoiceError(
        f"This server may not ask {base_url or 'that address'}. Use the provider's own address, or have whoever runs "
        f"the server list yours in {ADDRESSES}."
    )


def _permitted(info: ProviderInfo, environment: Mapping[str, str]) -> list[str]:
    own = [] if info.key == "local" else ["", info.base_url]
    return own + [a for entry in environment.get(ADDRESSES, "").split(",") if (a := entry.strip())]


def make(
    key: str,
    *,
    brand: Brand,
    model: str = "",
    base_url: str = "",
    api_key: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Provider:
    """A provider ready to be asked; nothing is sent yet.

    Parameters
    ----------
    key : str
        Of :data:`PROVIDERS`.
    brand : Brand
        What the embedded provider recombines.
    model, base_url : str
        Empty: the provider's own.
    api_key : str or None
        None: from its environment variable.
    environment : mapping or None
        None: of this process.

    Raises
    ------
    VoiceError
        No such provider; the key, model or address is missing or unfit.
    """
    if key not in PROVIDERS:
        raise VoiceError(f"There is no provider called “{key}”. Choose one of {', '.join(PROVIDERS)}.")
    info = PROVIDERS[key]
    if key == "embedded":
        return EmbeddedProvider(brand)
    if key == "fake":
        return FakeProvider(model or "fake")
    environment = os.environ if environment is None else environment
    api_key = api_key or environment.get(info.variable) or None
    if info.needs_key == "yes" and not api_key:
        raise VoiceError(f"{info.name} needs a key. Set {info.variable}, or type the key on the page.")
    kwargs: dict[str, Any] = {
        "key": key,
        "name": info.name if key != "local" else "The local server",
        "model": model or info.model,
        "base_url": base_url or info.base_url,
        "variable": info.variable,
        "api_key": api_key,
    }
    makers: dict[str, Callable[[], Provider]] = {
        "openai": lambda: OpenAIProvider(**kwargs),
        "anthropic": lambda: AnthropicProvider(**kwargs),
        "local": lambda: OpenAIProvider(**kwargs, limit="max_tokens", spare=512),
    }
    return makers[key]()
