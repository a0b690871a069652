"""Runs that came out of a hand-over pack: what is said in place of the real table, which no pack holds."""

from __future__ import annotations

import streamlit as st

from pages.ui import current_table, loaded, stored_runs, text, workspace
from synth_core.runs import Run
from synth_core.tables import Table

ABSENT = "The real table is not in the hand-over pack"


def is_imported(run: Run) -> bool:
    """Whether ``run`` was made elsewhere."""
    return "imported" in run.spec


def has_table(run: Run) -> bool:
    """Whether what needs the real table can be done: it can, too, where the same table is stored here."""
    return not is_imported(run) or run.dataset in workspace.library()


def table_of(run: Run) -> Table | None:
    """The real table of ``run``; None where it came out of a pack and the table is not stored here."""
    return loaded.table(run.dataset) if has_table(run) else None


def about(run: Run) -> None:
    """One line: which table this page is about; for a run out of a pack, where it came from and what belongs to it."""
    table = table_of(run)
    if table is not None:
        current_table.about(table)
    if not is_imported(run):
        return
    facts = run.spec["imported"]
    if table is None:
        rows = f"{text.count(facts['rows'])} rows · " if facts["rows"] is not None else ""
        outcome = f" · target: {text.literal(facts['target'])}" if facts["target"] else ""
        if facts["positive"]:
            outcome += f" = {text.literal(facts['positive'])}"
        st.caption(f"**{text.literal(facts['name'])}** · {rows}{text.count(facts['features'])} features{outcome}")
    st.info(
        f"Opened from a hand-over pack that version {text.literal(facts['product'])} made; this run ended there on "
        f"{text.when(facts['finished'])}."
        + ("" if table is not None else f" {ABSENT}, so whatever needs real rows is not offered."),
        icon=":material/inventory_2:",
    )


def siblings(run: Run) -> None:
    """Links to the other runs of the same pack."""
    if not is_imported(run):
        return
    pack = run.spec["imported"]["pack"]
    others = [r for r in workspace.store().list() if r.id != run.id and r.spec.get("imported", {}).get("pack") == pack]
    if others:
        st.header("Also in this pack", anchor=False)
    for other in others[::-1]:
        stored_runs.link(other)
