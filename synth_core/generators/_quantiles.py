"""A quantity as normal scores and back: its own distribution is kept, spikes included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm

_KNOTS, _ROWS_PER_KNOT, _FEWEST = 1_000, 5, 10
#: A value with this share of the rows keeps its whole share in the thinned form.
_SPIKE = 0.005


@dataclass(frozen=True)
class Quantiles:
    """The empirical distribution of one quantity.

    ``ordered`` holds every training value in order, or, with ``ranks``, the values at those ranks (0…1) only.
    Source: Liu, Lafferty & Wasserman, "The Nonparanormal", JMLR 2009.
    """

    ordered: np.ndarray
    ranks: np.ndarray | None = None

    @classmethod
    def of(cls, values: np.ndarray) -> Quantiles:
        return cls(np.sort(values))

    def to_scores(self, values: np.ndarray) -> np.ndarray:
        """Standard normal scores of training values; ties share the middle of their ranks. Not once thinned."""
        below = np.searchsorted(self.ordered, values, "left")
        up_to = np.searchsorted(self.ordered, values, "right")
        return norm.ppf((below + up_to) / 2 / len(self.ordered))

    def to_values(self, scores: np.ndarray) -> np.ndarray:
        """Values at those scores, between neighbouring training values."""
        ranks = self.ranks if self.ranks is not None else (np.arange(len(self.ordered)) + 0.5) / len(self.ordered)
        return np.interp(norm.cdf(scores), ranks, self.ordered)

    def thinned(self) -> Quantiles:
        """At most 1,000 evenly spaced ranks (and one for five rows), and both ends of every spike.

        Between the bounds no value of a single row is needed, so none has to be stored.
        """
        count = len(self.ordered)
        even = np.linspace(0, count - 1, min(_KNOTS, max(_FEWEST, count // _ROWS_PER_KNOT))).round().astype(int)
        _, first, size = np.unique(self.ordered, return_index=True, return_counts=True)
        spike = size >= max(2, _SPIKE * count)
        kept = np.unique(np.concatenate([even, first[spike], (first + size - 1)[spike]]))
        return Quantiles(self.ordered[kept], (kept + 0.5) / count)

    def to_state(self) -> dict[str, Any]:
        """The thinned form, as arrays; :meth:`from_state` reads it back."""
        thin = self if self.ranks is not None else self.thinned()
        return {"values": thin.ordered, "ranks": thin.ranks}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Quantiles:
        return cls(np.asarray(state["values"], dtype=float), np.asarray(state["ranks"], dtype=float))
