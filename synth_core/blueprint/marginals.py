"""From a position between 0 and 1 to a value of a stated column."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import ndtr, ndtri

from synth_core.blueprint.spec import COUNTS, Boolean, Category, Date, Modelled, Number
from synth_core.errors import BlueprintError

#: Quantiles are tabulated at these normal scores and interpolated: as exact as the eye can see, ten times faster.
_SCORES = np.linspace(-7, 7, 7_001)
_TAIL = 1e-12
_CELLS = 100_000
_DAY = 86_400 * 10**9  # nanoseconds

#: Positions in (0, 1) to values: floats for numbers, codes of levels for categories, days since 1970 for dates.
Quantile = Callable[[np.ndarray], np.ndarray]


def quantile(column: Modelled) -> Quantile:
    """The quantile function of ``column``, nondecreasing; blank cells are not part of it.

    Raises
    ------
    BlueprintError
        ``low`` and ``high`` leave nothing of the distribution.
    """
    if isinstance(column, Number):
        return _number(column)
    if isinstance(column, Date):
        days, weights = _days(column)
        return _steps(days, weights)
    shares = level_shares(column)
    return _steps(np.arange(len(shares)), shares)


def level_shares(column: Category | Boolean) -> np.ndarray:
    """Shares of the levels, in their order; they sum to 1."""
    if isinstance(column, Boolean):
        return np.array([1 - column.share, column.share])
    shares = np.array(column.shares or [1.0] * len(column.levels))
    return shares / shares.sum()


def moments(column: Number | Date) -> tuple[float, float]:
    """Mean and standard deviation of the column as it is drawn, zeros and rounding included (dates in days)."""
    values = quantile(column)((np.arange(_CELLS) + 0.5) / _CELLS)
    return float(values.mean()), float(values.std())


def limits(column: Number) -> tuple[float, float]:
    """Smallest and largest value that the column's rounding allows; infinite where nothing is stated."""
    digits = 0 if column.whole else column.decimals
    low, high = -math.inf, math.inf
    if column.low is not None:
        low = round(math.ceil(round(column.low / column.step, 6)) * column.step, digits)
    if column.high is not None:
        high = round(math.floor(round(column.high / column.step, 6)) * column.step, digits)
    return low, high


def _steps(values: np.ndarray, weights: np.ndarray) -> Quantile:
    edges = np.cumsum(weights / weights.sum())
    used = np.flatnonzero(weights > 0)
    values, edges = values[used], edges[used][:-1]
    return lambda u: values[np.searchsorted(edges, u, side="right")]


def _days(column: Date) -> tuple[np.ndarray, np.ndarray]:
    days = pd.date_range(column.start, column.end, freq="D")
    weights = np.ones(len(days))
    if column.weekdays:
        weights = weights * np.array(column.weekdays)[days.weekday]
    if column.months:
        weights = weights * np.array(column.months)[days.month - 1]
    if not weights.sum():
        raise BlueprintError(
            f"“{column.name}”: no day from {column.start} to {column.end} has a weekday and a month above 0."
        )
    return days.to_numpy().astype("datetime64[ns]").astype("int64") // _DAY, weights


def _number(column: Number) -> Quantile:
    kind = column.chosen()
    low, high = limits(column)
    if column.zero and (low >= 0 or kind not in ("normal", "uniform", "beta")):
        low = max(low, column.step)  # zeros are counted by their own share only
    part = (_count if kind in COUNTS else _continuous)(column, kind, low, high)
    if not column.zero:
        return part
    # The zeros take their place in the order of the values, above the negative ones.
    below = float((part((np.arange(_CELLS) + 0.5) / _CELLS) < 0).mean())
    filled, start = 1 - column.zero, (1 - column.zero) * below

    def mixed(u: np.ndarray) -> np.ndarray:
        other = np.where(u < start, u, u - column.zero) / filled
        values = part(np.clip(other, _TAIL, 1 - _TAIL))
        return np.where((u >= start) & (u < start + column.zero), 0.0, values)

    return mixed


def _count(column: Number, kind: str, low: float, high: float) -> Quantile:
    if kind == "poisson":
        counts = stats.poisson(column.mean)
    else:
        excess = column.sd**2 - column.mean
        counts = stats.nbinom(column.mean**2 / excess, column.mean / column.sd**2)
    values = np.arange(max(counts.ppf(_TAIL), np.ceil(low)), min(counts.ppf(1 - _TAIL), np.floor(high)) + 1)
    weights = counts.pmf(values)
    if weights.sum() <= _TAIL:
        raise _nothing_left(column, kind, low, high)
    return _steps(values, weights)


def _continuous(column: Number, kind: str, low: float, high: float) -> Quantile:
    # A whole number stands for half a step on both sides, so that the ends are as frequent as they should be.
    half = 0.5 if column.whole else 0.0
    spread = _distribution(column, kind, half)
    below, up_to = spread.cdf(low - half), spread.cdf(high + half)
    if up_to - below <= 1e-9:
        raise _nothing_left(column, kind, low, high)
    table = spread.ppf(below + (up_to - below) * ndtr(_SCORES))

    def values(u: np.ndarray) -> np.ndarray:
        found = np.interp(ndtri(u), _SCORES, table)
        found = np.rint(found) if column.whole else np.round(found, column.decimals)
        return np.clip(found, low, high)

    return values


def _distribution(column: Number, kind: str, half: float):
    mean, sd = column.mean, column.sd
    if kind == "normal":
        return stats.norm(mean, sd)
    if kind == "lognormal":
        sigma = math.sqrt(math.log1p((sd / mean) ** 2))
        return stats.lognorm(sigma, scale=mean * math.exp(-(sigma**2) / 2))
    if kind == "gamma":
        return stats.gamma((mean / sd) ** 2, scale=sd**2 / mean)
    if kind == "exponential":
        return stats.expon(scale=mean)
    low, width = column.low - half, column.high - column.low + 2 * half
    if kind == "uniform":
        return stats.uniform(low, width)
    return stats.beta(*beta_shapes((mean - low) / width, None if sd is None else sd / width), loc=low, scale=width)


def beta_shapes(mean: float, sd: float | None = None) -> tuple[float, float]:
    """Shapes of the beta distribution on 0…1 with that mean.

    Without a standard deviation it is the one that project planners use for low, likely and high (PERT: the shapes
    add up to 6), as long as its peak lies inside; with the mean near an end it falls from that end.
    Source: Malcolm, Roseboom, Clark & Fazar, "Application of a technique for research and development program
    evaluation", Operations Research 1959.
    """
    if sd is not None:
        total = mean * (1 - mean) / sd**2 - 1
        return mean * total, (1 - mean) * total
    if mean < 1 / 6:
        return 1.0, 1 / mean - 1
    if mean > 5 / 6:
        return 1 / (1 - mean) - 1, 1.0
    return 6 * mean, 6 * (1 - mean)


def _nothing_left(column: Number, kind: str, low: float, high: float) -> BlueprintError:
    return BlueprintError(
        f"“{column.name}”: a {kind} distribution with mean {column.mean:g} has no values from {low:g} to {high:g}. "
        "Change the mean or the limits."
    )
