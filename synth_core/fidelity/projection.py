"""Rows in two dimensions: the first principal components of the real training rows."""

from __future__ import annotations

import numpy as np
from sklearn.decomposition import PCA

from synth_core.fidelity.design import points
from synth_core.fidelity.results import Projection
from synth_core.fidelity.samples import draw
from synth_core.tables.alignment import Aligned

_ROWS = 3_000  #: rows that the components are computed from
_POINTS = 700  #: rows that are drawn


def project(aligned: Aligned, *, seed: int) -> Projection | None:
    """Real and synthetic points (at most 700 each), and the share of variance of each axis; None if impossible."""
    real, synthetic, _ = points(draw(aligned, _ROWS, seed=seed, all_alike=False))
    if not len(real) or not len(synthetic) or (real.std(axis=0) > 0).sum() < 2:
        return None
    pca = PCA(2, random_state=seed).fit(real)
    rng = np.random.default_rng(seed)

    def flat(matrix: np.ndarray) -> tuple[tuple[float, float], ...]:
        chosen = rng.permutation(len(matrix))[:_POINTS]
        return tuple((float(x), float(y)) for x, y in pca.transform(matrix[chosen]).round(4))

    return Projection(flat(real), flat(synthetic), tuple(map(float, pca.explained_variance_ratio_)))
