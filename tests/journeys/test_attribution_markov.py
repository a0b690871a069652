"""Removal effects against chains walked step by step, and against reference values."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.journeys.attribution import MODELS, credit, markov
from synth_core.journeys.attribution.markov import removal_effects
from synth_core.journeys.observed import Journeys
from tests.journeys.makers import attribution_paths, path_rows, paths
from tests.tables.makers import needs_real

THREE = paths(("A > B > A", 3, 2), ("B > A", 1, 4), ("A > A > B", 2, 3), ("C", 0, 5))


def _chain(journeys: Journeys, order: int) -> dict:
    """Probabilities of the steps out of each state; states are tuples of names, () the start."""
    steps: dict = defaultdict(lambda: defaultdict(float))
    for i in range(len(journeys)):
        path = [journeys.channels[c] for c in journeys.channel[journeys.starts[i] : journeys.starts[i + 1]]]
        count = journeys.conversions[i] + journeys.nulls[i]
        if not path or not count:
            continue
        states = [(), *(tuple(path[max(0, n - order) : n]) for n in range(1, len(path) + 1))]
        for here, there in pairwise(states):
            steps[here][there] += count
        steps[states[-1]]["won"] += journeys.conversions[i]
        steps[states[-1]]["lost"] += journeys.nulls[i]
    return {s: {t: n / sum(out.values()) for t, n in out.items()} for s, out in steps.items()}


def _walked(chain: dict, without: str | None = None) -> float:
    """Probability to convert, by moving the mass along until (nearly) all of it has arrived."""
    mass, won = {(): 1.0}, 0.0
    while sum(mass.values()) > 1e-13:
        moved: dict = defaultdict(float)
        for state, amount in mass.items():
            for target, chance in chain.get(state, {}).items():
                if target == "won":
                    won += amount * chance
                elif target != "lost" and without not in target:
                    moved[target] += amount * chance
        mass = moved
    return won


def _reaches(chain: dict, without: str) -> bool:
    """Whether a conversion can still be reached."""
    todo, seen = [()], set()
    while todo:
        state = todo.pop()
        if state == "won":
            return True
        seen.add(state)
        todo += [
            t for t, p in chain.get(state, {}).items() if p > 0 and t != "lost" and without not in t and t not in seen
        ]
    return False


@pytest.mark.parametrize("order", [1, 2, 3])
@settings(max_examples=60, derandomize=True, deadline=None)
@given(journeys=path_rows())
def test_removal_effects_are_those_of_the_chain_walked_step_by_step(order, journeys):
    chain = _chain(journeys, order)
    whole = _walked(chain)
    effects, chance = removal_effects(journeys, order)
    assert chance == pytest.approx(whole, abs=1e-11)
    expected = [1 - _walked(chain, name) / whole if whole else 0.0 for name in journeys.channels]
    np.testing.assert_allclose(effects, expected, atol=1e-9)


@pytest.mark.parametrize("fills", [0, 1_500])
@settings(max_examples=60, derandomize=True, deadline=None)
@given(journeys=path_rows(), order=st.integers(1, 3))
def test_the_solvers_agree(fills, journeys, order):
    dense = removal_effects(journeys, order)[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markov, "DENSE", 0)
        patch.setattr(markov, "FILLS", fills)
        np.testing.assert_allclose(removal_effects(journeys, order)[0], dense, atol=1e-9)


@pytest.mark.parametrize("order", [1, 2, 3])
@settings(max_examples=60, derandomize=True, deadline=None)
@given(journeys=path_rows())
def test_an_effect_is_one_exactly_where_no_way_to_a_conversion_avoids_the_channel(order, journeys):
    effects, _ = removal_effects(journeys, order)
    chain = _chain(journeys, order)
    wins = [
        {journeys.channels[c] for c in journeys.channel[journeys.starts[i] : journeys.starts[i + 1]]}
        for i in np.flatnonzero((journeys.conversions > 0) & (journeys.lengths > 0))
    ]
    for name, effect in zip(journeys.channels, effects, strict=True):
        needed = bool(wins) and not _reaches(chain, name)
        assert (effect > 1 - 1e-9) == needed
        # A chain also knows paths that were not observed, so only this direction holds for those that were.
        assert not needed or all(name in path for path in wins)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(journeys=path_rows(longest=3))
def test_where_the_chain_remembers_all_an_effect_is_one_iff_every_converting_path_visits_the_channel(journeys):
    effects, _ = removal_effects(journeys, 3)
    won = np.flatnonzero((journeys.conversions > 0) & (journeys.lengths > 0))
    for c, effect in enumerate(effects):
        every = all(c in journeys.channel[journeys.starts[i] : journeys.starts[i + 1]] for i in won)
        assert (effect > 1 - 1e-9) == (len(won) > 0 and every)


@pytest.mark.parametrize(
    ("journeys", "chance", "effects", "credits"),
    [
        (paths(("C1 > C2 > C3", 1, 0), ("C1", 0, 1), ("C2 > C3", 0, 1)), 1 / 3, [0.5, 1, 1], [0.2, 0.4, 0.4]),
        (paths(("G", 2, 1), ("M", 1, 0), ("G > M", 1, 0)), 0.8, [0.75, 0.5], [2.4, 1.6]),
        (THREE, 0.3, None, [3.428571, 2.571429, 0]),
    ],
)
def test_small_examples_give_the_reference_values(journeys, chance, effects, credits):
    found, whole = removal_effects(journeys)
    assert whole == pytest.approx(chance, abs=1e-12)
    if effects is not None:
        np.testing.assert_allclose(found, effects, atol=1e-12)
    np.testing.assert_allclose(credit(journeys, "markov1").credit, credits, atol=5e-7)


def test_a_longer_memory_gives_the_reference_values():
    np.testing.assert_allclose(credit(THREE, "markov2").credit, [3, 3, 0], atol=1e-12)


def test_no_conversion_gives_zeros():
    for key in ("markov1", "markov2", "markov3"):
        assert credit(paths(("A > B", 0, 3)), key).credit == (0.0, 0.0)


@pytest.mark.parametrize("fills", [0, 1_500])
def test_many_states_take_the_sparse_ways(fills, monkeypatch):
    monkeypatch.setattr(markov, "FILLS", fills)
    rng = np.random.default_rng(3)
    names = [f"n{i}" for i in range(25)]
    rows = [(" > ".join(rng.choice(names, 6)), int(rng.integers(3)), int(rng.integers(3))) for _ in range(400)]
    journeys = paths(*rows, channels=names)
    assert markov.chain(journeys, 2).states > markov.DENSE
    effects, whole = removal_effects(journeys, 2)
    chain = _chain(journeys, 2)
    np.testing.assert_allclose(effects, [1 - _walked(chain, name) / whole for name in names], atol=1e-9)


@needs_real
def test_the_real_table_gives_the_reference_values():
    journeys = attribution_paths()
    assert round(removal_effects(journeys)[1], 5) == 0.22385
    first = {
        "alpha": 5344.95, "beta": 2527.35, "delta": 4.61, "epsilon": 599.57, "eta": 3340.85, "gamma": 171.15,
        "iota": 3884.61, "kappa": 274.36, "lambda": 1282.85, "mi": 1.72, "theta": 1971.91, "zeta": 381.06,
    }  # fmt: skip
    second = {
        "alpha": 5617.45, "beta": 2439.65, "eta": 3391.86, "iota": 3810.51, "lambda": 1189.47, "theta": 1902.47,
    }  # fmt: skip
    for key, expected in (("markov1", first), ("markov2", second)):
        found = credit(journeys, key)
        row = dict(zip(found.channels, found.credit, strict=True))
        assert {name: round(row[name], 2) for name in expected} == expected
        assert sum(found.value) == pytest.approx(journeys.value.sum())


def test_the_orders_are_models_of_their_own():
    found = [MODELS[f"markov{k}"].prepare(THREE)(np.ones(len(THREE))).credit.tolist() for k in (1, 2, 3)]
    assert found[0] != found[1]
