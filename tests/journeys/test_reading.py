"""Journeys and credits from files: what is recognised, and what is refused with which words."""

import gzip
import io

import numpy as np
import pandas as pd
import pytest

from synth_core.errors import JourneyError
from synth_core.journeys import export
from synth_core.journeys.attribution import credit
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.reading import read_credits, read_journeys
from synth_core.journeys.simulate import ORGANIC, simulate
from tests.journeys.makers import attribution_paths
from tests.tables.makers import REAL, needs_real, xlsx

EVENTS = """user,time,channel,conversion,value
u1,2024-01-01 10:00,Search,0,
u2,2024-01-01 12:00,Social,0,
u1,2024-01-02 10:00,Email,1,20
u1,2024-01-04 10:00,Search,0,
u2,2024-01-05 12:00,Search,0,
"""


def read(text, **options):
    return read_journeys(text.encode(), name="log.csv", **options)


def events(*rows, header="user,time,channel,conversion"):
    return "\n".join([header, *rows]) + "\n"


def steps(journeys):
    names = np.array(journeys.channels)[journeys.channel]
    return [list(part) for part in np.split(names, journeys.starts[1:-1])]


def refused(text, *words, **options):
    with pytest.raises(JourneyError) as found:
        read(text, **options)
    for word in words:
        assert word in str(found.value), str(found.value)


def test_touches_after_a_conversion_begin_a_new_path_of_the_same_user():
    found = read(EVENTS)
    assert steps(found) == [["Search", "Email"], ["Search"], ["Social", "Search"]]
    assert found.user.tolist() == [0, 0, 1]
    assert found.conversions.tolist() == [1, 0, 0] and found.nulls.tolist() == [0, 1, 1]
    assert found.value.tolist() == [20, 0, 0]
    assert found.begin == pytest.approx([0, 3, 2 / 24]), "the first touch of the path"
    assert found.end == pytest.approx([1, 4 + 2 / 24, 4 + 2 / 24]), "the conversion, or the last time in the file"
    assert found.time == pytest.approx([0, 1, 3, 2 / 24, 4 + 2 / 24])
    assert any("1 touch of 1 user came after a conversion" in note for note in found.notes)


