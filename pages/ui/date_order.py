"""The question which comes first, the day or the month, where the dates of a column fit both."""

from __future__ import annotations

import streamlit as st

from pages.ui import text
from synth_core.tables import Table
from synth_core.tables.date_order import Reading, ambiguous, readings, set_day_first


def ask(draft: Table, dataset: str) -> Table:
    """The table with the order as chosen now; nothing is shown where no column can be read both ways."""
    changed = {}
    for name in ambiguous(draft):
        now, other = readings(draft, name)
        by_order = {r.day_first: r for r in (now, other)}
        picked = st.radio(
            f"“{text.literal(name)}” fits both orders. Which comes first?",
            [True, False],
            index=0 if now.day_first else 1,
            format_func=lambda first, found=by_order: _label(found[first]),
            key=f"day-first-{dataset}-{name}",
            horizontal=True,
        )
        if picked is not now.day_first:
            changed[name] = picked
    return set_day_first(draft, changed) if changed else draft


def _label(reading: Reading) -> str:
    return f"{'Day' if reading.day_first else 'Month'} first: {reading.first} to {reading.last}"
