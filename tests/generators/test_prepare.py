"""The shared layer alone: what goes in comes back, and what a generator does wrong is put right."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.generators.prepare import Preparer
from synth_core.tables import Role, Table, set_roles, table_from_frame


def there_and_back(table: Table) -> pd.DataFrame:
    """Encode, pretend that the encoded rows were generated, restore."""
    preparer = Preparer().fit(table)
    encoded = preparer.encode(table, seed=1)
    return preparer.restore(encoded.frame, len(table), seed=1)


def mixed(rows: int = 60) -> Table:
    rng = np.random.default_rng(0)
    return table_from_frame(
        pd.DataFrame(
            {
                "price": (rng.integers(10, 900, rows) * 100).astype(float),
                "rate": pd.Series(rng.random(rows).round(2)).mask(rng.random(rows) < 0.3),
                "visits": pd.Series(rng.poisson(3, rows), dtype="Int64").mask(rng.random(rows) < 0.2),
                "city": rng.choice(["Köln", "Rom", None], rows),
                "zip": rng.choice(["01067", "06520"], rows),
                "when": pd.Series(pd.date_range("2024-01-01", periods=rows, freq="D").astype(str)),
                "same": ["x"] * rows,
                "empty": [None] * rows,
            }
        )
    )


def test_what_goes_in_comes_back():
    table = mixed()
    pd.testing.assert_frame_equal(there_and_back(table), table.frame)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-(10**6), 10**6)), min_size=2, max_size=40))
def test_any_whole_numbers_come_back(values):
    if len({v for v in values if v is not None}) > 1:  # a constant comes back at its missing rate, not row by row
        table = table_from_frame(pd.DataFrame({"n": pd.Series(values, dtype="Int64"), "k": np.arange(len(values)) % 3}))
        table = set_roles(table, {"n": Role.INTEGER}) if table.schema["n"].role is Role.BOOLEAN else table
        pd.testing.assert_series_equal(there_and_back(table)["n"], table.frame["n"])


def test_encoded_values_have_no_gaps_and_stand_ins_are_observed_values():
    table = mixed()
    encoded = Preparer().fit(table).encode(table, seed=1)
    assert not encoded.frame.isna().any().any()
    rate = next(v for v in encoded.variables if v.source == "rate" and v.is_quantity)
    assert set(encoded.frame[rate.key]) <= set(table.frame["rate"].dropna())
    assert encoded.frame[rate.missing_flag].sum() == table.frame["rate"].isna().sum()


def test_wild_values_are_brought_back_to_bounds_grid_and_type():
    table = mixed()
    preparer = Preparer().fit(table)
    frame = preparer.encode(table, seed=1).frame
    keys = {v.source: v.key for v in preparer.variables if v.is_quantity}
    frame[keys["price"]] = np.linspace(-1e9, 1e9, len(frame))
    frame[keys["rate"]] += 0.00317
    frame[keys["when"]] += 3.3e12
    made = preparer.restore(frame, len(frame), seed=1)
    assert made["price"].between(table.frame["price"].min(), table.frame["price"].max()).all()
    assert (made["price"] % 100 == 0).all(), "prices in hundreds stay in hundreds"
    assert (made["rate"].dropna() * 100).sub((made["rate"].dropna() * 100).round()).abs().max() < 1e-9
    assert (made["when"] == made["when"].dt.normalize()).all()


def test_a_few_values_set_no_grid():
    table = table_from_frame(pd.DataFrame({"n": [10, 20, 30] * 5, "x": np.arange(15) * 1.5}))
    preparer = Preparer().fit(table)
    frame = preparer.encode(table, seed=1).frame
    key = next(v.key for v in preparer.variables if v.source == "n")
    frame[key] = 17.2
    assert (preparer.restore(frame, len(frame), seed=1)["n"] == 17).all()


def test_rare_levels_are_pooled_and_drawn_back_by_their_frequency():
    rng = np.random.default_rng(0)
    cities = rng.choice([f"c{i}" for i in range(40)], 4_000, p=np.arange(1, 41) / 820)
    table = table_from_frame(pd.DataFrame({"city": cities, "x": rng.normal(size=4_000)}))
    preparer = Preparer(max_levels=10).fit(table)
    encoded = preparer.encode(table, seed=1)
    variable = next(v for v in encoded.variables if v.source == "city")
    assert variable.levels == 9 and encoded.frame[variable.key].max() == 8
    made = preparer.restore(encoded.frame, 4_000, seed=1)
    real, back = table.frame["city"].value_counts(normalize=True), made["city"].value_counts(normalize=True)
    assert back.sub(real, fill_value=0).abs().sum() < 0.1
    assert any("learned as one group" in n for n in preparer.notes)


@pytest.mark.parametrize("role", [Role.SENSITIVE, Role.FREE_TEXT])
def test_what_is_sensitive_stays_blank(role):
    table = set_roles(mixed(), {"city": role})
    preparer = Preparer().fit(table)
    made = preparer.restore(preparer.encode(table, seed=1).frame, len(table), seed=1)
    assert made["city"].isna().all() and "city" in " ".join(preparer.notes)


def test_ids_are_new_and_of_the_same_kind():
    table = set_roles(mixed(), {"zip": Role.IDENTIFIER, "visits": Role.IDENTIFIER})
    preparer = Preparer().fit(table)
    made = preparer.restore(preparer.encode(table, seed=1).frame, len(table), seed=1)
    assert made["zip"].notna().all() and not set(made["zip"]) & set(table.frame["zip"])
    assert not set(made["visits"].dropna()) & set(table.frame["visits"].dropna())
    assert str(made["visits"].dtype) == "Int64"
