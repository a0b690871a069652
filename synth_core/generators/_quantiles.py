"""A quantity as normal scores and back: its own distribution is kept, spikes included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm


@dataclass(frozen=True)
class Quantiles:
    """The empirical distribution of one quantity.

    Source: Liu, Lafferty & Wasserman, "The Nonparanormal", JMLR 2009.
    """

    ordered: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray) -> Quantiles:
        return cls(np.sort(values))

    def to_scores(self, values: np.ndarray) -> np.ndarray:
        """Standard normal scores of training values; ties share the middle of their ranks."""
        below = np.searchsorted(self.ordered, values, "left")
        up_to = np.searchsorted(self.ordered, values, "right")
        return norm.ppf((below + up_to) / 2 / len(self.ordered))

    def to_values(self, scores: np.ndarray) -> np.ndarray:
        """Values at those scores, between neighbouring training values."""
        ranks = (np.arange(len(self.ordered)) + 0.5) / len(self.ordered)
        return np.interp(norm.cdf(scores), ranks, self.ordered)
