"""Every generator on tables nobody thought of: types × gaps × cardinality × 2 to 200 rows."""

from __future__ import annotations

import string

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from synth_core.errors import GeneratorError, TableError
from synth_core.generators import CATALOGUE
from synth_core.tables import Train, set_target, table_from_frame
from synth_core.tables.table import DTYPES
from tests.generators.makers import quick

#: What a generator may say no to.
REFUSALS = (
    "needs at least", "needs a target column with classes", "has one class in the training rows",
    "too few rows for ε", "No column is left to learn",
)  # fmt: skip

_MAKERS = {
    "float": lambda rng, rows, values: rng.choice(rng.normal(0, 10.0 ** rng.integers(-6, 9), values), rows),
    "integer": lambda rng, rows, values: rng.choice(rng.integers(-(10 ** rng.integers(1, 15)), 10**6, values), rows),
    "zeros": lambda rng, rows, values: np.where(rng.random(rows) < 0.7, 0.0, rng.lognormal(3, 2, rows).round(2)),
    "text": lambda rng, rows, values: rng.choice([_word(rng) for _ in range(values)], rows),
    "boolean": lambda rng, rows, values: rng.random(rows) < 0.3,
    "date": lambda rng, rows, values: pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, values, rows), "D"),
    "moment": lambda rng, rows, values: (
        pd.Timestamp("1999-12-31 23:59:59") + pd.to_timedelta(rng.integers(0, 10**8, rows), "s")
    ),
    "constant": lambda rng, rows, values: np.full(rows, _word(rng)),
}


def _word(rng: np.random.Generator) -> str:
    return "".join(rng.choice(list(string.ascii_letters + "äß0 7,;'\"中🏙-"), rng.integers(1, 9))).strip() or "x"


@st.composite
def tables(draw) -> Train:
    """Training rows with one to six columns and, mostly, a target of two classes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rows = draw(st.integers(2, 200))
    frame = pd.DataFrame(index=range(rows))
    for number, kind in enumerate(draw(st.lists(st.sampled_from(list(_MAKERS)), min_size=1, max_size=6))):
        values = pd.Series(_MAKERS[kind](rng, rows, draw(st.sampled_from([1, 2, 5, 200]))))
        gaps = draw(st.sampled_from([0.0, 0.0, 0.3, 0.95, 1.0]))
        frame[f"{kind}{number}"] = values.astype(object).mask(rng.random(rows) < gaps) if gaps else values
    target = draw(st.sampled_from(["y", "y", None]))
    if target:
        y = rng.random(rows) < draw(st.sampled_from([0.05, 0.5]))
        y[:2] = [True, False]
        frame["y"] = np.where(y, "yes", "no")
    try:
        table = table_from_frame(frame)
    except TableError:  # no value in any cell
        reject()
    return Train(set_target(table, target) if target else table, np.arange(rows))


def check(name: str, train: Train) -> None:
    """Rows like the training rows, or one of the documented refusals."""
    try:
        generator = quick(name).fit(train, seed=1)
        made = generator.sample(37, seed=2)
    except GeneratorError as refusal:
        assert any(words in str(refusal) for words in REFUSALS), refusal
        return
    assert len(made) == 37 and list(made.columns) == train.schema.names
    assert {n: str(t) for n, t in made.dtypes.items()} == {c.name: DTYPES[c.kind] for c in train.schema}
    pd.testing.assert_frame_equal(generator.sample(37, seed=2), made)


_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]
FAST = [n for n, e in CATALOGUE.items() if not e.expensive]


@pytest.mark.parametrize("name", FAST)
@settings(max_examples=25, deadline=None, suppress_health_check=_QUIET, derandomize=True)
@given(train=tables())
def test_any_table_gives_rows_or_a_plain_sentence(name, train):
    check(name, train)


@pytest.mark.parametrize("name", [n for n in CATALOGUE if n not in FAST])
@settings(max_examples=6, deadline=None, suppress_health_check=_QUIET, derandomize=True)
@given(train=tables())
def test_any_table_gives_rows_or_a_plain_sentence_slowly(name, train):
    check(name, train)


@pytest.mark.slow
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("name", CATALOGUE)
@settings(max_examples=300, deadline=None, suppress_health_check=_QUIET)
@given(train=tables())
def test_very_many_tables(name, train):
    check(name, train)
