"""What holds for every chart, on computed results and on extremes."""

import json
import subprocess
import sys

import pytest

from synth_core import charts
from synth_core.charts.base import REAL, SYNTHETIC, TEMPLATE
from synth_core.journeys import scoring

OF_A_STUDY = (
    "arms_forest",
    "fold_differences",
    "synthetic_curve",
    "learning_curve",
    "f1_thresholds",
    "inflation",
    "posterior",
)
OF_A_HOLDOUT = ("roc", "precision_recall", "calibration")
OF_A_REPORT = ("kl_bars", "marginals", "correlations", "projection", "target_relation", "two_sample")
OF_A_TABLE = ("simulated_columns",)
OF_A_TRAINING = ("training_curve",)
OF_PRIVACY = ("privacy_risks", "closest_distances", "membership_roc")
OF_A_SELF_TEST = ("self_test_risks",)
OF_ADVICE = {"real_rows": lambda found: charts.real_rows(found.points, found.metric, 500, found.some)}
OF_A_BUDGET = {"budget_split": ("split_of_budget",)}
OF_USEFULNESS = {"utility_curve": ("utility", "utility_without_target", "refused_utility")}
OF_ITS_PARTS = {"feature_detail": ("feature", "wide_feature"), "pair_detail": ("pair", "crowded_pair")}
OF_SEVERAL_REPORTS = {"comparison": ("two_runs", "four_runs")}
OF_JOURNEYS = {
    "journey_paths": lambda found: charts.journey_paths(found.seen),
    "journey_tree": lambda found: charts.journey_tree(found.seen, found.world.names),
    "journey_days": lambda found: charts.journey_days(found.seen),
    "journey_mix": lambda found: charts.journey_mix(found.seen, found.world.names),
    "journey_lengths": lambda found: charts.journey_lengths(found.seen),
    "journey_shares": lambda found: charts.journey_shares(found, "last"),
    "journey_errors": lambda found: charts.journey_errors(scoring.league(found), found.world.names),
    "journey_over_credit": lambda found: charts.journey_over_credit(scoring.league(found), found.world.names),
    "journey_lost": lambda found: charts.journey_lost(scoring.league(found)),
    "journey_allocations": lambda found: charts.journey_allocations(found, "last"),
    "journey_marginal": charts.journey_marginal,
    "journey_stress": charts.journey_stress,
    "journey_credits": lambda found: charts.journey_credits(found, "linear"),
}
WORLDS = {
    "journey_stress": ("stressed", "stressed_once"),
    "journey_credits": ("attributed", "attributed_by_one"),
}
OF_A_VOICE = {
    "voice_traits": charts.voice_traits,
    "voice_funnel": lambda found: charts.voice_funnel(found.funnel),
    "voice_percentiles": charts.voice_percentiles,
}
VOICES = {"voice_traits": ("voice_profile", "voice_without_contrast")}
OF_A_TEST = {
    "prospective_gain": lambda found: charts.prospective_gain(found[0]),
    "prospective_auc": lambda found: charts.prospective_auc(found[0]),
    "prospective_calibration": lambda found: charts.prospective_calibration(found[0]),
    "prospective_deciles": lambda found: charts.prospective_deciles(found[0]),
    "prospective_drift": lambda found: charts.prospective_drift(found[1]),
    "prospective_drift_strip": lambda found: charts.prospective_drift_strip(found[2]),
}
TESTS = ("prospective", "prospective_untold", "prospective_of_nothing")
STUDIES = ("study", "long_names", "number")
REPORTS = ("report", "without_holdout", "one_feature", "many_features")
CASES = [
    *((name, kind) for name in OF_A_STUDY for kind in STUDIES),
    *((name, f"holdout of {kind}") for name in OF_A_HOLDOUT for kind in ("study", "number")),
    *((name, kind) for name in OF_A_REPORT for kind in REPORTS),
    *((name, kind) for name in OF_A_TABLE for kind in ("few_columns", "many_columns")),
    *((name, kind) for name in OF_A_TRAINING for kind in ("stopped_training", "young_training")),
    *((name, kind) for name in OF_PRIVACY for kind in ("privacy", "privacy_without_holdout", "crowded_privacy")),
    *((name, kind) for name in OF_A_SELF_TEST for kind in ("self_test", "empty_self_test", "crowded_self_test")),
    *((name, kind) for name, kinds in (OF_ITS_PARTS | OF_SEVERAL_REPORTS).items() for kind in kinds),
    *((name, kind) for name, kinds in (OF_A_BUDGET | OF_USEFULNESS).items() for kind in kinds),
    *((n, kind) for n in OF_JOURNEYS for kind in WORLDS.get(n, ("graded", "graded_once", "nothing_graded"))),
    *((n, kind) for n in OF_A_VOICE for kind in VOICES.get(n, ("voice_batch", "voice_batch_of_nothing"))),
    *((name, kind) for name in OF_A_TEST for kind in TESTS),
    *((name, kind) for name in OF_ADVICE for kind in ("learning", "learning_of_nothing")),
]


@pytest.fixture(params=CASES, ids=lambda case: "-".join(case))
def chart(request):
    name, kind = request.param
    result = request.getfixturevalue(kind.removeprefix("holdout of "))
    if name in OF_JOURNEYS:
        return OF_JOURNEYS[name](result)
    if name in OF_A_VOICE:
        return OF_A_VOICE[name](result)
    if name in OF_A_TEST:
        return OF_A_TEST[name](result)
    if name in OF_ADVICE:
        return OF_ADVICE[name](result)
    if name in OF_A_HOLDOUT:
        result = result.holdout
    return getattr(charts, name)(result)


