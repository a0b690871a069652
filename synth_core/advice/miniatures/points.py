"""Points in the plane as a table to be learned, and how far made points are off."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.datasets import make_moons
from sklearn.neighbors import NearestNeighbors

from synth_core.advice.miniatures.records import Shaped
from synth_core.tables import Train, set_target, table_from_frame

SHAPES = {"ring": "A ring", "moons": "Two moons", "groups": "Three groups"}
_ROWS = 400


def draw(shape: str, seed: int, rows: int = _ROWS) -> np.ndarray:
    """Points on one of :data:`SHAPES`, shape (rows, 2)."""
    rng = np.random.default_rng(seed)
    if shape == "ring":
        angle, radius = rng.uniform(0, 2 * np.pi, rows), 1 + 0.08 * rng.normal(size=rows)
        return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]).round(3)
    if shape == "moons":
        return make_moons(rows, noise=0.07, random_state=seed)[0].round(3)
    centres = np.array([[-1.0, -0.8], [1.0, -0.6], [0.0, 1.0]])
    return (centres[rng.integers(0, 3, rows)] + 0.18 * rng.normal(size=(rows, 2))).round(3)


def as_train(points: np.ndarray, labels: np.ndarray | None = None) -> Train:
    """All points as training rows; nothing is scored on them."""
    frame = pd.DataFrame(points, columns=["x", "y"])
    if labels is None:
        return Train(table_from_frame(frame), np.arange(len(frame)))
    table = set_target(table_from_frame(frame.assign(outcome=np.where(labels == 1, "yes", "no"))), "outcome", "yes")
    return Train(table, np.arange(len(frame)))


def shaped(title: str, real: np.ndarray, made: np.ndarray) -> Shaped:
    """The made points, and the share of them that is off the shape."""
    near = NearestNeighbors(n_neighbors=2).fit(real)
    usual = np.quantile(near.kneighbors(real)[0][:, 1], 0.99)
    off = near.kneighbors(made, n_neighbors=1)[0][:, 0] > usual
    return Shaped(title, real, made, float(off.mean()))
