"""Charts of a fidelity report: the numbers drawn are the numbers of the report."""

from dataclasses import replace
from math import log10

import pytest

from synth_core import charts
from synth_core.charts.base import REAL
from synth_core.fidelity.kl import LOOSE, STRICT


def trace(chart, name):
    return next(t for t in chart.figure.data if t.name == name)


def test_kl_is_sorted_worst_first_and_named(report):
    chart = charts.kl_bars(report)
    bars = trace(chart, "Synthetic")
    drawn = [row[1] for row in bars.customdata]
    assert drawn == sorted((f.synthetic.kl for f in report.features), reverse=True)
    worst = max(report.features, key=lambda f: f.synthetic.kl)
    assert chart.figure.layout.yaxis.ticktext[0] == worst.name
    assert f"{worst.name} with KL {worst.synthetic.kl:.3f}" in chart.takeaway
    close = sum(f.synthetic.kl <= STRICT for f in report.features)
    assert chart.takeaway.startswith(f"{close} of {len(report.features)} features")
    closer = sum(f.synthetic.kl <= f.holdout.kl for f in report.features)
    assert f"{closer} of {len(report.features)} are at least as close as the 240 real holdout rows" in chart.takeaway
    low, high = chart.figure.layout.yaxis.range
    assert low > high, "the first row is on top"


@pytest.mark.parametrize("kind", ["report", "one_feature", "many_features"])
def test_both_lines_and_the_noise_are_inside_the_axis(kind, request):
    report = request.getfixturevalue(kind)
    chart = charts.kl_bars(report)
    low, high = chart.figure.layout.xaxis.range
    assert chart.figure.layout.xaxis.type == "log"
    values = [*trace(chart, "By chance").x, *trace(chart, "Synthetic").x, STRICT, LOOSE]
    assert all(low <= log10(v) <= high for v in values)
    assert {shape.x0 for shape in chart.figure.layout.shapes} == {STRICT, LOOSE}


def test_holdout_is_drawn_only_where_it_is_known(report, without_holdout, many_features):
    held = trace(charts.kl_bars(report), "Real holdout")
    worst_first = sorted(report.features, key=lambda f: -f.synthetic.kl)
    assert [row[1] for row in held.customdata] == [f.holdout.kl for f in worst_first]
    assert len(trace(charts.kl_bars(many_features), "Real holdout").x) == 40
    for draw in (charts.kl_bars, charts.target_relation):
        assert "Real holdout" not in {t.name for t in draw(without_holdout).figure.data}


def test_long_names_are_cut_on_the_axis_and_whole_on_hover(many_features):
    chart = charts.kl_bars(many_features)
    labels = chart.figure.layout.yaxis.ticktext
    assert len(labels) == 80 and all("…" in label for label in labels)
    assert "long names" in trace(chart, "Synthetic").customdata[0][0]


def test_marginals_page_through_all_features_worst_first(report):
    order = [f.name for f in sorted(report.features, key=lambda f: -f.synthetic.kl)]
    seen = []
    for offset in range(0, len(order), 5):
        chart = charts.marginals(report, limit=5, offset=offset)
        seen += list(dict.fromkeys(t.customdata[0][0] for t in chart.figure.data))
        assert f"Features {offset + 1} to {min(offset + 5, len(order))} of {len(order)}" in chart.takeaway
    assert seen == order
    assert "no more columns" in charts.marginals(report, offset=len(order)).takeaway


def test_marginals_draw_the_shares_of_the_report(report):
    worst = max(report.features, key=lambda f: f.synthetic.kl)
    real, synthetic = charts.marginals(report, limit=1).figure.data
    assert sum(real.y) == pytest.approx(1) and sum(synthetic.y) == pytest.approx(1)
    if worst.is_quantity:
        assert tuple(real.y) == worst.marginal.real


def test_many_levels_become_twelve_bars_that_still_sum_to_one(report):
    levels = 40
    marginal = replace(
        report.features[0].marginal,
        labels=tuple(f"level – {i}" for i in range(levels)),
        real=(1 / levels,) * levels,
        synthetic=(*(0.5 / (levels - 1),) * (levels - 1), 0.5),
        holdout=None,
    )
    wide = replace(report, features=(replace(report.features[0], is_quantity=False, marginal=marginal),))
    chart = charts.marginals(wide)
    real, synthetic = chart.figure.data
    assert len(real.x) == 12 and sum(real.y) == pytest.approx(1) and sum(synthetic.y) == pytest.approx(1)
    drawn = [row[1] for row in real.customdata]
    assert drawn[-1] == "29 more" and "level – 39" in drawn, "the level that grew is drawn, not summed away"
    assert "50 % of synthetic" in chart.takeaway


