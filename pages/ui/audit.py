"""The form that compares a synthetic table made elsewhere, with any tool, with a real one."""

from __future__ import annotations

import re

import streamlit as st

from pages.ui import columns, loaded, text, uploads, workspace
from pages.ui.frame import guard
from synth_core.tables import Table, to_csv_bytes
from synth_core.tables.conform import conform
from synth_core.tables.release import without_real_values
from synth_core.tasks.audit import NO_YARDSTICK

SAW = {"train": "Only the training rows offered here", "all": "The whole table, or I do not know"}


def form(dataset: str) -> None:
    """Asks for the table and what its generator saw; submits an ``audit`` run."""
    dataset = _pick_table(dataset)
    table = loaded.table(dataset)
    saw = st.radio(
        "What was its generator given?",
        list(SAW),
        format_func=SAW.get,
        key="audit-saw",
        help="Only rows that the generator never saw can show what a perfect synthetic table would score.",
    )
    with guard():
        split = _split(table) if saw == "train" else {"seed": 7, "holdout": 0.2}
        if saw == "all":
            st.caption(NO_YARDSTICK)
        file = st.file_uploader(
            "Synthetic table",
            type=uploads.TYPES,
            key="audit-upload",
            max_upload_size=200,
            help="CSV, TSV, Excel (.xlsx) or Parquet with the headers of the real table. Of a file with a column "
            "is_synthetic only the marked rows are used.",
        )
        given = _conformed(file, table, dataset) if file else None
        if given is None:
            return
        _said(given, table)
        if st.button("Audit this table", type="primary", icon=":material/fact_check:", key="audit-start"):
            spec = {"dataset": dataset, "synthetic": workspace.audits().add(given), "name": given.name, "saw": saw}
            title = f"Audit of {given.name} · {table.name}"
            run = workspace.store().submit("audit", {**spec, **split}, title=title, dataset=dataset)
            st.query_params["run"] = run.id
            st.rerun()


def about(run, found) -> None:
    """How an audited table was made comparable."""
    spec = found.summary["spec"]
    st.caption(
        f"**{text.literal(spec['name'])}** was made elsewhere: {text.count(len(found.synthetic))} rows. "
        + (
            NO_YARDSTICK
            if spec["saw"] == "all"
            else f"Its generator was given the training rows only (seed {spec['seed']}, "
            f"{text.share(spec['holdout'])} locked away)."
        )
    )
    if found.notes:
        with st.expander(f"How it was read ({text.count(len(found.notes))})"):
            st.markdown("\n".join(f"- {text.literal(n)}" for n in found.notes))


def _pick_table(dataset: str) -> str:
    stored = {info.id: info for info in workspace.library().list()}
    if len(stored) < 2:
        return dataset
    return st.selectbox(
        "Real table",
        list(stored),
        index=list(stored).index(dataset) if dataset in stored else 0,
        format_func=lambda i: f"{stored[i].name} · {text.count(stored[i].rows)} rows",
        key=f"audit-table-{dataset}",
    )


def _split(table: Table) -> dict:
    """Seed and share of the holdout, and the training rows of that split to take away."""
    st.caption("Download the training rows, give the other tool these alone, and bring back what it makes of them.")
    left, right = st.columns(2)
    seed = int(left.number_input("Seed", 0, 2**31 - 1, 7, key="audit-seed", help="The same seed splits the same way."))
    holdout = right.slider("Locked holdout (% of rows)", 5, 50, 20, 5, key="audit-holdout") / 100
    train = table.split(holdout=holdout, seed=seed).train
    stem = re.sub(r"[^A-Za-z0-9]+", "-", table.name.split(".")[0]).strip("-") or "table"
    st.download_button(
        "Training rows (CSV)",
        lambda: to_csv_bytes(without_real_values(train.frame, table.schema), table.schema),
        f"{stem}-training-seed-{seed}.csv",
        "text/csv",
        key="download-training",
        icon=":material/download:",
        on_click="ignore",
        help=f"{text.count(len(train))} real rows for the other tool. Identifiers, sensitive columns and free text "
        "come out as chosen on the Data page.",
    )
    return {"seed": seed, "holdout": holdout}


def _conformed(file, table: Table, dataset: str) -> Table | None:
    """The uploaded table in the real one's columns and kinds; read once, not again on each click."""
    known = st.session_state.get("audit-draft")
    if known and known[0] == (file.file_id, dataset):
        return known[1]
    given = uploads.read(file, key="audit-sheet")
    if given is None:
        return None
    found = conform(given, table)
    st.session_state["audit-draft"] = ((file.file_id, dataset), found)
    return found


def _said(given: Table, table: Table) -> None:
    count = len(given.schema.columns)
    st.caption(
        f"{text.count(len(given))} rows, {count} of the {len(table.schema.columns)} columns of "
        f"{text.literal(table.name)} found."
    )
    if given.notes:
        st.caption("\n".join(f"- {text.literal(n)}" for n in given.notes))
    columns.preview(given.frame, given.schema, height=160, alt="First rows of the synthetic table")
