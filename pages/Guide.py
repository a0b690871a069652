"""Guide: what each method does, in plain words and with examples that are computed as you look."""

import streamlit as st

from pages.ui import (
    frame,
    guide_generators,
    guide_leak,
    guide_limits,
    guide_networks,
    guide_privacy,
    guide_simulation,
    guide_smote,
    guide_verdict,
    guide_words,
    views,
)

LESSONS = {
    "smote": ("SMOTE", guide_smote.lesson),
    "generators": ("Trees and copulas", guide_generators.lesson),
    "networks": ("GANs and VAEs", guide_networks.lesson),
    "simulation": ("Simulation", guide_simulation.lesson),
    "privacy": ("Differential privacy", guide_privacy.lesson),
    "leak": ("The usual mistake", guide_leak.lesson),
    "verdict": ("How to read a verdict", guide_verdict.lesson),
    "limits": ("When it is the wrong tool", guide_limits.lesson),
    "words": ("Glossary", guide_words.lesson),
}


def show(view: str) -> None:
    """Make the address name the lesson."""
    views.address(view, (), {})


with frame.page("Guide", "Every picture here is computed when you open it. Move a control and it changes."):
    asked = st.query_params.get("view")
    names = {key: title for key, (title, _) in LESSONS.items()}
    chosen = views.choose("Lesson", names, asked if asked in LESSONS else "smote", key="lesson", show=show)
    LESSONS[chosen][1]()
