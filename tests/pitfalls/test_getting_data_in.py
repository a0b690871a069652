"""Rows 1 to 16 of the pitfalls, where no other test holds them: what a file becomes before anything is made."""

import re
import time

import numpy as np
import pandas as pd
import pytest

from pages.ui import workspace
from synth_core.errors import SchemaError, SynthError, TableError
from synth_core.generators import create
from synth_core.tables import Kind, Role, TableLibrary, Train, read_table, set_roles, set_target, table_from_frame
from synth_core.tables.date_order import ambiguous, readings, set_day_first
from synth_core.tables.fakes import WHAT
from synth_core.tables.outlook import outlook
from synth_core.tables.overview import overview
from tests.pages.opening import open_page, said, table
from tests.tables.makers import csv

ROWS = 160


@pytest.fixture
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path))


def guests() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    return pd.DataFrame(
        {
            "guest_id": rng.permutation(ROWS) + 40_000,
            "mobile": [f"+49 151 {n:03d} {4_000 + n}" for n in range(ROWS)],
            "stars": rng.integers(1, 6, ROWS),
            "spend": rng.lognormal(4, 1, ROWS).round(2),
            "arrived": pd.Timestamp("2025-02-01") + pd.to_timedelta(rng.integers(0, 200, ROWS), unit="D"),
            "board": rng.choice(["none", "half", "full"], ROWS, p=[0.5, 0.3, 0.2]),
            "hotel": "Seeblick",
            "voucher": None,
            "again": rng.choice(["yes", "no"], ROWS),
        }
    )


def outlooks(found) -> dict[str, str]:
    return {c.name: outlook(c, found.frame[c.name]) for c in found.schema}


def test_every_role_says_what_comes_out_and_synthetic_rows_keep_to_it():
    found = set_target(table_from_frame(guests()), "again")
    says = outlooks(found)
    spend = found.frame["spend"]
    assert says["stars"] == "whole numbers from 1 to 5"
    assert says["spend"] == f"numbers from {spend.min():.2f} to {spend.max():.2f}, 2 decimals"
    assert says["arrived"].startswith("dates from 2025-02-0")
    assert says["board"] == "one of 3 values: none · half · full"
    assert (says["hotel"], says["voucher"], says["mobile"]) == ("always Seeblick", "blank", "blank")
    made = create("trees").fit(Train(found, np.arange(ROWS)), seed=3).sample(300, seed=3)
    assert made["spend"].between(spend.min(), spend.max()).all() and made["stars"].between(1, 5).all()
    assert set(made["board"]) <= {"none", "half", "full"} and set(made["hotel"]) == {"Seeblick"}
    assert made["voucher"].isna().all() and made["mobile"].isna().all()
    # A number stays a number: an id of digits never comes out as letters.
    example = says["guest_id"].removeprefix("never a real value; such as ").split(" · ")
    assert len(example) == 2 and all(e.isdigit() and int(e) not in set(found.frame["guest_id"]) for e in example)
    assert made["guest_id"].dtype == found.frame["guest_id"].dtype and made["guest_id"].is_unique


def test_the_page_shows_it_before_training_and_a_role_is_changed_there(own_workspace):
    app = open_page("Data", dataset=workspace.library().add(table_from_frame(guests())))
    shown = table(app, "Column").set_index("Column")
    assert shown.loc["stars", "Comes out as"] == "whole numbers from 1 to 5"
    assert shown.loc["guest_id", "Comes out as"].startswith("never a real value")
    assert (shown["Comes out as"] != "").all() and (shown["Why"] != "").all()


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("column", ["guest_id", "mobile", "stars", "spend", "arrived", "board", "hotel", "voucher"])
def test_whatever_role_is_given_something_is_said(column, role):
    try:
        found = set_roles(table_from_frame(guests().head(12)), {column: role})
    except SchemaError:
        return
    assert outlooks(found)[column]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("kontakt", [f"ana.{n}@post.example" for n in range(ROWS)]),
        ("tel_no", [f"(0171) {1_000_000 + 97 * n}" for n in range(ROWS)]),
        (
            "full_name",
            [f"{a} {b}" for a in ["Ana", "Björn", "Zoë", "Li"] for b in ["Aalto", "Berg", "Chan", "Dietz"]] * 10,
        ),
        ("referrer", [f"https://www.shop.example/item/{n}?ref=mail" for n in range(ROWS)]),
        ("msclkid", [f"{n:032x}" for n in range(ROWS)]),
    ],
)
@pytest.mark.parametrize("generator", ["trees", "copula"])
def test_what_names_a_person_is_never_sampled(header, cells, generator):
    frame = guests()[["stars", "spend", "board"]].assign(**{header: cells})
    found = table_from_frame(frame)
    assert found.schema[header].role is Role.SENSITIVE
    made = create(generator).fit(Train(found, np.arange(ROWS)), seed=1).sample(200, seed=1)
    assert not set(made[header].dropna()) & set(cells)
    assert WHAT  # what may be invented instead


