"""Generated rows made to agree with the training rows in every column, by keeping some more often than others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from synth_core.generators._distance import Partition
from synth_core.generators.prepare import Variable

_ROUNDS = 30
_MOST = 8.0  # times the average: how much likelier one row may be kept than another
_STEP = 2.0  # most that one factor's logarithm changes at once
_FEW = 0.01  # rows added to every cell, so that an empty one has a logarithm


class Raking:
    """Weights of generated rows, a product of one factor per variable's cell and class.

    A network learns which values go together better than how frequent each one is. Rows are therefore drawn in excess
    and kept at random by weights under which every variable, crossed with the target's classes, has its real
    frequencies. Source: Deming & Stephan, "On a Least Squares Adjustment of a Sampled Frequency Table When the
    Expected Marginal Totals are Known", Annals of Mathematical Statistics 1940.

    Attributes
    ----------
    partition : Partition
    factors : list of arrays of float
        Logarithms of the factors, one array per variable.
    highest : float
        Logarithm of the weight above which a row is always kept.
    """

    def __init__(self, partition: Partition, factors: list[np.ndarray], highest: float) -> None:
        self.partition, self.factors, self.highest = partition, factors, highest

    @classmethod
    def of(cls, partition: Partition, real: pd.DataFrame, made: pd.DataFrame) -> Raking:
        """Fit the weights of ``made`` rows to the frequencies of ``real`` rows (both encoded)."""
        where, sizes = partition.cells(made), partition.sizes
        counts = [np.bincount(c, minlength=s) + _FEW for c, s in zip(partition.cells(real), sizes, strict=True)]
        goals = [np.log(c / c.sum()) for c in counts]
        factors, logs = [np.zeros(s) for s in sizes], np.zeros(len(made))
        for _ in range(_ROUNDS):
            for place, goal, factor in zip(where, goals, factors, strict=True):
                now = np.bincount(place, np.exp(np.minimum(logs, _ceiling(logs))), minlength=len(goal))
                change = np.where(now > 0, goal - np.log(np.maximum(now, 1e-12) / now.sum()), 0.0)
                factor += np.clip(change, -_STEP, _STEP)
                logs += np.clip(change, -_STEP, _STEP)[place]
                factor -= logs.mean()  # only ratios of weights matter
                logs -= logs.mean()
        return cls(partition, factors, float(min(_ceiling(logs), logs.max())))

    def keep(self, made: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
        """Which of ``made`` rows stay, drawn by their weights: booleans of shape (n_rows,)."""
        logs = sum(f[place] for f, place in zip(self.factors, self.partition.cells(made), strict=True))
        return np.log(rng.random(len(made))) < logs - self.highest

    def to_state(self) -> dict[str, Any]:
        """Edges, factors and ceiling as plain values and arrays."""
        return {"edges": dict(self.partition.edges), "factors": list(self.factors), "highest": self.highest}

    @classmethod
    def from_state(cls, state: dict[str, Any], variables: tuple[Variable, ...]) -> Raking:
        """As :meth:`to_state` left it."""
        edges = {key: np.asarray(values) for key, values in state["edges"].items()}
        return cls(Partition(variables, edges), [np.asarray(f) for f in state["factors"]], float(state["highest"]))


def _ceiling(logs: np.ndarray) -> float:
    """Logarithm of the highest weight allowed: ``_MOST`` times the mean of the weights, themselves capped by it."""
    weights = np.exp(logs - logs.max())
    ceiling = 1.0
    for _ in range(5):
        ceiling = min(ceiling, _MOST * np.minimum(weights, ceiling).mean())
    return float(np.log(ceiling) + logs.max())
