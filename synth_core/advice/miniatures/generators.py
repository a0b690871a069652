"""What SMOTE, trees and a plain simulation make of points in the plane."""

from __future__ import annotations

import numpy as np
from sklearn.neighbors import NearestNeighbors

from synth_core.advice.miniatures.points import as_train, draw, shaped
from synth_core.advice.miniatures.records import Shaped, Smoted
from synth_core.generators.registry import CATALOGUE, create

FAST = ("trees", "simulation")
_SHOWN = 400


def smote(neighbours: int, *, made: int = 60, seed: int = 7) -> Smoted:
    """SMOTE between two clumps of a rare class with the common class in the middle."""
    rng = np.random.default_rng(seed)
    common = (np.array([0.75, 1.0]) * rng.normal(size=(160, 2))).round(3)
    clumps = np.repeat([[-2.4, 0.0], [2.4, 0.0]], 12, axis=0)
    rare = (clumps + 0.4 * rng.normal(size=clumps.shape)).round(3)
    points, labels = np.vstack([common, rare]), np.repeat([0, 1], [len(common), len(rare)])
    fitted = create("smote", neighbours=neighbours, classes="minority").fit(as_train(points, labels), seed=seed)
    new = fitted.sample(made, seed=seed)[["x", "y"]].to_numpy(dtype=float)
    nearest = NearestNeighbors(n_neighbors=1).fit(points).kneighbors(new)[1][:, 0]
    return Smoted(
        common,
        rare,
        new,
        _between(new, rare, neighbours, points.std(axis=0)),
        neighbours,
        float((labels[nearest] == 0).mean()),
    )


def _between(new: np.ndarray, rare: np.ndarray, neighbours: int, scale: np.ndarray) -> np.ndarray:
    """The pair of neighbours whose segment runs closest to each new point, shape (n_new, 2, 2)."""
    order = NearestNeighbors(n_neighbors=neighbours + 1).fit(rare / scale)
    found = order.kneighbors(rare / scale, return_distance=False)[:, 1:]
    start = np.repeat(rare, neighbours, axis=0)
    end = rare[found.ravel()]
    along = end - start
    length = np.maximum((along**2).sum(axis=1), 1e-12)
    place = np.clip(((new[:, None] - start) * along).sum(axis=2) / length, 0, 1)
    away = ((start + place[:, :, None] * along - new[:, None]) ** 2).sum(axis=2)
    best = away.argmin(axis=1)
    return np.stack([start[best], end[best]], axis=1)


def fast(generator: str, shape: str, *, seed: int = 7) -> Shaped:
    """A shape learned by one of :data:`FAST`."""
    real = draw(shape, seed)
    made = create(generator).fit(as_train(real), seed=seed).sample(_SHOWN, seed=seed)
    return shaped(CATALOGUE[generator].title, real, made.to_numpy(dtype=float))
