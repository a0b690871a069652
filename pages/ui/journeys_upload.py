"""Uploading journeys, and saying which column is which where the names do not tell."""

from __future__ import annotations

import streamlit as st

from pages.ui import journeys_views, text, uploads, workspace
from synth_core.errors import SynthError
from synth_core.journeys.reading import read_sheet

_DETECT, _EVENTS, _PATHS = "Find out", "One row per touch", "One row per path"
#: Rows → part, label, whether it has to be there.
_PARTS = {
    _EVENTS: (("user", "User", True), ("time", "Time", True), ("channel", "Channel", True),
              ("conversion", "Conversion", False), ("event", "Kind of event", False), ("value", "Value", False)),
    _PATHS: (("path", "Path, such as A > B > C", True), ("conversions", "Conversions", True),
             ("nulls", "Without conversion", False), ("total", "Occurrences in all", False), ("value", "Value", False)),
}  # fmt: skip
_READ, _NONE = "journeys-read", "none"


def upload() -> None:
    """Take a file, store it as soon as it can be read, and show it."""
    file = st.file_uploader("Journeys", type=uploads.TYPES, key="journeys-upload", label_visibility="collapsed")
    st.caption(
        "**One row per touch**: user, time, channel, and perhaps conversion and value. **One row per path**: "
        "`A > B > C`, conversions, and perhaps value and how often the path did not convert."
    )
    if file is None:
        return
    kind = st.segmented_control("What the rows are", [_DETECT, *_PARTS], default=_DETECT, required=True,
                                key=f"journeys-rows-{file.file_id}")  # fmt: skip
    try:
        columns = _columns(kind, file) if kind != _DETECT else None
        if kind != _DETECT and columns is None:
            return
        mark = (file.file_id, tuple((columns or {}).items()))
        if st.session_state.get(_READ) == mark:
            return
        workspace.make_room(file.size)
        with st.spinner("Reading the file …"):
            found = workspace.journeys().add(file.getvalue(), file.name, columns)
    except SynthError as error:
        st.error(text.literal(str(error)), icon=":material/error:")
        if kind == _DETECT:
            st.caption("If the columns were taken for something else, say above what the rows are.")
        return
    st.session_state[_READ] = mark
    journeys_views.show("own", journeys=found)
    st.rerun()


def _columns(kind: str, file) -> dict[str, str] | None:
    """Which column plays which part; None until the button is pressed."""
    names = _names(file.file_id, file.getvalue())
    chosen = {}
    places = st.columns(3)
    for i, (part, label, needed) in enumerate(_PARTS[kind]):
        options = names if needed else [_NONE, *names]
        picked = places[i % 3].selectbox(label, options, index=None if needed else 0, key=f"journeys-{part}-{kind}",
                                         placeholder="Choose a column")  # fmt: skip
        if picked is not None and picked != _NONE:
            chosen[part] = picked
    complete = all(part in chosen for part, _, needed in _PARTS[kind] if needed)
    pressed = st.button("Read the file", type="primary", key="journeys-columns", disabled=not complete)
    return chosen if pressed else None


@st.cache_data(max_entries=4, show_spinner="Reading the file …")
def _names(file: str, _data: bytes) -> list[str]:
    return list(read_sheet(_data, None).names)