def test_a_small_whole_number_stays_a_number_and_a_wish_is_remembered_for_the_next_file(tmp_path):
    library = TableLibrary(tmp_path)
    rng = np.random.default_rng(5)
    text = "stars,board,y\n" + "".join(f"{v},full,{v % 2}\n" for v in rng.integers(1, 6, 90))
    first = csv(text)
    assert first.schema["stars"].role is Role.INTEGER
    assert "whole numbers from 1 to 5" in first.schema["stars"].reason
    library.remember(set_roles(first, {"stars": Role.CATEGORICAL}))
    other_rows = csv(text.replace("full", "half"))
    assert library.recalled(other_rows).schema["stars"].role is Role.CATEGORICAL
    other_headers = csv(text.replace("board", "meal", 1))
    assert library.recalled(other_headers).schema["stars"].role is Role.INTEGER


@pytest.mark.parametrize("value", [{"a": 1}, ["x"], {1, 2}, (1, 2), b"\xff\xfe"], ids=lambda v: type(v).__name__)
def test_values_that_are_no_cells_name_column_example_and_way_out(value):
    frame = pd.DataFrame({"spend": [1.5, 2.5], "extra": [value, value]})
    example = re.escape(str(value).strip("{}()[]"))
    with pytest.raises(TableError, match=f"“extra” holds .*for example “.*{example}.*”.*\\. (Give|Turn) "):
        table_from_frame(frame)


DATES = {
    "YYYYMMDD": ("day", [20230102, 20230623, 20240229], ("2023-01-02", "2024-02-29")),
    "Unix seconds": ("created_at", [1_672_617_600, 1_687_478_400, 1_709_164_800], ("2023-01-02", "2024-02-29")),
    "Unix milliseconds": ("timestamp", [1_672_617_600_000, 1_709_164_800_000], ("2023-01-02", "2024-02-29")),
    "Excel days": ("start_date", [44_928, 45_351, 45_100], ("2023-01-02", "2024-02-29")),
}  # fmt: skip


@pytest.mark.parametrize("written", DATES)
def test_dates_written_as_numbers_are_dated_rightly_with_their_range_to_confirm(written):
    header, cells, (first, last) = DATES[written]
    found = csv(f"{header},n\n" + "".join(f"{c},{i}\n" for i, c in enumerate(cells)))
    assert found.schema[header].kind is Kind.DATE
    assert outlooks(found)[header] == f"dates from {first} to {last}"
    assert f"{first} to {last}" in found.schema[header].reason
    assert found.frame[header].min() == pd.Timestamp(first)  # not 1970


def test_a_number_made_a_date_by_hand_shows_its_range_too():
    found = csv("begin,n\n" + "".join(f"{44_928 + 30 * i},1\n" for i in range(12)))
    assert found.schema["begin"].kind is Kind.INTEGER
    assert outlooks(set_roles(found, {"begin": Role.DATE}))["begin"] == "dates from 2023-01-02 to 2023-11-28"


EITHER = "on,n\n" + "".join(f"{d:02d}/{m:02d}/2025 10:{d}0,{m}\n" for d, m in [(3, 1), (4, 1), (5, 2), (1, 2)])


def test_day_or_month_first_is_asked_where_both_fit_and_the_answer_changes_every_date():
    found = csv(EITHER)
    assert ambiguous(found) == ["on"]
    now, other = readings(found, "on")
    assert now.day_first and (now.first, now.last) == ("2025-01-03", "2025-02-05")
    assert (other.first, other.last) == ("2025-01-02", "2025-05-02")
    turned = set_day_first(found, {"on": False})
    assert list(turned.frame["on"].astype(str)) == [
        "2025-03-01 10:30:00", "2025-04-01 10:40:00", "2025-05-02 10:50:00", "2025-01-02 10:10:00",
    ]  # fmt: skip
    assert "the month comes first, chosen by you" in turned.schema["on"].reason
    # Written again, the file's own characters come back: only their meaning has changed.
    pd.testing.assert_series_equal(read_back(turned), read_back(found))
    pd.testing.assert_frame_equal(set_day_first(turned, {"on": True}).frame, found.frame)
    assert "chosen by you" in set_day_first(found, {"on": True}).schema["on"].reason


