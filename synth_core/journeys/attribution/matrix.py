"""One row per path, one entry per touch."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array

from synth_core.journeys.observed import Journeys


def per_path(journeys: Journeys, entry: np.ndarray, column: np.ndarray, columns: int) -> csr_array:
    """A matrix (paths, columns) to which each touch adds ``entry`` at ``column``; both (touches,).

    All arrays are copied: scipy sorts entries and adds up those of the same cell in place when it needs them so.
    """
    shape = (len(journeys), columns)
    return csr_array((entry.astype(float), column, journeys.starts), shape=shape, copy=True)
