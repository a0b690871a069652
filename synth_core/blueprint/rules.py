"""Rules between columns in a blueprint: as text, and kept in what is drawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from synth_core.blueprint import words
from synth_core.blueprint.marginals import level_shares
from synth_core.blueprint.schema import stated_schema, stored
from synth_core.blueprint.spec import Blueprint, Boolean, Category
from synth_core.errors import BlueprintError, SchemaError
from synth_core.tables.rules import Derived, FixedCombinations, Inequality, Range, Ratio, Rule, Sum, fit_rules

EXAMPLES = "clicks <= impressions, 0 <= age <= 90, ctr = clicks / impressions, total = search + social"
_COMPARED = re.compile(r"\s*(<=|>=|≤|≥|<|>)\s*")


def parse(text: str, names: Iterable[str]) -> Rule:
    """The rule that a line such as ``clicks <= impressions`` states.

    Understands ``a <= b`` and ``a < b`` (either way round), ``0 <= a <= 5`` and ``day >= 2026-01-01``,
    ``total = a + b``, ``ratio = a / b`` or ``ratio = 100 * a / b``, and combinations
    ``region, city: West, Köln | West, Bonn``.

    Raises
    ------
    BlueprintError
    """
    known, line = set(names), text.strip()
    parts = _COMPARED.split(line)
    if len(parts) in (3, 5) and all(parts):
        return _comparison(line, parts, known)
    left, equal, right = line.partition("=")
    if equal and left.strip() in known:
        return _computed(line, left.strip(), right, known)
    if ":" in line:
        return _combinations(line, known)
    raise _unread(line)


def text_of(rule: Rule) -> str:
    """``rule`` as :func:`parse` reads it back."""
    if isinstance(rule, FixedCombinations):
        return f"{', '.join(rule.columns)}: {' | '.join(', '.join(map(str, row)) for row in rule.allowed)}"
    if isinstance(rule, Ratio):
        times = "" if rule.factor == 1 else f"{rule.factor:.10g} * "
        return f"{rule.column} = {times}{rule.numerator} / {rule.denominator}"
    if isinstance(rule, Range):
        low = "" if rule.low is None else f"{_end(rule.low)} <= "
        return f"{low}{rule.column}" + ("" if rule.high is None else f" <= {_end(rule.high)}")
    return rule.short.replace("≤", "<=")


def computed_names(lines: Iterable[str]) -> frozenset[str]:
    """Columns that rules in ``lines`` compute: nothing has to be stated of their values."""
    return frozenset(m[1].strip() for line in lines if (m := re.fullmatch(r"([^=<>≤≥:]+)=[^=]+", line)))


def check_rules(blueprint: Blueprint) -> tuple[Rule, ...]:
    """The blueprint's rules with their columns' decimals.

    Raises
    ------
    BlueprintError
        A rule does not fit its columns.
    """
    if not blueprint.rules:
        return ()
    try:
        rules = fit_rules(blueprint.rules, stated_schema(blueprint))
    except SchemaError as error:
        raise BlueprintError(str(error)) from None
    computed = {r.derived: r for r in rules if isinstance(r, Derived)}
    for pair in blueprint.correlations:
        for name in (pair.first, pair.second):
            if name in computed:
                raise BlueprintError(
                    f"“{name}” is computed by “{computed[name].short}” and cannot be correlated by itself. State the "
                    f"correlation of {' or '.join(computed[name].inputs)}."
                )
    for rule in rules:
        if isinstance(rule, FixedCombinations):
            for name, levels in zip(rule.columns, zip(*rule.allowed, strict=True), strict=True):
                known = _levels(blueprint, name)
                if strange := [v for v in levels if v not in known]:
                    raise BlueprintError(f"The rule “{text_of(rule)[:60]}”: “{name}” has no level “{strange[0]}”.")
    return rules


def apply(blueprint: Blueprint, rules: Sequence[Rule], values: dict[str, np.ndarray], rng: np.random.Generator) -> None:
    """Draw combinations and compute columns in ``values``, in place."""
    for rule in rules:
        if isinstance(rule, FixedCombinations):
            _combine(blueprint, rule, values, rng)
    left = [r for r in rules if isinstance(r, Derived)]
    while left:
        waiting = {r.derived for r in left}
        for rule in [r for r in left if not waiting & set(r.inputs)]:
            column = blueprint.column(rule.derived)
            computed = rule.expected(pd.DataFrame({n: values[n] for n in rule.inputs}))
            computed = np.where(np.isnan(values[rule.derived]), np.nan, computed)  # what was left blank stays so
            values[rule.derived] = np.rint(computed) if column.whole else np.round(computed, column.decimals)
            left.remove(rule)


def broken(blueprint: Blueprint, rules: Sequence[Rule], values: Mapping[str, np.ndarray]) -> dict[Rule, np.ndarray]:
    """The rows that break each rule that drawing does not keep by itself."""
    checked = [r for r in rules if not isinstance(r, Derived)]
    frames = {n: stored(blueprint.column(n), values[n]) for r in checked for n in r.columns}
    return {r: r.broken(pd.DataFrame({n: frames[n] for n in r.columns})) for r in checked}


def _combine(blueprint: Blueprint, rule: FixedCombinations, values: dict[str, np.ndarray], rng) -> None:
    """The first column keeps what was drawn; the others follow it, by their own shares among what is allowed."""
    places = {n: {v: i for i, v in enumerate(_levels(blueprint, n))} for n in rule.columns}
    codes = np.array([[places[n][v] for n, v in zip(rule.columns, row, strict=True)] for row in rule.allowed])
    shares = [level_shares(blueprint.column(n))[codes[:, j]] for j, n in enumerate(rule.columns)]
    weight = np.prod(shares[1:], axis=0)
    first = values[rule.columns[0]]
    for code in np.unique(codes[:, 0]):
        rows = np.flatnonzero(first == code)
        rows = rows[~np.any([np.isnan(values[n][rows]) for n in rule.columns], axis=0)]
        options = np.flatnonzero(codes[:, 0] == code)
        if weight[options].sum() > 0 and len(rows):
            chosen = rng.choice(options, len(rows), p=weight[options] / weight[options].sum())
            for j, name in enumerate(rule.columns[1:], 1):
                values[name][rows] = codes[chosen, j]


def _levels(blueprint: Blueprint, name: str) -> tuple[str, ...]:
    column = blueprint.column(name)
    if isinstance(column, Category):
        return column.levels
    if isinstance(column, Boolean):
        return column.labels
    raise BlueprintError(f"“{name}” has no levels to combine. Use a category or a yes/no column.")


def _comparison(line: str, parts: list[str], known: set[str]) -> Rule:
    turned = {">=": "<=", "≥": "<=", ">": "<"}
    if parts[1] in turned:
        parts = [turned.get(part, part) for part in reversed(parts)]
    first, sign, second = parts[:3]
    if len(parts) == 5:
        if second not in known or not {parts[1], parts[3]} <= {"<=", "≤"}:
            raise _unread(line)
        return Range(second, _limit(line, first), _limit(line, parts[4]))
    if first in known and second in known:
        return Inequality(first, second, strict=sign == "<")
    if first in known:
        return Range(first, None, _limit(line, second))
    if second in known:
        return Range(second, _limit(line, first), None)
    raise _unread(line)


def _computed(line: str, name: str, right: str, known: set[str]) -> Rule:
    summands = [p.strip() for p in right.split("+")]
    if len(summands) > 1 and all(p in known for p in summands):
        return Sum(name, tuple(summands))
    above, slash, below = right.partition("/")
    factor, times, above_name = re.sub("[×·]", "*", above).rpartition("*")
    if slash and below.strip() in known and above_name.strip() in known:
        scale = words.number(factor.strip(), f"factor in “{line}”") if times else 1.0
        return Ratio(name, above_name.strip(), below.strip(), scale or 1.0)
    raise _unread(line)


def _combinations(line: str, known: set[str]) -> Rule:
    head, _, body = line.partition(":")
    names = tuple(n.strip() for n in head.split(","))
    rows = [tuple(v.strip() for v in row.split(",")) for row in body.split("|") if row.strip()]
    if len(names) < 2 or not set(names) <= known or not rows or any(len(r) != len(names) for r in rows):
        raise _unread(line)
    return FixedCombinations(names, tuple(rows))


def _limit(line: str, text: str) -> float | str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return text
    try:
        value = words.number(text, "limit")
    except BlueprintError:
        raise BlueprintError(f"The rule “{line}” names “{text}”, which is neither a column nor a number.") from None
    if value is None:
        raise _unread(line)
    return value


def _end(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.10g}"


def _unread(line: str) -> BlueprintError:
    return BlueprintError(f"The rule “{line}” cannot be read. Rules name columns and look like: {EXAMPLES}.")