def read_back(found) -> pd.Series:
    from synth_core.tables import to_export

    return to_export(found.frame, found.schema)["on"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("on,n\n13/01/2025,1\n04/02/2025,2\n05/03/2025,3\n", "“on” cannot be read with the month first: for example"),
        ("on,n\n2025-01-03,1\n2025-02-04,2\n2025-03-05,3\n", "it holds no dates such as 01/02/2024"),
    ],
)
def test_where_one_order_fits_nothing_is_asked_and_the_other_refused(text, says):
    found = csv(text)
    assert found.schema["on"].kind is Kind.DATE and ambiguous(found) == []
    with pytest.raises(SchemaError, match=says):
        set_day_first(found, {"on": False})


def test_the_order_is_remembered_for_the_next_file(tmp_path):
    library = TableLibrary(tmp_path)
    library.remember(set_day_first(csv(EITHER), {"on": False}))
    after = library.recalled(csv(EITHER.replace("/2025", "/2026")))
    assert after.frame["on"].iloc[0] == pd.Timestamp("2026-03-01 10:30")
    clear = library.recalled(csv(EITHER + "25/03/2025 10:00,3\n"))
    assert clear.frame["on"].iloc[0] == pd.Timestamp("2025-01-03 10:30")
    assert not any("not taken over" in note for note in clear.notes)


def test_the_page_asks_and_stores_the_answer(own_workspace):
    app = open_page("Data", dataset=workspace.library().add(csv(EITHER + EITHER.removeprefix("on,n\n"))))
    (asked,) = app.radio
    assert asked.label == "“on” fits both orders. Which comes first?"
    assert asked.options == ["Day first: 2025-01-03 to 2025-02-05", "Month first: 2025-01-02 to 2025-05-02"]
    asked.set_value(False).run()
    (save,) = [b for b in app.button if b.key == "save-roles"]
    assert save.label == "Save order of dates"
    save.click().run()
    assert not app.exception and app.radio[0].value is False
    stored = workspace.library().get(app.session_state["dataset"])
    assert stored.frame["on"].iloc[0] == pd.Timestamp("2025-03-01 10:30")


def test_unread_dates_and_numbers_are_counted_in_what_the_page_shows(own_workspace):
    rows = "".join(f"{d} Mar 2024,{d}\n" for d in range(1, 29))
    app = open_page("Data", dataset=workspace.library().add(csv(f"seen,n\n{rows}later,1\n")))
    assert "1 row could not be read as a date" in said(app)


def test_no_setting_is_ignored_silently():
    """Every argument of read_table changes something or is refused."""
    data = b"a,y\n1,no\n2,yes\n3,no\n4,\n"
    assert read_table(data, name="other").name == "other"
    assert read_table(data, roles={"a": Role.CATEGORICAL}).schema["a"].role is Role.CATEGORICAL
    assert len(read_table(data, "y", drop_missing_target=True)) == 3
    assert read_table(data, "y", positive="no", drop_missing_target=True).schema.positive == "no"
    for wrong in ({"sheet": "Q1"}, {"target": "z"}, {"roles": {"b": Role.DATE}}, {"roles": {"y": Role.DATE}}):
        with pytest.raises(SynthError):
            read_table(data, **wrong)
    with pytest.raises(SynthError, match="positive"):
        read_table(data, positive="no")


@pytest.mark.parametrize("name", ["trees", "smotenc", "copula", "ctgan", "tvae", "simulation", "dp_mst"])
def test_an_unknown_setting_of_a_generator_is_refused(name):
    with pytest.raises((SynthError, TypeError)):
        create(name, no_such_setting=3)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("spend;n\n1.234,5;1\n2,25;2\n", [1234.5, 2.25]),
        ("spend\tn\n1,234.5\t1\n2.25\t2\n", [1234.5, 2.25]),
        ("spend|n\n1 234,5|1\n2,25|2\n", [1234.5, 2.25]),
        ("spend;n\n'12'345.5;1\n2.25;2\n".replace("'12'", "12'"), [12345.5, 2.25]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_separators_decimals_and_encodings_together(text, values, encoding):
    assert list(csv(text, encoding).frame["spend"]) == values


@pytest.mark.parametrize("token", ["N/A", "n.a.", "-", "null", "#N/A", "unknown"])
def test_one_word_does_not_turn_numbers_into_categories(token):
    cells = [f"{v}.5" for v in range(10, 90)]
    cells[33] = token
    found = csv("spend,n\n" + "".join(f"{c},{i % 7}\n" for i, c in enumerate(cells)))
    column = found.schema["spend"]
    assert column.role is Role.NUMERIC and column.missing_tokens == (token,)
    assert f"“{token}”" in column.reason and "1" in column.reason and "missing" in column.reason
    made = create("copula").fit(Train(found, np.arange(80)), seed=1).sample(50, seed=1)
    assert str(made["spend"].dtype) == "float64" and token not in set(made["spend"].astype(str))


@pytest.mark.parametrize("empty", ["text", "number", "date"])
def test_a_column_without_values_is_set_aside_said_and_put_back(empty):
    nothing = {"text": None, "number": np.nan, "date": pd.Series(pd.NaT, index=range(60))}[empty]
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"first": rng.integers(0, 9, 60), "blank": nothing, "y": rng.choice(["a", "b"], 60)})
    found = set_target(table_from_frame(frame), "y")
    assert any("blank" in flag.text and "put back" in flag.text for flag in overview(found).flags)
    made = create("trees").fit(Train(found, np.arange(60)), seed=1).sample(20, seed=1)
    assert list(made.columns) == ["first", "blank", "y"] and made["blank"].isna().all()


