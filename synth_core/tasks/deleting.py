"""Deleting a table or a run together with everything that was made from it."""

from __future__ import annotations

from contextlib import suppress

from synth_core.errors import RunError, TableError
from synth_core.runs import ACTIVE, Run, Store
from synth_core.tables import TableLibrary


def delete_run(store: Store, run: Run) -> None:
    """Delete ``run``, the packs that hold its rows, and the table it audited unless another run needs that.

    Raises
    ------
    RunError
        It was not found, or has not ended.
    """
    store.remove(run.id)
    audited = run.spec.get("synthetic") if run.task == "audit" else None
    if audited and not any(r.spec.get("synthetic") == audited for r in store.list()):
        with suppress(TableError):  # somebody else has removed it
            TableLibrary(store.layout.home / "audits").remove(audited)
    for pack in store.list():
        if pack.task == "handover" and pack.spec["run"] == run.id and pack.state not in ACTIVE:
            store.remove(pack.id)


def delete_table(store: Store, dataset: str) -> None:
    """Delete a stored table, its runs, and what was remembered of it for files with the same headers.

    The account of what private runs spent stays (it holds numbers and hashes), and so do prospective tests, which are
    deleted by themselves.

    Raises
    ------
    RunError, TableError
        A run on it has not ended (nothing is deleted then), or there is no such table.
    """
    runs = [r for r in store.list() if r.dataset == dataset]
    if working := [r for r in runs if r.state in ACTIVE]:
        raise RunError(f"“{working[0].title}” has not ended: cancel it on the Runs page first, then delete the table.")
    tables = TableLibrary(store.layout.home / "datasets")
    for run in runs:
        delete_run(store, run)
    tables.remove(dataset)
