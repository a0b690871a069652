"""Opening a hand-over pack that somebody sent."""

from __future__ import annotations

import streamlit as st

from pages.ui import frame, workspace
from synth_core.reports.pack import MAX_BYTES

_ABOUT = (
    "A .zip from “Make pack”: synthetic rows with their card, report and results. It is checked against its manifest "
    "first; nothing in it is run. The real table is not in it."
)


def section() -> None:
    """Upload a pack and move on to its rows."""
    with frame.guard():
        file = st.file_uploader("Hand-over pack", type=["zip"], key="pack-file", max_upload_size=MAX_BYTES >> 20)
        st.caption(_ABOUT)
        if file is None or not st.button("Open pack", type="primary", icon=":material/unarchive:", key="pack-open"):
            return
        from synth_core.tasks import unpacking  # only now: it needs pyarrow and the fidelity report

        content = file.getvalue()
        workspace.make_room(4 * len(content))  # what is stored is packed less tightly
        with st.spinner("Checking the pack …"):
            run = unpacking.adopt(workspace.store(), content)["generate"]
        frame.go("Generate", run=run.id, dataset=run.dataset)
