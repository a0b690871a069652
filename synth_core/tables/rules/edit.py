"""Putting rules on a table, and keeping them true to its columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from synth_core.errors import SchemaError
from synth_core.tables.rules.base import Rule
from synth_core.tables.rules.fits import fit_rule, fit_rules
from synth_core.tables.rules.kinds import FixedCombinations
from synth_core.tables.table import Table


def combinations(table: Table, columns: Iterable[str]) -> FixedCombinations:
    """The rule that ``columns`` occur together only as they do in ``table``.

    Raises
    ------
    SchemaError
        No such column, or one without fixed levels.
    """
    names = tuple(columns)
    for name in names:
        table.schema[name]
    rows = table.frame[list(names)].dropna().drop_duplicates() if names else table.frame[[]]
    allowed = sorted(rows.itertuples(index=False, name=None), key=lambda row: tuple(map(str, row)))
    rule = FixedCombinations(names, tuple(tuple(_plain(v) for v in row) for row in allowed))
    fit_rule(rule, table.schema)
    return rule


def _plain(value: object) -> object:
    """A level as JSON holds it."""
    return value if isinstance(value, str) else value.item() if hasattr(value, "item") else value


def set_rules(table: Table, rules: Iterable[Rule]) -> Table:
    """The table with exactly ``rules``; rows that break one stay, and are counted by :func:`check`.

    Raises
    ------
    SchemaError
        A rule does not fit the table's columns, or contradicts another; the text names the column.
    """
    fitted = fit_rules(rules, table.schema)
    return table if fitted == table.schema.rules else replace(table, schema=replace(table.schema, rules=fitted))


def refit(table: Table) -> Table:
    """The table without the rules that its columns no longer fit; a note names each.

    For use after a change of roles or target.
    """
    kept: tuple[Rule, ...] = ()
    notes = []
    for rule in table.schema.rules:
        try:
            kept = fit_rules((*kept, rule), table.schema)
        except SchemaError as error:
            notes.append(f"The rule “{rule.short}” was dropped: {error}")
    if kept == table.schema.rules:
        return table
    return replace(table, schema=replace(table.schema, rules=kept), notes=(*table.notes, *notes))


def adopt(table: Table, rules: Iterable[Rule]) -> Table:
    """``table`` with the rules of an earlier table with the same headers, as far as they fit.

    Combinations are read anew from this table, so that its own are allowed; a note names each rule left out.
    """
    notes = []
    for rule in rules:
        try:
            own = combinations(table, rule.columns) if isinstance(rule, FixedCombinations) else rule
            table = set_rules(table, (*table.schema.rules, own))
        except SchemaError as error:
            notes.append(f"An earlier rule, “{rule.short}”, was not taken over: {error}")
    return replace(table, notes=(*table.notes, *notes)) if notes else table
