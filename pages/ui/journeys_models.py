"""The attribution models on screen: what they are called, what they do, and choosing some, and a truth."""

from __future__ import annotations

import streamlit as st

from synth_core.journeys.attribution import MODELS
from synth_core.journeys.results import TRUTHS, TruthName


def choose(key: str) -> list[str]:
    """Keys of the models to use; all unless some are taken out. Empty, with a sentence, where none is left."""
    with st.expander("Which models", icon=":material/checklist:", key=f"{key}-open"):
        picked = st.multiselect(
            "Models", list(MODELS), list(MODELS), format_func=name, key=key, placeholder="Choose at least one"
        )
        st.markdown("\n".join(f"- **{m.name}**: {m.about}" for m in MODELS.values()))
    if not picked:
        st.warning("Choose at least one model.")
    return [k for k in MODELS if k in picked]


def name(key: str) -> str:
    """As it is called on screen; a vendor's key is its name."""
    return MODELS[key].name if key in MODELS else key


def about(key: str) -> str:
    """Its definition."""
    return MODELS[key].about if key in MODELS else ""


def select(keys: list[str], label: str = "Model") -> str:
    """One of several models; the same one in all parts of the page."""
    chosen = st.session_state.get("journeys-model")
    if chosen not in keys:
        st.session_state["journeys-model"] = "last" if "last" in keys else keys[0]
    return st.selectbox(label, keys, key="journeys-model", format_func=name, persist_state="page")


def select_truth() -> TruthName:
    """Which truth credits are held against; the same one in all parts of the page."""
    return st.selectbox("Truth", list(TRUTHS), key="journeys-truth", format_func=TRUTHS.get, persist_state="page")
