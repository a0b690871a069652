"""Nothing leaves a measurement but noisy counts: what it costs, and what one row can change."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import Cancelled, GeneratorError
from synth_core.generators.dp import noise, select
from synth_core.generators.dp.accountant import CONVERSION, rho_of
from synth_core.generators.dp.measure import Declared, measure
from synth_core.generators.dp.release import Release
from synth_core.tables import Role, Table, set_target, table_from_frame

ROWS = 4_000
DELTA = 1e-6


def frame(rows: int = ROWS, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    y = rng.random(rows) < 0.3
    return pd.DataFrame(
        {
            "spend": np.where(rng.random(rows) < 0.4, 0.0, np.exp(2 + y + rng.normal(size=rows)).round(2)),
            "visits": rng.poisson(3 + 2 * y),
            "city": rng.choice(["Köln", "Paris", "Rome"], rows, p=[0.5, 0.3, 0.2]),
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 300, rows), "D"),
            "land": "DE",
            "booked": np.where(y, "yes", "no"),
            "person": [f"p{i}" for i in rng.integers(0, rows // 4, rows)],
        }
    )


def table(rows: int = ROWS, *drop: str) -> Table:
    return set_target(table_from_frame(frame(rows).drop(columns=["person", *drop])), "booked", "yes")


def with_row(base: Table, **values: object) -> Table:
    """One row more, under the same schema."""
    row = {**base.frame.iloc[0].to_dict(), **values}
    more = pd.concat([base.frame, pd.DataFrame([row])], ignore_index=True)
    return replace(base, frame=more.astype(base.frame.dtypes.to_dict()))


def releases(base: Table, times: int, epsilon: float = 1.0) -> list[Release]:
    return [measure(base, epsilon=epsilon, delta=DELTA) for _ in range(times)]


@pytest.fixture(scope="module")
def usual() -> list[Release]:
    return releases(table(), 10)


@pytest.fixture
def invoked(monkeypatch) -> list[tuple[float, float]]:
    """What OpenDP's own maps say of every measurement that is really taken: ρ and δ."""
    costs: list[tuple[float, float]] = []

    def recorded(make, at):
        def made(*args):
            measurement, cost = make(*args)

            def invoke(data):
                own = measurement.map(at(args[-1]))
                costs.append(own if isinstance(own, tuple) else (own, 0.0))
                return measurement(data)

            return invoke, cost

        return made

    for name, at in (("_gaussian", int), ("_threshold", lambda m: (m,) * 3), ("_choice", float)):
        monkeypatch.setattr(noise, name, recorded(getattr(noise, name), at))
    return costs


CITY, LAND = Declared(labels=("Köln", "Paris", "Rome")), Declared(labels=("DE",))


@pytest.mark.parametrize("epsilon", [0.5, 1.0, 100.0])
@pytest.mark.parametrize(
    ("drop", "options"),
    [
        ((), {}),
        ((), {"declared": {"city": CITY, "spend": Declared(low=0, high=1000)}}),
        ((), {"unit": "person", "unit_rows": 3}),
        (("spend", "visits", "day"), {"declared": {"city": CITY, "land": LAND}}),
    ],
)
def test_all_measurements_together_cost_no_more_than_the_budget(invoked, epsilon, drop, options):
    base = set_target(table_from_frame(frame().drop(columns=list(drop))), "booked", "yes")
    release = measure(base, epsilon=epsilon, delta=DELTA, **options)
    conversion = next(s.delta for s in release.spent if s.what == CONVERSION)
    budget = rho_of(epsilon, conversion)
    rho, delta = (sum(part) for part in zip(*invoked, strict=True))
    assert 0.99 * budget < rho <= budget
    assert delta + conversion <= DELTA
    assert rho == pytest.approx(sum(s.rho for s in release.spent))
    assert delta + conversion == pytest.approx(sum(s.delta for s in release.spent))
    assert release.unit_rows == options.get("unit_rows", 1)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=60),
    st.tuples(st.integers(0, 3), st.integers(0, 2)),
    st.lists(st.floats(-20, 60), min_size=7, max_size=7),
)
def test_one_row_changes_the_score_of_a_pair_by_one_at_most(rows, more, ones):
    def score(pairs: list[tuple[int, int]]) -> float:
        counts = np.zeros((4, 3))
        for a, b in pairs:
            counts[a, b] += 1
        return select._score(counts, np.array(ones[:4]), np.array(ones[4:]))

    assert abs(score([*rows, more]) - score(rows)) <= 1 + 1e-9


