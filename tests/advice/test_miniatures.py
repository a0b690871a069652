"""The worked examples of page Guide: computed, seeded (but for privacy's noise), and true to what they teach."""

from __future__ import annotations

import numpy as np
import pytest

from synth_core.advice.miniatures import generators, networks, points, studies
from synth_core.advice.miniatures.private import private
from synth_core.charts import guide_points, guide_studies
from synth_core.charts.base import REAL, SYNTHETIC, TEMPLATE


def test_smote_rows_lie_between_the_rows_they_are_drawn_with():
    for k in (1, 5, 20):
        found = generators.smote(k)
        start, end = found.ends[:, 0], found.ends[:, 1]
        along, to = end - start, found.made - start
        place = (to * along).sum(axis=1) / (along**2).sum(axis=1)
        away = np.linalg.norm(to - place[:, None] * along, axis=1)
        assert away.max() < 0.002, "values are rounded to three decimals"
        assert (place > -0.05).all() and (place < 1.05).all()
        assert (found.common[:, None] == found.ends.reshape(1, -1, 2)).all(axis=2).sum() == 0


def test_many_neighbours_lead_astray():
    near, far = generators.smote(5), generators.smote(18)
    assert near.astray < 0.05 < 0.15 < far.astray
    assert np.array_equal(generators.smote(5).made, near.made) and not np.array_equal(
        generators.smote(5, seed=8).made, near.made
    )


@pytest.mark.parametrize("shape", points.SHAPES)
def test_trees_follow_a_shape_that_correlations_do_not_see(shape):
    trees, simulation = (generators.fast(name, shape) for name in ("trees", "simulation"))
    assert trees.off < 0.1 and simulation.off > 0.3
    assert trees.made.shape == (400, 2)


@pytest.mark.parametrize("kind", networks.NETWORKS)
def test_a_network_comes_closer_while_it_trains(kind):
    found = networks.train(kind, "ring")
    first, *_, last = (shot.off for shot in found.shots)
    assert last < first - 0.2 and last < 0.5
    assert found.updates[-1] == networks.UPDATES
    chart = guide_points.guide_training(found)
    assert f"after {networks.UPDATES} still {100 * last:.0f} %" in chart.takeaway


def test_intervals_of_stated_effects_hold_them_and_more_visitors_find_them():
    few, many = studies.stated(0.04, 0.25, 500), studies.stated(0.04, 0.25, 50_000)
    assert few.effect == many.effect == pytest.approx(0.01)
    assert min(few.covered, many.covered) >= 34
    assert few.found < 15 and many.found == studies.STUDIES
    nothing = studies.stated(0.04, 0.0, 5_000)
    assert nothing.effect == 0 and nothing.found <= 4


def test_rows_added_before_the_split_make_noise_look_good():
    none, leak = studies.leak(0), studies.leak(5)
    assert none.before == none.after
    assert leak.before > 0.8
    assert abs(leak.truth - 0.5) < 0.05 and abs(leak.after - 0.5) < 0.1


def test_a_verdict_follows_the_folds():
    assert [studies.reading(g, 0.01).word for g in (0.04, 0.0, -0.04)] == ["helps", "no evidence", "hurts"]
    narrow, wide = studies.reading(0.01, 0.005), studies.reading(0.01, 0.05)
    assert narrow.smallest < wide.smallest and narrow.high - narrow.low < wide.high - wide.low
    assert sum(narrow.posterior) == pytest.approx(1)


def test_less_epsilon_more_noise_and_no_seed():
    strong, weak = private(0.01, 500), private(10.0, 500)
    assert strong.exact == weak.exact and sum(weak.exact) == 500
    assert strong.sigma > 100 * weak.sigma and strong.error > weak.error
    assert len({private(0.1, 500).noisy for _ in range(4)}) > 1, "noise follows no seed"
    np.random.seed(0)  # noqa: NPY002
    first = private(0.1, 500).noisy
    np.random.seed(0)  # noqa: NPY002
    assert private(0.1, 500).noisy != first


@pytest.mark.parametrize(
    "draw, told",
    [
        (lambda: guide_points.guide_smote(generators.smote(18)), "With k = 18, "),
        (lambda: guide_points.guide_smote(generators.smote(1)), "none of the 60 new rows"),
        (lambda: guide_points.guide_shape(generators.fast("trees", "ring")), "Trees: "),
        (lambda: guide_studies.guide_stated(studies.stated(0.04, 0.25, 2_000)), "Stated: +1.00 percentage points"),
        (lambda: guide_studies.guide_private(private(0.3, 500)), "With ε = 0.3 "),
        (lambda: guide_studies.guide_leak(studies.leak(0)), "No rows added"),
        (lambda: guide_studies.guide_leak(studies.leak(3)), "pure noise score 0.8"),
        (lambda: guide_studies.guide_reading(studies.reading(0.04, 0.01)), ": helps."),
    ],
)
def test_charts_say_what_was_computed_in_the_two_colours(draw, told):
    chart = draw()
    assert told in chart.takeaway and chart.takeaway.endswith(".") and "nan" not in chart.takeaway
    assert chart.figure.layout.template == TEMPLATE and all(t.name for t in chart.figure.data)
    looks = [t.marker.to_plotly_json() for t in chart.figure.data if t.marker.color]
    assert {m["color"] for m in looks} & {REAL, SYNTHETIC}
    made = [m for m in looks if m["color"] == SYNTHETIC]
    assert all(m.get("symbol", "circle") != "circle" or "pattern" in m for m in made)
    assert "NaN" not in chart.figure.to_json()
