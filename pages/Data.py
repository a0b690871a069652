"""Data: bring a table, check how it was read, say what each column is and what is to be predicted."""

import streamlit as st

from pages.ui import (
    advice,
    columns,
    current_table,
    date_order,
    frame,
    loaded,
    releases,
    rules,
    samples,
    stored_tables,
    text,
    uploads,
    workspace,
)
from synth_core.tables import Table, overview, set_roles, set_target

KINDS = {
    "multiclass": "Several classes: models are compared by how well they tell each from the rest (macro AUC).",
    "regression": "A number: models are compared by how much of its ups and downs they explain (R²).",
}


def upload() -> None:
    """Read an uploaded file once, store it, and show it."""
    file = st.file_uploader(
        "Upload a table",
        type=uploads.TYPES,
        key="upload",
        max_upload_size=200,
        help="CSV, TSV, Excel (.xlsx) or Parquet, up to 200 MB; from a larger file, upload a sample of its rows. It is "
        "stored on this computer only.",
    )
    if file is None or st.session_state.get("upload-read") == file.file_id:
        return
    table = uploads.read(file, key="sheet")
    if table is None:
        return
    dataset = loaded.keep(workspace.library().recalled(table))
    st.session_state["upload-read"] = file.file_id
    current_table.remember(dataset)
    st.rerun()


def pick_target(table: Table) -> Table | None:
    """The table with the target as chosen now; None while something stands in the way, which is then said."""
    left, right = st.columns(2)
    names = table.schema.names
    with left:
        target = st.selectbox(
            "Target: the column to predict",
            names,
            index=names.index(table.target) if table.target else None,
            placeholder="No target: fidelity only",
            key="target",
        )
        if target is None:
            return table
        drop = table.frame[target].isna().any() and st.checkbox(
            "Leave out the rows without an outcome", key=f"drop-{target}"
        )
    with frame.guard():
        if target != table.target:
            table = set_target(table, target, drop_missing_target=drop)
        classes = overview.classes(table, target)
        if len(classes) == 2:
            with right:
                positive = st.selectbox(
                    "Positive class: the outcome of interest",
                    classes,
                    index=classes.index(table.schema.positive),
                    key=f"positive-{target}",
                )
            if positive != table.schema.positive:
                table = set_target(table, target, positive)
        else:
            right.caption(current_table.why_no_verdict(table) or KINDS[table.task])
        return table
    return None


def summary(table: Table) -> None:
    """Rows, columns and class balance."""
    found = loaded.overview(st.query_params["dataset"])
    figures = [("Rows", text.count(found.rows)), ("Columns", text.count(found.columns))]
    figures.append(("Cells missing", text.share(found.missing)))
    if found.positives is not None:
        figures.append((f"{table.target} = {table.schema.positive}", text.count(found.positives)))
        figures.append(("Share positive", text.share(found.positive_share)))
    with st.container(horizontal=True):
        for label, value in figures:
            st.metric(label, value, width="content", border=True)
    for flag in found.flags:
        st.warning(flag.text, icon=":material/flag:")


def show(table: Table) -> None:
    """One stored table: summary, preview, roles, target, save."""
    st.header(table.name, anchor=False)
    summary(table)
    preview, notes = st.tabs(["First rows", "How it was read"])
    with preview:
        columns.preview(table.frame, table.schema, height=260, alt=f"First rows of {table.name}")
    notes.markdown("\n".join(f"- {n}" for n in table.notes) or "Nothing had to be changed.")

    st.header("What each column is", anchor=False)
    st.caption("Identifiers, sensitive columns and free text are never shown to a model. Change a role if it is wrong.")
    roles = columns.edit_roles(table, st.query_params["dataset"])
    draft = pick_target(date_order.ask(set_roles(table, roles) if roles else table, st.query_params["dataset"]))
    draft = releases.edit(draft, st.query_params["dataset"]) if draft is not None else None
    draft = rules.edit(draft, table, st.query_params["dataset"]) if draft is not None else None
    if draft is None:
        return
    if draft is not table:
        if st.button(columns.what_to_save(draft, table), type="primary", key="save-roles"):
            workspace.library().remember(draft)
            current_table.remember(loaded.keep(draft))
            st.rerun()
        return
    with st.container(horizontal=True):
        if st.button("Generate synthetic rows", type="primary", icon=":material/arrow_forward:", key="next"):
            frame.go("Generate", dataset=st.query_params["dataset"])
        if st.button("Delete table", icon=":material/delete:", key="delete-table"):
            stored_tables.confirm_delete(st.query_params["dataset"])
    advice.section(table, st.query_params["dataset"])


with frame.page("Data"):
    stored = workspace.library().list()
    ids = [d.id for d in stored]
    asked = st.query_params.get("dataset") or st.session_state.get("dataset")
    with st.expander("Add a table", expanded=asked is None, icon=":material/upload:"), frame.guard():
        upload()
        st.caption(f"Or start from a simulated sample. {samples.about()}")
        with st.container(horizontal=True):
            if st.button("Travel sample", key="sample-travel"):
                samples.use("travel", "Data")
            if st.button("Card-fraud sample", key="sample-fraud"):
                samples.use("fraud", "Data")
    if asked is not None:
        show(loaded.table(current_table.current_dataset()))
    elif not ids:
        advice.without_a_table()
    if len(ids) > 1 or (ids and asked is None):
        st.divider()
        st.header("Stored tables", anchor=False)
        stored_tables.listing(stored)
