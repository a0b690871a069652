"""Generated rows made to agree with the training rows in every column, by keeping some more often than others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from synth_core.generators._distance import Partition
from synth_core.generators.prepare import Variable

_ROUNDS = 30
_MOST = 8.0  # times the average: how much likelier one row may be kept than another
_STRONGEST = 2.5  # most that a factor's logarithm may be
_LEAST = 5  # rows made that a cell needs for a factor of its own
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
        goals = [c / c.sum() for c in counts]
        enough = [np.bincount(c, minlength=s) >= _LEAST for c, s in zip(where, sizes, strict=True)]
        factors, logs = [np.zeros(s) for s in sizes], np.zeros(len(made))
        best = _misfit(where, goals, logs), [f.copy() for f in factors], 0.0
        for _ in range(_ROUNDS):
            for place, goal, factor, usable in zip(where, goals, factors, enough, strict=True):
                now = _shares(place, logs, len(goal))
                change = np.where(usable, np.log(goal) - np.log(np.maximum(now, 1e-12)), 0.0)
                change = np.clip(factor + change, -_STRONGEST, _STRONGEST) - factor
                factor += change
                logs += change[place]
            misfit = _misfit(where, goals, logs)
            if misfit < best[0]:  # where no weights fit all columns the rounds need not come closer each time
                best = misfit, [f.copy() for f in factors], float(min(_ceiling(logs), logs.max()))
        return cls(partition, best[1], best[2])

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


def _shares(place: np.ndarray, logs: np.ndarray, cells: int) -> np.ndarray:
    weights = np.exp(np.minimum(logs, _ceiling(logs)) - logs.max())
    return np.bincount(place, weights, minlength=cells) / weights.sum()


def _misfit(where: list[np.ndarray], goals: list[np.ndarray], logs: np.ndarray) -> float:
    """Mean and largest total variation distance of the weighted rows from ``goals``, added up.

    The largest too: closer columns must not be bought with a target that drifts away.
    """
    away = [np.abs(g - _shares(c, logs, len(g))).sum() / 2 for c, g in zip(where, goals, strict=True)]
    return float(np.mean(away) + np.max(away))


def _ceiling(logs: np.ndarray) -> float:
    """Logarithm of the highest weight allowed: ``_MOST`` times the mean of the weights, themselves capped by it."""
    weights = np.exp(logs - logs.max())
    ceiling = 1.0
    for _ in range(5):
        ceiling = min(ceiling, _MOST * np.minimum(weights, ceiling).mean())
    return float(np.log(ceiling) + logs.max())
