"""Runs: everything that was started, and what can be done with it."""

import pandas as pd
import streamlit as st

from pages.ui import confirm, frame, imported, progress, stored_runs, text, workspace
from synth_core.tasks.deleting import delete_run

ICON = {
    "queued": "◌ queued",
    "running": "▶ running",
    "succeeded": "✓ succeeded",
    "failed": "✕ failed",
    "cancelled": "◼ cancelled",
    "interrupted": "! interrupted",
}


def delete(run_id: str) -> None:
    """Remove a run, and its id from the address."""
    delete_run(workspace.store(), workspace.store().get(run_id))
    st.query_params.pop("run", None)


def overview(runs, names) -> None:
    """The table of all runs."""
    st.dataframe(
        pd.DataFrame(
            {
                "State": [ICON[r.state] for r in runs],
                "Run": [r.title for r in runs],
                "Page": [stored_runs.PAGE_OF[r.task] for r in runs],
                "Table": [names.get(r.dataset, "–") for r in runs],
                "Started": [text.when(r.started or r.created) for r in runs],
                "Took": [text.duration(r.finished - r.started if r.finished and r.started else None) for r in runs],
                "Open": [f"/{stored_runs.PAGE_OF[r.task]}?run={r.id}&dataset={r.dataset or ''}" for r in runs],
            }
        ),
        hide_index=True,
        column_config={
            "Run": st.column_config.TextColumn(width=330),
            "Table": st.column_config.TextColumn(width=190),
            "Open": st.column_config.LinkColumn(display_text="Open"),
        },
        alt="All runs with their state, table and times",
    )


def actions(run) -> None:
    """What can be done with one run."""
    with st.container(horizontal=True, key="run-actions"):
        if st.button("Open", icon=":material/open_in_new:", key="open"):
            frame.go(stored_runs.PAGE_OF[run.task], run=run.id, dataset=run.dataset)
        if run.state in progress.ACTIVE:
            if st.button("Cancel", icon=":material/cancel:", key="cancel"):
                workspace.store().cancel(run.id)
                st.rerun()
        else:
            here = imported.has_table(run)
            why = "Same settings, same seed" if here else f"{imported.ABSENT}."
            if st.button("Run again", icon=":material/replay:", key="again", help=why, disabled=not here):
                progress.again(run)
            if st.button("Delete", icon=":material/delete:", key="delete"):
                confirm.ask(
                    "this run",
                    goes=f"the result and the log of “{text.literal(run.title)}”, and packs made of its rows.",
                    stays="the table, and results of other runs.",
                    do=lambda: delete(run.id),
                )
    if run.error:
        st.error(run.error)
    log = workspace.store().log(run.id)
    with st.expander("Log"):
        st.code(log[-20_000:] if log else "Nothing was logged.", language=None, height=320)


with frame.page("Runs", "Each run is a process of its own: it goes on when you close this page or restart the app."):
    workspace.store().reconcile()
    all_runs = workspace.store().list()
    if not all_runs:
        frame.empty("No runs yet. Try the travel sample: it takes three clicks to a verdict.")
    table_names = {d.id: d.name for d in workspace.library().list()}
    overview(all_runs, table_names)
    by_id = {r.id: r for r in all_runs}
    asked = st.query_params.get("run")
    ids = list(by_id)
    names = stored_runs.distinct({i: stored_runs.run_name(r) for i, r in by_id.items()})
    chosen = st.selectbox(
        "Run",
        ids,
        index=ids.index(asked) if asked in by_id else 0,
        format_func=names.get,
        key="run-choice",
    )
    actions(by_id[chosen])
