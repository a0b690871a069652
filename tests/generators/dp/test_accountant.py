"""What ε and δ buy, and how it is shared out: known before any row is read."""

from __future__ import annotations

import math

import opendp.prelude as dp
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import GeneratorError
from synth_core.generators.dp import accountant
from synth_core.generators.dp.accountant import (
    CHOICE,
    CONVERSION,
    DOMAIN,
    ONES,
    TWOS,
    epsilon_of,
    rho_of,
    smallest_epsilon,
    split,
)
from synth_core.generators.dp.columns import Declared
from synth_core.tables import Schema, set_target, table_from_frame


def schema_of(target: str | None = None, **columns: list) -> Schema:
    table = table_from_frame(pd.DataFrame(columns))
    return (set_target(table, target) if target else table).schema


LEVELS = ["a", "b", "a", "c"] * 5
NUMBERS = [0.5 * i + 0.25 for i in range(20)]
CLASSES = ["yes", "no"] * 10


def test_the_known_value():
    assert rho_of(1.0, 1e-6) == pytest.approx(0.0243560, abs=5e-8)


@pytest.mark.parametrize("epsilon", [0.01, 0.1, 1.0, 10.0, 100.0])
def test_agrees_with_the_map_of_opendp(epsilon):
    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T=int)), dp.l2_distance(T=int)
    gaussian = dp.m.make_gaussian(*space, scale=1 / math.sqrt(2 * rho_of(epsilon, 1e-6)))
    theirs = dp.c.make_zCDP_to_approxDP(gaussian).map(1).epsilon(1e-6)
    assert theirs == pytest.approx(epsilon, rel=1e-4)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.005, 150), st.floats(1e-12, 1e-2))
def test_rho_is_the_inverse_and_never_too_much(epsilon, delta):
    rho = rho_of(epsilon, delta)
    assert epsilon_of(rho, delta) <= epsilon
    assert epsilon_of(rho * 1.001, delta) > epsilon


def test_the_split_adds_up_to_what_epsilon_buys():
    plan = split(1.0, 1e-6, schema_of("y", a=LEVELS, x=NUMBERS, y=CLASSES))
    assert sum(s.delta for s in plan) == pytest.approx(1e-6)
    conversion = next(s.delta for s in plan if s.what == CONVERSION)
    assert conversion == pytest.approx(0.5e-6)
    assert sum(s.rho for s in plan) == pytest.approx(rho_of(1.0, conversion))


def test_declared_columns_give_their_share_back():
    schema = schema_of(a=LEVELS, b=LEVELS, x=[n % 13 for n in range(20)])
    known = {"a": Declared(labels=("a", "b", "c")), "b": Declared(labels=("a", "b", "c"))}
    everything, bounds = ({**known, "x": Declared(low=0, high=high)} for high in (20, 900))
    plans = [{s.what: s for s in split(1.0, 1e-6, schema, d)} for d in ({}, known, everything, bounds)]
    assert plans[0][TWOS].rho < plans[1][TWOS].rho < plans[2][TWOS].rho
    assert plans[1][DOMAIN].rho == pytest.approx(plans[0][DOMAIN].rho / 3, rel=0.3)
    assert plans[0][DOMAIN].delta > 0
    assert plans[1][DOMAIN].delta == 0  # no category is left to be found
    assert DOMAIN not in plans[2]
    assert plans[3] == plans[1]  # between wide bounds, where the rows lie is still to be found


def test_steps_that_are_not_taken_cost_nothing():
    alone = {s.what for s in split(1.0, 1e-6, schema_of(x=NUMBERS))}
    assert ONES in alone
    assert not alone & {CHOICE, TWOS}
    assert CHOICE not in {s.what for s in split(1.0, 1e-6, schema_of(x=NUMBERS, a=LEVELS))}


def test_the_smallest_epsilon_grows_with_columns_and_rows_per_person():
    assert smallest_epsilon(9) < 0.01  # ε = 0.01 works on tables as people have them
    assert smallest_epsilon(9) < smallest_epsilon(60) < smallest_epsilon(60, unit_rows=5)
    assert smallest_epsilon(9) < smallest_epsilon(9, rows=100) < smallest_epsilon(9, rows=8)


@pytest.mark.parametrize(("columns", "unit_rows"), [(1, 1), (9, 1), (40, 10), (300, 50)])
def test_a_refusal_names_an_epsilon_that_works(columns, unit_rows):
    least = smallest_epsilon(columns, unit_rows=unit_rows)
    accountant.check(least, 1e-6, columns, unit_rows)
    with pytest.raises(GeneratorError, match=f"smallest workable ε is {least:g}"):
        accountant.check(least * 0.9, 1e-6, columns, unit_rows)


@pytest.mark.parametrize("epsilon", [0.0, -1.0, math.inf, math.nan])
def test_no_budget_is_refused(epsilon):
    with pytest.raises(GeneratorError, match="privacy budget"):
        accountant.check(epsilon, 1e-6, 5, 1)
