"""Statistical simulation: a named distribution for every column, independent or joined by a Gaussian copula."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri
from scipy.stats import norm

from synth_core.correlation import nearest
from synth_core.generators import _distributions
from synth_core.generators._distributions import Distribution
from synth_core.generators.base import Generator
from synth_core.generators.prepare import Encoded, Variable
from synth_core.progress import Progress

_MOST_NOTES = 40
#: Rows per level above which levels are ordered by their share of the target; with fewer the order would be noise.
_ROWS_PER_LEVEL = 10
_STRONGEST = 0.98


class Simulation(Generator):
    """The plainest model of a table, for tables too small for anything else.

    Every quantity gets the distribution with the smallest AIC of a short list (see
    :mod:`synth_core.generators._distributions`), every level its share. Nothing is drawn outside the observed range.

    Parameters
    ----------
    link : {"copula", "independent"}
        Whether columns are joined by the correlations of their normal scores, shrunk towards none as far as they could
        be noise, or drawn each on its own.

    Notes
    -----
    Correlations of levels and ties are corrected for the grouping to first order (as a biserial correlation is).
    Shrinkage as in Schäfer & Strimmer, "A shrinkage approach to large-scale covariance matrix estimation", Statistical
    Applications in Genetics and Molecular Biology 2005, with the variance that correlations have where there are none.
    """

    name: ClassVar[str] = "simulation"
    title: ClassVar[str] = "Statistical simulation"
    min_rows: ClassVar[int] = 2

    def __init__(self, link: str = "copula") -> None:
        self.link = link

    def _fit(self, encoded: Encoded, *, seed: int, progress: Progress) -> None:
        frame = _with_gaps(encoded)
        variables = encoded.variables
        self._parts: dict[str, Distribution | _Levels] = {}
        target = encoded.target
        response = None
        if target is not None and (target.is_quantity or target.levels == 2):
            response = frame[target.key].rank().to_numpy()
        for number, variable in enumerate(variables):
            progress.report("fitting", number, len(variables))
            values = frame[variable.key].to_numpy()
            if variable.is_quantity:
                self._parts[variable.key] = _distributions.fit(values[~np.isnan(values)])
            else:
                self._parts[variable.key] = _Levels.fit(variable, values.astype(np.intp), response)
        self._root = np.eye(len(variables))
        if self.link == "copula" and len(variables) > 1:
            self._root = np.linalg.cholesky(self._correlations(frame, variables))
        self.notes += _chosen({v.source: p for v, p in self._with_parts(variables) if isinstance(p, Distribution)})

    def _with_parts(self, variables: tuple[Variable, ...]) -> list[tuple[Variable, Distribution | _Levels]]:
        return [(v, self._parts[v.key]) for v in variables]

    def _correlations(self, frame: pd.DataFrame, variables: tuple[Variable, ...]) -> np.ndarray:
        scores = {}
        for variable in variables:
            values = frame[variable.key].to_numpy()
            part = self._parts[variable.key]
            scores[variable.key] = cell_scores(values if variable.is_quantity else part.place[values.astype(np.intp)])
        return copula_correlations(pd.DataFrame(scores))

    def _sample(self, rows: int, *, seed: int, progress: Progress) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        noise = rng.standard_normal((len(self._root), rows))
        made = {}
        for i, (key, part) in enumerate(self._parts.items()):
            progress.report("sampling", rows * i // len(self._parts), rows)
            made[key] = part.quantile(ndtr(self._root[i] @ noise))
        return pd.DataFrame(made)

    def _state(self) -> dict[str, Any]:
        parts = {key: part.to_state() for key, part in self._parts.items()}
        return {"root": self._root, "parts": parts}

    def _set_state(self, state: dict[str, Any]) -> None:
        self._root = np.asarray(state["root"])
        self._parts = {
            key: (Distribution if "atoms" in part else _Levels).from_state(part)
            for key, part in state["parts"].items()
        }  # fmt: skip


class _Levels:
    """Codes by their shares, in an order; ``place[code]`` is the position of a code in it."""

    def __init__(self, order: np.ndarray, shares: np.ndarray) -> None:
        self.order, self.shares = order, shares
        self.place = np.empty(len(order), dtype=np.intp)
        self.place[order] = np.arange(len(order))

    @classmethod
    def fit(cls, variable: Variable, codes: np.ndarray, response: np.ndarray | None) -> _Levels:
        counts = np.bincount(codes, minlength=variable.levels)
        order = np.arange(variable.levels)
        if response is not None and not variable.is_target and len(codes) >= _ROWS_PER_LEVEL * variable.levels:
            order = np.argsort(np.bincount(codes, response, variable.levels) / np.maximum(counts, 1), kind="stable")
        return cls(order, counts[order] / len(codes))

    def quantile(self, u: np.ndarray) -> np.ndarray:
        used = np.flatnonzero(self.shares)
        edges = np.cumsum(self.shares[used])[:-1]
        return self.order[used[np.searchsorted(edges, u, side="right")]]

    def to_state(self) -> dict[str, Any]:
        return {"order": self.order, "share": self.shares}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> _Levels:
        return cls(np.asarray(state["order"]), np.asarray(state["share"]))


def cell_scores(values: np.ndarray) -> np.ndarray:
    """Expected standard normal score of each value, given its rank; ties share theirs, NaN stays.

    Of a tie that fills the ranks from a to b of n it is ``(φ(Φ⁻¹(a/n)) − φ(Φ⁻¹(b/n))) · n / (b − a)``.
    """
    out = np.full(len(values), np.nan)
    known = ~np.isnan(values.astype(float))
    distinct, where, counts = np.unique(values[known], return_inverse=True, return_counts=True)
    edges = np.concatenate([[0], np.cumsum(counts)]) / counts.sum()
    heights = norm.pdf(ndtri(edges))
    out[known] = ((heights[:-1] - heights[1:]) * counts.sum() / counts)[where] if len(distinct) else 0.0
    return out


def copula_correlations(scores: pd.DataFrame) -> np.ndarray:
    """Correlations of the normal scores behind ``scores`` (see :func:`cell_scores`), shrunk; shape (p, p).

    Grouping shrinks a score's variance to v < 1, and a covariance by the factor v of each of the two, which is undone.
    """
    filled = scores.fillna(0.0).to_numpy()  # 0 is the mean of the scores
    known = scores.notna().to_numpy().astype(float)
    pairs = np.maximum(known.T @ known, 1)
    covariance = filled.T @ filled / pairs
    variance = np.diag(covariance)
    spread = np.where(variance > 0, variance, 1.0)
    off = ~np.eye(len(spread), dtype=bool)
    observed = covariance / np.sqrt(np.outer(spread, spread))
    noise = (1 / np.maximum(pairs - 1, 1))[off].sum()
    strength = (observed[off] ** 2).sum()
    kept = max(0.0, 1 - noise / strength) if strength > 0 else 0.0
    latent = np.clip(kept * covariance / np.outer(spread, spread), -_STRONGEST, _STRONGEST)
    np.fill_diagonal(latent, 1.0)
    return nearest(latent)


def _with_gaps(encoded: Encoded) -> pd.DataFrame:
    """Quantities with NaN instead of stand-ins where they are missing."""
    frame = encoded.frame.astype("float64")
    for variable in encoded.variables:
        if variable.missing_flag:
            frame.loc[frame[variable.missing_flag] == 1, variable.key] = np.nan
    return frame


def _chosen(fitted: dict[str, Distribution]) -> list[str]:
    """One sentence per quantity: what was chosen, its AIC, and what came next."""
    notes = []
    for name, found in list(fitted.items())[:_MOST_NOTES]:
        ranked = list(found.scores.items())
        runner = f"; next: {ranked[1][0]}, {ranked[1][1]:,.1f}" if len(ranked) > 1 else ""
        notes.append(f"“{name}”: {found.title} (AIC {ranked[0][1]:,.1f}{runner}).")
    if len(fitted) > _MOST_NOTES:
        notes.append(f"Distributions of {len(fitted) - _MOST_NOTES:,} more columns were chosen in the same way.")
    return notes
