"""A table with rules, as a generator learns it: rewritten so that most rules hold by construction, and the way back.

* The high side of inequalities is learned as its distance from the low side (the largest of several).
* Columns with fixed combinations are learned as one column of combinations.
* Computed columns (ratios, totals) are not learned; only their blanks are, where nothing explains them.

Real rows that break a rule are learned as the nearest rows that keep it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from synth_core.generators._grids import clipped, smallest_step, within
from synth_core.generators.prepare import Quantity, as_float, as_kind, is_modelled_as_quantity, quantity_of
from synth_core.tables import Column, Kind, Role, Schema, Table
from synth_core.tables.rules import Derived, FixedCombinations, Inequality, Range, Ratio

_STAND_INS = 200  #: most quantiles kept of a column, to stand in where another column's value is missing
_VALUE, _BLANK = "value", "blank"


@dataclass(frozen=True)
class Joint:
    """Columns learned as one: a code for each of ``rows``, the combinations seen in training (None = missing)."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple, ...]


@dataclass(frozen=True)
class Gap:
    """``high`` learned as its distance from the largest of ``lows``; ``spare[low]`` stands in for a missing one."""

    high: str
    lows: tuple[str, ...]
    least: float
    grid: Quantity
    spare: np.ndarray


@dataclass(frozen=True)
class Computed:
    """A computed column: what it is where the denominator is 0, and whether its blanks are learned."""

    rule: Derived
    zero: float  #: NaN = blank
    learned: bool
    spare: np.ndarray  #: values for rows that have one although an input is missing


