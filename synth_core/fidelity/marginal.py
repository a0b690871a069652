"""Cells of one feature in reading order, with labels."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from synth_core.fidelity.kl import Cells
from synth_core.fidelity.results import Marginal
from synth_core.fidelity.words import show
from synth_core.tables.alignment import Values, known


def marginal(values: Values, cells: Cells) -> Marginal:
    """Shares of the cells that any side fills."""
    sides = (values.real, values.synthetic, values.holdout)
    counts = [None if side is None else cells.count(side) for side in sides]
    labels, order = reading(values, cells)
    kept = [i for i in order if any(count is not None and count[i] for count in counts)]
    return Marginal(
        tuple(labels[i] for i in kept), *(None if count is None else _shares(count, kept) for count in counts)
    )


def _shares(count: np.ndarray, kept: list[int]) -> tuple[float, ...]:
    return tuple(float(count[i] / count.sum()) if count[i] else 0.0 for i in kept)


def reading(values: Values, cells: Cells) -> tuple[list[str], list[int]]:
    """Labels of the cells, and their order: quantities by size, levels by falling real share, missing last."""
    count = len(cells)
    if cells.edges is None:  # codes are in the order of falling real share
        return [*(values.levels[code] for code in cells.own), "other", "missing"], list(range(count))
    real = known(values.real)
    low, high = (real.min(), real.max()) if len(real) else (-math.inf, math.inf)
    ends = list(pairwise([low, *cells.edges, high]))
    spans = [
        f"{show(values, a)} – {show(values, b)}" + (" (others)" if any(a <= v <= b for v in cells.own) else "")
        for a, b in ends
    ]
    labels = [*(f"= {show(values, v)}" for v in cells.own), *spans, "missing"]
    return labels, np.argsort([*cells.own, *(a / 2 + b / 2 for a, b in ends), math.inf], kind="stable").tolist()
