"""How much to spend on private rows, in numbers and in words, and the button that spends it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui import budget_declared, budget_guarantee, charts, frame, settings, text, workspace
from pages.ui.frame import guard
from synth_core import charts as figures
from synth_core.errors import GeneratorError
from synth_core.generators.dp import accountant, declaring
from synth_core.generators.dp.columns import Declared, modelled
from synth_core.generators.registry import CATALOGUE
from synth_core.tables import Role, Table
from synth_core.tasks.ledger import Ledger

HOLDOUT = 0.2
STEPS = (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
DELTAS = (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)
_ROW = "Each row is one person"
_DELTA = (
    "The chance that the bound does not hold. Keep it far below one in the number of people: 1 in 1,000,000 for tables "
    "of up to some 100,000. It is not worked out from the number of rows, because that number is a secret, too."
)


def form(table: Table, dataset: str, account: Ledger) -> dict[str, Any]:
    """Ask for the budget of one run, say what it buys, and start the run; the settings as they are chosen now."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        epsilon = _epsilon(dataset)
        budget_guarantee.words(epsilon)
    with right:
        chosen = {"epsilon": epsilon, **_unit(table, dataset)}
    budget_guarantee.delta(chosen["delta"])
    _least(table, chosen)
    declared = budget_declared.table(table, dataset, chosen.get("person"))
    _split(table, chosen, declared or {})
    obstacle = _obstacle(table, chosen, account)
    if obstacle:
        st.error(obstacle, icon=":material/lock:")
    if declared:
        chosen["declared"] = declaring.to_dict(declared)
    _start(table, dataset, chosen, closed=obstacle is not None or declared is None)
    return chosen


def _epsilon(dataset: str) -> float:
    """A slider in steps, and a field for anything else; the field holds the number."""
    field, slider = f"epsilon-{dataset}", f"epsilon-slider-{dataset}"
    low, high = limits()
    state = st.session_state
    state.setdefault(field, 1.0)
    options = sorted({*STEPS, float(state[field] or 1.0)})
    state[slider] = float(state[field] or 1.0)
    st.select_slider(
        "Privacy budget ε of this run",
        options,
        key=slider,
        format_func=lambda e: f"{e:g}",
        on_change=lambda: state.update({field: state[slider]}),
        help="Smaller protects more and blurs more. Every run on the same table adds its ε to what is spent.",
    )
    return float(st.number_input(f"Or type ε ({low:g} to {high:g})", low, high, step=None, format="%g", key=field))


def limits() -> tuple[float, float]:
    """Smallest and largest ε that the private generator takes."""
    setting = next(s for s in CATALOGUE[settings.PRIVATE].settings if s.name == "epsilon")
    return float(setting.low), float(setting.high)


def _unit(table: Table, dataset: str) -> dict[str, Any]:
    """δ, and whom the guarantee is for."""
    delta = st.select_slider(
        "δ", DELTAS, 1e-6, format_func=budget_guarantee.one_in, key=f"delta-{dataset}", help=_DELTA
    )
    people = [_ROW, *table.schema.with_roles(Role.IDENTIFIER)]
    person = st.selectbox(
        "Who is protected",
        people,
        key=f"person-{dataset}",
        help="One row, or all rows of one person: choose the identifier that names the person. A column with another "
        "role can be made an identifier on the page Data.",
    )
    if person == _ROW:
        return {"delta": delta}
    rows = st.number_input(
        "Most rows used per person",
        1,
        1_000,
        1,
        key=f"person-rows-{dataset}",
        help="Other rows of the same person are left out, chosen at random. More rows per person need more noise.",
    )
    return {"delta": delta, "person": person, "person_rows": int(rows)}


def _least(table: Table, chosen: dict[str, Any]) -> None:
    """The smallest ε that is of any use, from public facts."""
    columns = len(modelled(table.schema, chosen.get("person")))
    least = accountant.smallest_epsilon(columns, delta=chosen["delta"], unit_rows=chosen.get("person_rows", 1))
    st.caption(
        f"Smallest workable ε with {columns} columns: {least:g}, and more the fewer rows there are. What comes of it "
        "shows under “Usefulness against ε”, below."
    )


def _split(table: Table, chosen: dict[str, Any], declared: dict[str, Declared]) -> None:
    """Where the budget goes, before anything is measured."""
    st.header("Where the budget goes", anchor=False)
    planned = accountant.split(chosen["epsilon"], chosen["delta"], table.schema, declared, chosen.get("person"))
    charts.show(figures.budget_split(planned), "budget-split")
    st.caption("Planned from what is public: the columns, their roles and what you declare. No row is looked at.")


def _obstacle(table: Table, chosen: dict[str, Any], account: Ledger) -> str | None:
    """Why this run would be refused, before it spends anything."""
    columns = len(modelled(table.schema, chosen.get("person")))
    try:
        accountant.check(chosen["epsilon"], chosen["delta"], columns, chosen.get("person_rows", 1))
    except GeneratorError as reason:
        return str(reason)
    return account.refusal(chosen["epsilon"])


def _start(table: Table, dataset: str, chosen: dict[str, Any], *, closed: bool) -> None:
    """Rows, seed, and the button."""
    left, right = st.columns(2)
    rows = left.number_input("Private rows to make", 1, 1_000_000, 4_000, 500, key="private-rows")
    seed = right.number_input(
        "Seed", 0, 2**31 - 1, 7, key="private-seed", help="For drawing rows from what was measured. Noise has no seed."
    )
    if st.button("Make private rows", type="primary", icon=":material/encrypted:", key="make-private", disabled=closed):
        with guard():
            spec = {
                "dataset": dataset,
                "generator": settings.PRIVATE,
                "settings": chosen,
                "rows": int(rows),
                "seed": int(seed),
                "holdout": HOLDOUT,
                "where": {},
            }
            how = f"{settings.title(settings.PRIVATE)}, ε = {chosen['epsilon']:g}"
            title = f"{text.count(rows)} rows by {how} · {table.name}"
            run = workspace.store().submit("generate", spec, title=title, dataset=dataset)
            frame.go("Generate", run=run.id, dataset=dataset)
    st.caption(
        f"Spends ε = {chosen['epsilon']:g} as soon as it starts, also where it fails or is cancelled. "
        f"{text.share(HOLDOUT)} of the rows stay locked away, so that the private rows can be judged on them."
    )
