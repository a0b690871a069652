"""Charts of the privacy budget: shares of ρ, and usefulness against ε between its baselines."""

from dataclasses import replace

import pytest

from synth_core import charts
from synth_core.charts.base import REAL, SYNTHETIC
from synth_core.generators.dp.release import Spend
from synth_core.generators.dp.utility import Measured


def traces(chart):
    return {t.name: t for t in chart.figure.data}


def test_every_part_of_the_budget_is_a_share_of_rho(split_of_budget):
    chart = charts.budget_split(split_of_budget)
    found = {name: bar.x[0] for name, bar in traces(chart).items()}
    assert found == pytest.approx({"categories and ranges": 0.25, "counts per pair": 0.75})
    assert chart.takeaway == "75 % of the budget goes to counts per pair, the largest of 2 parts."


def test_names_of_parts_are_not_read_as_markup():
    chart = charts.budget_split([Spend("<b>part</b>", 0.1)])
    assert "<b>part" not in chart.figure.to_json().replace("\\u003c", "<")
    assert chart.takeaway.endswith("the largest of 1 part.")


def test_nothing_spent_is_said():
    assert not charts.budget_split([]).figure.data
    assert charts.budget_split([Spend("turning the noise into ε", 0.0, 1e-6)]).takeaway == "Nothing is spent yet."


def test_points_are_means_with_the_range_of_the_repeats(utility):
    chart = charts.utility_curve(utility)
    line = traces(chart)["Private rows"]
    assert line.x == (0.1, 1.0, 10.0) and line.y == pytest.approx((0.42, 0.12, 0.03))
    assert [m + e for m, e in zip(line.y, line.error_y.array, strict=True)] == pytest.approx([0.43, 0.13, 0.04])
    assert [m - e for m, e in zip(line.y, line.error_y.arrayminus, strict=True)] == pytest.approx([0.41, 0.11, 0.02])
    assert chart.figure.layout.xaxis.type == "log" and line.line.color == SYNTHETIC


def test_baselines_lie_across_the_whole_axis_and_differ_in_more_than_colour(utility):
    found = traces(charts.utility_curve(utility, "transfer"))
    lines = [found[n] for n in ("Independent columns", "Trees (no privacy)", "Real training rows")]
    assert [line.y[0] for line in lines] == pytest.approx([0.5, 0.78, 0.8])
    assert len({line.line.dash for line in lines}) == 3 and lines[2].line.color == REAL
    assert all(line.x[0] < 0.1 and line.x[1] > 10 for line in lines)
    assert "Real training rows" not in traces(charts.utility_curve(utility))


def test_takeaway_names_epsilon_one_and_from_where_it_beats_independent_columns(utility):
    text = charts.utility_curve(utility).takeaway
    assert text.startswith("Mean error of pairs at ε = 1: 0.120 (0.110 to 0.130 over 2 repeats)")
    assert "Trees without privacy 0.010, independent columns 0.300" in text
    assert text.endswith("From ε = 1 on all repeats were better than independent columns.")
    score = charts.utility_curve(utility, "transfer").takeaway
    assert "AUC, trained on synthetic rows at ε = 1: 0.700" in score and "From ε = 1 on" in score
    assert "independent columns." not in charts.utility_curve(utility, "worst_kl").takeaway, "they have real shares"


def test_overlapping_repeats_are_not_called_better(utility):
    wide = replace(utility.independent, two_way=Measured((0.0, 0.9)))
    assert "At no ε" in charts.utility_curve(replace(utility, independent=wide)).takeaway


def test_without_a_target_the_score_says_why(utility_without_target):
    chart = charts.utility_curve(utility_without_target, "transfer")
    assert not chart.figure.data and "needs a target to predict" in chart.takeaway
    assert traces(charts.utility_curve(utility_without_target))["Private rows"].y
