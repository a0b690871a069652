"""The distribution of one quantity, chosen by AIC from a short list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import optimize, stats
from scipy.special import xlogy

#: A value that fills this share of a column, in at least so many rows, is a part of its own beside the distribution.
_ATOM_SHARE, _ATOM_ROWS = 0.05, 5
_FEW_VALUES = 20  #: whole numbers with at most so many different values may be drawn by their shares
_OWN = "its own values"
_EDGE = 1e-12


@dataclass(frozen=True)
class Candidate:
    """One distribution fitted by maximum likelihood; ``aic`` = 2·parameters − 2·log-likelihood.

    ``family`` is a name in ``scipy.stats``, with ``args`` for values from ``origin`` on.
    """

    title: str
    family: str
    args: tuple[float, ...]
    aic: float
    origin: float = 0.0

    def frozen(self):
        return getattr(stats, self.family)(*self.args)


@dataclass(frozen=True)
class Distribution:
    """A quantity: values with shares of their own, and one distribution for the rest.

    Attributes
    ----------
    atoms, shares : ndarray
        Values drawn as they are, and the shares of all rows that they fill.
    rest : Candidate or None
        None where the atoms are everything.
    low, high : float
        Range of the rest; nothing is drawn outside.
    grid : float
        Distance of neighbouring values where they lie on a grid (whole numbers, days), else 0.
    scores : dict of str to float
        AIC of every candidate, atoms included.
    """

    atoms: np.ndarray
    shares: np.ndarray
    rest: Candidate | None
    low: float
    high: float
    grid: float
    scores: dict[str, float] = field(default_factory=dict)

    @property
    def title(self) -> str:
        if self.rest is None:
            return _OWN if len(self.atoms) > 1 else "one value"
        return _beside(self.rest.title, self.atoms)

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """Values at the places ``u`` in (0, 1); nondecreasing, atoms in their place among the others."""
        if self.rest is None:
            return self.atoms[np.searchsorted(np.cumsum(self.shares)[:-1], u, side="right")]
        left = 1 - self.shares.sum()
        spread, origin = self.rest.frozen(), self.rest.origin
        half = self.grid / 2
        bottom, top = spread.cdf(self.low - half - origin), spread.cdf(self.high + half - origin)
        at_atom, passed = np.full(len(u), -1), np.zeros(len(u))
        for i, (value, share) in enumerate(zip(self.atoms, self.shares, strict=True)):
            under = np.clip((spread.cdf(value - origin) - bottom) / (top - bottom), 0, 1)  # share of the rest
            start = left * under + self.shares[:i].sum()
            at_atom[(u >= start) & (u < start + share)] = i
            passed += np.where(u >= start + share, share, 0.0)
        place = np.clip((u - passed) / left, _EDGE, 1 - _EDGE)
        out = np.clip(spread.ppf(bottom + place * (top - bottom)) + origin, self.low, self.high)
        return np.where(at_atom >= 0, self.atoms[at_atom], out) if len(self.atoms) else out

    def to_state(self) -> dict[str, Any]:
        rest = self.rest and {
            "title": self.rest.title, "family": self.rest.family, "args": list(self.rest.args),
            "aic": self.rest.aic, "origin": self.rest.origin,
        }  # fmt: skip
        return {
            "atoms": self.atoms, "shares": self.shares, "rest": rest, "low": self.low, "high": self.high,
            "grid": self.grid,
        }  # fmt: skip

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Distribution:
        rest = state["rest"] and Candidate(**{**state["rest"], "args": tuple(state["rest"]["args"])})
        return cls(
            np.asarray(state["atoms"]), np.asarray(state["shares"]), rest, state["low"], state["high"], state["grid"]
        )


def _beside(title: str, atoms: np.ndarray) -> str:
    """How a distribution with single values beside it is called."""
    listed = ", ".join(f"{v:g}" for v in atoms[:3]) + (" …" if len(atoms) > 3 else "")
    return f"{title} beside {listed}" if len(atoms) else title


def fit(values: np.ndarray) -> Distribution:
    """The distribution of ``values`` (float64, nothing missing, at least one) with the smallest AIC.

    Values on a grid are compared by the probability of their cell, so that continuous and counting distributions can
    be told apart; other values by density. Source: Akaike, "A new look at the statistical model identification", IEEE
    Transactions on Automatic Control 1974.
    """
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) == 1:
        only = float(distinct[0])
        return Distribution(distinct, np.ones(1), None, only, only, 0.0, {"one value": 0.0})
    grid = _grid(distinct)
    ways: list[tuple[float, str, np.ndarray, np.ndarray, Candidate | None, np.ndarray]] = []
    for atoms in _atom_sets(distinct, counts, grid):
        is_atom = np.isin(distinct, atoms)
        shares = counts[is_atom] / len(values)
        # Likelihood of "which atom, or none", then of the value where it is none.
        outside = 1 - shares.sum()
        cost = -2 * (xlogy(counts[is_atom], shares).sum() + xlogy(counts[~is_atom].sum(), outside)) + 2 * len(atoms)
        for candidate in _candidates(distinct[~is_atom], counts[~is_atom], grid):
            title = _beside(candidate.title, atoms)
            ways.append((candidate.aic + cost, title, atoms, shares, candidate, distinct[~is_atom]))
    if grid and len(distinct) <= _FEW_VALUES and counts.min() >= 2:
        shares = counts / len(values)
        aic = -2 * xlogy(counts, shares).sum() + 2 * (len(distinct) - 1)
        ways.append((aic, _OWN, distinct, shares, None, distinct))
    ways.sort(key=lambda way: way[0])
    _, _, atoms, shares, rest, others = ways[0]
    scores = {title: float(aic) for aic, title, *_ in ways}
    return Distribution(atoms, shares, rest, float(others[0]), float(others[-1]), grid, scores)


def _grid(distinct: np.ndarray) -> float:
    """The common step of whole numbers, 0 for numbers with decimals."""
    if (distinct != np.rint(distinct)).any():
        return 0.0
    return float(np.gcd.reduce(np.diff(distinct).astype("int64"))) if len(distinct) > 4 else 1.0


def _atom_sets(distinct: np.ndarray, counts: np.ndarray, grid: float) -> Iterator[np.ndarray]:
    """Which values might stand for themselves: none, zero, or every one that is far too frequent for a density."""
    total = counts.sum()
    frequent = (counts >= _ATOM_ROWS) & (counts >= _ATOM_SHARE * total)
    if frequent.all() or len(distinct) - frequent.sum() < 2:
        frequent = np.zeros_like(frequent)
    if grid:
        # On a grid a frequent value may just be a likely one, so the AIC decides.
        yield np.empty(0)
        if frequent.any() and len(distinct) > _FEW_VALUES:
            yield distinct[frequent]
        zero = distinct == 0
        if zero.any() and counts[zero][0] >= _ATOM_ROWS and len(distinct) > 2:
            yield np.zeros(1)
    else:
        yield distinct[frequent]  # one value over and over has no density


def _candidates(distinct: np.ndarray, counts: np.ndarray, grid: float) -> Iterator[Candidate]:
    low, high = distinct[0], distinct[-1]
    n = int(counts.sum())
    half = grid / 2
    width = high - low
    # Positive families start at zero where it is near, else just below the smallest value (dates, years).
    near = low >= 0 and low <= width
    origin = 0.0 if near and (low > 0 or grid == 0) else low - (half or width / (2 * n) or 0.5)
    extra = 0 if near and origin == 0 else 1
    values = np.repeat(distinct, counts) if len(distinct) < n else distinct

    def scored(title: str, family: str, args: tuple, parameters: int, start: float = 0.0) -> Candidate | None:
        spread = getattr(stats, family)(*args)
        at = distinct - start
        with np.errstate(all="ignore"):
            if half:
                cell = spread.cdf(at + half) - spread.cdf(at - half)
                logs = np.log(np.maximum(cell, 1e-300))
            else:
                logs = spread.logpdf(at)
        total = float((counts * logs).sum())
        return Candidate(title, family, tuple(map(float, args)), 2 * parameters - 2 * total, float(start)) if (
            np.isfinite(total)
        ) else None  # fmt: skip

    mean, sd = float(np.average(distinct, weights=counts)), float(values.std())
    found = []
    if sd > 0:
        found.append(scored("normal", "norm", (mean, sd), 2))
        middle = float(np.median(values))
        found.append(scored("Laplace", "laplace", (middle, float(np.abs(values - middle).mean())), 2))
        found.append(scored("uniform", "uniform", (low - half, width + grid), 2))
        found += _positive(values - origin, origin, extra, scored)
        found.append(_beta(values, low, high, half or width / (2 * n), scored))
    if grid == 1 and low >= 0 and near:
        found += _counting(distinct, counts)
    if not any(found):  # a single value is left beside the atoms
        found.append(Candidate("uniform", "uniform", (low - (half or 0.5), 2 * (half or 0.5)), 4.0))
    yield from (c for c in found if c is not None)


def _positive(above: np.ndarray, origin: float, extra: int, scored: Callable) -> list[Candidate | None]:
    """Exponential, gamma and lognormal for values above ``origin``."""
    out = []
    if above.min() >= 0:
        out.append(scored("exponential", "expon", (0, above.mean()), 1 + extra, origin))
    if above.min() > 0:
        logs = np.log(above)
        if logs.std() > 0:
            out.append(scored("lognormal", "lognorm", (logs.std(), 0, np.exp(logs.mean())), 2 + extra, origin))
        # log(mean) − mean(log) = log(a) − ψ(a) for a gamma; scipy's own fit solves the same.
        if np.log(above.mean()) - logs.mean() > 1e-12:
            shape, _, scale = stats.gamma.fit(above, floc=0)
            out.append(scored("gamma", "gamma", (shape, 0, scale), 2 + extra, origin))
    return out


def _beta(values: np.ndarray, low: float, high: float, margin: float, scored: Callable) -> Candidate | None:
    start, width = low - margin, high - low + 2 * margin
    try:
        with np.errstate(all="ignore"):
            a, b, _, _ = stats.beta.fit(values, floc=start, fscale=width)
    except (RuntimeError, ValueError):  # scipy's solver found nothing; the other candidates remain
        return None
    return scored("beta", "beta", (a, b, start, width), 4)


def _counting(distinct: np.ndarray, counts: np.ndarray) -> list[Candidate | None]:
    """Poisson and negative binomial; zero-truncated where there are no zeros, or they are counted apart."""
    n, zero_out = counts.sum(), distinct[0] >= 1
    mean = float(np.average(distinct, weights=counts))
    variance = float(np.average((distinct - mean) ** 2, weights=counts))
    if mean <= 0:
        return []

    def cost(spread) -> float:
        logs = spread.logpmf(distinct) - (np.log1p(-spread.pmf(0)) if zero_out else 0.0)
        total = float((counts * logs).sum())
        return -2 * total if np.isfinite(total) else np.inf

    rate = mean
    if zero_out and mean > 1:  # mean of a zero-truncated Poisson: λ / (1 − e^−λ)
        rate = optimize.brentq(lambda x: x / -np.expm1(-x) - mean, 1e-9, mean)
    out = [Candidate("Poisson", "poisson", (float(rate),), 2 + cost(stats.poisson(rate)))]
    if variance > mean * 0.9 and n > 2:
        size = np.log(mean**2 / max(variance - mean, 0.05 * mean))

        def negative_binomial(x: np.ndarray):
            r, m = np.exp(np.clip(x, -12, 12))
            return stats.nbinom(r, r / (r + m))

        best = optimize.minimize(
            lambda x: min(cost(negative_binomial(x)), 1e300), [size, np.log(mean)], method="Nelder-Mead",
            options={"xatol": 1e-5, "fatol": 1e-6, "maxiter": 600},
        )  # fmt: skip
        spread = negative_binomial(best.x)
        out.append(Candidate("negative binomial", "nbinom", tuple(map(float, spread.args)), 4 + float(best.fun)))
    return out
