"""What the miniatures compute. Points are arrays of shape (n_points, 2)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Smoted:
    """New rows of a rare class.

    Attributes
    ----------
    common, rare, made : array
        Real rows of the common and the rare class, and new ones.
    ends : array, shape (n_made, 2, 2)
        The two real rows that each new one lies between.
    neighbours : int
    astray : float
        Share of the new rows whose nearest real row is of the common class.
    """

    common: np.ndarray
    rare: np.ndarray
    made: np.ndarray
    ends: np.ndarray
    neighbours: int
    astray: float


@dataclass(frozen=True, eq=False)
class Shaped:
    """Real points on a shape, and what a generator makes of them.

    Attributes
    ----------
    off : float
        Share of the made points that lie farther from every real point than 99 % of the real ones do.
    """

    title: str
    real: np.ndarray
    made: np.ndarray
    off: float


@dataclass(frozen=True, eq=False)
class Trained:
    """Points of a network at several moments of its training: ``shots[i]`` after ``updates[i]``."""

    title: str
    updates: tuple[int, ...]
    shots: tuple[Shaped, ...]


@dataclass(frozen=True)
class Stated:
    """Simulated studies of an effect that was stated.

    Attributes
    ----------
    effect : float
        Difference between the two stated rates.
    estimates, low, high : tuple of float
        What each study finds, with its 95 % interval.
    covered : int
        Studies whose interval holds the stated effect.
    found : int
        Studies whose interval lies above zero.
    """

    effect: float
    visitors: int
    estimates: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    covered: int
    found: int


@dataclass(frozen=True)
class Private:
    """A histogram, exact and with the noise that a privacy budget asks for.

    Attributes
    ----------
    sigma : float
        Standard deviation of the noise in every count, in people.
    error : float
        Mean distance between the bars.
    """

    epsilon: float
    labels: tuple[str, ...]
    exact: tuple[int, ...]
    noisy: tuple[float, ...]
    sigma: float
    error: float


@dataclass(frozen=True)
class Leak:
    """One model scored in three ways.

    Attributes
    ----------
    before : float
        AUC in folds cut after rows were added: the added rows sit on both sides.
    after : float
        AUC where rows are added inside the training part of each fold.
    truth : float
        AUC on many rows nobody has seen.
    added : int
        Synthetic rows for each real one of the rare class.
    """

    added: int
    before: float
    after: float
    truth: float


@dataclass(frozen=True)
class Reading:
    """Differences of a score over folds, and how a verdict reads them.

    Attributes
    ----------
    posterior : (float, float, float)
        Probabilities of a true difference below −0.01, within ±0.01, above +0.01.
    smallest : float
        The smallest true gain that such a study finds in 80 % of repeats.
    word : str
        What the differences alone would say; a real verdict asks the locked holdout, too.
    """

    differences: tuple[float, ...]
    mean: float
    low: float
    high: float
    p: float
    posterior: tuple[float, float, float]
    smallest: float
    word: str
