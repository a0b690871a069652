"""A second model that gives each line a score, if wanted."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui import voice_provider
from synth_core.voice.providers.registry import PROVIDERS

_NONE = "none"
_MODELS = [key for key, info in PROVIDERS.items() if info.listed and info.kind == "written"]


def choose() -> tuple[dict[str, Any] | None, bool]:
    """What a run is told of the judge model, None for none; and whether it can be used."""
    key = st.selectbox("Judge model", [_NONE, *_MODELS], key="voice-judge", persist_state="session",
                       format_func=lambda k: "None" if k == _NONE else PROVIDERS[k].name,
                       help="Scores each line that passed everything else from 1 to 5. What a score is worth is "
                       "decided here, not by the model.")  # fmt: skip
    if key == _NONE:
        return None, True
    spec, ready = voice_provider.details(PROVIDERS[key], "judge")
    least = st.slider("Lowest score that passes", 1.0, 5.0, 3.5, 0.5, key="voice-judge-minimum",
                      persist_state="session")  # fmt: skip
    st.caption("One request for ten lines; its cost comes on top of the estimate. A line without a score passes.")
    return {**spec, "minimum": float(least)}, ready
