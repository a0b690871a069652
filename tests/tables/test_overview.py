"""The numbers of the Data page, and the warnings an analyst gets before generating anything."""

import numpy as np
import pandas as pd
import pytest

from synth_core.tables import load_sample, read_table, set_target, table_from_frame
from synth_core.tables.overview import classes, overview
from tests.tables.makers import REAL, csv, needs_real


def kinds(table):
    return {(flag.kind, flag.column) for flag in overview(table).flags}


def made(rows=1_000, seed=1, **columns):
    rng = np.random.default_rng(seed)
    y = (rng.random(rows) < 0.3).astype(int)
    frame = pd.DataFrame({"noise": rng.normal(size=rows).round(6), "group": rng.choice(list("abcd"), rows)})
    for name, make in columns.items():
        frame[name] = make(rng, y)
    frame["y"] = y
    return set_target(table_from_frame(frame), "y", 1)


def test_numbers():
    table = csv("a,b,y\n1,,no\n2,x,yes\n,x,no\n4,z,no\n", target="y")
    found = overview(table)
    assert (found.rows, found.columns, found.features) == (4, 3, 2)
    assert found.missing == pytest.approx(2 / 12)
    assert found.missing_by_column == {"a": 0.25, "b": 0.25, "y": 0.0}
    assert found.classes == {"no": 3, "yes": 1}
    assert (found.positives, found.positive_share) == (1, 0.25)
    assert classes(table, "b") == ["x", "z"]


def test_a_sound_table_has_no_flags():
    assert overview(load_sample("travel")).flags == ()
    assert overview(load_sample("fraud")).flags == ()
    assert overview(made()).flags == ()


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda rng, y: y, "alone determines"),
        (lambda rng, y: np.where(y == 1, "won", "lost"), "alone determines"),
        (lambda rng, y: 5 + 3 * y + rng.random(len(y)).round(3), "determines"),
        (lambda rng, y: np.where(y == 1, rng.integers(1, 100, len(y)), None), "alone determines"),
        (lambda rng, y: np.where((y == 1) ^ (rng.random(len(y)) < 0.01), 1, 0), "nearly determines"),
        (
            lambda rng, y: pd.to_datetime("2024-01-01") + pd.to_timedelta(rng.integers(0, 99, len(y)) + 400 * y, "D"),
            "determines",
        ),
    ],
    ids=["copy", "words", "amount", "missing otherwise", "one percent off", "date"],
)
def test_a_feature_that_gives_the_outcome_away_is_named(make, word):
    table = made(leaked=make)
    leaks = [flag for flag in overview(table).flags if flag.kind == "leak"]
    assert [flag.column for flag in leaks] == ["leaked"]
    assert word in leaks[0].text
    assert "“leaked”" in leaks[0].text
    assert "“y”" in leaks[0].text


def test_many_rare_levels_and_strong_features_are_no_leak():
    table = made(
        place=lambda rng, y: np.array([f"p{v}" for v in rng.integers(0, 400, len(y))]),
        strong=lambda rng, y: rng.normal(1.5 * y).round(3),
    )
    assert kinds(table) == {("levels", "place")}


def test_leaks_in_a_rare_class_of_a_large_table_are_found():
    rng = np.random.default_rng(2)
    y = (rng.random(60_000) < 0.003).astype(int)
    frame = pd.DataFrame(
        {"noise": rng.normal(size=60_000), "refund": np.where(y, rng.integers(1, 90, 60_000), 0), "y": y}
    )
    assert kinds(set_target(table_from_frame(frame), "y")) == {("leak", "refund")}


def test_flags_of_the_target():
    assert ("target", None) in kinds(csv("a,b\n1,2\n3,5\n"))
    assert ("target", "y") in kinds(csv("a,y\n" + "".join(f"{i},name {i}\n" for i in range(30)), target="y"))
    several = overview(csv("a,y\n1,x\n2,z\n3,w\n", target="y")).flags
    assert any("Fewer than 50 rows have" in f.text and "not scored on them" in f.text for f in several)
    rare = set_target(csv("a,y\n" + "".join(f"{i % 97},{int(i < 49)}\n" for i in range(500))), "y")
    assert any(
        "Only 49 rows of the rarer outcome in “y”: no verdict is given under 50" in f.text for f in overview(rare).flags
    )


def test_columns_set_aside_small_tables_and_repeats_are_said():
    table = csv("a,k,e,mail\n" + "".join(f"{i % 5},7,,u{i}@x.example\n" for i in range(60)))
    texts = " ".join(flag.text for flag in overview(table).flags)
    assert "Empty or constant, set aside and put back on export: k, e" in texts
    assert "Sensitive, never shown to a model: mail" in texts
    assert "Only 60 rows" in texts
    assert "55 rows (92%) repeat the features of another row" in texts


def test_a_table_without_features_says_so():
    table = csv("mail,k\n" + "".join(f"u{i}@x.example,1\n" for i in range(30)))
    assert any("No column is left for a model" in flag.text for flag in overview(table).flags)


@needs_real
def test_known_leaks_of_real_tables():
    assert ("leak", "spend") in kinds(read_table(REAL / "hillstrom_email.csv", "conversion"))
    assert ("leak", "rev") in kinds(read_table(REAL / "ad_table_30k.csv", "conv"))
    assert not any(kind == "leak" for kind, _ in kinds(read_table(REAL / "travel_package_18f.csv", "ProdTaken")))
