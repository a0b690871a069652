"""The training curve: the points are those compared, the kept one is marked, losses are apart and quiet."""

from dataclasses import replace

from synth_core import charts
from synth_core.charts.base import REAL, SYNTHETIC


def traces(chart):
    return {t.name: t for t in chart.figure.data}


def test_distances_the_kept_state_and_the_reference(stopped_training):
    found = traces(charts.training_curve(stopped_training))
    line, kept = found["Synthetic rows"], found["State that was kept"]
    assert (tuple(line.x), tuple(line.y)) == (stopped_training.updates, stopped_training.distances)
    assert line.line.color == SYNTHETIC and line.line.dash == "dash"
    assert kept.x[0] == 500 and kept.y[0] == stopped_training.distances[19]
    assert found["Other real rows"].line.color == REAL and set(found["Other real rows"].y) == {0.05}


def test_losses_have_their_own_panel_and_can_be_left_out(stopped_training):
    chart = charts.training_curve(stopped_training)
    assert {t.yaxis for n, t in traces(chart).items() if n.endswith("loss")} == {"y2"}
    assert not [n for n in traces(charts.training_curve(stopped_training, losses=False)) if n.endswith("loss")]


def test_takeaway_says_what_was_compared_and_kept(stopped_training, young_training):
    text = charts.training_curve(stopped_training).takeaway
    assert text.startswith("Distance from 200 held-out real rows after 700 of 1,000 updates: 0.104 in the state")
    assert "(update 500), 0.050 for other real rows; losses do not tell how good the rows are." in text
    young = charts.training_curve(young_training)
    assert "the training rows after 25 of 1,000 updates: 0.400" in young.takeaway and "kept" not in young.takeaway


def test_before_the_first_check_it_says_so(stopped_training):
    nothing = charts.training_curve(replace(stopped_training, updates=(), distances=(), losses={}, kept=0))
    assert not nothing.figure.data and "not been compared" in nothing.takeaway