class Rewrite:
    """Learned from a table with rules: ``table`` is what a generator is fitted on, :meth:`back` undoes it.

    Parameters
    ----------
    table : Table
        Training rows; their schema has rules.
    seed : int
        Of the values that stand in for missing ones.
    """

    def __init__(self, table: Table, *, seed: int) -> None:
        self.schema: Schema = table.schema
        rng = np.random.default_rng(seed)
        rules = self.schema.rules
        self.fixed = {c for r in rules if isinstance(r, FixedCombinations) for c in r.columns}
        self.grids: dict[str, Quantity] = {}
        self.movable: set[str] = set()  # columns that a repair may change: numbers and dates that are sampled
        for name in {c for r in rules for c in r.columns} - self.fixed:
            observed = table.frame[name].dropna()
            if len(observed):
                limits = [r for r in rules if isinstance(r, Range) and r.column == name]
                self.grids[name] = within(quantity_of(self.schema[name], observed), limits, self.schema[name])
                if is_modelled_as_quantity(self.schema[name], table, observed):
                    self.movable.add(name)
        self.movable -= self.fixed | {r.derived for r in rules if isinstance(r, Derived)}
        self.frame = table.frame.copy()
        self.columns: dict[str, Column] = {c.name: c for c in self.schema}
        self._ranges()
        self.computed = [self._computed(r, rng) for r in _in_order([r for r in rules if isinstance(r, Derived)])]
        self.gaps = self._gaps(rng)
        self.joints = [self._joint(group) for group in _groups(rules)]
        target = self.schema.target
        schema = Schema(tuple(self.columns.values()), target, self.schema.positive)
        self.table = replace(table, frame=self.frame[schema.names], schema=schema)
        del self.frame

    @classmethod
    def learn(cls, table: Table, *, seed: int) -> tuple[Rewrite, Table]:
        """The rewriting of ``table``, and the table rewritten."""
        rewrite = cls(table, seed=seed)
        return rewrite, rewrite.__dict__.pop("table")  # real rows have no place in a fitted generator

    @property
    def derived(self) -> set[str]:
        return {c.rule.derived for c in self.computed}

    @property
    def rewritten(self) -> frozenset[str]:
        """Columns that a generator does not see as they are: no condition can be put on their variables."""
        return frozenset(self.derived | self.fixed | {g.high for g in self.gaps})

    def _ranges(self) -> None:
        for rule in self.schema.rules:
            if isinstance(rule, Range) and self.schema[rule.column].role is not Role.TARGET:
                broken = rule.broken(self.frame)
                if broken.any():
                    values = self.frame[rule.column].copy()
                    values[broken] = clipped(values[broken], self.grids[rule.column], self.schema[rule.column])
                    self.frame[rule.column] = values

    def _computed(self, rule: Derived, rng: np.random.Generator) -> Computed:
        column, values = self.schema[rule.derived], as_float(self.frame[rule.derived])
        blank, unknown = np.isnan(values), np.isnan(rule.expected(self.frame))
        exists = np.ones(len(values), dtype=bool)
        if isinstance(rule, Ratio):
            exists = ~rule.zero_denominator(self.frame)
        zero = 0.0 if not exists.all() and not blank[~exists].mean() > 0.5 else np.nan
        learned = bool((blank != unknown)[exists].any())
        del self.columns[column.name]
        if learned:
            # Blanks for want of a denominator come back by themselves; such rows show what the others show.
            blank[~exists] = rng.choice(blank[exists], int((~exists).sum()))
            state = np.where(blank, _BLANK, _VALUE).astype(object)
            self.columns[column.name] = replace(column, kind=Kind.TEXT, role=Role.CATEGORICAL)
            self.frame[column.name] = pd.Series(state, index=self.frame.index, dtype="object")
        spare = _quantiles(values) if learned else np.empty(0)
        return Computed(rule, zero, learned, spare)

    def _gaps(self, rng: np.random.Generator) -> list[Gap]:
        lows: dict[str, list[Inequality]] = {}
        for rule in self.schema.rules:
            if not isinstance(rule, Inequality) or rule.high == self.schema.target or rule.high not in self.movable:
                continue
            if rule.low not in self.derived and self.frame[rule.low].notna().any():
                lows.setdefault(rule.high, []).append(rule)
        names = {c for rs in lows.values() for r in rs for c in r.columns}
        original = {name: as_float(self.frame[name]) for name in names}
        gaps = {high: self._gap(high, rules, original, rng) for high, rules in lows.items()}
        ordered: list[Gap] = []
        while len(ordered) < len(gaps):  # a gap's own low side first; circles are refused with the rules
            done = {g.high for g in ordered}
            ordered += [g for h, g in gaps.items() if h not in done and not (set(g.lows) - done) & gaps.keys()]
        return ordered

    def _gap(self, high: str, rules: list[Inequality], original: dict[str, np.ndarray], rng) -> Gap:
        column, grid = self.schema[high], self.grids[high]
        names = tuple(r.low for r in rules)
        least = smallest_step(column, grid) if any(r.strict for r in rules) else 0.0
        top = original[high]
        base = _largest([original[n] for n in names])
        spare = _quantiles(base)
        lone = np.isnan(base) & ~np.isnan(top)
        base[lone] = np.minimum(rng.choice(spare, int(lone.sum())), top[lone]) if len(spare) else top[lone]
        gap = np.maximum(top - base, least)
        kinds = [self.schema[n] for n in (high, *names)]
        if all(c.kind in (Kind.INTEGER, Kind.DATE) for c in kinds):
            self.columns[high] = replace(column, kind=Kind.INTEGER, role=Role.INTEGER)
            self.frame[high] = pd.Series(np.rint(gap), index=self.frame.index).astype("Int64")
        else:
            digits = [0 if c.kind is Kind.INTEGER else c.decimals for c in kinds]
            decimals = None if None in digits else max(digits)
            self.columns[high] = replace(column, kind=Kind.FLOAT, role=Role.NUMERIC, decimals=decimals)
            self.frame[high] = pd.Series(gap if decimals is None else np.round(gap, decimals), index=self.frame.index)
        return Gap(high, names, least, grid, spare)

    def _joint(self, rules: list[FixedCombinations]) -> Joint:
        names = tuple(n for n in self.schema.names if any(n in r.columns for r in rules))
        part = self.frame[list(names)].astype("object")
        part = part.where(part.notna(), None)
        good = ~np.any([r.broken(self.frame) for r in rules], axis=0)
        keys = pd.MultiIndex.from_frame(part.fillna("\0missing").astype(str))
        codes, unique = pd.factorize(keys)
        first = np.full(len(unique), -1)
        first[codes[::-1]] = np.arange(len(codes))[::-1]
        rows = list(part.iloc[first].itertuples(index=False, name=None))
        allowed = np.zeros(len(unique), dtype=bool)
        allowed[codes[good]] = True
        if not allowed.any():  # nothing in training keeps the rules: fall back on the first rule's own list
            rows = [tuple(dict(zip(rules[0].columns, a, strict=True)).get(n) for n in names) for a in rules[0].allowed]
            codes, allowed = np.zeros(len(part), dtype=int), np.ones(len(rows), dtype=bool)
        counts = np.bincount(codes, minlength=len(rows))
        for bad in np.flatnonzero(~allowed):  # the allowed combination that shares most with it
            good_rows = [i for i in range(len(rows)) if allowed[i]]
            shared = {i: sum(x == y for x, y in zip(rows[bad], rows[i], strict=True)) for i in good_rows}
            codes[codes == bad] = max(good_rows, key=lambda i: (shared[i], counts[i]))
        name = " + ".join(names)
        while name in self.schema:
            name = f"({name})"
        width = len(str(len(rows)))
        self.columns = {
            (name if c.name == names[0] else c.name): (
                Column(name, name, Kind.TEXT, Role.CATEGORICAL) if c.name == names[0] else c
            )
            for c in self.columns.values()
            if c.name == names[0] or c.name not in names
        }
        self.frame[name] = pd.Series([f"{c:0{width}d}" for c in codes], index=self.frame.index, dtype="object")
        return Joint(name, names, tuple(rows))

    def back(self, made: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        """Rows with the columns of the table, from rows of the rewritten one; computed columns are still blank."""
        out = {name: made[name] for name in made.columns if name in self.schema and name not in self.derived}
        for joint in self.joints:
            codes = made[joint.name].astype("int64").to_numpy()
            for j, name in enumerate(joint.columns):
                values = np.empty(len(joint.rows), dtype=object)
                values[:] = [row[j] for row in joint.rows]
                out[name] = as_kind(values[codes], self.schema[name])
        for gap in self.gaps:
            base = _largest([as_float(out[n]) for n in gap.lows])
            lone = np.isnan(base)
            base[lone] = rng.choice(gap.spare, int(lone.sum())) if len(gap.spare) else gap.grid.low
            distance = as_float(out[gap.high])
            missing = np.isnan(distance)
            column = self.schema[gap.high]
            out[gap.high] = gap.grid.restore(np.where(missing, gap.grid.low, base + distance), column).mask(missing)
        for computed in self.computed:
            name = computed.rule.derived
            out[name] = as_kind(np.full(len(made), None, dtype=object), self.schema[name])
        return pd.DataFrame(out, columns=self.schema.names, index=range(len(made)))

    def states(self, made: pd.DataFrame, rng: np.random.Generator) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """For computed columns with learned blanks: where a row is blank, and what it holds if an input is missing."""
        return {
            c.rule.derived: (
                (made[c.rule.derived] == _BLANK).to_numpy(),
                rng.choice(c.spare, len(made)) if len(c.spare) else np.full(len(made), np.nan),
            )
            for c in self.computed
            if c.learned
        }


def _quantiles(values: np.ndarray) -> np.ndarray:
    """Evenly spaced quantiles, one for five values or fewer: no single row's value is needed."""
    values = values[~np.isnan(values)]
    count = min(_STAND_INS, -(-len(values) // 5))
    return np.quantile(values, (np.arange(count) + 0.5) / count) if count else values


def _largest(columns: list[np.ndarray]) -> np.ndarray:
    return np.fmax.reduce(columns).copy()


def _in_order(rules: list[Derived]) -> list[Derived]:
    """Computed columns, each after those it is computed from."""
    ordered: list[Derived] = []
    while len(ordered) < len(rules):
        left = [r for r in rules if r not in ordered]
        waiting = {r.derived for r in left}
        ordered += [r for r in left if not waiting & set(r.inputs)]
    return ordered


def _groups(rules: tuple) -> list[list[FixedCombinations]]:
    """Rules on fixed combinations, together where they share a column."""
    groups: list[list[FixedCombinations]] = []
    for rule in rules:
        if isinstance(rule, FixedCombinations):
            near = [g for g in groups if any(set(rule.columns) & set(r.columns) for r in g)]
            groups = [g for g in groups if g not in near] + [[r for g in near for r in g] + [rule]]
    return groups
