"""Uploaded tables: which files are taken, and reading one."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.ui import workspace
from synth_core.tables import Table, read_table, sheet_names

TYPES = ["csv", "tsv", "txt", "gz", "xlsx", "parquet"]


def read(file: UploadedFile, *, key: str) -> Table | None:
    """The table in ``file``; None while one of several sheets has to be chosen."""
    data, sheet = file.getvalue(), None
    if file.name.lower().endswith(".xlsx"):
        sheets = sheet_names(data)
        if len(sheets) > 1:
            sheet = st.selectbox("Sheet", sheets, index=None, placeholder="Choose a sheet", key=key)
            if sheet is None:
                return None
    workspace.make_room(len(data))
    with st.spinner("Reading the file …"):
        return read_table(data, name=file.name, sheet=sheet)
