"""What every generator of the catalogue must keep to, on tables that break generators."""

from __future__ import annotations

import hashlib
import pickle
import subprocess
import sys
from functools import cache

import numpy as np
import pandas as pd
import pytest

from synth_core.errors import Cancelled, GeneratorError
from synth_core.generators import CATALOGUE, Generator, create
from synth_core.tables import Kind, Role, Table, Train
from synth_core.tables.table import DTYPES
from tests.generators.makers import CASES, ROWS, case, quick, train_rows

#: Rows to make: more than there are, and divisible by no batch size.
WANTED = 301

every_generator = pytest.mark.parametrize("name", CATALOGUE)
#: Private generators must not know values exactly, and their noise follows no seed: tests/generators/dp is about them.
SEEDED = [name for name, entry in CATALOGUE.items() if not entry.private]


def fitted(name: str, train: Train, seed: int = 1) -> Generator:
    return quick(name).fit(train, seed=seed)


@cache
def with_gaps(name: str) -> Generator:
    """Fitted on the case with most kinds of column; for tests that only draw from it."""
    return fitted(name, case("missing values everywhere"))


def fingerprint(frame: pd.DataFrame) -> str:
    return hashlib.sha256(frame.to_csv().encode()).hexdigest()


@every_generator
@pytest.mark.parametrize("which", CASES)
def test_rows_come_back_as_the_table_they_came_from(name, which):
    train = case(which)
    generator = fitted(name, train)
    made = generator.sample(WANTED, seed=2)
    assert list(made.columns) == train.schema.names
    assert list(made.index) == list(range(len(made)))
    assert {n: str(t) for n, t in made.dtypes.items()} == {c.name: DTYPES[c.kind] for c in train.schema}
    assert len(made) == WANTED
    check = _check_roughly if CATALOGUE[name].private else _check
    for column in train.schema:
        check(column, made[column.name], train.frame[column.name])
    assert all(note.endswith((".", "…")) for note in generator.notes)


def _check(column, made: pd.Series, real: pd.Series) -> None:
    known, seen = made.dropna(), real.dropna()
    if column.role is Role.IDENTIFIER:
        assert not made.isin(seen).any() and made.notna().all() == real.notna().all()
        assert known.is_unique == seen.is_unique
    elif column.role in (Role.SENSITIVE, Role.FREE_TEXT, Role.EMPTY):
        assert made.isna().all()
    elif column.role is Role.CONSTANT:
        assert set(known) <= set(seen)
        _check_missing(made, real)
    else:
        _check_missing(made, real)
        _check_values(column, known, seen)


def _check_roughly(column, made: pd.Series, real: pd.Series) -> None:
    """What holds of private rows: bounds, decimals and whether a value is ever missing are not known exactly."""
    known, seen = made.dropna(), real.dropna()
    if column.role is Role.IDENTIFIER:
        assert not made.isin(seen).any() and known.is_unique and made.notna().all()
    elif column.role in (Role.SENSITIVE, Role.FREE_TEXT):
        assert made.isna().all()
    else:
        assert abs(made.isna().mean() - real.isna().mean()) <= 0.25 or column.name == "sku"
        assert column.kind is not Kind.TEXT or set(known) <= set(seen)
        assert column.kind is not Kind.INTEGER or (known % 1 == 0).all()
        if column.kind is Kind.DATE and (seen == seen.dt.normalize()).all():
            assert (known == known.dt.normalize()).all()


def _check_missing(made: pd.Series, real: pd.Series) -> None:
    # Sampling error of a rate, and what few updates leave a neural generator to learn.
    assert abs(made.isna().mean() - real.isna().mean()) <= (0.25 if real.isna().any() else 0)


def _check_values(column, known: pd.Series, seen: pd.Series) -> None:
    if column.role in (Role.CATEGORICAL, Role.BOOLEAN) or column.kind is Kind.TEXT:
        assert set(known) <= set(seen)
        return
    assert known.between(seen.min(), seen.max()).all()
    if column.kind is Kind.DATE and (seen == seen.dt.normalize()).all():
        assert (known == known.dt.normalize()).all()
    if column.kind is Kind.FLOAT and column.decimals is not None:
        assert (known == known.round(column.decimals)).all()


def test_the_cases_are_what_their_names_say():
    roles = {which: {c.name: c.role for c in case(which).schema} for which in CASES if which != "10,000 categories"}
    assert roles["emails_opened"]["emails_opened"] is Role.INTEGER
    assert roles["leading zeros"]["postcode"] is Role.CATEGORICAL
    assert roles["constant columns"]["country"] is roles["constant columns"]["year"] is Role.CONSTANT
    assert roles["empty columns"]["nothing"] is Role.EMPTY
    assert roles["ids"]["customer_id"] is roles["ids"]["order_id"] is Role.IDENTIFIER
    assert roles["sensitive"]["email"] is Role.SENSITIVE
    assert roles["dates"]["day"] is roles["dates"]["moment"] is Role.DATE
    assert roles["booleans"]["vip"] is roles["booleans"]["consent"] is Role.BOOLEAN
    assert len(roles["duplicate headers"]) == 4
    many = case("10,000 categories")
    assert many.schema["sku"].role is Role.CATEGORICAL and many.frame["sku"].nunique() == 10_000


@every_generator
def test_a_table_of_one_column_without_a_target(name):
    train = train_rows(pd.DataFrame({"spend": np.random.default_rng(0).normal(size=ROWS).round(2)}))
    if CATALOGUE[name].needs_classes:
        with pytest.raises(GeneratorError, match="needs a target column with classes"):
            fitted(name, train)
    else:
        assert fitted(name, train).sample(10, seed=1)["spend"].notna().all()


