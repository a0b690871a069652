"""The editable list of columns."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from synth_core.tables import Role, Table

EDITABLE = [r.value for r in Role if r is not Role.TARGET]


def edit_roles(table: Table, dataset: str) -> dict[str, Role]:
    """The roles the user changed, by column; empty when none."""
    start = _listing(dataset, table)
    edited = st.data_editor(
        start,
        key=f"roles-{dataset}",
        hide_index=True,
        disabled=["Column", "Why", "Examples", "Missing"],
        height=min(38 + 35 * len(start), 640),
        column_config={
            "Column": st.column_config.TextColumn(pinned=True),
            "Role": st.column_config.SelectboxColumn(options=[*EDITABLE, Role.TARGET.value], required=True),
            "Why": st.column_config.TextColumn(width="large"),
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
    missing = _table.frame.isna().mean()
    return pd.DataFrame(
        {
            "Column": [c.name for c in _table.schema],
            "Role": [c.role.value for c in _table.schema],
            "Why": [c.reason for c in _table.schema],
            "Examples": ["  ·  ".join(c.examples) for c in _table.schema],
            "Missing": [float(missing[c.name]) for c in _table.schema],
        }
    )


def classes(table: Table, target: str) -> list[str]:
    """The target's distinct values as text, at most three (more than two is not a two-class target)."""
    return [str(v) for v in sorted(table.frame[target].dropna().unique()[:50], key=str)]


def flags(table: Table) -> list[str]:
    """What an analyst should know before generating anything, one sentence each."""
    found = []
    if table.target is None:
        found.append("No target is chosen. You can generate rows and see their fidelity, but not a verdict.")
    elif table.frame[table.target].isna().any():
        missing = int(table.frame[table.target].isna().sum())
        found.append(f"Target “{table.target}” is missing in {missing:,} rows: a verdict needs every outcome.")
    elif not table.is_binary:
        found.append(f"Target “{table.target}” does not have two classes, so there can be no verdict.")
    elif (rare := min(positives := int(table.labels().sum()), len(table) - positives)) < 50:
        found.append(f"Only {rare} rows of the rarer outcome: no verdict is given under 50.")
    empty = table.schema.with_roles(Role.EMPTY, Role.CONSTANT)
    if empty:
        found.append(f"Empty or constant, set aside and put back on export: {', '.join(empty)}.")
    return found
