"""Charts of a study and its holdout: the numbers drawn are the numbers measured."""

from dataclasses import replace

import numpy as np
import pytest

from synth_core import charts
from synth_core.charts.base import REAL, SYNTHETIC, short, signed


def point(chart, title):
    return next(t for t in chart.figure.data if t.name == title)


def test_forest_draws_each_arm_at_its_difference(study):
    chart = charts.arms_forest(study)
    low, high = chart.figure.layout.xaxis.range
    for arm in study.arms:
        mark, line = point(chart, arm.title), point(chart, f"{arm.title}, 95 % interval")
        expected = min(max(arm.delta or 0.0, low), high)
        assert mark.x[0] == pytest.approx(expected)
        if arm.delta is not None and low <= arm.low and arm.high <= high:
            assert tuple(line.x) == (arm.low, arm.high)
    assert low < -0.01 and high > 0.01, "the band of practical equivalence is always inside"


def test_forest_tells_roles_apart_and_emphasises_the_chosen_arm(study):
    chart = charts.arms_forest(study)
    chosen = study.arm(study.verdict.arm)
    looks = {a.role: point(chart, a.title).marker for a in study.arms if a.key != chosen.key}
    assert looks["reference"].color == REAL and looks["candidate"].color == SYNTHETIC
    assert len({(m.color, m.symbol) for m in looks.values()}) == len(looks)
    biggest = max((point(chart, a.title).marker.size, a.key) for a in study.arms)
    assert biggest[1] == chosen.key
    assert signed(chosen.delta) in chart.takeaway and chosen.title in chart.takeaway


def test_an_arm_far_away_becomes_an_arrow_and_does_not_squeeze_the_rest(study):
    far = tuple(replace(a, delta=-0.4, low=-0.45, high=-0.35) if a.role == "synthetic only" else a for a in study.arms)
    chart = charts.arms_forest(replace(study, arms=far))
    assert chart.figure.layout.xaxis.range == charts.arms_forest(study).figure.layout.xaxis.range
    mark = point(chart, next(a.title for a in far if a.role == "synthetic only"))
    assert mark.marker.symbol == "triangle-left" and mark.x[0] == chart.figure.layout.xaxis.range[0]
    assert any(a.text == "−0.400" for a in chart.figure.layout.annotations)


@pytest.mark.parametrize(
    "low, high, words", [(0.01, 0.03, "above zero"), (-0.03, -0.01, "below zero"), (-0.01, 0.03, "includes zero")]
)
def test_forest_reads_the_interval(study, low, high, words):
    arms = tuple(replace(a, low=low, high=high) if a.key == study.verdict.arm else a for a in study.arms)
    assert words in charts.arms_forest(replace(study, arms=arms)).takeaway


def test_rows_of_the_forest_do_not_overlap(study):
    chart = charts.arms_forest(study)
    y = sorted({t.y[0] for t in chart.figure.data})
    span = abs(np.diff(chart.figure.layout.yaxis.range)[0])
    pixels = min(np.diff(y)) / span * (chart.figure.layout.height - 70)
    assert pixels > 36, "a name of 12 pixels and a mark of 15 fit one row"


def test_folds_are_the_differences_and_their_mean(study):
    chart = charts.fold_differences(study)
    chosen, reference = study.arm(study.verdict.arm), study.arm(study.reference)
    expected = np.subtract(chosen.fold_scores, reference.fold_scores)
    assert point(chart, "One test fold").y == pytest.approx(expected)
    assert point(chart, "Mean and 95 % interval").y == pytest.approx([expected.mean()] * 2)
    assert f"{(expected > 0).sum()} of {len(expected)} test folds" in chart.takeaway
    low, high = chart.figure.layout.yaxis.range
    assert low < min(0, chosen.low, *expected) and high > max(0, chosen.high, *expected)


def test_a_study_without_verdict_still_draws_its_best_candidate(study):
    silent = replace(study, verdict=replace(study.verdict, arm=None), holdout=None)
    best = max((a for a in study.arms if a.role == "candidate"), key=lambda a: a.delta)
    assert best.title in charts.arms_forest(silent).takeaway and best.title in charts.fold_differences(silent).takeaway