def same(one, other):
    assert one.channels == other.channels
    for name in ("starts", "channel", "conversions", "nulls", "value", "user"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("time", "begin", "end"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=1e-9)


@pytest.mark.parametrize("form", ["gzip", "tsv", "semicolon", "xlsx", "parquet", "parquet times", "shuffled"])
def test_every_format_holds_the_same_journeys(form):
    frame = pd.read_csv(io.StringIO(EVENTS))
    stamps = frame.assign(time=pd.to_datetime(frame["time"]))
    data = {
        "gzip": lambda: gzip.compress(EVENTS.encode()),
        "tsv": lambda: EVENTS.replace(",", "\t").encode(),
        "semicolon": lambda: EVENTS.replace(",", ";").encode("utf-16"),
        "xlsx": lambda: xlsx(log=stamps),
        "parquet": frame.to_parquet,
        "parquet times": stamps.to_parquet,
        "shuffled": lambda: frame.iloc[[4, 3, 2, 1, 0]].sort_values("user", kind="stable").to_csv(index=False).encode(),
    }[form]()
    same(read_journeys(data, name="log"), read(EVENTS))


@pytest.mark.parametrize(
    "write",
    [
        lambda t: t.dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        lambda t: t.dt.strftime("%Y-%m-%d %H:%M:%S UTC"),
        lambda t: t.dt.strftime("%Y-%m-%d %H:%M:%S+02:00"),
        lambda t: (t + pd.Timedelta("2h")).dt.strftime("%Y-%m-%d %H:%M:%S +0200").where(t.index < 2, t.astype(str)+"Z"),
        lambda t: t.dt.strftime("%d/%m/%Y %H:%M"),
        lambda t: t.dt.strftime("%d %b %Y %I:%M %p"),
        lambda t: (t.astype("int64") // 10**9).astype(str),
        lambda t: (t.astype("int64") // 10**6).astype(str),
        lambda t: (t.astype("int64") // 10**3).astype(str),
        lambda t: ((t - pd.Timestamp("1899-12-30")) / pd.Timedelta("1D")).map("{:.9f}".format),
        lambda t: t.map(lambda x: x.isoformat()).where(t.index != 1, "2024-01-01T12:00:00.000001"),
    ],
)  # fmt: skip
def test_times_in_any_notation(write):
    frame = pd.read_csv(io.StringIO(EVENTS), dtype=str, keep_default_na=False)
    text = frame.assign(time=write(pd.to_datetime(frame["time"]))).to_csv(index=False)
    found = read(text)
    np.testing.assert_allclose(found.time, read(EVENTS).time, atol=1e-6)
    assert any("day 0 is the first" in note for note in found.notes)


def test_whole_days_as_digits_and_repeats():
    found = read(events("u1,20230623,A,0", "u1,20230623,A,0", "u1,20230625,B,1"))
    assert steps(found) == [["A", "A", "B"]] and found.end.tolist() == [2]
    assert any("written as YYYYMMDD" in note for note in found.notes)
    assert any("repeats another one to the day" in note and "kept" in note for note in found.notes)


def test_a_row_that_repeats_another_to_the_second_is_left_out():
    found = read(events("u1,2024-01-01 10:00:00,A,0", "u1,2024-01-01 10:00:00,A,0", "u1,2024-01-01 10:00:01,A,1"))
    assert steps(found) == [["A", "A"]]
    assert any("1 row that repeats another one to the second was left out" in note for note in found.notes)


def test_day_first_or_month_first_is_said_and_can_be_chosen():
    text = events("u1,03/04/2024,A,0", "u1,05/04/2024,B,1")
    assert read(text).end.tolist() == [2]
    assert any("both orders fit" in note for note in read(text).notes)
    chosen = read(text, day_first=False)
    assert chosen.end.tolist() == [61] and any("month first, as chosen" in note for note in chosen.notes)
    refused(events("u1,03/14/2024,A,0", "u1,05/04/2024,B,1"), "Row 2", "03/14/2024", "day first", day_first=True)


def test_mixed_time_zones_are_refused_with_both_values():
    refused(
        events("u1,2024-01-01T10:00:00Z,A,0", "u1,2024-01-02 10:00:00,B,1"),
        "Row 2, column “time” holds “2024-01-01T10:00:00Z”", "row 3, column “time” holds “2024-01-02 10:00:00”",
        "Give all times an offset",
    )  # fmt: skip
    refused(events("u1,2024-01-01 10:00:00 CET,A,1"), "Row 2", "time zone by name", "+02:00")
    told = read(events("u1,2024-01-01T10:00:00+01:00,A,0", "u1,2024-01-01T10:00:00Z,B,1")).notes
    assert any("different offsets (+00:00, +01:00) were brought to UTC" in note for note in told)


def test_conversions_as_rows_of_their_own():
    rows = ["u1,2024-01-01,A,", "u1,2024-01-02,B,", "u2,2024-01-02,B,"]
    expected = [["A", "B"], ["B"]]
    for text in (
        events(*rows, "u1,2024-01-02,,1"),
        events(*[r.rstrip(",") + ",click" for r in rows], "u1,2024-01-02,B,Purchase", header="user,time,channel,event"),
        events(*[r.rstrip(",") for r in rows], "u1,2024-01-02,(conversion)", header="user,time,channel"),
        events(*[r.rstrip(",") for r in rows], "u1,2024-01-02,", header="user,time,channel"),
    ):
        found = read(text)
        assert steps(found) == expected, text
        assert found.conversions.tolist() == [1, 0]


def test_a_conversion_row_comes_after_touches_of_the_same_time():
    found = read(events("u1,2024-01-02,,1", "u1,2024-01-02,A,0", "u1,2024-01-03,B,0"))
    assert steps(found) == [["A"], ["B"]] and found.conversions.tolist() == [1, 0]


def test_conversions_without_a_touch_are_left_out_and_counted():
    rows = ["u1,2024-01-01,,1", "u1,2024-01-02,A,0", "u1,2024-01-03,,1", "u1,2024-01-04,,2", "u2,2024-01-05,B,0"]
    found = read(events(*rows))
    assert steps(found) == [["A"], ["B"]] and found.user.tolist() == [0, 1]
    assert found.conversions.tolist() == [1, 0] and found.end.tolist() == [2, 4]
    assert any("3 conversions have no touch of the same user before them" in note for note in found.notes)


@pytest.mark.parametrize("preset", ["clean", "high_organic"])
def test_models_of_time_find_the_organic_share_again(preset):
    """Days before the first touch counted as time at risk would make nearly all conversions look caused."""
    world = PRESETS[preset].scaled(np.full(8, 0.25))
    simulation = simulate(world, 60_000, seed=4)
    found = read_journeys(export.events(simulation.observed).to_parquet(), name="log")
    reached = simulation.observed.lengths > 0
    organic = (simulation.cause[reached & np.isfinite(simulation.conversion)] == ORGANIC).sum()
    assert found.conversions.sum() == (reached & np.isfinite(simulation.conversion)).sum()
    assert credit(found, "additive_hazard").organic == pytest.approx(organic, rel=0.12)


def test_flags_in_words_and_counts():
    assert read(events("u1,2024-01-01,A,no", "u1,2024-01-02,B,Yes", "u2,2024-01-02,B,no")).conversions.tolist() == [
        1,
        0,
    ]
    assert read(events("u1,2024-01-01,A,0", "u1,2024-01-02,B,2", "u2,2024-01-02,B,0")).conversions.tolist() == [2, 0]


def test_other_names_of_columns_are_guessed_and_can_be_stated():
    text = EVENTS.replace("user,time,channel,conversion,value", "Visitor ID,eventTime,utm_source,Converted,Revenue")
    same(read(text), read(EVENTS))
    odd = EVENTS.replace("user,time,channel,conversion,value", "who,when,where,what,worth")
    refused(odd, "no column is the user or the time or the channel", "“who” (such as “u1”)", "Choose the columns")
    columns = {"user": "who", "time": "when", "channel": "where", "conversion": "what", "value": "worth"}
    same(read(odd, columns=columns), read(EVENTS))
    refused(odd, "no column “whom”", "“who”", columns={"user": "whom"})
    refused(odd, "cannot be “buyer”", "user, time", columns={"buyer": "who"})
    refused(odd, "chosen twice", columns={"user": "who", "time": "who"})
    refused(EVENTS, "rows of events do not have", columns={"nulls": "value", "user": "user"})


def test_what_is_left_out_is_counted():
    found = read(events(
        "u1,2024-01-01,A,0", ",2024-01-01,A,0", "u1,2024-01-02,,0", "u1,2024-01-03,b,1", "u1,2024-01-03, B ,0",
        *(f"v{i},2024-01-0{1 + i % 9},A,0" for i in range(40)), "u2,never,A,0",
    ))  # fmt: skip
    told = " ".join(found.notes)
    assert "1 row without a user id was left out" in told
    assert "1 row with neither a channel nor a conversion was left out; the first is row 4" in told
    assert "1 row has no readable time and was left out; the first: row 47, column “time” holds “never”" in told
    assert "1 channel was spelt in several ways and merged: “b” (“B”)" in told
    assert found.channels == ("A", "b")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["empty"]),
        (events(), ["header but no rows"]),
        (events("u1,2024-01-01,A,0", "u2,2024-01-01,B,0"), ["No row holds a conversion", "“conversion”"]),
        (events("u1,2024-01-01,A", header="user,time,channel"), ["No column says which rows are conversions"]),
        (events("u1,2024-01-01,A,view", header="user,time,channel,event"), ["No event of “event”", "“view”"]),
        (events("u1,2024-01-01,,1"), ["No row has a channel"]),
        (events("u1,2024-01-01,A,", "u2,2024-01-02,,1"), ["No conversion has a touch of the same user", "user ids"]),
        (events("u1,2024-01-01,A,-1"), ["Row 2, column “conversion” holds “-1”", "fewer than no conversions"]),
        (events("u1,2024-01-01,A,0", "u1,2024-01-01,A,0.4"), ["Row 3", "“0.4”", "whole numbers"]),
        (events("u1,2024-01-01,A,0", "u1,2024-01-01,A,maybe"), ["Row 3", "“maybe”", "no number"]),
        (events("u1,2024-01-01,A,120", "u1,2024-01-01,A,80"), ["200 conversions in 2 rows", "“value”"]),
        (events("u1,2024-01-01,A,1e400", "u1,2024-01-01,A,1"), ["Row 2", "“1e400”", "too large"]),
        (events("u1,2024-01-01,A,1e300", "u1,2024-01-01,A,1"), ["Row 2", "“1e300”", "too large"]),
        (events("u1,3000-01-01,A,1"), ["Row 2", "“3000-01-01”", "between 1678 and 2261"]),
        (events("u1,1e400,A,1", "u1,3,A,1"), ["Row 2", "“1e400”", "neither days nor Unix time"]),
        (events("u1,soon,A,1"), ["Row 2, column “time” holds “soon”", "2024-03-31 14:05:00"]),
        (events("u1,,A,1"), ["column of times “time” is empty"]),
        (events("u1,1e12,A,1", "u1,3,A,1"), ["neither days nor Unix time"]),
        (events(",2024-01-01,A,1", "NULL,2024-01-01,A,1"), ["names no user"]),
        (events("u1,2024-01-01,A > B,1"), ["“A > B” contains “>”"]),
        (events("u1,2024-01-01,A,1,-5", header="user,time,channel,conversion,value"), ["Row 2", "“-5”", "negative"]),
        (events(*(f"u1,2024-01-01,c{i},1" for i in range(63))), ["63 different channels; 62 is the limit", "Merge"]),
        ("path,conversions,nulls\nA > > B,1,2\n", ["Row 2, column “path” holds “A > > B”", "step of the path is"]),
        ("path,conversions,nulls\nA,1,2\nA > B >,1,2\n", ["Row 3", "“A > B >”", "extra sign"]),
        ("path,conversions,nulls\nA,1,2\n,1,2\n", ["Row 3, column “path” holds nothing", "“(no touch)”"]),
        ("path,conversions,nulls\nA,1,-2\n", ["Row 2, column “nulls” holds “-2”"]),
        ("path,conversions,nulls\nA,1.5,2\n", ["Row 2, column “conversions” holds “1.5”", "whole numbers"]),
        ("path,conversions,total\nA,1,2\nB,3,2\n", ["Row 3: 3 conversions", "occurred 2 times", "swapped"]),
        ("path,conversions,nulls\nA > B,0,2\n", ["No path converts"]),
        ("path,conversions,nulls\n(no touch),3,2\n", ["No path has a step"]),
        ("path,nulls\nA > B,2\n", ["No column counts conversions"]),
        ("path,conversions,value\nA > B,1,inf\n", ["Row 2, column “value” holds “inf”"]),
        ("path,conversions,value\nA > B,1,3\nA,0,5\n", ["Row 3, column “value”: a value of 5, but no conversion"]),
    ],
)  # fmt: skip
def test_bad_input_is_named_and_explained(text, words):
    refused(text, *words)


def test_paths_with_repeats_and_other_signs():
    expected = [["A", "B", "A", "A"], ["B"]]
    for text in (
        "path,conversions,nulls\nA > B > A > A,3,1\nB,1,4\n",
        "path,conversions,nulls\nA->B->A -> A,3,1\nB,1,4\n",
        "path;conversions;nulls\nA → B → A → A;3;1\nB;1;4\n",
        "path,conversions,nulls\nA|B|A|A,3,1\nB,1,4\n",
        'path,conversions,nulls\n"A, B, A, A",3,1\nB,1,4\n',
        "path,total_conversions,total_null\n(start) > A > B > A > A > (conversion),3,1\nB,1,4\n",
        "what,conv,count\nA > B > A > A,3,4\nB,1,5\n",
    ):
        found = read(text)
        assert steps(found) == expected, text
        assert found.conversions.tolist() == [3, 1] and found.nulls.tolist() == [1, 4], text
        assert not found.timed and found.user is None
    assert steps(read("path,conversions\nA/B,1\nB/A,2\n", separator="/")) == [["A", "B"], ["B", "A"]]
    refused("path,conversions\nA/B,1\n", "No path holds “#”", separator="#")


def test_paths_without_counts_of_the_others():
    each = read("path,converted\nA > B,1\nA,0\nB,0\n")
    assert each.nulls.tolist() == [0, 1, 1] and any("one person's path" in note for note in each.notes)
    only = read("path,conversions\nA > B,7\nA,2\n")
    assert not only.nulls.any() and any("No column counts paths without conversion" in note for note in only.notes)


def test_one_path_is_enough():
    assert steps(read("path,conversions,nulls\nA > B,1,0\n")) == [["A", "B"]]
    assert steps(read(events("u1,2024-01-01,A,1"))) == [["A"]]


@needs_real
def test_the_real_paths_are_read_as_they_are():
    found = read_journeys((REAL / "attribution_paths.csv.gz").read_bytes(), name="attribution_paths.csv.gz")
    expected = attribution_paths()
    assert found.channels == expected.channels and len(found) == 10_000
    for name in ("starts", "channel", "conversions", "nulls"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    np.testing.assert_allclose(found.value, expected.value, rtol=1e-12)


def test_a_million_rows_in_seconds():
    import time

    rng, rows = np.random.default_rng(0), 1_000_000
    stamps = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.round(rng.random(rows) * 30 * 86_400), unit="s")
    frame = pd.DataFrame({
        "user": rng.integers(0, 300_000, rows), "time": stamps.strftime("%Y-%m-%d %H:%M:%S"),
        "channel": rng.choice(["Search", "Social", "Email"], rows), "conversion": rng.binomial(1, 0.02, rows),
    })  # fmt: skip
    data = frame.to_csv(index=False).encode()
    began = time.process_time()
    found = read_journeys(data, name="log.csv")
    assert time.process_time() - began < 30
    assert found.conversions.sum() == pytest.approx(frame["conversion"].sum(), rel=0.001)


def vendor(text, channels=("Search", "Social", "Email"), **options):
    return read_credits(text.encode(), name="vendor.csv", channels=channels, **options)


def test_credits_as_counts_shares_and_percentages():
    found = vendor("Channel,Attributed conversions,Value\nsocial ,30,300\nSearch,60,700\nEmail,10.5,90\n")
    assert (found.name, found.channels) == ("vendor", ("Search", "Social", "Email"))
    assert found.credit == (60, 30, 10.5) and found.value == (700, 300, 90) and found.organic is None
    assert vendor("channel,share\nSearch,0.6\nSocial,0.3\nEmail,0.1\n").credit == pytest.approx((0.6, 0.3, 0.1))
    percent = vendor("channel,credit\nSearch,55%\nSocial,25%\nEmail,10%\nBaseline,10%\n", total=200)
    assert percent.credit == pytest.approx((110, 50, 20)) and percent.organic == pytest.approx(20)
    assert any("sum to 100 and were taken as percentages of 200 conversions" in note for note in percent.notes)


def test_counts_near_a_hundred_are_no_percentages():
    text = "channel,{}\nSearch,60\nSocial,30\nEmail,10\n"
    assert vendor(text.format("conversions")).credit == (60, 30, 10)
    assert vendor(text.format("credit"), total=101).credit == (60, 30, 10)
    assert vendor(text.format("credit"), total=500).credit == pytest.approx((300, 150, 50))


def test_a_channel_called_organic_is_a_channel():
    found = vendor("channel,credit\nOrganic,3\nSearch,2\n", channels=("Organic", "Search"))
    assert found.credit == (3, 2) and found.organic is None


def test_credits_that_lack_a_channel_or_are_negative_are_told():
    found = vendor("channel,credit\nSearch,12\nSocial,-2\nTotal,10\n")
    assert found.credit == (12, -2, 0)
    told = " ".join(found.notes)
    assert "No credit is given for “Email”" in told and "“Social” is negative" in told and "is a sum" in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("channel,credit\nSearch,1\nTikTok,2\n", ["Row 3", "“TikTok”", "“Search”, “Social”, “Email”", "Without"]),
        ("channel,credit\nSearch,1\nsearch,2\n", ["“Search” is there 2 times, in rows 2 and 3"]),
        ("channel,credit\nSearch,\nSocial,2\n", ["Row 2, column “credit” holds nothing", "Write 0"]),
        ("channel,credit\nSearch,lots\nSocial,2\n", ["Row 2, column “credit” holds “lots”", "12.5"]),
        ("channel,credit\nSearch,0\nSocial,0\n", ["sum to 0"]),
        ("channel,credit\n,3\nSocial,1\n", ["Row 2, column “channel” holds nothing"]),
        ("medium,points\nSearch,3\nSocial,2\n", ["No column holds its credit", "“points”"]),
    ],
)  # fmt: skip
def test_bad_credits_are_named_and_explained(text, words):
    with pytest.raises(JourneyError) as found:
        vendor(text)
    for word in words:
        assert word in str(found.value), str(found.value)
