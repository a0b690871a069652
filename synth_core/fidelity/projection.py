"""Rows in two dimensions: the first principal components of the real training rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.decomposition import PCA

from synth_core.tables import Train
from synth_core.tables.encoding import FeatureEncoder

_POINTS = 700

Points = tuple[tuple[float, float], ...]


def project(train: Train, synthetic: pd.DataFrame, *, seed: int) -> tuple[Points, Points, tuple[float, float]] | None:
    """Real and synthetic points (at most 700 each), and the share of variance of each axis; None if impossible."""
    encoder = FeatureEncoder().fit(train)
    real = encoder.design(train.frame)
    if min(real.shape) < 2 or not len(synthetic) or not real.std(axis=0).any():
        return None
    pca = PCA(2, random_state=seed).fit(real)
    rng = np.random.default_rng(seed)

    def points(matrix: np.ndarray) -> Points:
        chosen = rng.permutation(len(matrix))[:_POINTS]
        return tuple((float(x), float(y)) for x, y in pca.transform(matrix[chosen]).round(4))

    return points(real), points(encoder.design(synthetic)), tuple(map(float, pca.explained_variance_ratio_))
