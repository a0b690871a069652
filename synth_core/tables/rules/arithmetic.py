"""Columns that are computed from others, found by arithmetic on a sample of rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from synth_core.tables.rules import metrics
from synth_core.tables.rules.base import FLOAT_NOISE, comparable, unit
from synth_core.tables.rules.computed import Ratio, Sum
from synth_core.tables.schema import Kind, Schema

_ROWS = 400  #: sampled rows that are tried first
_AGREE = 0.98  #: share of the rows tried that must agree
_FEWEST = 20  #: rows that must be there to try
_VALUES = 10  #: different values that a computed column must have
_PARTS = 10  #: most parts of a sum
_WIDEST = 60  #: columns that are searched


def find(frame: pd.DataFrame, names: Sequence[str], schema: Schema) -> list[Ratio | Sum]:
    """Ratios and sums that hold on nearly all rows tried; each column is computed at most once.

    Parameters
    ----------
    frame : pandas.DataFrame
        A sample of rows.
    names : sequence of str
        Number columns, in file order.
    """
    names = [n for n in names if schema[n].kind is not Kind.DATE][:_WIDEST]
    if len(names) < 3:
        return []
    data = np.array([comparable(frame[n])[:_ROWS] for n in names])
    with np.errstate(all="ignore"):
        ratios = _ratios(data, names, schema)
        sums = _sums(data, names, schema, {r.column for r in ratios})
    computed = {s.total: s for s in sums}
    return [r for r in ratios if r.column not in computed] + sums


def _decimals(schema: Schema, name: str) -> int | None:
    return 0 if schema[name].kind is Kind.INTEGER else schema[name].decimals


def _may_be_computed(name: str, values: np.ndarray, schema: Schema) -> bool:
    return name != schema.target and len(np.unique(values[~np.isnan(values)])) >= _VALUES


def _ratios(data: np.ndarray, names: list[str], schema: Schema) -> list[Ratio]:
    candidates = [
        i for i, n in enumerate(names)
        if _may_be_computed(n, data[i], schema)
        and (_decimals(schema, n) != 0 or metrics.sounds_derived(n))
        and metrics.metric(n) is None
    ]  # fmt: skip
    best: dict[int, tuple[tuple, Ratio]] = {}
    if not candidates:
        return []
    values = data[candidates]
    step = np.array([unit(_decimals(schema, names[i])) for i in candidates])[:, None]
    for a in range(len(names)):
        for b in range(len(names)):
            if a == b or len(np.unique(data[b])) < 3:
                continue
            bare = data[a] / np.where(data[b] == 0, np.nan, data[b])
            for factor in metrics.FACTORS:
                expected = factor * bare
                tolerance = step + FLOAT_NOISE * np.abs(expected)
                tried = ~np.isnan(values) & ~np.isnan(expected)
                agree = (np.abs(values - expected) <= tolerance) & tried
                enough = (tried.sum(axis=1) >= _FEWEST) & (agree.sum(axis=1) >= _AGREE * tried.sum(axis=1))
                for k in np.flatnonzero(enough):
                    c = candidates[k]
                    # Rounded to few decimals, a column agrees with any small ratio: the ratio must spread wider.
                    spread = np.nanpercentile(expected[tried[k]], 75) - np.nanpercentile(expected[tried[k]], 25)
                    if c in (a, b) or spread <= 5 * step[k, 0]:
                        continue
                    rule = Ratio(names[c], names[a], names[b], factor, _decimals(schema, names[c]))
                    known = metrics.RATIO_OF.get(metrics.ratio(names[c]) or "")
                    said = known == (metrics.metric(names[a]), metrics.metric(names[b]))
                    rank = (said, metrics.sounds_derived(names[c]), -agree[k].sum())
                    if c not in best or rank > best[c][0]:
                        best[c] = (rank, rule)
    return _one_way([best[c][1] for c in sorted(best, key=lambda c: (best[c][0][:2], c), reverse=True)])


def _one_way(rules: list[Ratio]) -> list[Ratio]:
    """Of c = a / b and b = a / c only the one that comes first."""
    kept: list[Ratio] = []
    for rule in rules:
        if not any(set(rule.columns) == set(other.columns) for other in kept):
            kept.append(rule)
    return kept


def _sums(data: np.ndarray, names: list[str], schema: Schema, taken: set[str]) -> list[Sum]:
    usable = [i for i, n in enumerate(names) if n not in taken and not metrics.sounds_derived(n)]
    parts_of: dict[int, tuple[int, ...]] = {}
    varied = [i for i in usable if np.nanmean(data[i] != 0) >= 0.01 and len(np.unique(data[i])) >= 3]
    totals = [i for i in varied if _may_be_computed(names[i], data[i], schema)]
    totals.sort(key=lambda i: (not metrics.sounds_total(names[i]), -np.nansum(np.abs(data[i]))))
    used: set[int] = set()
    for total in totals:
        if total in used:
            continue  # already a part of another sum
        others = [
            i for i in varied
            if i != total and total not in parts_of.get(i, ()) and _may_be_part(data[i], data[total])
        ]  # fmt: skip
        if len(others) < 2:
            continue
        parts = _parts(data, total, others, _decimals(schema, names[total]))
        if parts:
            parts_of[total] = parts
            used |= {total, *parts}
    return [Sum(names[t], tuple(names[p] for p in ps), _decimals(schema, names[t])) for t, ps in parts_of.items()]


def _may_be_part(part: np.ndarray, total: np.ndarray) -> bool:
    """Among amounts that are never negative, a part is at most the total."""
    if np.nanmin(part) < 0 or np.nanmin(total) < 0:
        return True
    tried = ~np.isnan(part) & ~np.isnan(total)
    return bool(tried.any() and (part[tried] <= total[tried] * (1 + FLOAT_NOISE)).mean() >= _AGREE)


def _parts(data: np.ndarray, total: int, others: list[int], decimals: int | None) -> tuple[int, ...] | None:
    """The columns that add up to ``total``: two of them, neighbours in the file, or what least squares finds."""
    pairs = np.array(list(combinations(others, 2)), dtype=int).reshape(-1, 2)
    if len(pairs):
        few = np.flatnonzero(~np.isnan(data[[total, *others]]).any(axis=0))[:_FEWEST]
        gap = np.abs(data[pairs[:, 0]][:, few] + data[pairs[:, 1]][:, few] - data[total, few])
        near = (gap <= unit(decimals) * 1.5 + FLOAT_NOISE * np.abs(data[total, few])).all(axis=1) & (len(few) > 0)
        for pair in pairs[near]:
            if _adds_up(data, total, tuple(pair), decimals):
                return tuple(map(int, pair))
    for size in range(3, min(_PARTS, len(others)) + 1):
        for first in range(len(others) - size + 1):
            run = tuple(others[first : first + size])
            if (run[-1] < total or run[0] > total) and _adds_up(data, total, run, decimals):
                return run
    complete = ~np.isnan(data[[total, *others]]).any(axis=0)
    if complete.sum() > len(others) + _FEWEST:
        weights = np.linalg.lstsq(data[np.ix_(others, complete)].T, data[total, complete], rcond=None)[0]
        chosen = tuple(o for o, w in zip(others, weights, strict=True) if abs(w - 1) < 0.05)
        if 2 <= len(chosen) <= _PARTS and _adds_up(data, total, chosen, decimals):
            return chosen
    return None


def _adds_up(data: np.ndarray, total: int, parts: tuple[int, ...], decimals: int | None) -> bool:
    expected = data[list(parts)].sum(axis=0)
    tried = ~np.isnan(expected) & ~np.isnan(data[total])
    rounded = 1 + len(parts) if decimals else 1
    tolerance = unit(decimals) / 2 * rounded + FLOAT_NOISE * np.abs(expected)
    agree = np.abs(expected - data[total]) <= tolerance
    return bool(tried.sum() >= _FEWEST and agree[tried].mean() >= _AGREE)
