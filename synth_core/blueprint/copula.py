"""Values of the stated columns from a Gaussian copula, with the rules between them kept."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from scipy.special import ndtr

from synth_core.blueprint import correlations, rules
from synth_core.blueprint.marginals import quantile
from synth_core.blueprint.spec import Blueprint
from synth_core.correlation import nearest
from synth_core.errors import BlueprintError
from synth_core.progress import Progress

_FEWEST = 200  #: rows drawn at a time
_LEAST_KEPT = 0.005  #: share of rows that keep all rules, below which drawing is given up


class Stream(IntEnum):
    """Independent streams of random numbers, so that one column's draw does not move another's."""

    COPULA, BLANKS, OUTCOME, RULES, FAKED = range(5)


def rng(seed: int, stream: Stream, position: int, number: int = 0) -> np.random.Generator:
    """The random numbers of one column in one round."""
    return np.random.default_rng([seed, int(stream), position, number])


def values(blueprint: Blueprint, rows: int, seed: int, progress: Progress) -> tuple[dict[str, np.ndarray], list[str]]:
    """Values of the modelled columns (floats, codes of levels, dates in days; NaN = blank), and what to say of them.

    Rows that break a rule are drawn again, so that those that stay are the stated distribution, given the rules.
    """
    fitted = rules.check_rules(blueprint)
    if not fitted:
        return _round(blueprint, rows, seed, 0, progress), []
    parts, have, made = [], 0, 0
    while have < rows:
        kept = max(have / made, 0.01) if made else 1.0
        batch = max(_FEWEST, min(2 * rows, int(1.2 * (rows - have) / kept)))
        drawn = _round(blueprint, batch, seed, len(parts), progress)
        rules.apply(blueprint, fitted, drawn, rng(seed, Stream.RULES, 0, len(parts)))
        broken = rules.broken(blueprint, fitted, drawn)
        good = ~np.any([np.zeros(batch, dtype=bool), *broken.values()], axis=0)
        made, have = made + batch, have + int(good.sum())
        parts.append({name: column[good] for name, column in drawn.items()})
        if have < _LEAST_KEPT * made:
            worst = max(broken, key=lambda rule: broken[rule].mean())
            raise BlueprintError(
                f"As stated, “{worst.short}” holds in {100 * (1 - broken[worst].mean()):.1f} % of the rows only. "
                "Change what is stated of its columns, or leave the rule out."
            )
    joined = {name: np.concatenate([p[name] for p in parts])[:rows] for name in parts[0]}
    again = 100 * (1 - have / made)
    said = f"{again:.0f} % of the rows drawn broke a rule and were drawn again: their columns moved accordingly."
    return joined, [said] if again >= 1 else []


def _round(blueprint: Blueprint, rows: int, seed: int, number: int, progress: Progress) -> dict[str, np.ndarray]:
    """Rows from the copula, before any rule; computed columns are 0 or blank."""
    columns = blueprint.modelled
    names = [c.name for c in columns]
    root = np.linalg.cholesky(nearest(correlations.matrix(blueprint.correlations, names)))
    noise = [rng(seed, Stream.COPULA, i, number).standard_normal(rows) for i in range(len(columns))]
    drawn = {}
    for i, column in enumerate(columns):
        progress.report("sampling", i, 2 * len(columns))
        if column.name in blueprint.computed:
            made = np.zeros(rows)
        else:
            score = np.zeros(rows)
            for j in np.flatnonzero(root[i]):
                score += root[i, j] * noise[j]
            made = quantile(column)(ndtr(score)).astype(np.float64)
        if column.missing:
            made[rng(seed, Stream.BLANKS, i, number).random(rows) < column.missing] = np.nan
        drawn[column.name] = made
    return drawn
