"""Shapley values of the observed paths: v(S) = conversions of the paths whose channels all lie in S.

That game is a sum of unanimity games, one per path, so its Shapley value needs no coalitions: each conversion is split
equally over the distinct channels of its path (Zhao, Mahboobi, Bagheri 2018, "Shapley Value Methods for Attribution
Modeling in Online Advertising", arXiv:1804.05327).
"""

from __future__ import annotations

import numpy as np

from synth_core.journeys.attribution.base import Answer, Split
from synth_core.journeys.attribution.converting import Converting, converting, shared_out
from synth_core.journeys.observed import Journeys


def shapley_sets(journeys: Journeys) -> Answer:
    """Each conversion split equally over the distinct channels of its path."""
    some = converting(journeys)
    return shared_out(journeys, some, _shares(journeys, some))


def shapley_ordered(journeys: Journeys) -> Answer:
    """The same by channel and position, summed over positions.

    A channel's part of a conversion is divided over the positions at which it was seen, so that the totals are those of
    :func:`shapley_sets`; :func:`by_position` shows what the order adds.
    """
    table = _table(journeys)

    def answer(weights: np.ndarray) -> Split:
        credit, value = table(weights)
        return Split(credit.sum(axis=1), value=value.sum(axis=1))

    return answer


def by_position(journeys: Journeys) -> np.ndarray:
    """Ordered Shapley credit; float64 (channels, positions), positions counted from the start of the path."""
    return _table(journeys)(np.ones(len(journeys)))[0]


def _shares(journeys: Journeys, some: Converting) -> np.ndarray:
    """Share of each touch: 1 / distinct channels of its path / touches of its channel in the path."""
    size = len(journeys.channels)
    _, pair, repeats = np.unique(some.path * size + some.channel, return_inverse=True, return_counts=True)
    share = 1.0 / repeats[pair]
    distinct = np.bincount(some.path, share, minlength=len(some.rows))
    return share / distinct[some.path]


def _table(journeys: Journeys):
    some = converting(journeys)
    share = _shares(journeys, some)
    size, longest = len(journeys.channels), int(some.length.max(initial=0))
    cell = some.channel * longest + some.position
    conversions, value = journeys.conversions[some.rows], journeys.value[some.rows]

    def table(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        counted = weights[some.rows]
        return tuple(
            np.bincount(cell, share * (what * counted)[some.path], minlength=size * longest).reshape(size, longest)
            for what in (conversions, value)
        )

    return table
