"""The stated logistic model: log-odds of each row, the intercept that gives the prevalence, and the best AUC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from synth_core.blueprint.marginals import moments
from synth_core.blueprint.spec import Blueprint, Boolean, Date, Number

#: Furthest intercept that is looked for, beyond any sum of drivers.
_FAR = 1_000.0
_PARTS = 20


@dataclass(frozen=True)
class Truth:
    """What is known about the target because it was stated.

    Attributes
    ----------
    intercept : float
    coefficients : dict of str to float or dict of str to float
        Log-odds per standard deviation (numbers, dates), for the second label (yes/no), or per level.
    scales : dict of str to (float, float)
        Mean and standard deviation by which a number or date (in days since 1970) enters the model.
    best_auc : float
        Area under the ROC curve of the true probabilities: no model can do better on average.
    best_auc_error : float
        Its Monte-Carlo standard error.
    """

    intercept: float
    coefficients: dict[str, float | dict[str, float]]
    scales: dict[str, tuple[float, float]]
    best_auc: float
    best_auc_error: float


def scales(blueprint: Blueprint, values: Mapping[str, np.ndarray]) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation of the drivers that are numbers or dates.

    They are the stated columns' own; where there are rules, which move or compute columns, those of a large draw.
    """
    names = [n for n in blueprint.target.drivers if isinstance(blueprint.column(n), Number | Date)]
    if blueprint.rules:
        return {n: (float(np.nanmean(values[n])), float(np.nanstd(values[n]))) for n in names}
    return {n: moments(blueprint.column(n)) for n in names}


def log_odds(
    blueprint: Blueprint,
    values: Mapping[str, np.ndarray],
    scale: Mapping[str, tuple[float, float]],
) -> np.ndarray:
    """Log-odds of the outcome without the intercept, shape (n_rows,).

    Parameters
    ----------
    values : mapping of str to ndarray
        Drivers as drawn: floats (dates in days), codes of levels as floats; NaN = blank, which adds nothing.
    """
    total = np.zeros(len(next(iter(values.values()))))
    for name, strength in blueprint.target.drivers.items():
        column, drawn = blueprint.column(name), values[name]
        if name in scale:
            mean, sd = scale[name]
            part = strength * (drawn - mean) / sd if sd else 0.0
        else:
            levels = column.labels if isinstance(column, Boolean) else column.levels
            by_level = strength if isinstance(strength, Mapping) else {levels[1]: strength}
            steps = np.array([by_level.get(level, 0.0) for level in levels])
            part = np.where(np.isnan(drawn), 0.0, steps[np.nan_to_num(drawn).astype(np.int64)])
        total += np.nan_to_num(part)
    return total


def intercept(odds: np.ndarray, prevalence: float) -> float:
    """The intercept with which the rows' probabilities average to ``prevalence``."""
    return float(brentq(lambda b: expit(b + odds).mean() - prevalence, -_FAR, _FAR, xtol=1e-10))


def best_auc(chance: np.ndarray) -> tuple[float, float]:
    """AUC of the true chances and its Monte-Carlo standard error.

    Exact over the draw of outcomes: each row counts as positive by its chance. The error comes from parts of the draw.
    """
    parts = np.array([_auc(part) for part in np.array_split(chance, _PARTS)])
    return _auc(chance), float(parts.std(ddof=1) / np.sqrt(_PARTS))


def _auc(chance: np.ndarray) -> float:
    positive = np.sort(chance)
    negative = 1 - positive
    below = np.cumsum(negative) - negative
    # Ties in any order: of two equal chances, one row above the other counts as much as half a pair each way.
    return float((positive * (below + negative / 2)).sum() / (positive.sum() * negative.sum()))
