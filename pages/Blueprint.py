"""Blueprint: describe the table before there is one, and draw simulated rows from the description."""

from dataclasses import replace

import streamlit as st

from pages.ui import blueprint as editors
from pages.ui import charts, columns, frame, text, workspace
from synth_core import charts as figures
from synth_core.blueprint import Blueprint, draw, read_blueprint, to_yaml


def open_one() -> None:
    """Start from an example or a file."""
    file = st.file_uploader(
        "Upload a data dictionary (CSV or Excel, one line per column) or a saved blueprint (YAML)",
        type=["csv", "tsv", "txt", "xlsx", "yaml", "yml"],
        key="blueprint-upload",
        max_upload_size=2,
        help="A dictionary needs the names of the columns and, as far as known, type, minimum, average, maximum, "
        "allowed values and share missing. Other headers are left aside.",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Or start from an example:", width="content")
        for title in editors.EXAMPLES:
            if st.button(title, key=f"example-{title}"):
                editors.start(*editors.example(title))
    if file is not None and st.session_state.get("blueprint-read") != file.file_id:
        editors.start(*read_blueprint(file.getvalue(), file.name))
        st.session_state["blueprint-read"] = file.file_id


def size(stated: Blueprint) -> tuple[str, int, int]:
    """Name of the table, rows and seed."""
    left, middle, right = st.columns([3, 1, 1])
    version = st.session_state["blueprint-version"]
    name = left.text_input("Name of the table", stated.name, key=f"blueprint-name-{version}").strip()
    rows = middle.number_input(
        "Rows", 1, 1_000_000, min(stated.rows, 1_000_000), 1_000, key=f"blueprint-rows-{version}"
    )
    seed = right.number_input("Seed", 0, 2**31 - 1, 7, key="blueprint-seed", help="The same seed draws the same rows.")
    return name or "Blueprint", int(rows), int(seed)


def truth(drawn) -> None:
    """The best AUC that any model can reach, in one sentence."""
    found = drawn.truth
    if found is None:
        return
    left, right = st.columns([1, 4], vertical_alignment="center")
    left.metric("Best possible AUC", text.score(found.best_auc), border=True)
    if not found.coefficients:
        right.markdown(f"Nothing drives **{drawn.table.target}** yet, so no model can do better than chance.")
        return
    right.markdown(
        f"No model can do better than **{text.score(found.best_auc)}** (± {2 * found.best_auc_error:.3f}) on rows like "
        f"these, because **{drawn.table.target}** is drawn from the stated drivers and chance: a model that scores "
        "clearly higher has seen the answers."
    )


def preview(drawn, rows: int) -> None:
    """First rows and every column."""
    first, every = st.tabs(["First rows", "Every column"])
    with first:
        columns.preview(drawn.table.frame, drawn.table.schema, height=300, alt="First simulated rows")
        if rows > len(drawn.table):
            st.caption(f"From a preview of {text.count(len(drawn.table))} rows.")
    with every:
        charts.show(figures.simulated_columns(drawn.table), "simulated-columns")


def actions(stated: Blueprint, seed: int) -> None:
    """Store the table, or save the blueprint."""
    with st.container(horizontal=True, key="blueprint-actions"):
        if st.button("Use this table", type="primary", icon=":material/arrow_forward:", key="use-blueprint"):
            with st.spinner(f"Drawing {text.count(stated.rows)} rows …"):
                dataset = workspace.library().add(draw(stated, seed=seed).table)
            frame.go("Data", dataset=dataset)
        st.download_button(
            "Save blueprint",
            to_yaml(stated),
            "blueprint.yaml",
            "application/yaml",
            key="save-blueprint",
            icon=":material/download:",
            on_click="ignore",
        )


with frame.page(
    "Blueprint",
    "No data yet? Describe the table you will get, and build and test models on rows drawn from the description. "
    "They are **simulated**: they show what you stated, never what is true of the client.",
):
    with st.expander("Start from …", icon=":material/upload:", expanded=True), frame.guard():
        open_one()
    base = editors.current()
    for note in st.session_state["blueprint-notes"]:
        st.caption(note)
    st.header("Columns", anchor=False)
    st.caption(base.description or "One row per column; add rows at the end.")
    edited = editors.edit(base)
    name, rows, seed = size(base)
    stated = replace(edited, name=name, rows=rows)
    drawn = editors.previewed(to_yaml(stated), rows, seed)
    truth(drawn)
    for note in drawn.notes:
        st.info(note, icon=":material/info:")
    preview(drawn, rows)
    actions(stated, seed)