@pytest.mark.parametrize(
    "row",
    [{"city": "Ulm"}, {"city": None}, {"spend": 9e15}, {"spend": -9e15}, {"spend": None}, {"visits": 10**14},
     {"visits": pd.NA}, {"land": "FR"}, {"land": None}, {"day": pd.Timestamp("1900-01-01")}, {"day": pd.NaT}],
    ids=str,
)  # fmt: skip
def test_one_row_never_changes_the_released_schema(row, usual):
    base = table()
    changed = releases(with_row(base, **row), 10)
    place = base.schema.names.index(next(iter(row)))
    assert {a.kind for r in changed for a in r.axes} == {a.kind for r in usual for a in r.axes}
    before, after = ([r.axes[place] for r in some] for some in (usual, changed))
    assert {a.labels for a in after} == {a.labels for a in before}
    if not before[0].labels:  # noise moves the bounds, so that no bound of one world is out of reach in the other
        for end in (min, max):
            reach = [{end(a.points + a.edges) for a in some} for some in (before, after)]
            assert min(reach[1]) <= max(reach[0])
            assert max(reach[1]) >= min(reach[0])
    assert all(a.size == len(a.labels) + len(a.points) + max(len(a.edges) - 1, 0) + a.other + 1 for a in after)


def numbers(data: object, path: str = "") -> Iterator[tuple[str, float]]:
    """Every number of a JSON-like record with its place."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from numbers(value, f"{path}.{key}")
    elif isinstance(data, list | tuple):
        for place, value in enumerate(data):
            yield from numbers(value, f"{path}.{place}")
    elif isinstance(data, int | float):
        yield path, data


def test_the_row_count_is_nowhere():
    """By chance a noisy count may hit it now and then; nothing does so again and again."""
    base = table()
    hits = Counter(path for r in releases(base, 6) for path, value in numbers(r.to_dict()) if value == len(base))
    assert max(hits.values(), default=0) < 3
    assert len({r.rows for r in releases(base, 6)}) > 1


def test_no_seed_repeats_the_noise():
    base = table()
    found = []
    for _ in range(2):
        random.seed(7)
        np.random.seed(7)  # noqa: NPY002 - the one that others would set
        found.append(measure(base, epsilon=1, delta=DELTA))
    assert found[0].ones != found[1].ones
    assert found[0].twos != found[1].twos
    assert found[0].rows != found[1].rows or found[0].ones[0] != found[1].ones[0]


def test_at_a_huge_epsilon_the_counts_are_those_of_the_table():
    base = table()
    release = measure(base, epsilon=5_000, delta=DELTA)
    assert release.rows == pytest.approx(ROWS, abs=2)
    names = [a.name for a in release.axes]
    city = release.axes[names.index("city")]
    assert city.labels == ("Köln", "Paris", "Rome")
    assert release.ones[names.index("city")] == pytest.approx(
        [*(base.frame["city"].value_counts()[label] for label in city.labels), 0, 0], abs=3
    )
    spend = release.axes[names.index("spend")]
    assert spend.points == (0.0,)
    assert release.ones[names.index("spend")][0] == pytest.approx((base.frame["spend"] == 0).sum(), abs=3)
    assert all(np.sum(two) == pytest.approx(ROWS, abs=60) for two in release.twos)


def test_the_target_is_paired_with_every_column_and_the_others_form_a_tree():
    release = measure(table(), epsilon=1, delta=DELTA)
    target = [a.name for a in release.axes].index("booked")
    assert {i for pair in release.pairs if target in pair for i in pair} == set(range(len(release.axes)))
    others = [pair for pair in release.pairs if target not in pair]
    part = list(range(len(release.axes)))
    for i, j in others:
        assert part[i] != part[j]
        part = [part[i] if p == part[j] else p for p in part]
    assert len({part[i] for i in range(len(release.axes)) if i != target}) == 1


def test_at_most_so_many_rows_of_a_person_are_used():
    rows = frame()
    rows.loc[: ROWS // 2, "person"] = "greedy"
    base = table_from_frame(rows)
    release = measure(base, epsilon=1_000, delta=DELTA, unit="person", unit_rows=2)
    expected = rows["person"].value_counts().clip(upper=2).sum()
    assert release.rows == pytest.approx(expected, abs=5)
    assert "person" not in [a.name for a in release.axes]
    assert release.unit == "person"


def test_ids_and_sensitive_columns_are_not_measured_but_constant_ones_are():
    base = table()
    schema = base.schema.replace_column("city", role=Role.SENSITIVE)
    names = [a.name for a in measure(replace(base, schema=schema), epsilon=1, delta=DELTA).axes]
    assert "city" not in names
    assert "land" in names


def test_declared_values_stay_whatever_the_rows_say():
    declared = {"city": Declared(labels=("Köln", "Oslo")), "visits": Declared(low=0, high=100)}
    release = measure(table(), epsilon=1, delta=DELTA, declared=declared)
    city, visits = (next(a for a in release.axes if a.name == n) for n in ("city", "visits"))
    assert city.declared and visits.declared
    assert city.labels == ("Köln", "Oslo")
    assert min(visits.points + visits.edges) in (-0.5, 0.0)
    assert visits.edges[-1] == 100.5


@pytest.mark.parametrize(
    ("declared", "match"),
    [
        ({"nobody": Declared(low=0, high=1)}, "nobody"),
        ({"city": Declared(low=0, high=1)}, "city"),
        ({"spend": Declared(labels=("a",))}, "spend"),
        ({"spend": Declared(low=1, high=1)}, "spend"),
    ],
)
def test_a_declaration_that_does_not_fit_is_refused(declared, match):
    with pytest.raises(GeneratorError, match=match):
        measure(table(), epsilon=1, delta=DELTA, declared=declared)


EXTREMES = {
    "8 rows": lambda: table(8),
    "1 column": lambda: table_from_frame(frame()[["spend"]]),
    "all missing": lambda: table_from_frame(frame().assign(nothing="")[["nothing", "visits"]]),
    "10,000 categories": lambda: table_from_frame(
        pd.DataFrame({"u": [f"c{i % 10_000}x" for i in range(20_000)], "y": ["a", "b"] * 10_000})
    ),
}


@pytest.mark.parametrize("epsilon", [0.01, 1.0, 100.0])
@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_give_an_answer_or_a_clear_refusal(name, epsilon):
    try:
        release = measure(EXTREMES[name](), epsilon=epsilon, delta=DELTA)
    except GeneratorError as refusal:
        assert "smallest workable ε" in str(refusal)
        assert epsilon < 100
    else:
        assert Release.from_dict(release.to_dict()) == release
        assert all(len(ones) == axis.size for ones, axis in zip(release.ones, release.axes, strict=True))
        assert len(release.twos) == len(release.pairs) == len(release.sigma_twos)


def test_many_columns_work():
    rng = np.random.default_rng(0)
    wide = pd.DataFrame({f"c{i}": rng.choice(list("abcd"), 2_000) for i in range(36)})
    assert len(measure(table_from_frame(wide), epsilon=1, delta=DELTA).pairs) == 35


def test_it_can_be_stopped():
    class Stop:
        def report(self, phase, step, total, **metrics):
            if phase == "fitting":
                raise Cancelled("stop")

    with pytest.raises(Cancelled):
        measure(table(), epsilon=1, delta=DELTA, progress=Stop())
