"""Exported journeys are read back as they were, but for what the formats cannot hold."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import JourneyError
from synth_core.journeys import export
from synth_core.journeys.observed import Journeys
from synth_core.journeys.presets import PRESETS
from synth_core.journeys.reading import read_journeys
from synth_core.journeys.simulate import simulate
from tests.journeys.makers import path_rows, paths, timed


def as_file(frame):
    return frame.to_csv(index=False).encode()


def content(journeys):
    """Each path as names of channels, with its counts."""
    names = np.array(journeys.channels)[journeys.channel]
    parts = [tuple(p) for p in np.split(names, journeys.starts[1:-1])]
    return list(zip(parts, journeys.conversions, journeys.nulls, journeys.value, strict=True))


@settings(max_examples=150, deadline=None)
@given(path_rows())
def test_paths_come_back_summed_by_path(journeys):
    summed = {}
    for path, *counts in content(journeys):
        if counts[0] + counts[1]:
            summed[path] = np.add(summed.get(path, 0), counts)
    if not any(path and counts[0] for path, counts in summed.items()):
        return  # nothing to attribute: refused on purpose
    back = read_journeys(as_file(export.paths(journeys)), name="paths.csv")
    found = {path: counts for path, *counts in content(back)}
    assert found.keys() == summed.keys()
    for path, counts in summed.items():
        assert found[path] == pytest.approx(list(counts))


@st.composite
def logs(draw):
    """Users with touches at different whole minutes, some of whom convert in between: what event rows can hold."""
    rows, user = [], []
    for person in range(draw(st.integers(1, 6))):
        minutes = sorted(draw(st.sets(st.integers(1, 40_000), min_size=1, max_size=8)))
        cuts = draw(st.sets(st.integers(1, len(minutes)), max_size=2))
        begin = 0
        for cut in sorted({*cuts, len(minutes)}):
            touches = [(draw(st.sampled_from("ABC")), m / 1440) for m in minutes[begin:cut]]
            rows.append((touches, touches[-1][1] + 0.5 / 1440, cut in cuts))
            user.append(person)
            begin = cut
    return timed(*rows, channels=("A", "B", "C"), user=user)


@settings(max_examples=150, deadline=None)
@given(logs(), st.booleans())
def test_events_come_back_as_they_were(journeys, parquet):
    if not journeys.conversions.any():
        return
    frame = export.events(journeys, dt.date(2024, 2, 28))
    data = frame.to_parquet() if parquet else as_file(frame)
    back = read_journeys(data, name="events")
    assert content(back) == content(journeys)
    np.testing.assert_array_equal(back.user, journeys.user)
    origin = min(journeys.time.min(), journeys.end[journeys.conversions > 0].min())
    np.testing.assert_allclose(back.time, journeys.time - origin, atol=1e-9)
    won = journeys.conversions > 0
    np.testing.assert_allclose(back.end[won], journeys.end[won] - origin, atol=1e-9)
    np.testing.assert_allclose(back.begin, back.time[back.starts[:-1]])
    last = max(journeys.time.max(), journeys.end[won].max()) - origin
    np.testing.assert_allclose(back.end[~won], last, atol=1e-9)


def test_a_simulation_comes_back_without_those_whom_nobody_met():
    seen = simulate(PRESETS["full"], 3_000, seed=5).observed
    back = read_journeys(as_file(export.events(seen)), name="events.csv")
    met = seen.lengths > 0
    assert len(back) == met.sum() < len(seen)
    assert back.touches == seen.touches and back.conversions.sum() == seen.converted
    assert back.value.sum() == pytest.approx(seen.value[met].sum())
    assert any(f"{seen.untouched:,.0f} conversions have no touch" in note for note in back.notes)
    assert export.paths(back)["total_conversions"].sum() == seen.converted


def test_the_tables_are_in_order_and_typed():
    frame = export.paths(paths(("A", 1, 0), ("B > A", 4, 6), ("", 0, 2), ("A", 1, 1)))
    assert frame["path"].tolist() == ["B > A", "A", "(no touch)"]
    assert frame.columns.tolist() == ["path", "total_conversions", "total_conversion_value", "total_null"]
    assert frame["total_conversions"].tolist() == [4, 2, 0] and frame["total_null"].dtype == "int64"
    log = export.events(timed(([("B", 1.0), ("A", 0.5)], 2.0, True), ([("A", 0.25)], 9.0, False)), dt.date(2024, 5, 1))
    assert log["channel"].tolist() == ["A", "B", None, "A"] and log["conversion"].tolist() == [0, 0, 1, 0]
    assert log["time"][0] == pd.Timestamp("2024-05-01 12:00") and log["time"].is_monotonic_increasing is False


def test_what_has_no_times_is_no_event():
    with pytest.raises(JourneyError, match="Export them as paths"):
        export.events(paths(("A > B", 1, 1)))
    many = timed(([("A", 1.0)], 2.0, False))
    with pytest.raises(JourneyError, match="stand for several people"):
        export.events(Journeys(**{**many.__dict__, "nulls": np.array([3.0])}))
