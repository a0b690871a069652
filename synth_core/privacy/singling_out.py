"""Singling out: descriptions read off synthetic rows that fit exactly one real person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from synth_core.privacy.evidence import Evidence, nearest_share, wilson
from synth_core.privacy.finding import Finding, percent
from synth_core.privacy.population import Population
from synth_core.tables.alignment import is_quantity

_ATTACKS = 2_000
_TRIES = 10_000
_MOST_COLUMNS = 6
_ROWS = 20_000  #: real rows that descriptions are tried on

FORMULA = (
    "Descriptions of 2 to 6 columns (“age ≥ 71, region = West, …”) that fit exactly one synthetic row, tried on the "
    "real rows: share that fits exactly one real row, and that one was in training. The yardstick is the share that "
    "fits one unseen row, scaled to as many rows. Lower is better. Source: Giomi et al. (anonymeter), 2023."
)
_ADVICE = (
    "Combinations of values point to single people. Leave out or coarsen rare columns (bands instead of exact numbers, "
    "regions instead of places) before you share the rows."
)


Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class _Condition:
    column: str
    sign: str  #: ``"≥"``, ``"≤"``, ``"="`` or ``"missing"``
    value: float


def attack(population: Population, *, seed: int) -> Finding | None:
    """The meter; None where no description of a single synthetic row fits exactly one real row."""
    parts = [getattr(population, key).iloc[population.queries(key, _ROWS)] for key in ("synthetic", "train", "holdout")]
    descriptions = _descriptions(_columns(parts[0]), seed)
    columns = _columns(pd.concat(parts[1:], ignore_index=True))
    hits = np.zeros(sum(map(len, parts[1:])))
    for description in descriptions:
        fits = _fits(description, columns)
        if len(fits) == 1:
            hits[fits[0]] += 1
    if not hits.any():
        return None
    return _finding(hits, np.repeat([True, False], [len(p) for p in parts[1:]]), len(descriptions))


def _columns(rows: pd.DataFrame) -> Columns:
    return {name: values.to_numpy() for name, values in rows.items()}


def _descriptions(columns: Columns, seed: int) -> list[list[_Condition]]:
    """Descriptions that fit exactly one synthetic row, each read off a random row in random columns."""
    rng, names, found = np.random.default_rng(seed), list(columns), []
    medians = {name: np.nanmedian(values) for name, values in columns.items() if is_quantity(values)}
    count = len(columns[names[0]])
    for _ in range(_TRIES):
        row = rng.integers(count)
        size = rng.integers(min(2, len(names)), min(_MOST_COLUMNS, len(names)) + 1)
        chosen = rng.choice(len(names), size, replace=False)
        description = [_condition(names[j], columns[names[j]][row], medians) for j in chosen]
        if len(_fits(description, columns)) == 1:
            found.append(description)
            if len(found) == _ATTACKS:
                break
    return found


def _condition(name: str, value: float, medians: dict[str, float]) -> _Condition:
    if name in medians and np.isnan(value):
        return _Condition(name, "missing", value)
    if name in medians:
        return _Condition(name, "≥" if value >= medians[name] else "≤", value)
    return _Condition(name, "=", value)


def _fits(description: list[_Condition], columns: Columns) -> np.ndarray:
    """Positions of the rows that meet every condition; each condition looks only at the rows that are left."""
    left = None
    for c in description:
        values = columns[c.column] if left is None else columns[c.column][left]
        if c.sign == "missing":
            met = np.isnan(values)
        elif c.sign == "=":
            met = values == c.value
        else:
            met = values >= c.value if c.sign == "≥" else values <= c.value
        left = np.flatnonzero(met) if left is None else left[met]
        if not len(left):
            break
    return left


def _finding(hits: np.ndarray, in_train: np.ndarray, attacks: int) -> Finding:
    size = in_train.sum() / (~in_train).sum()
    value, control = hits[in_train].sum() / attacks, hits[~in_train].sum() / attacks
    reference = min(control * size, 1.0)
    low, high = wilson(value, attacks)
    floor, ceiling = (min(w * size, 1.0) for w in wilson(control, attacks))
    gap, room = value - reference, max(1 - reference, 1e-9)
    down, up = gap - np.hypot(value - low, ceiling - reference), gap + np.hypot(high - value, reference - floor)
    evidence = Evidence(
        float(value), low, high, float(reference), *(float(np.clip(g / room, -1, 1)) for g in (gap, down, up)),
        nearest_share(hits, in_train).p,
    )  # fmt: skip
    return Finding(
        key="singling_out",
        title="Singling out",
        unit="share",
        evidence=evidence,
        sentence=f"Of {attacks:,} descriptions of a single synthetic row, {percent(value, 1)} fit exactly one person, "
        f"who was in training; by the unseen rows, chance gives {percent(reference, 1)}.",
        advice=_ADVICE,
        formula=FORMULA,
        attacks=attacks,
        controls=attacks,
    )
