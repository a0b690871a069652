"""The account of a table: what was spent, on what, when, and what is left below the cap."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.ui import text, workspace
from pages.ui.budget_guarantee import one_in
from synth_core.tables import Table
from synth_core.tasks import ledger
from synth_core.tasks.identity import Identity, identity_of
from synth_core.tasks.ledger import Entry, Ledger

SUGGESTED = 10.0
_INSIDE = (
    "Lift studies and the utility curve fit private generators, too, but score them on the real rows without noise. "
    "What they tell is outside the guarantee: it is for choosing a generator in here, must not be handed out, and so "
    "does not count against the cap."
)


def of(table: Table, dataset: str) -> Ledger:
    """The account as it stands."""
    return ledger.read(workspace.workspace(), _identity(dataset, table))


@st.cache_data(max_entries=64, show_spinner=False)
def _identity(dataset: str, _table: Table) -> Identity:
    return identity_of(_table)


def can_spend(table: Table, dataset: str, chosen: dict) -> bool:
    """Whether a private run with the settings ``chosen`` may start; says what it spends, or why not."""
    account, epsilon = of(table, dataset), chosen.get("epsilon", 1.0)
    refusal = account.refusal(epsilon)
    if refusal:
        st.error(refusal, icon=":material/lock:")
    else:
        left = "" if account.left is None else f" of {account.left:.4g} left"
        st.caption(
            f"Spends ε = {epsilon:g}{left} as soon as it starts; the page Budget says what that buys. Noise has no "
            "seed: started again, it gives other rows and spends as much again."
        )
    return refusal is None


def section(account: Ledger, table: Table, dataset: str) -> None:
    """Sums, cap, and every entry."""
    st.header("Spent on this table", anchor=False)
    _sums(account)
    _cap(account, table, dataset)
    if account.charged:
        _entries(account.charged, "What was spent on this table, on what and when")
        st.caption(
            "Counted for these rows whatever their roles and target, and together with any table that shares most of "
            "them. Deleting a run gives nothing back: its rows may have been copied. The same people in other columns "
            "have an account of their own there: add the two up."
        )
        if len({(e.unit, e.unit_rows) for e in account.charged}) > 1:
            st.warning("These runs do not protect the same unit, so their sum holds for the weakest of them only.")
    else:
        st.caption("No private rows have been made from this table.")
    if account.inside:
        with st.expander(f"Inside the tool, not counted ({len(account.inside)})", icon=":material/visibility_off:"):
            st.markdown(_INSIDE)
            _entries(account.inside, "Private fits inside the tool that do not count against the cap")


def _sums(account: Ledger) -> None:
    places = st.columns(3)
    places[0].metric(
        "Spent (sum of ε)", f"{account.epsilon:.4g}", help=f"Over all runs, with δ = {one_in(account.delta)} in all."
    )
    places[1].metric("Left below the cap", "no cap" if account.left is None else f"{account.left:.4g}")
    places[2].metric(
        "Tighter bound",
        f"{account.tight:.3g}",
        help="The same runs added up as zero-concentrated differential privacy (ρ), then turned into ε at the same "
        "summed δ. Just as true, and smaller. The cap is held against the plain sum.",
    )


def _cap(account: Ledger, table: Table, dataset: str) -> None:
    """The owner's limit; empty = none."""
    key = f"cap-{dataset}"
    st.session_state[key] = account.cap

    def keep() -> None:
        ledger.set_cap(workspace.workspace(), _identity(dataset, table), st.session_state[key])

    st.number_input(
        "Cap on ε for this table",
        min_value=0.01,
        max_value=1_000.0,
        value=None,
        step=None,
        format="%g",
        placeholder=f"none; {SUGGESTED:g} is suggested",
        key=key,
        on_change=keep,
        help="Set by whoever answers for the data. A private run that would exceed it is refused before it starts.",
    )
    if account.cap is None:
        st.caption(f"Without a cap nothing stops the sum from growing. {SUGGESTED:g} is a common upper limit.")


def _entries(entries: tuple[Entry, ...], about: str) -> None:
    states = {r.id: r.state for r in workspace.store().list()}
    st.dataframe(
        pd.DataFrame(
            {
                "When": [text.when(e.time) for e in entries],
                "What": [e.what for e in entries],
                "ε": [f"{e.epsilon:g}" for e in entries],
                "δ": [one_in(e.delta) for e in entries],
                "Protects": [_unit(e) for e in entries],
                "Run": [states.get(e.run, "deleted") for e in entries],
            }
        ),
        hide_index=True,
        column_config={
            "What": st.column_config.TextColumn(width="medium"),
            "ε": st.column_config.TextColumn(alignment="right"),
        },
        alt=about,
    )


def _unit(entry: Entry) -> str:
    if entry.unit is None:
        return "one row"
    return f"{entry.unit}: {entry.unit_rows} row{'s' * (entry.unit_rows > 1)} each"
