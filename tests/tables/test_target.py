"""What is to be predicted: two classes, several, or a number."""

import numpy as np
import pandas as pd
import pytest

from synth_core.errors import SchemaError
from synth_core.tables import Target, set_target, table_from_frame
from synth_core.tables.target import strata, task_of


def table_with(values, **others):
    frame = pd.DataFrame({"x": np.arange(len(values)) % 7, "y": values, **others})
    return set_target(table_from_frame(frame), "y")


@pytest.mark.parametrize(
    ("values", "task", "classes"),
    [
        (["no", "yes"] * 30, "binary", ("no", "yes")),
        ([0, 1] * 30, "binary", ("0", "1")),
        (["red", "green", "blue"] * 20, "multiclass", ("blue", "green", "red")),
        ([3, 1, 2] * 20, "multiclass", ("1", "2", "3")),
        (list(np.linspace(0, 9, 60)), "regression", ()),
        (list(range(60)), "regression", ()),
    ],
)
def test_the_kind_of_a_target(values, task, classes):
    table = table_with(values)
    assert table.task == task
    assert (table.outcome.task, table.outcome.classes) == (task, classes)


def test_codes_are_places_among_the_classes_or_the_number():
    assert table_with(["b", "c", "a"] * 10).outcome.codes(table_with(["c", "a", "b"] * 10).frame)[:3].tolist() == [
        2, 0, 1,
    ]  # fmt: skip
    numbers = table_with(list(np.linspace(0, 9, 60)))
    assert numbers.outcome.codes(numbers.frame) == pytest.approx(np.linspace(0, 9, 60))


def test_a_part_keeps_the_classes_of_the_whole():
    table = table_with(["a"] * 30 + ["b"] * 30 + ["c"] * 2)
    assert table.outcome.classes == ("a", "b", "c")
    part = table.take(np.arange(40))
    assert part.outcome.classes == ("a", "b", "c")
    assert part.take(np.arange(3)).outcome == table.outcome


def test_a_value_that_is_no_class_is_named():
    with pytest.raises(SchemaError, match="“d” is none of the classes"):
        Target("y", "multiclass", ("a", "b", "c")).codes(pd.DataFrame({"y": ["a", "d"]}))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([f"name {n}" for n in range(60)], "60 different values, such as “name 0”"),
        (list(pd.date_range("2025-01-01", periods=60).astype(str)), "is a date"),
    ],
)
def test_a_target_no_model_can_predict_is_refused_in_words(values, words):
    table = table_with(values)
    assert table.task is None
    with pytest.raises(SchemaError, match=words):
        _ = table.outcome


def test_without_a_target_there_is_no_task():
    table = table_from_frame(pd.DataFrame({"x": [1, 2, 3], "z": ["a", "b", "a"]}))
    assert task_of(table) is None
    with pytest.raises(SchemaError, match="No target"):
        _ = table.outcome


def test_a_number_is_split_by_fifths():
    found = strata(np.arange(100.0), "regression")
    assert np.bincount(found).tolist() == [20] * 5
    assert strata(np.array([1.0, 0.0]), "binary").tolist() == [1, 0]
