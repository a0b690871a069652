"""Which columns tell most about the target, so that they come right after it."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import mutual_info_score

from synth_core.generators._features import ranks, split_groups
from synth_core.generators.prepare import Variable

_ROWS = 20_000
_BINS = 10


def by_relation(variables: tuple[Variable, ...], data: dict[str, np.ndarray]) -> list[Variable]:
    """The variables by falling mutual information with the target, less what chance gives; a flag before its own.

    Without a target the order stays.
    """
    target = next((v for v in variables if v.is_target), None)
    if target is None:
        return list(variables)
    some = slice(None) if len(data[target.key]) <= _ROWS else slice(0, None, len(data[target.key]) // _ROWS + 1)
    y = _cells(target, data[target.key][some])
    found: dict[str, float] = {}
    for variable in variables:
        x = _cells(variable, data[variable.key][some])
        chance = (len(np.unique(x)) - 1) * (len(np.unique(y)) - 1) / (2 * len(y))  # Miller–Madow
        found[variable.source] = max(found.get(variable.source, -np.inf), mutual_info_score(x, y) - chance)
    place = {v.key: number for number, v in enumerate(variables)}
    return sorted(variables, key=lambda v: (not v.is_target, -found[v.source], place[v.key]))


def _cells(variable: Variable, values: np.ndarray) -> np.ndarray:
    if variable.levels:
        return split_groups(values.astype(np.intp), variable.levels)
    known = ~np.isnan(values)
    out = np.full(len(values), _BINS)
    out[known] = np.minimum((ranks(values[known]) * _BINS).astype(int), _BINS - 1)
    return out
