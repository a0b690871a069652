"""The form for the names, logo and accent colour of reports."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.ui import text, workspace
from synth_core.errors import ReportError
from synth_core.reports.branding import FILE, LARGEST, LONGEST, Branding, logo_of, read, write

_SAVED = "report-branding-saved"


def current() -> Branding:
    """The stored branding; the defaults, with the reason on screen, where the file cannot be read."""
    try:
        return read(workspace.workspace())
    except ReportError as error:
        st.warning(text.literal(f"{error} Until then reports have no names and no logo."), icon=":material/warning:")
        return Branding()


def form(found: Branding) -> None:
    """Names, colour and logo of every report; kept in one file of the workspace."""
    with st.expander("Agency, client, logo and colour", icon=":material/palette:"), st.form("report-branding"):
        left, right = st.columns(2)
        agency = left.text_input("Agency", found.agency, max_chars=LONGEST, key="branding-agency")
        client = right.text_input("Client, unless a report names another", found.client, max_chars=LONGEST,
                                  key="branding-client")  # fmt: skip
        accent = left.color_picker("Accent colour", found.accent, key="branding-accent",
                                   help="Darkened where it could not be read on white.")  # fmt: skip
        file = right.file_uploader("Logo (PNG, JPEG or SVG)", ["png", "jpg", "jpeg", "svg"], key="branding-logo",
                                   help=f"At most {LARGEST // 1000} kB.", max_upload_size=1)  # fmt: skip
        remove = right.checkbox("Remove the logo", key="branding-remove") if found.logo else False
        if found.logo:
            left.image(found.logo, width=120, alt="The stored logo")
        if st.form_submit_button("Save", icon=":material/save:"):
            _save(found, agency, client, accent, file, remove=remove)
    if st.session_state.pop(_SAVED, False):
        st.success(f"Saved in {FILE}. Reports made from now on look like this.", icon=":material/check_circle:")


def _save(found: Branding, agency: str, client: str, accent: str, file, *, remove: bool) -> None:
    try:
        logo = logo_of(file.getvalue()) if file else "" if remove else found.logo
        write(replace(found, agency=agency, client=client, accent=accent, logo=logo), workspace.workspace())
    except ReportError as error:
        st.error(text.literal(str(error)), icon=":material/error:")
        return
    st.session_state[_SAVED] = True
    st.rerun()
