"""The travel sample's later enquiries, added to a test week by week: a demo without files."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui import prospective_found, workspace
from pages.ui import prospective_views as views
from synth_core.prospective import replay
from synth_core.prospective.log import TestLog
from synth_core.prospective.results import Card
from synth_core.tables import SAMPLES, travel_leads


def start(card: Card, scorer: Path) -> None:
    """A button that starts a demo test, for models of the travel sample."""
    if not _fits(card):
        return
    with st.container(border=True):
        st.markdown(
            f"**See it work.** {replay.WEEKS} weeks of enquiries that came after the travel sample, simulated by the "
            "same rule, with outcomes that become known some days later."
        )
        if st.button(f"Replay the travel sample's {replay.WEEKS} weeks", icon=":material/replay:",
                     key="prospective-demo"):  # fmt: skip
            test = workspace.tests().create(
                scorer, name=_free(f"{card.name[:60]} · replay"), id_column=replay.ID, date_column=replay.DATE
            )
            views.show("leads", test=test)
            st.rerun()


def _fits(card: Card) -> bool:
    return card.target == SAMPLES["travel"].target and set(card.features) <= _columns()


@st.cache_data(show_spinner=False)
def _columns() -> set[str]:
    return set(travel_leads(weeks=1, per_week=1)[0].columns)


def _free(name: str) -> str:
    taken, n = {i.name.casefold() for i in workspace.tests().list()}, 1
    while (shown := name if n == 1 else f"{name} {n}").casefold() in taken:
        n += 1
    return shown


def section(log: TestLog) -> None:
    """Buttons that add the next week, or all of them; nothing for a test of other data."""
    if not replay.fits(log):
        return
    weeks = replay.replay_weeks()
    done = sum(log.holds(w.leads, "leads") for w in weeks if w.leads is not None)
    told = sum(log.holds(w.outcomes, "outcomes") for w in weeks if w.outcomes is not None)
    if not done and log.cohorts():
        return  # a test of the user's own leads
    outcomes = sum(w.outcomes is not None for w in weeks)
    with st.container(border=True):
        if done == replay.WEEKS and told == outcomes:
            st.markdown(f"**Replay finished:** {replay.WEEKS} weeks of enquiries, and all outcomes.")
            views.go("See the standing", "standing", key="prospective-to-standing")
            return
        st.progress(done / replay.WEEKS, text=f"Replay of the travel sample: week {done} of {replay.WEEKS}"
                    + (", the last outcomes are still coming in" if done == replay.WEEKS else ""))  # fmt: skip
        with st.container(horizontal=True, key="prospective-replay"):
            if st.button("Next week", type="primary", icon=":material/skip_next:", key="prospective-next"):
                added = replay.next_week(log)
                if added and added[0]:
                    st.session_state[prospective_found.PICK] = added[0].id
                st.rerun()
            if st.button(f"All {replay.WEEKS} weeks", icon=":material/fast_forward:", key="prospective-all"):
                _all(log, len(weeks))
                views.show("standing")
                st.rerun()


def _all(log: TestLog, weeks: int) -> None:
    bar = st.progress(0.0, text="Scoring week after week …")
    for n in range(1, weeks + 1):
        if replay.next_week(log) is None:
            return
        bar.progress(n / weeks, text="Scoring week after week …")
