"""Nearest records in bounded memory."""

from __future__ import annotations

import numpy as np
from sklearn.neighbors import NearestNeighbors


def closest(reference: np.ndarray, queries: np.ndarray, k: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Distances to the ``k`` nearest rows of ``reference``, and their positions; each of shape (n_queries, k).

    Exact, by blocks: memory grows with the rows given, never with their product. Positions tell nothing about who comes
    first among equally near rows: the reference is searched in a shuffled order that is always the same.

    Parameters
    ----------
    reference : array of float, shape (n_reference, n_dimensions)
        At least ``k`` rows.
    queries : array of float, shape (n_queries, n_dimensions)
    """
    order = np.random.default_rng(0).permutation(len(reference))
    search = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(reference[order])
    _, places = search.kneighbors(queries)
    places = order[places]
    # The search subtracts large squares; distances that may be zero are worked out again.
    exact = np.empty(places.shape)
    for j in range(k):
        exact[:, j] = np.sqrt(((reference[places[:, j]] - queries) ** 2).sum(axis=1))
    ranks = np.argsort(exact, axis=1, kind="stable")
    return np.take_along_axis(exact, ranks, axis=1), np.take_along_axis(places, ranks, axis=1)