@every_generator
def test_nothing_to_learn_from(name):
    """Only ids and constants: nothing reaches the generator, and the table still comes back."""
    frame = pd.DataFrame({"customer_id": [f"C{n:05d}" for n in range(60)], "country": "DE"})
    if CATALOGUE[name].needs_classes:
        with pytest.raises(GeneratorError, match="needs a target column with classes"):
            fitted(name, train_rows(frame))
    else:
        made = fitted(name, train_rows(frame)).sample(5, seed=1)
        assert list(made["country"]) == ["DE"] * 5 and made["customer_id"].is_unique


@every_generator
@pytest.mark.parametrize("labels", [["yes", "no"], ["yes", "no", "no"]])
def test_very_few_rows_give_rows_or_a_plain_sentence(name, labels):
    frame = pd.DataFrame({"spend": [1.5, 2.25, 9.0], "city": ["Rome", "Köln", "Rome"]}).head(len(labels))
    train = train_rows(frame.assign(booked=labels), "booked")
    try:
        made = fitted(name, train).sample(20, seed=1)
    except GeneratorError as refusal:
        assert str(refusal).endswith(".") and "row" in str(refusal)
    else:
        assert len(made) == 20 and (CATALOGUE[name].private or made["spend"].between(1.5, 9).all())


@every_generator
def test_a_target_with_many_numbers_and_one_with_four_classes(name):
    frame = CASES["plain"](np.random.default_rng(3)).assign(segment=np.arange(ROWS) % 4)
    made = fitted(name, train_rows(frame, "segment")).sample(100, seed=1)
    assert set(made["segment"]) <= {0, 1, 2, 3} or CATALOGUE[name].private
    train = train_rows(frame, "spend")
    if CATALOGUE[name].needs_classes:
        with pytest.raises(GeneratorError, match="needs a target column with classes"):
            fitted(name, train)
    else:
        made = fitted(name, train).sample(100, seed=1)["spend"]
        assert CATALOGUE[name].private or made.between(frame["spend"].min(), frame["spend"].max()).all()


@pytest.mark.parametrize("name", SEEDED)
def test_the_seeds_decide_everything(name):
    train, first = case("missing values everywhere"), with_gaps(name)
    made = first.sample(WANTED, seed=5)
    np.random.random(3)  # noqa: NPY002 - the global state must not matter
    pd.testing.assert_frame_equal(fitted(name, train).sample(WANTED, seed=5), made)
    pd.testing.assert_frame_equal(first.sample(WANTED, seed=5), made)
    assert not first.sample(WANTED, seed=6).equals(made)


FRESH = """
from tests.generators.test_contract import SEEDED, case, fingerprint, fitted
print(*[fingerprint(fitted(name, case("plain")).sample(50, seed=5)) for name in SEEDED])
"""


def test_another_process_makes_the_same_rows():
    here = [fingerprint(fitted(name, case("plain")).sample(50, seed=5)) for name in SEEDED]
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == here


@every_generator
def test_global_random_states_are_left_alone(name):
    import torch

    np.random.seed(7)  # noqa: NPY002
    torch.manual_seed(7)
    threads = torch.get_num_threads()
    before = np.random.get_state()[1].copy(), torch.get_rng_state()  # noqa: NPY002
    fitted(name, case("plain")).sample(5, seed=1)
    assert (np.random.get_state()[1] == before[0]).all()  # noqa: NPY002
    assert torch.equal(torch.get_rng_state(), before[1])
    assert torch.get_num_threads() == threads


@every_generator
def test_any_number_of_rows(name):
    generator = with_gaps(name)
    dtypes = generator.sample(3, seed=1).dtypes
    for rows in (0, 1):
        made = generator.sample(rows, seed=1)
        assert len(made) == rows
        pd.testing.assert_series_equal(made.dtypes, dtypes)
    with pytest.raises(GeneratorError, match="-1 rows"):
        generator.sample(-1, seed=1)


@every_generator
def test_sampling_before_fitting_is_refused(name):
    with pytest.raises(GeneratorError, match="not been fitted"):
        create(name).sample(1, seed=1)


@every_generator
def test_only_training_rows_are_accepted(name):
    split = Table(case("plain").frame, case("plain").schema).split(seed=1)
    test = next(iter(split.train.folds(folds=2, repeats=1, seed=1))).test
    for rows in (split.holdout, test, split.train.table, split.train.frame):
        with pytest.raises(TypeError):
            create(name).fit(rows, seed=1)


class StopAt:
    """A progress that asks to stop at the ``number``-th report of a phase."""

    def __init__(self, phase: str, number: int) -> None:
        self.phase, self.left = phase, number

    def report(self, phase, step, total, **metrics):
        if phase == self.phase:
            self.left -= 1
            if self.left == 0:
                raise Cancelled("Stopped.")


@every_generator
@pytest.mark.parametrize("phase", ["encoding", "fitting", "sampling"])
def test_a_wish_to_stop_ends_the_work(name, phase):
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    with pytest.raises(Cancelled):
        generator = quick(name).fit(case("plain"), seed=1, progress=StopAt(phase, 1))
        generator.sample(10, seed=1, progress=StopAt(phase, 1))
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002


@every_generator
def test_a_stored_generator_makes_the_same_rows(name):
    generator = with_gaps(name)
    again = pickle.loads(pickle.dumps(generator))
    pd.testing.assert_frame_equal(again.sample(20, seed=3), generator.sample(20, seed=3))


@every_generator
@pytest.mark.filterwarnings("error")
def test_no_warnings(name):
    fitted(name, case("missing values everywhere")).sample(20, seed=1)
