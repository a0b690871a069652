"""The one way to ask before anything is deleted: what goes, what stays, and two buttons."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui import frame


def ask(what: str, *, goes: str, stays: str, do: Callable[[], object], verb: str = "Delete") -> None:
    """Open a dialog; it is left with Escape, with *Keep*, or by deleting.

    Parameters
    ----------
    what : str
        Ends the dialog's title, such as ``"this run"``.
    goes, stays : str
        A sentence each, in Markdown.
    do : callable
        Deletes, and takes what is gone out of the address; the page is drawn anew.
    verb : str
        On the button, and at the beginning of the title.
    """

    @st.dialog(f"{verb} {what}?")
    def dialog() -> None:
        st.markdown(f"**Goes:** {goes} This cannot be undone.\n\n**Stays:** {stays}")
        with st.container(horizontal=True, key="confirm"), frame.guard():
            if st.button(verb, type="primary", icon=":material/delete:", key="confirm-delete"):
                do()
                st.rerun()
            if st.button("Keep", key="confirm-keep"):
                st.rerun()

    dialog()
