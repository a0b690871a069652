"""Rows from a generator that was saved before."""

from __future__ import annotations

import io
import secrets

import streamlit as st

from pages.ui import columns, text
from pages.ui.frame import guard
from synth_core.generators import saving
from synth_core.tables import export

MOST_ROWS = 200_000


def sample() -> None:
    """Upload a saved generator, read its card, make rows, take them away."""
    with guard():
        file = st.file_uploader("Saved generator", type=["zip"], key="saved-generator", max_upload_size=200)
        if file is None:
            st.caption("A .zip from “Save generator”. It holds no real row; opening one runs nothing that is in it.")
            return
        content = file.getvalue()
        card = saving.read_card(io.BytesIO(content))
        with st.popover("Card of this generator", icon=":material/description:"):
            st.markdown(card.to_markdown())
        st.caption(
            f"**{text.literal(card.title)}**, trained on {text.count(card.rows)} rows of {text.literal(card.table)}, "
            f"{len(card.columns)} columns."
        )
        left, right = st.columns(2)
        rows = left.number_input("Rows to make", 1, MOST_ROWS, 1_000, 500, key="saved-rows")
        seed = right.number_input(
            "Seed", 0, 2**31 - 1, None, placeholder="new each time", key="saved-seed",
            help="Empty: other rows with every click. The same seed gives the same rows; it is shown with them.",
        )  # fmt: skip
        if st.button("Make rows", type="primary", icon=":material/play_arrow:", key="saved-make"):
            st.session_state["saved-asked"] = (
                file.file_id,
                int(rows),
                secrets.randbelow(2**31) if seed is None else int(seed),
            )
        asked = st.session_state.get("saved-asked")
        if asked is None or asked[0] != file.file_id:
            return
        made, schema = _rows(*asked, content)
        st.caption(f"{text.count(len(made))} rows, seed {asked[2]}.")
        columns.preview(made, schema, height=260, alt="Rows from the saved generator")
        st.download_button(
            "Rows of the saved generator (CSV)", lambda: export.to_csv_bytes(made, schema), "synthetic.csv", "text/csv",
            key="download-saved", icon=":material/download:", on_click="ignore",
        )  # fmt: skip


@st.cache_resource(max_entries=2, show_spinner="Making rows …")
def _rows(file: str, rows: int, seed: int, _content: bytes):
    generator = saving.load(io.BytesIO(_content))
    return generator.sample(rows, seed=seed), generator.schema
