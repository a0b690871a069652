"""“Only rows with …”: conditions that every generated row must meet."""

from __future__ import annotations

import streamlit as st

from synth_core.tables import Role, Table

_MOST = 3
_MOST_LEVELS = 1_000  #: longer lists cannot be chosen from


def pick(table: Table) -> dict[str, str]:
    """Column → value chosen; empty without conditions."""
    names = [
        c.name
        for c in table.schema
        if c.role in (Role.CATEGORICAL, Role.BOOLEAN, Role.TARGET) and 1 < table.frame[c.name].nunique() <= _MOST_LEVELS
    ]
    if not names:
        return {}
    chosen = st.multiselect(
        "Only rows with",
        names,
        max_selections=_MOST,
        placeholder="Any rows, as in the real table",
        key="where",
        help="Rows of one class or region, for example. Trees aim at them; others make rows until enough fit.",
    )
    found = {}
    for name in chosen:
        counts = table.frame[name].value_counts(ascending=True)  # rare ones first: they are asked for most
        values = {str(v): int(n) for v, n in counts.items()}
        found[name] = st.selectbox(
            name, list(values), format_func=lambda v, n=values: f"{v}  ({n[v]:,} real rows)", key=f"where-{name}"
        )
    return found
