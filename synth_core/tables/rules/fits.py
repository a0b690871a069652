"""Whether rules fit a table's columns, and each other; every refusal is a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from synth_core.errors import SchemaError
from synth_core.tables.rules.base import Rule
from synth_core.tables.rules.computed import Derived
from synth_core.tables.rules.kinds import FixedCombinations, Inequality, Range
from synth_core.tables.schema import LEVELS, QUANTITIES, SET_ASIDE, Column, Kind, Role, Schema

#: Most combinations a rule keeps: they are stored with the table.
MOST_COMBINATIONS = 20_000


def fit_rule(rule: Rule, schema: Schema) -> Rule:
    """``rule`` with its columns' decimals filled in.

    Raises
    ------
    SchemaError
        A column is missing from the schema, or is not of a kind or role that such a rule can be about.
    """
    if len(set(rule.columns)) < len(rule.columns):
        raise SchemaError(f"“{rule.short}” names a column twice. Choose different columns.")
    for name in rule.columns:
        column = schema[name]
        if column.role in SET_ASIDE:
            raise SchemaError(
                f"“{name}” ({_example(column)}) is {column.role}: it is not made from the data, so no rule can hold "
                f"on it. Leave “{rule.short}” out, or change the column's role."
            )
        _check_kind(rule, column)
    if isinstance(rule, Derived):
        if rule.derived == schema.target:
            raise SchemaError(
                f"“{rule.derived}” is the target: in a column computed from others there is nothing to predict. "
                f"Choose another target, or leave out “{rule.short}”."
            )
        column = schema[rule.derived]
        return replace(rule, decimals=0 if column.kind is Kind.INTEGER else column.decimals)
    if isinstance(rule, FixedCombinations):
        _check_combinations(rule, schema)
    if isinstance(rule, Range):
        _check_range(rule, schema[rule.column])
    if isinstance(rule, Inequality) and (schema[rule.low].kind is Kind.DATE) != (schema[rule.high].kind is Kind.DATE):
        number = rule.low if schema[rule.high].kind is Kind.DATE else rule.high
        raise SchemaError(
            f"“{rule.short}” compares a date with a number: “{number}” ({_example(schema[number])}) is no date. "
            "Choose two dates or two numbers."
        )
    return rule


def fit_rules(rules: Iterable[Rule], schema: Schema) -> tuple[Rule, ...]:
    """All ``rules`` together, each as :func:`fit_rule` returns it, repeats left out.

    Raises
    ------
    SchemaError
        A rule does not fit, or two of them contradict each other.
    """
    kept: list[Rule] = []
    for rule in rules:
        fitted = fit_rule(rule, schema)
        if fitted in kept:
            continue
        if isinstance(fitted, Derived):
            for other in kept:
                if isinstance(other, Derived) and other.derived == fitted.derived:
                    raise SchemaError(
                        f"“{fitted.derived}” would be computed twice: “{other.short}” and “{fitted.short}”. "
                        "Keep one of the two."
                    )
        kept.append(fitted)
    _refuse_circles([r for r in kept if isinstance(r, Derived)], lambda r: [(p, r.derived) for p in r.inputs])
    _refuse_circles([r for r in kept if isinstance(r, Inequality)], lambda r: [(r.low, r.high)])
    _refuse_computed_combinations(kept)
    return tuple(kept)


def _example(column: Column) -> str:
    return f"for example “{column.examples[0]}”" if column.examples else "no values"


def _check_kind(rule: Rule, column: Column) -> None:
    if isinstance(rule, FixedCombinations):
        if column.role is Role.TARGET:
            raise SchemaError(
                f"“{column.name}” is the target: combinations with it would give away the answer. Leave it out."
            )
        if column.role not in LEVELS | {Role.INTEGER} or column.kind is Kind.DATE:
            raise SchemaError(
                f"“{column.name}” ({_example(column)}) has no fixed levels. Combinations are for categories and whole "
                "numbers: choose other columns, or make it “categorical”."
            )
        return
    dates = isinstance(rule, Inequality | Range)
    numeric = column.kind in (Kind.FLOAT, Kind.INTEGER) or (dates and column.kind is Kind.DATE)
    # A yes/no column of 0 and 1 may bound or add to others, but is no number to compute or to move.
    roles = QUANTITIES | {Role.TARGET} if column.name == _result(rule) else QUANTITIES | {Role.TARGET, Role.BOOLEAN}
    if not numeric or column.role not in roles:
        raise SchemaError(
            f"“{column.name}” ({_example(column)}) is not a number{' or a date' if dates else ''}, so “{rule.short}” "
            "cannot hold. Choose another column, or change its role."
        )


def _result(rule: Rule) -> str | None:
    """The column that a rule says something about, given the others."""
    if isinstance(rule, Derived):
        return rule.derived
    return rule.high if isinstance(rule, Inequality) else rule.columns[0]


def _check_combinations(rule: FixedCombinations, schema: Schema) -> None:
    if len(rule.columns) < 2:
        raise SchemaError("Fixed combinations need at least two columns. Choose another one.")
    if not rule.allowed:
        raise SchemaError(f"No row has a value in all of {', '.join(rule.columns)}. Choose other columns.")
    if len(rule.allowed) > MOST_COMBINATIONS:
        raise SchemaError(
            f"{', '.join(rule.columns)} have {len(rule.allowed):,} combinations, such as "
            f"“{' + '.join(map(str, rule.allowed[0]))}”: more than {MOST_COMBINATIONS:,} are no rule. "
            "Choose columns with fewer values."
        )
    for name, value in zip(rule.columns, rule.allowed[0], strict=True):
        if isinstance(value, str) != (schema[name].kind is Kind.TEXT):
            raise SchemaError(f"“{name}” is now read as {schema[name].kind}; “{value}” in “{rule.short}” is not.")


def _check_range(rule: Range, column: Column) -> None:
    if rule.low is None and rule.high is None:
        raise SchemaError(f"The range of “{column.name}” has no end. Give a lowest or a highest value.")
    for end in (rule.low, rule.high):
        if end is None:
            continue
        if isinstance(end, str) != (column.kind is Kind.DATE):
            raise SchemaError(
                f"“{end}” is no limit for “{column.name}” ({_example(column)}). Give a "
                f"{'date, such as 2026-01-31' if column.kind is Kind.DATE else 'number'}."
            )
        try:
            pd.Timestamp(end) if isinstance(end, str) else float(end)
        except ValueError:
            raise SchemaError(f"“{end}” is not a date. Write it as 2026-01-31.") from None
    low, high = rule.limits(column.kind is Kind.DATE)
    if low > high:
        raise SchemaError(
            f"“{column.name}”: the lowest value, {rule.low}, is above the highest, {rule.high}. Swap them."
        )


def _refuse_circles(rules: list, edges) -> None:
    """Refuse rules of which one leads back to another: nothing could be computed first."""
    left = list(rules)
    while left:
        ends = {high for r in left for _, high in edges(r)}
        free = [r for r in left if not any(low in ends for low, _ in edges(r))]
        if not free:
            raise SchemaError(
                f"These rules go round in a circle: {'; '.join(f'“{r.short}”' for r in left)}. Leave one of them out."
            )
        left = [r for r in left if r not in free]


def _refuse_computed_combinations(rules: list[Rule]) -> None:
    computed = {r.derived: r for r in rules if isinstance(r, Derived)}
    for rule in rules:
        if isinstance(rule, FixedCombinations) and (shared := computed.keys() & set(rule.columns)):
            name = min(shared)
            raise SchemaError(
                f"“{name}” is computed by “{computed[name].short}” and cannot also belong to fixed combinations. "
                "Keep one of the two rules."
            )