def test_heat_maps_share_one_scale_centred_at_zero(report):
    chart = charts.correlations(report)
    assert [t.name for t in chart.figure.data] == ["Real", "Synthetic", "Synthetic − real"]
    assert {t.coloraxis for t in chart.figure.data} == {"coloraxis"}
    scale = chart.figure.layout.coloraxis
    assert (scale.cmin, scale.cmid, scale.cmax) == (-1, 0, 1)
    real, synthetic, difference = (t.z for t in chart.figure.data)
    assert difference[0][1] == pytest.approx(synthetic[0][1] - real[0][1], abs=1e-3)


def test_heat_maps_keep_the_columns_that_differ_most(many_features):
    chart = charts.correlations(many_features)
    assert {len(t.z) for t in chart.figure.data} == {25}
    drawn = {row[0] for line in chart.figure.data[0].customdata for row in line}
    assert {
        n.replace("<", "&lt;").replace(">", "&gt;") for n in (many_features.associations.names[i] for i in (3, 34))
    } < drawn
    assert "0.10 in real, −0.90 in synthetic" in chart.takeaway and "25 columns" in chart.takeaway


def test_projection_draws_every_point(report):
    chart = charts.projection(report)
    assert len(trace(chart, "Real").x) == len(report.projection.real)
    assert len(trace(chart, "Synthetic").x) == len(report.projection.synthetic)
    assert f"{100 * sum(report.projection.explained):.0f} % of the variance" in chart.takeaway


def test_relation_to_the_target_starts_with_the_largest_difference(report, many_features):
    chart = charts.target_relation(report)
    worst = max(report.features, key=lambda f: abs((f.target_auc_real or 0) - (f.synthetic.target_auc or 0)))
    assert chart.figure.layout.yaxis.ticktext[0] == worst.name
    assert f"{worst.target_auc_real:.3f} real, {worst.synthetic.target_auc:.3f} synthetic" in chart.takeaway
    assert "60 largest of" in charts.target_relation(many_features).takeaway


def test_what_cannot_be_drawn_says_why(without_holdout, one_feature):
    reasons = {u.name: u.reason for u in one_feature.unavailable}
    for draw in (charts.correlations, charts.projection, charts.target_relation):
        chart = draw(one_feature)
        assert not chart.figure.data and chart.figure.layout.annotations[0].text
        assert chart.takeaway.endswith(tuple(f"{r}." for r in (*reasons.values(), "nothing to compare")))
    empty = replace(without_holdout, features=())
    assert charts.kl_bars(empty).takeaway == charts.marginals(empty).takeaway == "No column could be compared."


def test_the_band_of_chance_is_the_one_the_sentence_names(report):
    chart = charts.two_sample(report)
    band = next(s for s in chart.figure.layout.shapes if s.type == "rect")
    assert f"0.50 ± {(band.x1 - band.x0) / 2:.2f}" in chart.takeaway
    drawn = {t.name: t.x[0] for t in chart.figure.data}
    test = report.two_sample
    assert list(drawn.values()) == [test.auc_fresh, test.auc_train, test.auc_real]


def test_without_a_holdout_only_the_training_rows_are_told_from(without_holdout):
    assert [t.name for t in charts.two_sample(without_holdout).figure.data] == ["Synthetic against training rows"]


def test_runs_side_by_side_start_with_the_worst_feature_of_any(two_runs):
    chart = charts.comparison(two_runs)
    assert list(chart.figure.layout.yaxis.ticktext) == ["income", "age", "colour"]
    trees, copula = chart.figure.data
    assert trees.marker.color != copula.marker.color and trees.marker.symbol != copula.marker.symbol
    assert REAL not in (trees.marker.color, copula.marker.color)
    assert [row[2] for row in copula.customdata] == pytest.approx([0.3, 0.11, 0.04])
    assert "“Trees” is the closest to the real rows in 3 of 3" in chart.takeaway
    assert "income in “Copula” with KL 0.300" in chart.takeaway


def test_a_pair_is_drawn_three_times_on_one_scale(pair):
    real, synthetic, difference = charts.pair_detail(pair).figure.data
    scale = charts.pair_detail(pair).figure.layout.coloraxis
    assert scale.cmin == -scale.cmax == -0.4
    assert difference.z[1][1] == pytest.approx(synthetic.z[1][1] - real.z[1][1])
    assert charts.pair_detail(pair).takeaway == pair.sentence


def test_one_feature_draws_at_most_thirty_levels(wide_feature):
    real, synthetic = charts.feature_detail(wide_feature).figure.data
    assert len(real.x) == 30 and sum(real.y) == pytest.approx(1) and sum(synthetic.y) == pytest.approx(1)


def test_one_feature_marks_the_real_holdout_where_there_is_one(feature, without_holdout):
    held = trace(charts.feature_detail(feature), "Real holdout")
    assert tuple(held.y) == feature.marginal.holdout and sum(held.y) == pytest.approx(1)
    names = {t.name for t in charts.feature_detail(without_holdout.features[0]).figure.data}
    assert names == {"Real", "Synthetic"}
