"""Keys of providers: from the environment, or kept in this browser session; never written anywhere."""

from __future__ import annotations

import os
from typing import Any

import streamlit as st

from synth_core.voice.providers.registry import PROVIDERS, ProviderInfo


def field(info: ProviderInfo, where: str = "write") -> bool:
    """Ask for the key of a provider; True where the provider can be used."""
    if info.needs_key == "no":
        return True
    found = bool(os.environ.get(info.variable))
    optional = info.needs_key == "optional"
    st.text_input(
        f"Key for {info.name}" + (" (if it asks for one)" if optional else ""), type="password",
        key=f"voice-key-{info.key}-{where}", persist_state="session", on_change=_keep, args=(info.key, where),
        placeholder=f"{info.variable} of the server is used" if found else "", autocomplete="off",
    )  # fmt: skip
    typed = bool(_held().get(info.variable))
    st.caption(
        "The typed key stays in this browser session and is handed to the run's process alone: it is written to no "
        f"file, log or result. A key in the server's environment variable {info.variable} works without typing; there "
        f"is {'one' if found else 'none now'}."
    )
    return optional or found or typed


def _keep(provider: str, where: str) -> None:
    _held()[PROVIDERS[provider].variable] = (st.session_state.get(f"voice-key-{provider}-{where}") or "").strip()


def _held() -> dict[str, str]:
    return st.session_state.setdefault("voice-keys", {})


def secrets(spec: dict[str, Any]) -> dict[str, str]:
    """The typed keys that a run with this spec needs, by the name of their environment variable."""
    asked = [spec.get("provider"), spec.get("judge")]
    wanted = {PROVIDERS[p["key"]].variable for p in asked if isinstance(p, dict) and p.get("key") in PROVIDERS} - {""}
    return {name: _held()[name] for name in sorted(wanted) if _held().get(name)}