def test_all_constants_are_named_not_counted():
    frame = guests().assign(land="AT", version=3)
    (flag,) = [f for f in overview(table_from_frame(frame)).flags if f.kind == "aside" and "constant" in f.text]
    assert all(name in flag.text for name in ("hotel", "voucher", "land", "version"))


@pytest.mark.parametrize(
    "dtype", ["int8", "uint32", "Int16", "UInt64", "float32", "Float32", "int64[pyarrow]", "double[pyarrow]"]
)
def test_whole_numbers_of_any_dtype_stay_whole_and_gaps_stay_blank(dtype):
    rng = np.random.default_rng(6)
    cells = pd.Series(rng.integers(0, 90, 80)).astype(dtype)
    with_gaps = "nt8" not in dtype and "uint" not in dtype  # the plain ones hold no gaps
    if with_gaps:
        cells[rng.random(80) < 0.2] = pd.NA if cells.dtype.name[0].isupper() or "pyarrow" in dtype else np.nan
    found = table_from_frame(pd.DataFrame({"n": cells, "x": rng.normal(size=80)}))
    assert found.schema["n"].kind is Kind.INTEGER and str(found.frame["n"].dtype) == "Int64"
    made = create("trees").fit(Train(found, np.arange(80)), seed=1).sample(200, seed=1)
    assert str(made["n"].dtype) == "Int64" and made["n"].isna().any() == with_gaps
    from synth_core.tables import to_csv_bytes

    written = to_csv_bytes(made, found.schema).decode().splitlines()[1:]
    assert all(cell == "" or cell.isdigit() for cell in (line.split(",")[0] for line in written))


@pytest.mark.parametrize("dtype", ["string", "string[pyarrow]", "category", "boolean", "object", "bool[pyarrow]"])
def test_no_dtype_of_the_users_reaches_a_generator(dtype):
    rng = np.random.default_rng(6)
    cells = rng.choice([True, False], 80) if "bool" in dtype else rng.choice(["a", "b", "c"], 80)
    frame = pd.DataFrame({"c": pd.Series(cells).astype(dtype), "n": rng.normal(size=80)})
    frame.loc[::9, "c"] = None if dtype in ("object", "category") else pd.NA
    found = table_from_frame(frame)
    assert str(found.frame["c"].dtype) == "object"
    made = create("copula").fit(Train(found, np.arange(80)), seed=1).sample(40, seed=1)
    assert set(made["c"].dropna()) <= set(found.frame["c"].dropna())


TINY = {
    "no rows": "a,b\n",
    "no bytes": "",
    "one row": "a,b\n1,x\n",
    "one column": "a\n1\n2\n3\n",
    "one cell": "a\n1\n",
    "one row of one class": "a,y\n1,no\n",
}


@pytest.mark.parametrize("name", ["trees", "smotenc", "copula", "tvae", "simulation", "dp_mst"])
@pytest.mark.parametrize("kind", TINY)
def test_too_small_is_a_plain_sentence_in_under_a_second(kind, name):
    create(name)  # libraries are loaded before the clock runs
    began = time.process_time()
    try:
        found = csv(TINY[kind])
        made = create(name).fit(Train(found, np.arange(len(found))), seed=1).sample(3, seed=1)
    except SynthError as refusal:
        words = str(refusal)
        assert words[0].isupper() and words.endswith(".") and "validation" not in words
        assert time.process_time() - began < 1
    else:
        assert len(made) == 3
