"""Cells of a column: found near what its rows need, and every value they stand for falls back into its own."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from synth_core.generators.dp.columns import Declared, kind_of
from synth_core.generators.dp.decode import decode
from synth_core.generators.dp.encode import cells_of, plain
from synth_core.generators.dp.measure import measure
from synth_core.generators.dp.release import Axis
from synth_core.tables import Table, table_from_frame

ROWS = 5_000


def column(values: object) -> Table:
    return table_from_frame(pd.DataFrame({"v": values}))


def found(table: Table, epsilon: float = 3.0, **declared: Declared) -> Axis:
    return measure(table, epsilon=epsilon, delta=1e-6, declared=declared).axes[0]


def cells(table: Table, axis: Axis) -> np.ndarray:
    kind = table.schema["v"].kind
    return cells_of(plain(table.frame["v"], kind, as_levels=kind_of(table.schema["v"], table.schema) == "levels"), axis)


RNG = np.random.default_rng(0)
DAYS = pd.Timestamp("2021-03-01") + pd.to_timedelta(RNG.integers(0, 400, ROWS), "D")
QUANTITIES = {
    "normal": RNG.normal(1_000, 3, ROWS).round(4),
    "skewed": np.exp(RNG.normal(3, 2, ROWS)).round(3),
    "negative": -RNG.exponential(5, ROWS).round(4) - 0.01,
    "unit": RNG.random(ROWS).round(5),
    "zeros": np.where(RNG.random(ROWS) < 0.9, 0.0, RNG.normal(50, 10, ROWS).round(3)),
    "counts": RNG.poisson(2, ROWS),
    "years": RNG.integers(1950, 2020, ROWS),
    "large": RNG.integers(400_000, 405_000, ROWS),
    "days": DAYS,
    "times": DAYS + pd.to_timedelta(RNG.integers(0, 86_400, ROWS), "s"),
}


@pytest.mark.parametrize("name", QUANTITIES)
def test_the_cells_hold_about_as_many_rows_each(name):
    table = column(QUANTITIES[name])
    axis = found(table)
    counts = np.bincount(cells(table, axis), minlength=axis.size)
    assert counts.sum() == ROWS
    assert axis.size >= 6
    intervals = counts[len(axis.points) : -1]
    assert np.median(intervals) > 0.15 * intervals.mean()
    assert intervals.max(initial=0) < 0.35 * ROWS


@pytest.mark.parametrize("name", QUANTITIES)
def test_values_drawn_from_a_cell_fall_into_it(name):
    table = column(QUANTITIES[name])
    axis = found(table)
    codes = np.repeat(np.arange(axis.size), 40)
    made = decode(codes[:, None], [axis], table.schema, seed=1)
    back = cells(Table(made, table.schema), axis)
    assert (back == codes).mean() > 0.97  # rounding to few digits may cross an edge


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("skewed", 0, 5_000), ("negative", -100, 0), ("counts", 0, 12), ("years", 1_900, 2_030), ("large", 0, 500_000)],
)
def test_declared_bounds_cover_every_value_between_them(name, low, high):
    table = column(QUANTITIES[name])
    axis = found(table, v=Declared(low=low, high=high))
    assert axis.declared
    ends = axis.points + axis.edges
    assert min(ends) <= low + 0.5
    assert max(ends) >= high - 0.5
    assert list(axis.edges) == sorted(set(axis.edges))


def test_zero_and_small_counts_have_cells_of_their_own():
    assert found(column(QUANTITIES["zeros"])).points == (0.0,)
    assert set(found(column(QUANTITIES["counts"])).points) >= {0.0, 1.0, 2.0, 3.0}


def test_values_outside_go_to_the_nearest_cell_and_unknown_labels_to_other():
    axis = Axis("v", "integer", points=(0.0,), edges=(0.5, 4.5, 9.5))
    assert cells_of(np.array([-7.0, 0, 1, 5, 99, np.nan]), axis).tolist() == [0, 0, 1, 2, 2, 3]
    axis = Axis("v", "number", points=(0.0,), edges=(-1.0, 0.0, 2.0))
    assert cells_of(np.array([-5.0, -0.5, 0.0, 1.0, 2.0, 3.0]), axis).tolist() == [1, 1, 0, 2, 2, 2]
    axis = Axis("v", "levels", labels=("a", "b"), other=True)
    assert cells_of(np.array(["b", "z", None, "a"], dtype=object), axis).tolist() == [1, 2, 3, 0]


def test_rare_labels_are_kept_together():
    labels = np.where(RNG.random(ROWS) < 0.03, [f"rare{i}" for i in range(ROWS)], "common")
    assert found(column(labels), epsilon=1.0).labels == ("common",)
