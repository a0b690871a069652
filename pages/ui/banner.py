"""The answer of a result on screen: icon, word, sentence, figures; the report says the same."""

from __future__ import annotations

from html import escape

import streamlit as st

from synth_core.reports.document import COLOURS, Finding


def show(found: Finding) -> None:
    """Never colour alone."""
    colour = COLOURS[found.tone]
    st.html(
        f'<div class="verdict" role="status" style="border-color:{colour}"><span class="word" style="color:{colour}">'
        f"{escape(f'{found.icon} {found.word}')}</span>{escape(found.sentence)}"
        f'<span class="figures">{escape(" · ".join(found.figures))}</span></div>'
    )
