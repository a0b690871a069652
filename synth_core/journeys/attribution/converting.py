"""The converting paths of some journeys: all that a model without an organic row shares out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from synth_core.journeys.attribution.base import Answer, Split
from synth_core.journeys.observed import Journeys


@dataclass(frozen=True, eq=False)
class Converting:
    """Paths with a touch and a conversion; path i of them owns the touches ``first[i]`` to ``last[i]``.

    Attributes
    ----------
    rows : numpy.ndarray
        int64 (converting,); their place among all paths.
    channel : numpy.ndarray
        int64 (touches,); of these paths only.
    path : numpy.ndarray
        int64 (touches,); place among the converting paths.
    first, last : numpy.ndarray
        int64 (converting,); place of the first and last touch in ``channel``.
    position, length : numpy.ndarray
        int64 (touches,); place within the path from 0, and touches of the path.
    touch : numpy.ndarray
        int64 (touches,); place among the touches of all paths.
    """

    rows: np.ndarray
    channel: np.ndarray
    path: np.ndarray
    first: np.ndarray
    last: np.ndarray
    position: np.ndarray
    length: np.ndarray
    touch: np.ndarray


def converting(journeys: Journeys) -> Converting:
    """Find them."""
    rows = np.flatnonzero((journeys.conversions > 0) & (journeys.lengths > 0))
    lengths = journeys.lengths[rows]
    path = np.repeat(np.arange(len(rows)), lengths)
    ends = np.cumsum(lengths)
    first = ends - lengths
    position = np.arange(len(path)) - first[path]
    touch = journeys.starts[:-1][rows][path] + position
    return Converting(
        rows, journeys.channel[touch].astype(np.int64), path, first, ends - 1, position, lengths[path], touch
    )


def shared_out(journeys: Journeys, some: Converting, share: np.ndarray) -> Answer:
    """The answer of a model that gives each touch a fixed share of its path's conversions.

    Parameters
    ----------
    journeys : Journeys
    some : Converting
        Of the same journeys.
    share : numpy.ndarray
        float (touches of the converting paths,); sums to 1 within each path.
    """
    shape = (len(journeys.channels), len(some.rows))
    matrix = csr_array((share, (some.channel, some.path)), shape=shape)
    conversions, value = journeys.conversions[some.rows], journeys.value[some.rows]

    def answer(weights: np.ndarray) -> Split:
        counted = weights[some.rows]
        return Split(matrix @ (conversions * counted), value=matrix @ (value * counted))

    return answer
