"""Privacy charts: what is drawn are the record's numbers, and grades and scenarios have more than a colour."""

from dataclasses import replace

import pytest

from synth_core import charts
from synth_core.charts.base import REAL, SYNTHETIC
from synth_core.charts.privacy_risks import GRADES
from tests.pages import stored_privacy


def marks(chart):
    """Marker traces by name."""
    return {t.name: t for t in chart.figure.data if t.mode == "markers"}


def texts(chart) -> list[str]:
    return [a.text for a in chart.figure.layout.annotations]


def test_every_meter_has_its_risk_interval_and_grade_in_words(privacy):
    chart = charts.privacy_risks(privacy)
    assert list(marks(chart)) == [m.title for m in privacy.meters]
    for meter in privacy.meters:
        icon, word, colour, symbol = GRADES[meter.grade]
        mark = marks(chart)[meter.title]
        (line,) = (t for t in chart.figure.data if t.name == f"{meter.title}, 95 % interval")
        assert mark.x == (meter.risk,) and line.x == (meter.risk_low, meter.risk_high)
        assert (mark.marker.color, mark.marker.symbol) == (colour, symbol)
        assert any(t.startswith(f"{icon} {word} {meter.risk:.2f}".replace("-", "−")) for t in texts(chart))
    assert len({g[0] for g in GRADES.values()}) == len({g[3] for g in GRADES.values()}) == 3
    assert "2 of 5 meters see more" in chart.takeaway and "0.41 (95 % interval 0.37 to 0.45)" in chart.takeaway


def test_a_risk_far_below_zero_is_an_arrow_at_the_edge():
    chart = charts.privacy_risks(stored_privacy.report(meters=(stored_privacy.meter("closest", -9.0),)))
    (mark,) = marks(chart).values()
    assert mark.marker.symbol == "triangle-left" and mark.x[0] == chart.figure.layout.xaxis.range[0]
    assert "risk −9.00" in mark.hovertemplate


def test_one_meter_of_one_agrees_in_number():
    one = stored_privacy.report(meters=(stored_privacy.meter("singling", 0.4, "high"),))
    assert charts.privacy_risks(one).takeaway.startswith("1 of 1 meters sees more")


def test_distances_keep_their_shares_with_zero_apart(privacy):
    chart, found = charts.closest_distances(privacy), privacy.distances
    for name, shares, zero, colour in (
        ("Synthetic", found.synthetic, found.zero_synthetic, SYNTHETIC),
        ("Unseen real rows", found.holdout, found.zero_holdout, REAL),
    ):
        (bars,) = (t for t in chart.figure.data if t.name == name)
        assert bars.y[0] == zero and sum(bars.y) == pytest.approx(sum(shares)) and bars.marker.color == colour
    assert "17 % of the synthetic rows lie at distance zero, 2 % of the unseen" in chart.takeaway
    assert "closer than 0.083 (0.11)" in chart.takeaway


def test_roc_has_the_line_of_chance_and_the_height_at_one_per_cent(privacy):
    chart = charts.membership_roc(privacy)
    chance = next(t for t in chart.figure.data if t.name.startswith("Chance"))
    assert (chance.x, chance.y) == ((0, 1), (0, 1))
    for attack in privacy.memberships:
        point = marks(chart)[f"{attack.title}, at 1 % false positives"]
        assert point.y == (attack.tpr_at_1,)
        assert point.y[0] + point.error_y.array[0] == pytest.approx(attack.tpr_at_1_high)
        assert point.y[0] - point.error_y.arrayminus[0] == pytest.approx(attack.tpr_at_1_low)
    assert "“Density ratio”, AUC 0.516" in chart.takeaway
    assert "“Nearest neighbour” finds 2.1 % of the training rows" in chart.takeaway


def test_without_unseen_rows_the_pictures_say_so(privacy_without_holdout):
    for draw in (charts.closest_distances, charts.membership_roc):
        assert "no unseen real rows" in draw(privacy_without_holdout).takeaway
    assert charts.privacy_risks(privacy_without_holdout).takeaway == "No meter could run."


def test_scenarios_differ_in_symbol_and_only_the_independent_one_is_real_blue(self_test):
    chart = charts.self_test_risks(self_test)
    shown = [t for t in chart.figure.data if t.showlegend]
    assert [t.name for t in shown] == [s.title for s in self_test.scenarios]
    assert len({t.marker.symbol for t in shown}) == 3
    assert [t.marker.color == REAL for t in shown] == [False, False, True]
    for scenario in self_test.scenarios:
        drawn = [t.x[0] for t in chart.figure.data if t.mode == "markers" and t.name == scenario.title]
        assert drawn == [m.risk for m in scenario.meters]


def test_a_missed_copy_is_counted(self_test):
    text = charts.self_test_risks(stored_privacy.blind_self_test()).takeaway
    assert "Noisy copy: 3 of 5 meters see more than chance allows (not passed)" in text
    assert "Independent sample: 0 of 5 meters see more than chance allows (passed)" in text


def test_a_meter_that_could_not_run_everywhere_is_drawn_where_it_did(self_test):
    first, *rest = self_test.scenarios
    partial = replace(self_test, scenarios=(replace(first, meters=first.meters[1:]), *rest))
    chart = charts.self_test_risks(partial)
    assert set(stored_privacy.TITLES.values()) <= set(texts(chart))
