"""The editable list of columns, and a look at the first rows."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import loaded
from synth_core.tables import Kind, Role, Schema, Table
from synth_core.tables.outlook import outlook

EDITABLE = [r.value for r in Role if r is not Role.TARGET]


def edit_roles(table: Table, dataset: str) -> dict[str, Role]:
    """The roles the user changed, by column; empty when none."""
    start = _listing(dataset, table)
    edited = st.data_editor(
        start,
        key=f"roles-{dataset}",
        hide_index=True,
        disabled=["Column", "Why", "Comes out as", "Examples", "Missing"],
        height=min(38 + 35 * len(start), 640),
        column_config={
            "Column": st.column_config.TextColumn(pinned=True),
            "Role": st.column_config.SelectboxColumn(options=[*EDITABLE, Role.TARGET.value], required=True),
            "Why": st.column_config.TextColumn(width="large"),
            "Comes out as": st.column_config.TextColumn(
                width="large", help="What synthetic rows will hold. It follows a changed role once that is saved."
            ),
            "Missing": st.column_config.NumberColumn(format="percent"),
        },
        alt="Columns with their roles",
    )
    changed = edited["Role"] != start["Role"]
    return {
        name: Role(role)
        for name, role in zip(edited.loc[changed, "Column"], edited.loc[changed, "Role"], strict=True)
        if role != Role.TARGET.value
    }


@st.cache_data(max_entries=16)
def _listing(dataset: str, _table: Table) -> pd.DataFrame:
    """A stable frame per dataset: writing the editor's result back into its own input would lose edits."""
    missing = loaded.overview(dataset).missing_by_column
    return pd.DataFrame(
        {
            "Column": [c.name for c in _table.schema],
            "Role": [c.role.value for c in _table.schema],
            "Why": [c.reason for c in _table.schema],
            "Comes out as": [outlook(c, _table.frame[c.name]) for c in _table.schema],
            "Examples": ["  ·  ".join(c.examples) for c in _table.schema],
            "Missing": [missing[c.name] for c in _table.schema],
        }
    )


def what_to_save(draft: Table, table: Table) -> str:
    """The save button's words."""
    now, before = draft.schema.columns, table.schema.columns
    if now == before:
        return "Save rules"
    if [c.role for c in now] != [c.role for c in before]:
        return "Save roles and target"
    return "Save what comes out" if [c.format for c in now] == [c.format for c in before] else "Save order of dates"


def preview(rows: pd.DataFrame, schema: Schema, *, height: int, alt: str) -> None:
    """The first 50 rows; dates without a time of day are shown without one."""
    shown = rows.head(50)
    dates = {
        c.name: st.column_config.DateColumn(format="YYYY-MM-DD")
        for c in schema
        if c.kind is Kind.DATE and (shown[c.name].dropna() == shown[c.name].dropna().dt.normalize()).all()
    }
    st.dataframe(shown, hide_index=True, height=height, column_config=dates, alt=alt)
