"""What leaves instead of real identifiers, sensitive values and free text, with an example before anything is made."""

from __future__ import annotations

import streamlit as st

from pages.ui import text
from synth_core.tables import Column, Release, Role, Table
from synth_core.tables.release import choices, chosen, examples, set_releases
from synth_core.tables.schema import RELEASES

_SHOWN = 12  #: columns that are listed before the rest goes into an expander


def label(release: Release, role: Role) -> str:
    """The choice in plain words."""
    if release is Release.FAKE:
        return "New ids" if role is Role.IDENTIFIER else "Invented values"
    return {Release.DROP: "Blank", Release.HASH: "Codes (hash)"}[release]


def edit(draft: Table, dataset: str) -> Table:
    """The table with what comes out of each set-aside column as chosen now; nothing is shown where there is none."""
    columns = [c for c in draft.schema if c.role in RELEASES]
    if not columns:
        return draft
    st.header("What comes out instead of real values", anchor=False)
    st.caption("Holds for synthetic rows and for the real rows of the file “Real + synthetic”. No real value leaves.")
    picked = {c.name: _row(draft, c, dataset) for c in columns[:_SHOWN]}
    if rest := columns[_SHOWN:]:
        with st.expander(f"{text.count(len(rest))} more columns"):
            picked |= {c.name: _row(draft, c, dataset) for c in rest}
    return set_releases(draft, picked)


def _row(table: Table, column: Column, dataset: str) -> Release:
    name, choice, example = st.columns([2, 2, 3], vertical_alignment="center", gap="small")
    name.markdown(f"**{text.literal(column.name)}** · {column.role}")
    offered = choices(column)
    release = choice.selectbox(
        f"{column.name} comes out as",
        offered,
        index=offered.index(chosen(column)),
        format_func=lambda r: label(r, column.role),
        key=f"release-{dataset}-{column.name}-{column.role}",
        label_visibility="collapsed",
    )
    made = _examples(dataset, column.name, column.role, release, table)
    shown = " · ".join(f"`{m[:40]}{'…' if len(m) > 40 else ''}`" for m in made)
    example.caption(f"such as {shown}" if made else "no value in any row")
    return release


@st.cache_data(max_entries=64, show_spinner=False)
def _examples(dataset: str, name: str, role: str, release: str, _table: Table) -> tuple[str, ...]:
    changed = set_releases(_table, {name: Release(release)})
    return examples(changed.schema[name], changed.frame[name])