def test_every_exported_chart_is_tested():
    tested = {*OF_A_STUDY, *OF_A_HOLDOUT, *OF_A_REPORT, *OF_A_TABLE, *OF_A_TRAINING, *OF_PRIVACY, *OF_A_SELF_TEST}
    tested |= {*OF_A_BUDGET, *OF_USEFULNESS, *OF_A_TEST, *OF_ADVICE}
    assert {*tested, *OF_ITS_PARTS, *OF_SEVERAL_REPORTS, *OF_JOURNEYS, *OF_A_VOICE, "Chart"} == set(charts.__all__)


def test_own_template_named_traces_and_one_takeaway(chart):
    assert isinstance(chart, charts.Chart)
    assert chart.figure.layout.template == TEMPLATE
    assert chart.figure.layout.height <= 2_000
    assert not chart.figure.layout.title.text
    assert all(trace.name for trace in chart.figure.data)
    assert chart.takeaway.endswith(".") and "nan" not in chart.takeaway.lower() and "None" not in chart.takeaway


def test_survives_json(chart):
    drawn = json.loads(chart.figure.to_json())
    assert len(drawn["data"]) == len(chart.figure.data)
    assert "NaN" not in chart.figure.to_json()


def test_names_are_not_read_as_markup(many_features, long_names, many_columns):
    for names, result in ((OF_A_REPORT, many_features), (OF_A_STUDY, long_names), (OF_A_TABLE, many_columns)):
        for name in names:
            text = getattr(charts, name)(result).figure.to_json().replace("\\u003c", "<").replace("\\u003e", ">")
            assert "<b>column" not in text and "<b>CTGAN" not in text, name


def test_names_in_a_part_of_a_report_are_not_read_as_markup(wide_feature, crowded_pair, four_runs):
    drawn = (charts.feature_detail(wide_feature), charts.pair_detail(crowded_pair), charts.comparison(four_runs))
    for chart in drawn:
        text = chart.figure.to_json().replace("\\u003c", "<").replace("\\u003e", ">")
        assert "<b>column" not in text and "<b>level" not in text and "<b>run" not in text


def test_titles_of_meters_and_attacks_are_not_read_as_markup(crowded_privacy, crowded_self_test):
    for names, result in ((OF_PRIVACY, crowded_privacy), (OF_A_SELF_TEST, crowded_self_test)):
        for name in names:
            text = getattr(charts, name)(result).figure.to_json().replace("\\u003c", "<").replace("\\u003e", ">")
            assert "<b>meter" not in text and "<b>attack" not in text, name


def test_names_of_channels_are_not_read_as_markup(graded_once):
    for name, draw in OF_JOURNEYS.items():
        if name not in WORLDS:
            text = draw(graded_once).figure.to_json().replace("\\u003c", "<").replace("\\u0026", "&")
            assert "<b channel" not in text and "channel &amp; " not in text, name


def test_names_of_features_of_leads_are_not_read_as_markup(prospective_untold):
    for name in ("prospective_drift", "prospective_drift_strip"):
        text = OF_A_TEST[name](prospective_untold).figure.to_json().replace("\\u003c", "<")
        assert "<b>column" not in text, name


def test_real_and_synthetic_have_their_colour_and_a_second_cue(report, study):
    assert (REAL, SYNTHETIC) == ("#0072B2", "#D55E00")
    for chart in (
        charts.marginals(report),
        charts.projection(report),
        charts.target_relation(report),
        charts.feature_detail(report.features[0]),
    ):
        looks = {t.name: t.marker for t in chart.figure.data if t.name in ("Real", "Synthetic")}
        assert (looks["Real"].color, looks["Synthetic"].color) == (REAL, SYNTHETIC)
        real, synthetic = looks["Real"].to_plotly_json(), looks["Synthetic"].to_plotly_json()
        assert real.get("symbol") != synthetic.get("symbol") or "pattern" in synthetic
    for draw in (charts.roc, charts.precision_recall, charts.calibration):
        chart = draw(study.holdout)
        real, synthetic = (
            next(t.line for t in chart.figure.data if t.name.startswith(n)) for n in ("Real", "With synthetic")
        )
        assert (real.color, synthetic.color) == (REAL, SYNTHETIC) and synthetic.dash != real.dash


def test_hatched_bars_keep_their_colour(report):
    # Without “overlay” Plotly draws white hatching on nothing: invisible bars.
    for chart in (charts.marginals(report), charts.kl_bars(report)):
        hatched = [t.marker.pattern for t in chart.figure.data if t.type == "bar" and t.marker.pattern.shape]
        assert hatched and all(p.fillmode == "overlay" for p in hatched)


def test_no_streamlit_look():
    # Importing Streamlit replaces Plotly's default template; ours is on the figure itself.
    code = (
        "import streamlit, plotly.io as pio\n"
        "from synth_core.charts.base import TEMPLATE, blank\n"
        "drawn = blank('Nothing to compare.').figure.layout.template\n"
        "assert drawn == TEMPLATE and drawn != pio.templates[pio.templates.default or 'plotly']\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
