"""Curves by number of rows: the points drawn are the points measured."""

from dataclasses import replace

import pytest

from synth_core import charts
from synth_core.lift.results import CurvePoint


def trace(chart, name):
    return next(t for t in chart.figure.data if t.name == name)


def with_curves(study, **changes):
    return replace(study, curves=replace(study.curves, **changes))


@pytest.mark.parametrize("draw, kind", [("synthetic_curve", "synthetic"), ("learning_curve", "real")])
def test_points_and_intervals(study, draw, kind):
    chart = getattr(charts, draw)(study)
    points = getattr(study.curves, kind)
    mean, band = trace(chart, "Mean over folds"), trace(chart, "95 % interval")
    assert len(points) >= 5
    assert list(zip(mean.x, mean.y, strict=True)) == [(p.rows, p.mean) for p in points]
    assert list(band.y) == [p.low for p in points] + [p.high for p in reversed(points)] and band.fill == "toself"


@pytest.mark.parametrize("draw", ["synthetic_curve", "learning_curve"])
def test_without_curves_it_says_so(study, draw):
    chart = getattr(charts, draw)(replace(study, curves=None))
    assert not chart.figure.data and "were not measured" in chart.takeaway
    nothing = getattr(charts, draw)(with_curves(study, synthetic=(), real=()))
    assert not nothing.figure.data and "at any number of" in nothing.takeaway


def test_synthetic_rows_are_on_a_log_axis_with_zero_and_the_band(study):
    chart = charts.synthetic_curve(study)
    layout = chart.figure.layout
    assert layout.xaxis.type == "log" and list(layout.xaxis.tickvals) == [p.rows for p in study.curves.synthetic]
    spans = {(s.y0, s.y1) for s in layout.shapes}
    assert spans == {(-0.01, 0.01), (0, 0)}
    low, high = layout.yaxis.range
    assert low < min(-0.01, *(p.low for p in study.curves.synthetic)) and high > 0.01


def test_takeaway_names_the_highest_point_and_counts_the_zeros(study):
    measured = ((100, 0.004, -0.01, 0.018), (400, 0.012, 0.002, 0.022), (1_600, -0.02, -0.03, -0.01))
    points = tuple(CurvePoint(*values) for values in measured)
    text = charts.synthetic_curve(with_curves(study, synthetic=points)).takeaway
    assert "highest with 400 synthetic rows: +0.012 (95 % interval +0.002 to +0.022)" in text
    assert "includes zero at 1 of 3 points" in text
    assert study.arm(study.curves.arm).title in text and study.arm(study.curves.reference).title in text
    assert (
        "includes zero at none of 2 points" in charts.synthetic_curve(with_curves(study, synthetic=points[1:])).takeaway
    )
    alone = charts.synthetic_curve(with_curves(study, synthetic=points[1:2]))
    assert "the interval excludes zero" in alone.takeaway
    assert trace(alone, "95 % interval").fill == "none" and trace(alone, "95 % interval").line.color == "#D55E00"


def test_points_of_one_fold_are_left_out(study):
    point = CurvePoint(50, 0.9, float("-inf"), float("inf"))
    chart = charts.synthetic_curve(with_curves(study, synthetic=(point, *study.curves.synthetic)))
    assert 50 not in trace(chart, "Mean over folds").x


@pytest.mark.parametrize(
    "gain, low, high, said",
    [
        (0.008, 0.001, 0.018, "add about +0.008 AUC (95 % interval +0.001 to +0.018), if the curve goes on as it has."),
        (0.008, -0.002, 0.018, "if the curve goes on as it has; that could not be told from none."),
        (-0.008, -0.012, -0.002, "would change AUC by about −0.008 (95 % interval −0.012 to −0.002), if the curve"),
        (None, None, None, "tells nothing about what 500 more real rows would add."),
    ],
)
def test_the_worth_of_more_real_rows(study, gain, low, high, said):
    chart = charts.learning_curve(with_curves(study, expected_gain=gain, expected_low=low, expected_high=high))
    assert said in chart.takeaway
    assert ("could not be told" in chart.takeaway) == (gain is not None and low <= 0 <= high)


def test_a_wide_interval_does_not_flatten_the_learning_curve(study):
    points = (CurvePoint(100, 0.7, -3.0, 4.4), CurvePoint(400, 0.8, 0.75, 0.85))
    low, high = charts.learning_curve(with_curves(study, real=points)).figure.layout.yaxis.range
    assert 0.5 < low < 0.7 and 0.8 < high < 1.05
