"""How a nightly job feeds a test, and taking its files by hand."""

from __future__ import annotations

import streamlit as st

from pages.ui import text
from synth_core.prospective.log import TestLog


def section(log: TestLog) -> None:
    """Where to drop files, the command of the job, and a button that does its work now."""
    place = f"prospective/{log.folder.name}/inbox"
    st.markdown("A job may drop files into these folders of the workspace, any table format:")
    st.code(f"{place}/leads/\n{place}/outcomes/\n{place}/corrections/", language=None)
    st.markdown("and a scheduler runs, once a night, with the workspace's folder in place of the last word:")
    st.code("python -m synth_core.prospective.nightly WORKSPACE", language="bash")
    st.caption(
        "Leads are taken first, then outcomes, then corrections. Files end up in done/ or failed/, a failed one with "
        "the reason beside it. While a file is being copied its name should start with a dot or end in .part."
    )
    if st.button("Take the files now", icon=":material/inbox:", key=f"inbox-{log.folder.name}"):
        with st.spinner("Taking files …"):
            taken = log.take_inbox()
        st.session_state["prospective-taken"] = (
            [(t.taken, f"{t.kind}/{t.name}: {t.told}") for t in taken] or [(True, "There is no file in the inbox.")]
        )  # fmt: skip
        st.rerun()
    for done, told in st.session_state.pop("prospective-taken", []):
        (st.success if done else st.error)(text.literal(told))
