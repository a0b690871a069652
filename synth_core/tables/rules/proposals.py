"""Rules that the data suggest, each with the rows that speak for it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_core.errors import SchemaError
from synth_core.tables.rules import arithmetic, metrics
from synth_core.tables.rules.base import Rule, comparable
from synth_core.tables.rules.checking import RuleCheck, check_rule
from synth_core.tables.rules.computed import Derived
from synth_core.tables.rules.edit import combinations
from synth_core.tables.rules.fits import MOST_COMBINATIONS, fit_rules
from synth_core.tables.rules.kinds import Inequality, Range
from synth_core.tables.schema import LEVELS, Kind, Role
from synth_core.tables.table import Table

_SAMPLE = 5_000  #: rows that candidates are looked for in; support is counted in all of them
_FEWEST = 20  #: rows that a rule must have been tried on
_KNOWN = 0.97  #: share of rows that keeps a rule that the headers speak of
_FOUND = 0.999  #: and one that only the data speak of
_CHANCE = 1e-9  #: most likely that unrelated columns would have kept an inequality
_MOST = 8  #: inequalities that only the data speak of
_FEW = 500  #: rows that are looked at first
_WIDEST = 80  #: columns of which pairs are tried


@dataclass(frozen=True)
class Proposal:
    """A rule, and how the real rows keep it."""

    rule: Rule
    support: RuleCheck

    @property
    def text(self) -> str:
        """For example ``"clicks ≤ impressions: 9,870 of 9,870 rows"``."""
        return f"{self.rule.short}: {self.support.kept:,} of {self.support.tested:,} rows"


def propose(table: Table, *, seed: int = 0) -> tuple[Proposal, ...]:
    """Rules found in the data: computed columns, inequalities, fixed combinations, and ranges of known metrics.

    Candidates come from the headers of advertising reports and from a sample of rows; a relation that unrelated
    columns would show as well is left out. What is returned fits the table together.

    Parameters
    ----------
    seed : int
        Of the sample.
    """
    rows = table.frame
    sample = rows if len(rows) <= _SAMPLE else rows.sample(_SAMPLE, random_state=seed)
    quantities = table.schema.with_roles(Role.NUMERIC, Role.INTEGER, Role.DATE)
    target = table.schema.target
    if target is not None and table.schema[target].kind is not Kind.TEXT:
        quantities = [n for n in table.schema.names if n in {*quantities, target}]
    found: list[Rule] = list(arithmetic.find(sample, quantities, table.schema))
    computed = {r.derived for r in found if isinstance(r, Derived)}
    fixed = _combinations(table, sample, computed, np.random.default_rng(seed))
    together = [set(r.columns) for r in fixed]
    found += [
        r for r in _inequalities(table, sample, quantities, computed, np.random.default_rng(seed))
        if not any(set(r.columns) <= group for group in together)
    ]  # fmt: skip
    found += fixed
    counted = {n: m for n in quantities if (m := metrics.metric(n)) and n not in computed and n != target}
    if {"impressions", "clicks"} & set(counted.values()):  # an advertising report; other tables are not flooded
        found += [Range(n, low=0.0) for n in counted]
    return _supported(table, found)


def _supported(table: Table, rules: Sequence[Rule]) -> tuple[Proposal, ...]:
    """Those that all rows bear out and that fit together."""
    kept: list[Proposal] = []
    for rule in rules:
        support = check_rule(table.frame, rule)
        if support.tested < _FEWEST or support.kept < _KNOWN * support.tested:
            continue
        try:
            fit_rules([*(p.rule for p in kept), rule], table.schema)
        except SchemaError:
            continue
        kept.append(Proposal(rule, support))
    return tuple(kept)


def _inequalities(
    table: Table, sample: pd.DataFrame, names: Sequence[str], computed: set[str], rng: np.random.Generator
) -> list[Inequality]:
    known, found = [], []
    dates = {n for n in names if table.schema[n].kind is Kind.DATE}
    flags = [
        n for n in table.schema.with_roles(Role.BOOLEAN)
        if table.schema[n].kind is not Kind.TEXT and metrics.metric(n)
    ]  # fmt: skip
    values = {n: comparable(sample[n]) for n in [*names[:_WIDEST], *flags]}
    order = rng.permutation(len(sample))
    for low in values:
        for high in values:
            if low == high or high in flags or (low in dates) != (high in dates):
                continue
            a, b = values[low], values[high]
            tried = _present(a) & _present(b)
            if tried.sum() < _FEWEST:
                continue
            kept = (a <= b)[tried].mean()
            rule = Inequality(low, high)
            if metrics.sounds_ordered(low, high):
                if kept >= _KNOWN:
                    known.append(rule)
                continue
            if kept < _FOUND or {low, high} & (computed | set(flags)) or not _rich(a, b):
                continue
            if metrics.metric(low) and metrics.metric(high) and metrics.metric(low) != metrics.metric(high):
                continue  # conversions and money, say: what holds between known metrics is known
            # How often would the two break it if they had nothing to do with each other?
            shuffled = a[order] > b
            breaks = shuffled[_present(a[order]) & _present(b)].mean()
            equal = (a == b)[tried].mean()
            if tried.sum() * np.log1p(-min(breaks, 0.999999)) >= np.log(_CHANCE) or equal == 1:
                continue
            kin = bool(set(metrics.words(low)) & set(metrics.words(high)))
            if breaks >= 0.02 and (kin or (breaks >= 0.1 and _rank_correlation(a[tried], b[tried]) >= 0.6)):
                found.append((breaks, rule))
    found.sort(key=lambda pair: -pair[0])
    reduced = _without_implied(known + [r for _, r in found], known)
    return known + [r for r in reduced if r not in known][:_MOST]


def _present(values: np.ndarray) -> np.ndarray:
    return ~(np.isnat(values) if values.dtype.kind == "M" else np.isnan(values))


def _rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(pd.Series(a).rank(), pd.Series(b).rank())[0, 1])


def _rich(*columns: np.ndarray) -> bool:
    return all(len(np.unique(c[_present(c)])) >= 5 for c in columns)


def _without_implied(rules: list[Inequality], known: list[Inequality]) -> list[Inequality]:
    """Without those that follow from two others (a ≤ c from a ≤ b and b ≤ c)."""
    edges = {(r.low, r.high) for r in rules}
    middle = {n for edge in edges for n in edge}
    return [r for r in rules if r in known or not any((r.low, m) in edges and (m, r.high) in edges for m in middle)]


def _combinations(table: Table, sample: pd.DataFrame, computed: set[str], rng: np.random.Generator) -> list[Rule]:
    """Columns that another one decides, as a city decides its region."""
    names = [
        n for n in [*table.schema.with_roles(*LEVELS), *table.schema.with_roles(Role.INTEGER)]
        if n not in computed and table.schema[n].kind is not Kind.DATE
    ][:_WIDEST]  # fmt: skip
    codes = {n: pd.factorize(sample[n])[0] for n in names}
    sizes = {n: len(np.unique(c[c >= 0])) for n, c in codes.items()}
    decided: dict[str, list[str]] = {}
    for name in names:
        rows = codes[name] >= 0
        # A level seen once or twice decides everything.
        if not 3 <= sizes[name] <= min(rows.sum() / 5, MOST_COMBINATIONS):
            continue
        for other in names:
            if other == name or not 2 <= sizes[other] <= sizes[name] or name in decided.get(other, ()):
                continue
            if _decides(codes[name], codes[other], rng):
                decided.setdefault(name, []).append(other)
    groups = [{name, *others} for name, others in decided.items()]
    out = []
    for name, others in decided.items():
        if not any({name, *others} < g for g in groups):
            with suppress(SchemaError):  # more combinations in the whole table than in the sample: too many
                out.append(combinations(table, [n for n in table.schema.names if n in {name, *others}]))
    return out


def _decides(first: np.ndarray, second: np.ndarray, rng: np.random.Generator) -> bool:
    rows = (first >= 0) & (second >= 0)
    a, b = first[rows], second[rows]
    if len(a) < _FEWEST:
        return False
    width = int(b.max()) + 1
    pairs, levels = a.astype("int64") * width + b, len(np.unique(a))
    for rows in (_FEW, len(pairs)):  # a few rows settle nearly every pair of columns
        seen = len(np.unique(pairs[:rows]))
        if seen > 1.02 * levels:
            return False
    by_chance = len(np.unique(a.astype("int64") * width + rng.permutation(b)))
    return by_chance >= 1.5 * seen
