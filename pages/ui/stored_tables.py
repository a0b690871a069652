"""The stored tables: their list, and how one is deleted."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import confirm, current_table, text, workspace
from synth_core.tasks.deleting import delete_table


def listing(stored) -> None:
    """All stored tables, newest first."""
    st.dataframe(
        pd.DataFrame(
            {
                "Table": [d.name for d in stored],
                "Rows": [d.rows for d in stored],
                "Target": [d.target or "–" for d in stored],
                "Open": [f"/Data?dataset={d.id}" for d in stored],
            }
        ),
        hide_index=True,
        column_config={
            "Rows": st.column_config.NumberColumn(format="localized"),
            "Open": st.column_config.LinkColumn(display_text="Open"),
        },
        alt="Stored tables",
    )


def confirm_delete(dataset: str) -> None:
    """Ask before a table and everything made from it are removed."""
    runs = sum(r.dataset == dataset for r in workspace.store().list())

    def delete() -> None:
        delete_table(workspace.store(), dataset)
        current_table.forget(dataset)

    confirm.ask(
        "this table",
        goes=f"the table and its runs ({text.count(runs)}), synthetic rows included.",
        stays="the account of what private runs spent, and prospective tests, which are deleted by themselves.",
        do=delete,
    )
