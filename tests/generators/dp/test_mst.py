"""DP (MST): what leaves a private generator is made from its release alone, and says what was promised."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from synth_core import lift
from synth_core.errors import Cancelled, GeneratorError
from synth_core.generators import create, saving
from synth_core.generators.dp.certificate import certificate, to_markdown
from synth_core.generators.dp.decode import decode
from synth_core.generators.dp.release import Axis
from synth_core.tables import Kind, Release, Role, Train, set_roles, set_target, table_from_frame
from synth_core.tables.schema import Column, Schema

ROWS = 3_000


def frame_of(rows: int = ROWS, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=rows)
    return pd.DataFrame(
        {
            "customer_id": [f"C{n:06d}" for n in rng.permutation(10 * rows)[:rows]],
            "order_no": rng.permutation(10 * rows)[:rows] + 500_000,
            "email": [f"user{n}@agency.example" for n in rng.permutation(rows)],
            "spend": np.where(rng.random(rows) < 0.4, 0.0, np.exp(3 + x).round(2)),
            "visits": rng.poisson(3, rows),
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 200, rows), "D"),
            "city": rng.choice(["Köln", "Paris", "Rome"], rows, p=[0.5, 0.3, 0.2]),
            "note": np.where(rng.random(rows) < 0.3, None, "seen"),
            "booked": np.where(x + rng.normal(size=rows) > 0.5, "yes", "no"),
        }
    )  # fmt: skip


def train_of(frame: pd.DataFrame, target: str | None = "booked") -> Train:
    table = table_from_frame(frame)
    roles = {"customer_id": Role.IDENTIFIER, "order_no": Role.IDENTIFIER, "email": Role.SENSITIVE}
    table = set_roles(table, {n: r for n, r in roles.items() if n in table.schema})
    return Train(set_target(table, target) if target else table, np.arange(len(frame)))


@pytest.fixture(scope="module")
def train() -> Train:
    return train_of(frame_of())


@pytest.fixture(scope="module")
def generator(train):
    return create("dp_mst", epsilon=3.0).fit(train, seed=1)


def column(name: str, kind: Kind, role: Role, **more) -> Column:
    return Column(name, name, kind, role, **more)


# --- from cells to values -------------------------------------------------------------------------------------------


def decoded(axis: Axis, of: Column, codes) -> pd.Series:
    return decode(np.array(codes)[:, None], [axis], Schema((of,)), seed=3)[axis.name]


def test_other_never_leaves_but_as_a_label_or_missing():
    city = column("city", Kind.TEXT, Role.CATEGORICAL)
    codes = [0] * 300 + [1] * 100 + [2] * 4_000 + [3] * 10
    made = decoded(Axis("city", "levels", labels=("Köln", "Rome"), other=True), city, codes)
    assert set(made.dropna()) == {"Köln", "Rome"} and made.isna().sum() == 10
    assert abs((made[400:4_400] == "Köln").mean() - 0.75) < 0.03
    assert decoded(Axis("city", "levels", other=True), city, [0, 0, 1]).isna().all()


@pytest.mark.parametrize(
    ("kind", "labels", "values"),
    [(Kind.INTEGER, ("1", "-2"), [1, -2]), (Kind.FLOAT, ("0.5", "2.0"), [0.5, 2.0]),
     (Kind.DATE, ("2024-02-29T00:00:00",), [pd.Timestamp("2024-02-29")]), (Kind.TEXT, ("1e5", "007"), ["1e5", "007"])],
)  # fmt: skip
def test_labels_come_back_in_the_kind_of_their_column(kind, labels, values):
    made = decoded(
        Axis("x", "levels", labels=labels, other=True), column("x", kind, Role.CATEGORICAL), [*range(len(labels))]
    )
    assert list(made) == values


def test_whole_numbers_stay_whole_and_leave_points_to_their_own_cells():
    axis = Axis("visits", "integer", points=(0.0, 2.0), edges=(-0.5, 4.5, 9.5))
    codes = np.repeat([0, 1, 2, 3, 4], [5, 5, 900, 500, 7])
    made = decoded(axis, column("visits", Kind.INTEGER, Role.INTEGER), codes)
    assert str(made.dtype) == "Int64" and made.isna().sum() == 7
    assert (made[:5] == 0).all() and (made[5:10] == 2).all()
    assert made[10:910].value_counts().to_dict() == {1: 300, 3: 300, 4: 300}  # even, without clumps
    assert set(made[910:1_410]) == {5, 6, 7, 8, 9}
    full = Axis("visits", "integer", points=(1.0,), edges=(0.5, 1.5))
    assert list(decoded(full, column("visits", Kind.INTEGER, Role.INTEGER), [1, 1])) == [1, 1]


def test_numbers_lie_on_a_grid_that_only_the_interval_decides():
    axis = Axis("spend", "number", points=(0.0,), edges=(0.0, 20.0, 5_000.0))
    made = decoded(axis, column("spend", Kind.FLOAT, Role.NUMERIC), [0] * 3 + [1] * 2_000 + [2] * 2_000)
    assert (made[:3] == 0).all()
    low, high = made[3:2_003], made[2_003:]
    assert low.between(0, 20).all() and high.between(20, 5_000).all()
    assert np.allclose(low, low.round(2)) and np.allclose(high, high.round())
    assert abs(low.mean() - 10) < 0.1
    narrow = Axis("spend", "number", edges=(0.0, np.nextafter(0, 1), 1.0))
    assert (decoded(narrow, column("spend", Kind.FLOAT, Role.NUMERIC), [0, 0]) == 0).all()


def test_dates_are_whole_days_where_the_format_says_so():
    axis = Axis("day", "date", edges=(20_000.0, 20_005.0, 20_009.0))
    days = decoded(axis, column("day", Kind.DATE, Role.DATE, format="%Y-%m-%d"), [0] * 100 + [1] * 100)
    assert set(days[:100]) == set(pd.date_range("2024-10-04", periods=5))
    assert set(days[100:]) == set(pd.date_range("2024-10-09", periods=5))  # the last edge is the last day
    one = Axis("day", "date", edges=(20_000.0, 20_000.0))
    assert set(decoded(one, column("day", Kind.DATE, Role.DATE, format="%Y-%m-%d"), [0] * 9)) == {
        pd.Timestamp("2024-10-04")
    }
    moments = decoded(axis, column("day", Kind.DATE, Role.DATE, format="%Y-%m-%d %H:%M"), [0] * 100)
    assert moments.nunique() == 100 and (moments == moments.dt.round("s")).all()


# --- the generator --------------------------------------------------------------------------------------------------


def test_rows_are_like_the_real_ones(generator, train):
    made, real = generator.sample(ROWS, seed=2), train.frame
    assert list(made.columns) == list(real.columns) and made.dtypes.equals(real.dtypes)
    for name in ("city", "booked", "note"):
        shares = [f[name].astype(str).value_counts(normalize=True) for f in (made, real)]
        assert shares[0].sub(shares[1], fill_value=0).abs().max() < 0.05
    assert abs((made["spend"] == 0).mean() - 0.4) < 0.05
    assert (made["day"] == made["day"].dt.normalize()).all()
    assert abs(made["visits"].astype(float).mean() - 3) < 0.5
    yes = made["booked"] == "yes"
    assert made["spend"][yes].median() > made["spend"][~yes].median()


def test_ids_are_made_without_a_look_and_nothing_sensitive_comes_out(generator, train):
    made = generator.sample(500, seed=2)
    other = create("dp_mst", epsilon=3.0).fit(train_of(frame_of(seed=9).assign(customer_id=lambda f: f.index)), seed=1)
    pd.testing.assert_series_equal(made["order_no"], other.sample(500, seed=2)["order_no"])
    assert made["customer_id"].is_unique and made["order_no"].is_unique and made["email"].isna().all()
    invented = train.schema.replace_column("email", release=Release.FAKE)
    table = replace(train.table, schema=invented)
    assert create("dp_mst").fit(Train(table, train.row_ids), seed=1).sample(50, seed=1)["email"].isna().all()


def test_no_seed_repeats_the_noise(train):
    np.random.seed(3)  # noqa: NPY002
    first = create("dp_mst").fit(train, seed=1).release
    np.random.seed(3)  # noqa: NPY002
    assert create("dp_mst").fit(train, seed=1).release.ones != first.ones


def test_the_number_of_rows_is_nowhere(train):
    """With noise of some rows, each fit misses it mostly; that all of them know it is out of the question."""

    def knows(value) -> bool:
        if isinstance(value, dict):
            return any(map(knows, value.values()))
        if isinstance(value, list | tuple):
            return any(map(knows, value))
        if hasattr(value, "__dict__"):
            return knows(vars(value))
        return isinstance(value, int | float) and not isinstance(value, bool) and value == ROWS

    fits = [create("dp_mst", epsilon=0.5).fit(train, seed=s) for s in range(4)]
    assert not all(knows(f) for f in fits)
    assert knows(create("dp_mst").fit(train, seed=1).__dict__ | {"rows": ROWS})


def test_the_person_column_comes_out_as_new_ids():
    frame = frame_of().drop(columns=["customer_id", "order_no", "email"])
    frame["member"] = [f"M{n % 900}" for n in range(ROWS)]
    table = set_roles(table_from_frame(frame), {"member": Role.CATEGORICAL})
    train = Train(set_target(table, "booked"), np.arange(ROWS))
    generator = create("dp_mst", epsilon=10.0, person="member", person_rows=2).fit(train, seed=1)
    assert (generator.release.unit, generator.release.unit_rows) == ("member", 2)
    assert abs(generator.release.rows - 1_800) < 100
    made = generator.sample(100, seed=1)
    assert made["member"].is_unique and not made["member"].isin(frame["member"]).any()
    assert "“member”" in " ".join(generator.notes)
    with pytest.raises(GeneratorError, match="no column “nobody”"):
        create("dp_mst", person="nobody").fit(train, seed=1)


def test_what_is_declared_is_used_and_named(train):
    declared = {"visits": {"low": 0, "high": 20}, "city": {"labels": ["Köln", "Paris", "Oslo"]}}
    generator = create("dp_mst", epsilon=3.0, declared=declared).fit(train, seed=1)
    made = generator.sample(ROWS, seed=1)
    assert set(made["city"].dropna()) <= {"Köln", "Paris", "Oslo"} and made["visits"].between(0, 20).all()
    assert "city" in " ".join(certificate(generator.release, train.schema)["public"])
    with pytest.raises(GeneratorError, match="choose a column"):
        create("dp_mst", declared="visits")


def test_rows_of_one_kind_are_aimed_at(generator):
    made = generator.sample(700, seed=1, where={"city": "Rome", "booked": "yes"})
    assert len(made) == 700 and set(made["city"]) == {"Rome"} and set(made["booked"]) == {"yes"}
    assert made["customer_id"].is_unique
    assert "Every row has city = Rome and booked = yes." in generator.notes
    with pytest.raises(GeneratorError, match="“Oslo” is not among the values of “city”"):
        generator.sample(5, seed=1, where={"city": "Oslo"})


def test_the_notes_say_what_was_promised_and_spent(generator):
    said = " ".join(generator.notes)
    for words in (
        "ε = 3 and δ = 1e-06",
        "one row",
        "counts per pair 47 %",
        "outside the guarantee",
        "email: left blank",
    ):
        assert words in said


def test_a_saved_one_holds_the_release_and_nothing_read_off_the_rows(generator, train):
    buffer = io.BytesIO()
    card = saving.save(generator, buffer, table="people", seed=1, fidelity="very close")
    assert card.fidelity is None and card.rows == round(generator.release.rows)
    assert not any("no formal privacy" in text for text in card.not_for)
    again = saving.load(buffer)
    pd.testing.assert_frame_equal(again.sample(50, seed=4), generator.sample(50, seed=4))
    assert again.release == generator.release
    assert not any(c.reason or c.examples or c.decimals for c in again.schema)


@pytest.mark.timeout(60)  # a search for the noise that does not end
@pytest.mark.parametrize("rows", [1, 2, 8])
@pytest.mark.parametrize("epsilon", [0.01, 1.0, 100.0])
def test_a_handful_of_rows_gives_an_answer_or_a_refusal(rows, epsilon):
    frame = frame_of(60).head(rows).assign(nothing=None, only="one")
    frame.loc[0, "booked"] = "yes" if frame.loc[rows - 1, "booked"] == "no" else "no"
    try:
        made = create("dp_mst", epsilon=epsilon).fit(train_of(frame, None), seed=1).sample(20, seed=1)
        assert len(made) == 20
    except GeneratorError as refusal:
        assert "smallest workable ε" in str(refusal)


def test_a_wish_to_stop_is_heard_while_it_measures(train):
    class Stop:
        def __init__(self):
            self.left = 4

        def report(self, phase, step, total, **metrics):
            self.left -= 1
            if self.left == 0:
                raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        create("dp_mst").fit(train, seed=1, progress=Stop())


def test_it_can_be_an_arm_of_a_study(train):
    split = train.table.split(seed=1)
    study = lift.study(
        split, arms=[("dp_mst", {"epsilon": 10.0})], labels=["own"], rows=300, folds=3, repeats=1, seed=1, n_jobs=1
    )
    arm = next(a for a in study.arms if a.key.startswith("dp_mst"))
    assert len(arm.fold_scores) == 3 and any("Every fit measures anew" in n for n in arm.notes)


# --- the certificate ------------------------------------------------------------------------------------------------


def test_the_certificate_says_all_of_it(generator, train):
    found = certificate(generator.release, train.schema)
    assert (found["epsilon"], found["delta"], found["unit"]) == (3.0, 1e-6, "one row")
    assert sum(s["share"] for s in found["spent"]) == pytest.approx(1)
    assert sum(s["delta"] for s in found["spent"]) <= 1e-6 * (1 + 1e-9)
    assert found["versions"]["opendp"] != "unknown" and found["outside"]
    assert {c["name"]: c["comes_out"] for c in found["columns"]}["email"] == "blank"
    assert json.loads(json.dumps(found)) == found
    text = to_markdown(found)
    for words in ("**ε = 3, δ = 1e-06** for one row.", "counts per pair", "Outside the guarantee", "“booked”", "20.1"):
        assert words in text
    assert str(len(train)) not in text and f"{len(train):,}" not in text
