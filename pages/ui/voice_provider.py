"""Choosing who writes the lines, and in which manner it is asked."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui import text, voice_keys
from synth_core.errors import VoiceError
from synth_core.voice.prompting import DEFAULT, PLACEHOLDERS, Template, check
from synth_core.voice.providers.registry import PROVIDERS, ProviderInfo

_LISTED = [key for key, info in PROVIDERS.items() if info.listed]
_LOCAL = "Name of the model on that server"


def choose() -> tuple[ProviderInfo, dict[str, str], bool]:
    """The provider, what a run is told of it, and whether it can be used."""
    key = st.selectbox("Who writes", _LISTED, key="voice-provider", format_func=lambda k: PROVIDERS[k].name,
                       persist_state="session")  # fmt: skip
    info = PROVIDERS[key]
    if info.kind == "recombined":
        st.info(
            f"**It recombines your own lines and does not write.** {text.literal(info.about)}",
            icon=":material/info:",
        )
        return info, {"key": key, "model": "", "base_url": ""}, True
    st.caption(text.literal(info.about))
    spec, ready = details(info, "write")
    return info, spec, ready


def details(info: ProviderInfo, where: str) -> tuple[dict[str, str], bool]:
    """Model, address and key of a provider that is asked over a network."""
    left, right = st.columns(2)
    model = left.text_input("Model", info.model, key=f"voice-model-{info.key}-{where}", persist_state="session",
                            placeholder=_LOCAL).strip()  # fmt: skip
    url = right.text_input("Address (base URL)", info.base_url, key=f"voice-url-{info.key}-{where}",
                           persist_state="session",
                           help="The key is sent to this address and to no other.").strip()  # fmt: skip
    ready = voice_keys.field(info, where)
    if not ready:
        st.caption(f":material/key: {info.name} needs a key before a run can start.")
    if not model:
        st.caption("Name the model before a run can start.")
    return {"key": info.key, "model": model, "base_url": url}, ready and bool(model) and bool(url)


def pace(info: ProviderInfo) -> dict[str, Any]:
    """How many lines, and how they are asked for."""
    first, second, third = st.columns(3)
    count = first.number_input("New lines", 1, 20_000, 200 if info.kind == "recombined" else 1_000, 100,
                               key=f"voice-count-{info.kind}", persist_state="session",
                               help="Before the gates: expect half of them or fewer to come through.")  # fmt: skip
    seed = second.number_input("Seed", 0, 2**31 - 1, 7, key="voice-seed", persist_state="session",
                               help="Which approved lines are shown in which request; of a model's own dice it is at "
                               "most a wish.")  # fmt: skip
    found: dict[str, Any] = {"count": int(count), "seed": int(seed)}
    if info.kind == "recombined":
        return found
    warm = third.number_input("Temperature", 0.0, 2.0, 0.9, 0.1, key="voice-temperature", persist_state="session",
                              help="Higher: bolder and more often wrong.")  # fmt: skip
    first, second, third = st.columns(3)
    each = first.number_input("Lines per request", 1, 50, 10, key="voice-per-request", persist_state="session")
    at_once = second.number_input("Requests at once", 1, 32, 4, key="voice-concurrency", persist_state="session")
    rate = third.number_input("Most requests a minute", 1, 10_000, None, key="voice-rate", persist_state="session",
                              placeholder="no limit")  # fmt: skip
    return {**found, "temperature": float(warm), "per_request": int(each), "concurrency": int(at_once),
            "rate": None if rate is None else float(rate)}  # fmt: skip


def template() -> Template | None:
    """The two turns of a request; None, with a sentence, where they cannot be filled in."""
    system = st.text_area("System turn", DEFAULT.system, height=220, key="voice-system", persist_state="session")
    user = st.text_area("User turn", DEFAULT.user, height=140, key="voice-user", persist_state="session")
    listed = ", ".join(f"`{{{name}}}` {about}" for name, about in PLACEHOLDERS.items())
    st.caption(f"Placeholders: {listed}. A row whose placeholders are all empty is left out.")
    found = Template(system, user)
    try:
        check(found)
    except VoiceError as error:
        st.error(text.literal(str(error)), icon=":material/error:")
        return None
    return found
