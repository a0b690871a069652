"""Guide: what each method does, in plain words and with examples that are computed as you look."""

import streamlit as st

from pages.ui import frame, views
from pages.ui.guide_lessons import LESSONS


def show(view: str) -> None:
    """Make the address name the lesson."""
    views.address(view, (), {})


with frame.page("Guide", "Every picture here is computed when you open it. Move a control and it changes."):
    asked = st.query_params.get("view")
    names = {key: title for key, (title, _) in LESSONS.items()}
    chosen = views.choose("Lesson", names, asked if asked in LESSONS else "smote", key="lesson", show=show)
    LESSONS[chosen][1]()
