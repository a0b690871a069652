"""Shapley values against the textbook sum over all coalitions."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
from hypothesis import given, settings

from synth_core.journeys.attribution import by_position, credit
from synth_core.journeys.observed import Journeys
from tests.journeys.makers import path_rows, paths


def _brute_force(journeys: Journeys) -> list[float]:
    """Over all 2^K coalitions; v(S): conversions of paths all of whose channels are in S."""
    players = range(len(journeys.channels))
    sets = [set(journeys.channel[journeys.starts[i] : journeys.starts[i + 1]]) for i in range(len(journeys))]

    def worth(coalition: set[int]) -> float:
        return sum(n for s, n in zip(sets, journeys.conversions, strict=True) if s and s <= coalition)

    size, credits = len(journeys.channels), []
    for player in players:
        others = [p for p in players if p != player]
        credits.append(
            sum(
                factorial(n) * factorial(size - n - 1) / factorial(size) * (worth({*some, player}) - worth({*some}))
                for n in range(size)
                for some in combinations(others, n)
            )
        )
    return credits


@settings(max_examples=60, derandomize=True, deadline=None)
@given(journeys=path_rows())
def test_sets_are_the_sum_over_all_coalitions(journeys):
    expected = _brute_force(journeys)
    np.testing.assert_allclose(credit(journeys, "shapley").credit, expected, atol=1e-10)
    np.testing.assert_allclose(credit(journeys, "shapley_ordered").credit, expected, atol=1e-10)


def test_ordered_credit_lies_where_the_channel_was():
    found = by_position(paths(("A > B > A", 6, 0), ("B", 1, 9)))
    # Each of the two channels has half of six; A's half lies at its two positions.
    np.testing.assert_allclose(found, [[1.5, 0, 1.5], [1, 3, 0]])


@settings(max_examples=30, derandomize=True, deadline=None)
@given(journeys=path_rows())
def test_positions_add_up_to_the_totals(journeys):
    np.testing.assert_allclose(by_position(journeys).sum(axis=1), credit(journeys, "shapley").credit, atol=1e-10)
