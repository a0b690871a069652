"""What the panels of a simulated table show is what the table holds."""

import numpy as np
import pandas as pd
import pytest

from synth_core.charts import simulated_columns
from synth_core.tables import set_target, table_from_frame


@pytest.fixture(scope="module")
def chart():
    frame = pd.DataFrame(
        {
            "visits": [0, 0, 1, 5] * 25,
            "age": np.arange(100) % 60 + 20,
            "city": ["Rome", "Rome", None, "Köln"] * 25,
            "day": pd.date_range("2026-01-01", periods=100),
            "booked": ["no"] * 80 + ["yes"] * 20,
        }
    )
    return simulated_columns(set_target(table_from_frame(frame), "booked"))


def test_bars_are_shares_of_the_filled_rows(chart):
    bars = {t.name: dict(zip(map(str, t.customdata), t.y, strict=True)) for t in chart.figure.data}
    assert bars["visits"] == {"0": 0.5, "1": 0.25, "2": 0, "3": 0, "4": 0, "5": 0.25}
    assert bars["city"] == pytest.approx({"Rome": 2 / 3, "Köln": 1 / 3})
    assert bars["booked"] == {"no": 0.8, "yes": 0.2}
    assert sum(bars["day"].values()) == pytest.approx(1, abs=0.011)  # the last half per cent is cut off


def test_bins_of_whole_numbers_hold_equally_many(chart):
    (ages,) = (t for t in chart.figure.data if t.name == "age")
    assert set(np.diff(ages.x)) == {3.0}
    assert ages.customdata[0] == "20 to 22" and ages.y[0] == pytest.approx(0.06)


def test_titles_and_takeaway_say_what_is_shown(chart):
    titles = " ".join(a.text for a in chart.figure.layout.annotations)
    assert "mean 1.5" in titles and "2 levels, 25 % blank" in titles and "2026-01-01 to 2026-04-10" in titles
    assert chart.takeaway.startswith("All 5 columns in 100 simulated rows")
    assert chart.takeaway.endswith("booked is yes in 20 % of them.")
