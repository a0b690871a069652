"""The zero part of a quantity that mixing rows wears away: between nothing and something there is always something."""

from __future__ import annotations

import numpy as np

_SPIKE = 0.1  #: share of zeros from which they are a part of their own
_NEAR = 1e-9  #: in standard deviations; values this close to zero are zero


def with_zeros(made: np.ndarray, real: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """``made`` with as large a share of zeros in each column as ``real``: those nearest to zero become zero.

    Parameters
    ----------
    made, real : numpy.ndarray, shape (n_rows, n_quantities)
        Rows of one class.
    scale : numpy.ndarray, shape (n_quantities,)
        Standard deviations.
    """
    out = made.copy()
    for place, unit in enumerate(_NEAR * scale):
        share = (np.abs(real[:, place]) <= unit).mean()
        distance = np.abs(made[:, place])
        short = round(share * len(made)) - int((distance <= unit).sum())
        if share >= _SPIKE and short > 0:
            nearest = np.argsort(np.where(distance <= unit, np.inf, distance), kind="stable")[:short]
            out[nearest, place] = 0.0
    return out
