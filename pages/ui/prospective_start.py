"""Starting a prospective test with a frozen scorer."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.ui import loaded, prospective_replay, text, workspace
from pages.ui import prospective_views as views
from synth_core.errors import TableError
from synth_core.prospective.results import Card
from synth_core.runs import Run
from synth_core.tables import Table
from synth_core.tables.schema import Kind, Role


def section(run: Run, card: Card, scorer: Path) -> None:
    """Links to the tests that run already, the demo where it fits, and the form."""
    running = [i for i in workspace.tests().list() if workspace.tests().get(i.id).settings.scorer == card.id]
    if running:
        st.header("Tests with these models", anchor=False)
        with st.container(horizontal=True, key="prospective-running"):
            for info in running:
                views.go(
                    text.literal(info.name), "leads", key=f"prospective-open-{info.id}", primary=False, test=info.id
                )
    prospective_replay.start(card, scorer)
    st.header("Start a test", anchor=False)
    _form(run, card, scorer)


def _form(run: Run, card: Card, scorer: Path) -> None:
    table = _table(run)
    dates = [c.name for c in table.schema if c.kind is Kind.DATE and c.name != card.target] if table else []
    left, middle, right = st.columns(3)
    name = left.text_input("Name of the test", card.name, max_chars=80, key=f"test-name-{run.id}")
    id_column = middle.text_input(
        "Column with the lead's id", id_of(run), key=f"test-id-{run.id}", placeholder="for example lead_id",
        help="In the files of leads and of outcomes: outcomes are matched by it.",
    )  # fmt: skip
    date_column = right.text_input(
        "Column with the lead's date (optional)", dates[0] if dates else "", key=f"test-date-{run.id}",
        help="Puts a lead into its week. Without one, a lead belongs to the week it was scored in.",
    )  # fmt: skip
    days, negative = _rules(run, card)
    if st.button("Start the test", type="primary", icon=":material/play_arrow:", key=f"test-start-{run.id}",
                 disabled=not (name.strip() and id_column.strip())):  # fmt: skip
        test = workspace.tests().create(
            scorer, name=name, id_column=id_column, date_column=date_column, maturity_days=days, negative=negative
        )
        views.show("leads", test=test)
        st.rerun()


def _rules(run: Run, card: Card) -> tuple[int | None, str]:
    with st.expander("Rules for outcomes", icon=":material/tune:"):
        left, right = st.columns(2)
        days = left.number_input(
            "Days until silence counts as no", 1, 1095, None, key=f"test-days-{run.id}",
            placeholder="never: a lead waits",
            help="For outcomes of which only the positive ones are ever reported. Set it to the time in which almost "
            "all of them are known. It cannot be changed later: such a rule must not follow the results.",
        )  # fmt: skip
        negative = right.text_input(
            f"How outcomes spell “not {card.positive}”", key=f"test-negative-{run.id}",
            placeholder="any usual spelling of no", help="Only needed where it is not a usual spelling of yes or no.",
        )  # fmt: skip
        st.caption(
            "A lead without an outcome is left out, not counted as a no, unless you set a number of days here. "
            f"Positive is {text.literal(card.target)} = {text.literal(card.positive)}."
        )
    return (None if days is None else int(days)), negative


def id_of(run: Run) -> str:
    """The column of ids in the table that a ``freeze`` run's models were trained on; empty where it is not known."""
    table = _table(run)
    return next((c.name for c in table.schema if c.role is Role.IDENTIFIER), "") if table else ""


def _table(run: Run) -> Table | None:
    """The table the models were trained on, if it is still stored: it tells which column holds ids and dates."""
    if not run.dataset:
        return None
    try:
        return loaded.table(run.dataset)
    except TableError:
        return None
