"""The form in which an analyst writes a rule, or changes one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import streamlit as st

from synth_core.tables import Kind, Role, Table
from synth_core.tables.rules import FixedCombinations, Inequality, Range, Ratio, Rule, Sum, combinations, set_rules
from synth_core.tables.schema import LEVELS, QUANTITIES

NEW = "a new rule"
KINDS = {
    "One column never exceeds another": Inequality,
    "Columns combine only as in this table": FixedCombinations,
    "Lowest and highest value": Range,
    "A total of other columns": Sum,
    "A ratio, such as CTR or CPC": Ratio,
}
FACTORS = {"as it is": 1.0, "× 100 (percent)": 100.0, "× 1,000 (per mille)": 1000.0}


def own(dataset: str) -> list[Rule]:
    """Rules written here and not stored yet."""
    return st.session_state.setdefault(f"own-rules-{dataset}", [])


def removed(dataset: str) -> set[str]:
    """Rules (``short``) taken out here."""
    return st.session_state.setdefault(f"removed-rules-{dataset}", set())


def newly_added(dataset: str) -> list[str]:
    """Rules (``short``) added since this was last asked."""
    return st.session_state.pop(f"new-rules-{dataset}", [])


def build(table: Table, ticked: list[Rule], dataset: str) -> bool:
    """Draw the form; True once a rule was added, changed or taken out."""
    by_name = {r.short: r for r in ticked}
    start = st.selectbox("Start from", [NEW, *by_name], key=f"rule-start-{dataset}") if by_name else NEW
    before = by_name.get(start)
    kinds = list(KINDS)
    kind = st.selectbox(
        "What should hold?",
        kinds,
        index=list(KINDS.values()).index(type(before)) if before else 0,
        key=f"rule-kind-{dataset}-{start}",
    )
    before = before if isinstance(before, KINDS[kind]) else None
    rule = _FORMS[KINDS[kind]](table, before, f"{dataset}-{start}-{kind}")
    with st.container(horizontal=True):
        label = "Change rule" if start != NEW else "Add rule"
        if st.button(label, key=f"rule-add-{dataset}", disabled=rule is None, icon=":material/check:"):
            others = [r for name, r in by_name.items() if name != start]
            set_rules(table, [*others, rule])  # refuses what does not fit
            _take_out(dataset, start)
            removed(dataset).discard(rule.short)
            own(dataset).append(rule)
            st.session_state[f"new-rules-{dataset}"] = [rule.short]
            return True
        if start != NEW and st.button("Remove rule", key=f"rule-remove-{dataset}", icon=":material/delete:"):
            removed(dataset).add(start)  # it can be brought back
            return True
    return False


def _take_out(dataset: str, short: str) -> None:
    if short != NEW:
        own(dataset)[:] = [r for r in own(dataset) if r.short != short]
        removed(dataset).add(short)


def _numbers(table: Table, *, dates: bool = False, flags: bool = False) -> list[str]:
    roles = {*QUANTITIES, Role.TARGET, *([Role.BOOLEAN] if flags else [])}
    kinds = {Kind.INTEGER, Kind.FLOAT, *([Kind.DATE] if dates else [])}
    return [c.name for c in table.schema if c.role in roles and c.kind in kinds]


def _pick(label: str, options: list[str], chosen: str | None, key: str) -> str | None:
    index = options.index(chosen) if chosen in options else None
    return st.selectbox(label, options, index=index, placeholder="Choose a column", key=f"rule-{label}-{key}")


def _inequality(table: Table, before: Inequality | None, key: str) -> Inequality | None:
    left, right = st.columns(2)
    with left:
        low = _pick("The smaller (or earlier)", _numbers(table, dates=True, flags=True), before and before.low, key)
    with right:
        high = _pick("The larger (or later)", _numbers(table, dates=True), before and before.high, key)
    strict = st.checkbox("They are never equal", bool(before and before.strict), key=f"rule-strict-{key}")
    return Inequality(low, high, strict) if low and high else None


def _combinations(table: Table, before: FixedCombinations | None, key: str) -> FixedCombinations | None:
    options = table.schema.with_roles(*LEVELS, Role.INTEGER)
    start = [c for c in before.columns if c in options] if before else []
    chosen = st.multiselect("Columns that belong together", options, start, key=f"rule-together-{key}")
    return combinations(table, chosen) if len(chosen) > 1 else None


def _range(table: Table, before: Range | None, key: str) -> Range | None:
    column = _pick("Column", _numbers(table, dates=True), before and before.column, key)
    if column is None:
        return None
    start = before if before and before.column == column else Range(column)
    date = table.schema[column].kind is Kind.DATE
    ends = []
    for side, label, value in zip(st.columns(2), ("Lowest", "Highest"), (start.low, start.high), strict=True):
        with side:
            ends.append(_end(label, value, date, f"rule-{label}-{column}-{key}"))
    return Range(column, *ends) if ends != [None, None] else None


def _end(label: str, value: Any, date: bool, key: str) -> float | str | None:
    if date:
        start = dt.date.fromisoformat(value[:10]) if value else None
        day = st.date_input(label, start, min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31), key=key)
        return day.isoformat() if day else None
    start = None if value is None else float(value)
    return st.number_input(label, value=start, placeholder="open", format="%g", key=key)


def _sum(table: Table, before: Sum | None, key: str) -> Sum | None:
    total = _pick("Total", _numbers(table), before and before.total, key)
    options = _numbers(table, flags=True)
    start = [p for p in before.parts if p in options] if before else []
    parts = st.multiselect("Its parts", options, start, key=f"rule-parts-{key}")
    return Sum(total, tuple(parts)) if total and len(parts) > 1 else None


def _ratio(table: Table, before: Ratio | None, key: str) -> Ratio | None:
    numbers, parts = _numbers(table), _numbers(table, flags=True)
    column = _pick("The ratio", numbers, before and before.column, key)
    left, middle, right = st.columns(3)
    with left:
        above = _pick("Above the line", parts, before and before.numerator, key)
    with middle:
        below = _pick("Below the line", parts, before and before.denominator, key)
    with right:
        index = list(FACTORS.values()).index(before.factor) if before and before.factor in FACTORS.values() else 0
        factor = FACTORS[st.selectbox("Reported", list(FACTORS), index=index, key=f"rule-factor-{key}")]
    return Ratio(column, above, below, factor) if column and above and below else None


_FORMS = {Inequality: _inequality, FixedCombinations: _combinations, Range: _range, Sum: _sum, Ratio: _ratio}
