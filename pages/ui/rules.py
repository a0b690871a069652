"""Rules between columns: proposals to tick, rules of one's own, and how a result kept them."""

from __future__ import annotations

import json
import re
from typing import Any

import streamlit as st

from pages.ui import rule_builder, text
from pages.ui.frame import guard
from synth_core.errors import SchemaError
from synth_core.tables import Table
from synth_core.tables.rules import Rule, RuleCheck, check_rule, fit_rule, propose, set_rules


def edit(draft: Table, stored: Table, dataset: str) -> Table | None:
    """The table with the rules as they are ticked now; None while they contradict each other, which is then said.

    Parameters
    ----------
    draft : Table
        With the roles and target as chosen now.
    stored : Table
        As it lies in the library; rules that ``draft`` has lost by a change of roles are named.
    """
    st.header("Rules between columns", anchor=False)
    st.caption(
        "What you tick holds in every synthetic row, after rounding, whichever generator makes it. Real rows that "
        "break a rule are counted and stay as they are."
    )
    for note in draft.notes:
        if note.startswith("The rule “") and note not in stored.notes:
            st.warning(_literal(note), icon=":material/rule:")
    signature = json.dumps([draft.schema.target, *((c.name, c.role.value) for c in draft.schema)])
    proposed = _proposals(dataset, signature, draft)
    listed = _listed(draft, dataset, list(proposed))
    for short in rule_builder.newly_added(dataset):
        st.session_state[f"rule-{dataset}-{short}"] = True  # only now: its box may already have been drawn before
    if not listed:
        st.caption("Nothing in these rows suggests a rule. You can add one of your own.")
    if len(listed) > 3:
        with st.container(horizontal=True):
            for label, wanted in (("Tick all", True), ("Tick none", False)):
                st.button(label, key=f"rules-{label}", on_click=_tick, args=(dataset, listed, wanted))
    if gone := rule_builder.removed(dataset):
        label = f"Bring back {text.count(len(gone))} rule{'s' * (len(gone) > 1)} taken out here"
        st.button(label, key=f"rules-back-{dataset}", icon=":material/undo:", on_click=gone.clear)
    ticked: list[Rule] = []
    for rule in listed:
        support = proposed.get(rule) or _support(dataset, signature, json.dumps(rule.to_dict()), rule, draft)
        if st.checkbox(_label(rule, support), rule in draft.schema.rules, key=_key(dataset, rule), help=rule.text):
            ticked.append(rule)
    changed = False
    with st.expander("Add or change a rule", icon=":material/add:"), guard():
        changed = rule_builder.build(draft, ticked, dataset)
    if changed:
        st.rerun()
    with guard():
        changed = set_rules(draft, ticked)
        return draft if set(changed.schema.rules) == set(draft.schema.rules) else changed
    return None


def _listed(draft: Table, dataset: str, proposed: list[Rule]) -> list[Rule]:
    """Saved rules, those added here, and proposals; each once."""
    own = [r for r in rule_builder.own(dataset) if _fits(r, draft)]
    rules = [*draft.schema.rules, *own, *proposed]
    gone = rule_builder.removed(dataset)
    return [r for r in {rule.short: rule for rule in reversed(rules)}.values() if r.short not in gone][::-1]


def _fits(rule: Rule, table: Table) -> bool:
    try:
        fit_rule(rule, table.schema)
    except SchemaError:
        return False
    return True


def _literal(said: str) -> str:
    """Text in which whatever Markdown would read in a header stays as it is."""
    return re.sub(r"([\\`*_\[\]$~:#<>|])", r"\\\1", said)


def _key(dataset: str, rule: Rule) -> str:
    return f"rule-{dataset}-{rule.short}"


def _tick(dataset: str, rules: list[Rule], wanted: bool) -> None:
    for rule in rules:
        st.session_state[_key(dataset, rule)] = wanted


def _label(rule: Rule, support: RuleCheck) -> str:
    """The rule and its support."""
    literal = _literal(rule.short)
    if not support.tested:
        return f"{literal} · no row to try it on"
    broken = f" · **{text.count(support.broken)} break it**" if support.broken else ""
    return f"{literal} · {text.count(support.kept)} of {text.count(support.tested)} rows{broken}"


@st.cache_data(max_entries=16, show_spinner="Looking for rules …")
def _proposals(dataset: str, signature: str, _table: Table) -> dict[Rule, RuleCheck]:
    return {p.rule: p.support for p in propose(_table)}


@st.cache_data(max_entries=256, show_spinner=False)
def _support(dataset: str, signature: str, rule: str, _rule: Rule, _table: Table) -> RuleCheck:
    return check_rule(_table.frame, _rule)


def outcome(summary: dict[str, Any]) -> None:
    """One line on the rules of a finished ``generate`` run; nothing where there were none."""
    rules, rows = summary.get("rules", []), summary["delivered"]
    if not rules:
        return
    kept = sum(not r["synthetic_broken"] for r in rules)
    said = [f"Rules: {kept} of {len(rules)} kept by all {text.count(rows)} synthetic rows"]
    if kept == len(rules):
        said = [f"Rules: {kept} kept by all {text.count(rows)} synthetic rows"]
    said += [f"{_some(r['synthetic_broken'], 'synthetic')} {r['short']}" for r in rules if r["synthetic_broken"]]
    said += [f"{_some(r['real_broken'], 'real')} {r['short']}" for r in rules if r["real_broken"]]
    (st.info if kept == len(rules) else st.warning)(_literal("; ".join(said)) + ".", icon=":material/rule:")


def _some(count: int, which: str) -> str:
    return f"{text.count(count)} {which} row{'s' if count > 1 else ''} break{'' if count > 1 else 's'}"