def test_a_study_without_candidates_says_so(study):
    bare = replace(
        study,
        verdict=replace(study.verdict, arm=None),
        arms=tuple(a for a in study.arms if a.role in ("reference", "control")),
    )
    for draw in (charts.arms_forest, charts.fold_differences):
        assert "No arm with synthetic rows" in draw(bare).takeaway


def test_roc_draws_both_curves_and_chance(study):
    held = study.holdout
    chart = charts.roc(held)
    by_name = {t.name.split(":")[0]: t for t in chart.figure.data}
    assert tuple(by_name["Real rows only"].x) == held.roc_reference[0]
    assert tuple(by_name["With synthetic rows"].y) == held.roc_arm[1]
    assert list(by_name["Chance"].x) == list(by_name["Chance"].y) == [0, 1]
    assert f"{held.scores_arm.main:.3f}" in chart.takeaway and signed(held.delta) in chart.takeaway


def test_precision_recall_shows_the_share_of_positives(study, part):
    chart = charts.precision_recall(study.holdout)
    share = part.holdout.labels().mean()
    base = next(t for t in chart.figure.data if t.name.startswith("Share of positives"))
    assert base.y == pytest.approx([share, share])
    assert f"{study.holdout.scores_arm.average_precision:.3f}" in chart.takeaway and f"{share:.3f}" in chart.takeaway


def test_calibration_draws_the_bins_of_both_arms_and_the_diagonal(study):
    held = study.holdout
    chart = charts.calibration(held)
    by_name = {t.name.split(":")[0]: t for t in chart.figure.data}
    for name, points, scores in (
        ("Real rows only", held.calibration_reference, held.scores_reference),
        ("With synthetic rows", held.calibration_arm, held.scores_arm),
    ):
        drawn = by_name[name]
        assert list(zip(drawn.x, drawn.y, drawn.customdata, strict=True)) == list(points)
        assert f"ECE {scores.ece:.3f}" in drawn.name and f"{scores.ece:.3f}" in chart.takeaway
    assert tuple(by_name["Exactly right"].x) == tuple(by_name["Exactly right"].y)
    assert chart.figure.layout.xaxis.range == chart.figure.layout.yaxis.range


def test_calibration_of_a_rare_class_fills_the_axes(study):
    points = ((0.001, 0.0, 50), (0.02, 0.04, 51))
    chart = charts.calibration(replace(study.holdout, calibration_arm=points, calibration_reference=points))
    low, high = chart.figure.layout.xaxis.range
    assert low < 0 and 0.04 < high < 0.05
    assert "2 points of 50 to 51 rows" in chart.takeaway
    assert "mean prediction is 0.01 where 0.02 are positive" in chart.takeaway


def test_what_needs_two_classes_says_so_for_a_number(number):
    drawn = [draw(number.holdout) for draw in (charts.roc, charts.precision_recall, charts.calibration)]
    drawn += [draw(number) for draw in (charts.f1_thresholds, charts.inflation)]
    for chart in drawn:
        assert not chart.figure.data and chart.takeaway.endswith("a target with two classes.")


def test_the_main_score_has_the_name_of_the_study(number):
    for draw in (charts.arms_forest, charts.fold_differences, charts.synthetic_curve, charts.learning_curve,
                 charts.posterior):  # fmt: skip
        chart = draw(number)
        assert "AUC" not in chart.figure.to_json() + chart.takeaway and "R²" in chart.takeaway, draw.__name__


def test_a_fold_that_cannot_tell_is_left_out(number):
    chart = charts.fold_differences(number)
    assert list(point(chart, "One test period").x) == [2, 3]
    assert "of 2 test periods" in chart.takeaway and "earlier ones" in chart.takeaway


def test_names_are_cut_in_the_middle():
    assert short("short", 10) == "short"
    cut = short("CTGAN (epochs=300, pac=10), committee labels", 30)
    assert len(cut) <= 30 and cut.startswith("CTGAN") and cut.endswith("labels") and "…" in cut
    assert short("a<b & c", 10) == "a&lt;b &amp; c"


@pytest.mark.parametrize("value, text", [(0.0123, "+0.012"), (-0.0123, "−0.012"), (-0.0001, "0.000"), (0.0, "0.000")])
def test_signs(value, text):
    assert signed(value) == text
