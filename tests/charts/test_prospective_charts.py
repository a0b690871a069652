"""Charts of a prospective test: what is drawn are the record's numbers, and takeaways say what they say."""

from dataclasses import replace

import pytest

from synth_core import charts
from synth_core.charts.base import REAL, SYNTHETIC
from synth_core.prospective.results import Decile
from tests.pages import stored_prospective as stored


@pytest.fixture
def standing():
    return stored.standing()


def trace(chart, name):
    (found,) = (t for t in chart.figure.data if t.name == name)
    return found


def test_the_band_is_the_interval_that_is_safe_to_look_at(standing):
    chart = charts.prospective_gain(standing)
    band, safe = trace(chart, "95 %, however often you look"), standing.weeks[1:]
    assert list(band.x) == [w.week for w in safe] + [w.week for w in reversed(safe)]
    assert list(band.y) == [w.so_far.safe_low for w in safe] + [w.so_far.safe_high for w in reversed(safe)]
    assert list(trace(chart, "Difference so far").y) == [w.so_far.delta for w in standing.weeks]
    once = [t for t in chart.figure.data if "DeLong" in t.name]
    assert [list(t.y) for t in once] == [
        [w.so_far.low for w in standing.weeks],
        [w.so_far.high for w in standing.weeks],
    ]
    assert [t.showlegend for t in once] == [True, False]
    assert "After 12 weeks, on 600 leads with an outcome: difference +0.015" in chart.takeaway
    assert "−0.010 to +0.040 however often you look; it includes zero." in chart.takeaway


def test_a_single_interval_is_wide_enough_to_be_seen():
    found = charts.prospective_gain(stored.standing(2))
    band = trace(found, "95 %, however often you look")
    week = stored.week(1)
    assert list(band.x) == ["2025-01-11", "2025-01-15", "2025-01-15", "2025-01-11"]
    assert list(band.y) == [week.so_far.safe_low] * 2 + [week.so_far.safe_high] * 2


@pytest.mark.parametrize(("delta", "reading"), [(0.2, "above zero"), (-0.2, "below zero")])
def test_the_takeaway_reads_the_interval(standing, delta, reading):
    last = replace(standing.weeks[-1], so_far=stored.gain(600, delta))
    assert reading in charts.prospective_gain(replace(standing, weeks=(*standing.weeks[:-1], last))).takeaway


def test_a_wide_early_interval_does_not_set_the_axis(standing):
    early = replace(standing.weeks[1], so_far=stored.gain(100, 0.0, 5.0))
    weeks = (standing.weeks[0], early, *standing.weeks[2:])
    low, high = charts.prospective_gain(replace(standing, weeks=weeks)).figure.layout.yaxis.range
    assert low > -0.3 and high < 0.3 and low <= min(w.so_far.safe_low for w in weeks[6:])


def test_weeks_of_one_outcome_are_left_out(standing):
    weeks = (replace(standing.weeks[0], alone=stored.nothing(50), so_far=stored.nothing(50)), *standing.weeks[1:])
    found = replace(standing, weeks=weeks)
    assert len(trace(charts.prospective_auc(found), "Real rows only").x) == 11
    assert len(trace(charts.prospective_gain(found), "Difference so far").x) == 11
    assert "of 11 weeks with both outcomes" in charts.prospective_auc(found).takeaway


def test_ticks_are_mondays_of_the_leads_and_few(standing):
    for count in (1, 2, 7, 12, 60):
        found = stored.standing(count)
        axis = charts.prospective_auc(found).figure.layout.xaxis
        assert set(axis.tickvals) <= {w.week for w in found.weeks} and 1 <= len(axis.tickvals) <= 5
        assert axis.range[0] < axis.tickvals[0] and axis.range[1] > found.weeks[-1].week


def test_both_models_have_their_colour_and_a_second_cue(standing):
    for chart in (charts.prospective_auc(standing), charts.prospective_calibration(standing)):
        real, synthetic = trace(chart, "Real rows only"), trace(chart, "With synthetic rows")
        assert (real.line.color, synthetic.line.color) == (REAL, SYNTHETIC)
        assert real.line.dash != synthetic.line.dash and real.marker.symbol != synthetic.marker.symbol
    bars = charts.prospective_deciles(standing)
    real, synthetic = trace(bars, "Real rows only"), trace(bars, "With synthetic rows")
    assert (real.marker.color, synthetic.marker.color) == (REAL, SYNTHETIC)
    assert synthetic.marker.pattern.shape and not real.marker.pattern.shape


def test_calibration_is_told_by_means_over_leads(standing):
    curve = ((0.1, 0.0, 30), (0.5, 0.4, 10))
    chart = charts.prospective_calibration(replace(standing, calibration_reference=curve, calibration_arm=curve))
    assert "said 20 % and the one with synthetic rows 20 %; 10 % of the leads were positive" in chart.takeaway


def test_tenths_without_a_lift_are_not_drawn(standing):
    found = replace(standing, deciles=(Decile(1, 5, 2.0, 3.0), Decile(2, 5, None, None)))
    chart = charts.prospective_deciles(found)
    assert list(trace(chart, "With synthetic rows").y) == [3.0]
    assert "3.0 times as common as on average by the model with synthetic rows, and 2.0" in chart.takeaway


def test_drift_is_told_in_words_with_a_mark():
    chart = charts.prospective_drift(stored.leads())
    texts = [a.text for a in chart.figure.layout.annotations]
    assert "▲ strong drift 0.41" in texts and "◆ some drift 0.16" in texts and "no drift 0.03" in texts
    assert chart.takeaway.startswith("2 features differ from the training rows: age (strong drift, PSI 0.41), channel")
    calm = charts.prospective_drift(stored.leads(drift=(stored.drift("age"),)))
    assert calm.takeaway.startswith("No feature drifts among 60 leads.")


def test_the_strongest_of_many_features_are_drawn_and_said():
    chart = charts.prospective_drift(stored.named_leads())
    assert len(chart.figure.data) == 13 and "The 12 features that differ most of 50 are drawn." in chart.takeaway


def test_a_bar_off_the_axis_ends_there_and_keeps_its_figure():
    huge = replace(stored.drift("day", "strong"), psi=9.0)
    chart = charts.prospective_drift(stored.leads(drift=(huge,)))
    assert chart.figure.layout.xaxis.range[1] == 1.0
    assert "▲ strong drift 9.00" in [a.text for a in chart.figure.layout.annotations]


def test_the_strip_has_a_cell_with_a_mark_for_every_file_and_feature():
    chart = charts.prospective_drift_strip(stored.cohorts(4))
    (cells,) = chart.figure.data
    names = list(chart.figure.layout.yaxis.ticktext)
    assert names == ["Score (real rows only)", "age", "channel", "nights"]
    assert list(cells.text[names.index("age")]) == ["", "▲", "▲", ""]
    assert list(cells.z[names.index("nights")]) == [None, 0, 0, None], "not compared in calm files"
    assert "Drift in 4 files of leads at least once; strong: age; some: " in chart.takeaway
    assert "No drift in the only file of leads." in charts.prospective_drift_strip(stored.cohorts(1)).takeaway


def test_a_year_of_daily_files_is_cut_and_said():
    chart = charts.prospective_drift_strip(stored.cohorts(365))
    assert len(chart.figure.data[0].x) == 26 and len(chart.figure.layout.xaxis.tickvals) <= 12
    assert chart.figure.layout.xaxis.ticktext[0] == "340" and chart.takeaway.endswith("The last 26 are drawn.")
