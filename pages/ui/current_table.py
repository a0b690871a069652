"""The table that a page is about: named in the address, picked, remembered between pages."""

from __future__ import annotations

import streamlit as st

from pages.ui import loaded, text, workspace
from pages.ui.frame import empty
from synth_core.errors import SchemaError
from synth_core.tables import Table


def current_dataset() -> str:
    """The dataset named in the address, else the one last used here; stops with an empty state when there is none."""
    dataset = st.query_params.get("dataset") or st.session_state.get("dataset")
    if dataset is None:
        stored = workspace.library().list()
        dataset = stored[0].id if stored else None
    if dataset is None:
        empty("No table yet. Try the travel sample or upload your own.", button="Choose a table", to="Start")
    remember(dataset)
    return dataset


def pick_dataset() -> str:
    """A selectbox over the stored tables, tied to ``?dataset=``; stops with an empty state when there is none."""
    dataset = current_dataset()
    names = {info.id: info.name for info in workspace.library().list()}
    if len(names) > 1 and dataset in names:
        st.session_state["pick-dataset"] = dataset
        st.selectbox("Table", list(names), key="pick-dataset", on_change=_follow_dataset, format_func=names.get)
    return dataset


def _follow_dataset() -> None:
    st.query_params["dataset"] = st.session_state["pick-dataset"]


def remember(dataset: str) -> None:
    """Put ``dataset`` in the address, and in the session for pages opened without one."""
    if st.query_params.get("dataset") != dataset:
        st.query_params["dataset"] = dataset
    if dataset in workspace.library():  # the table of a run out of a hand-over pack is not
        st.session_state["dataset"] = dataset


def forget(dataset: str) -> None:
    """Drop a deleted ``dataset`` from the address, the session and the caches."""
    loaded.forget()
    st.query_params.pop("dataset", None)
    st.session_state.pop("dataset", None)


def about(table: Table) -> None:
    """One line: which table this page is about."""
    outcome = f" · target: {table.target}" if table.target else ""
    if table.is_binary:
        outcome += f" = {table.schema.positive}"
    st.caption(f"**{table.name}** · {text.count(len(table))} rows · {len(table.schema.features)} features{outcome}")


def why_no_verdict(table: Table) -> str | None:
    """What keeps models from predicting the target, as a sentence; None where nothing does."""
    try:
        table.outcome  # noqa: B018
    except SchemaError as error:
        return str(error)
    return None
