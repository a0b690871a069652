"""The three private measurements, all by OpenDP: noisy counts, categories that many rows have, a noisy choice.

The noise comes from the operating system and can be seeded by nobody.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import opendp.prelude as dp
from scipy.stats import norm

dp.enable_features("contrib")

_ROUNDING = 1e-6  #: of scores, which are long sums in floating point


@dataclass(frozen=True)
class Noisy:
    """Counts with noise, its standard deviation, and what they cost by OpenDP's own privacy map."""

    counts: np.ndarray
    sigma: float
    rho: float


def noisy_counts(counts: np.ndarray, rho: float, unit_rows: int) -> Noisy:
    """Counts of disjoint cells, any shape, with discrete Gaussian noise; a person has ``unit_rows`` rows at most."""
    sigma = scale(rho, unit_rows)
    measurement, cost = _gaussian(sigma, unit_rows)
    noisy = np.array(measurement(counts.ravel().tolist()), dtype=float)
    return Noisy(noisy.reshape(counts.shape), sigma, cost)


def frequent(
    counts: Mapping[str, int], rho: float, delta: float, unit_rows: int
) -> tuple[dict[str, float], float, float]:
    """Noisy counts of the categories whose noisy count passes a threshold, with their cost in ρ and δ.

    Nobody is the reason that a category is among them, but with probability δ.
    """
    measurement, (spent_rho, spent_delta) = _threshold(scale(rho, unit_rows), delta, unit_rows)
    return {k: float(v) for k, v in measurement(dict(counts)).items()}, spent_rho, spent_delta


def noisy_argmax(scores: np.ndarray, rho: float, unit_rows: int) -> tuple[int, float]:
    """Position of about the largest score, and its cost in ρ; one row changes no score by more than 1."""
    sensitivity = unit_rows * (1 + _ROUNDING)
    measurement, cost = _choice(scale(rho, sensitivity), sensitivity)
    return int(measurement(scores.astype(float).tolist())), cost


def scale(rho: float, unit_rows: float) -> float:
    """Scale of the noise that costs ρ, rounded up to six digits so that constructors serve again.

    The standard deviation for counts; ε = 2 × ``unit_rows`` / scale of a noisy choice, which costs ε²/8.
    """
    exact = unit_rows / math.sqrt(2 * rho)
    step = 10.0 ** (math.floor(math.log10(exact)) - 5)
    return math.ceil(exact / step + 1e-6) * step


@lru_cache(maxsize=512)
def _gaussian(sigma: float, unit_rows: int) -> tuple[Any, float]:
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l2_distance(T=int)
    measurement = dp.m.make_gaussian(*space, scale=sigma)
    return measurement, measurement.map(unit_rows)


@lru_cache(maxsize=512)
def _threshold(sigma: float, delta: float, unit_rows: int) -> tuple[Any, tuple[float, float]]:
    """The smallest threshold that OpenDP's map allows; its discrete noise may need a step or two over the formula."""
    space = (
        dp.map_domain(dp.atom_domain(T=str), dp.atom_domain(T=int)),
        dp.l02inf_distance(dp.absolute_distance(T=int)),
    )
    limit = unit_rows + math.ceil(sigma * norm.isf(delta / unit_rows))
    while True:
        measurement = dp.m.make_gaussian_threshold(*space, scale=sigma, threshold=limit)
        cost = measurement.map((unit_rows,) * 3)
        if cost[1] <= delta:
            return measurement, cost
        limit += max(round(sigma / 100), 1)


@lru_cache(maxsize=512)
def _choice(scale: float, sensitivity: float) -> tuple[Any, float]:
    space = dp.vector_domain(dp.atom_domain(T=float, nan=False)), dp.linf_distance(T=float)
    measurement = dp.m.make_noisy_max(*space, dp.zero_concentrated_divergence(), scale=scale)
    return measurement, measurement.map(sensitivity)
