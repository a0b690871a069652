"""F1 at two thresholds, inflation of probabilities, and the posterior."""

from dataclasses import replace
from math import log10

import pytest

from synth_core import charts


def trace(chart, name):
    return next(t for t in chart.figure.data if t.name == name)


def test_f1_goes_from_an_open_mark_to_a_filled_one(study):
    chart = charts.f1_thresholds(study)
    shown = [a for a in study.arms if a.role in ("reference", "candidate")]
    for arm in shown:
        mark = trace(chart, arm.title)
        assert tuple(mark.x) == (arm.scores.f1_at_half, arm.scores.f1_tuned)
        first, second = mark.marker.symbol
        assert first == f"{second}-open"
        assert trace(chart, f"{arm.title}, from one to the other").x == mark.x
    assert {t.name for t in chart.figure.data} >= {"at 0.5", "at the tuned threshold"}
    low, high = chart.figure.layout.xaxis.range
    assert all(low < v < high for a in shown for v in (a.scores.f1_at_half, a.scores.f1_tuned))
    assert not any(a.title in {t.name for t in chart.figure.data} for a in study.arms if a.role not in
                   ("reference", "candidate"))  # fmt: skip


def test_f1_compares_the_best_of_both_kinds(long_names):
    text = charts.f1_thresholds(long_names).takeaway
    real = max((a for a in long_names.arms if a.role == "reference"), key=lambda a: a.scores.f1_tuned)
    assert f"tuning the threshold alone reaches F1 {real.scores.f1_tuned:.3f} ({real.title}" in text
    assert "has 0.400 at 0.5 (SMOTE-NC" in text and "0.450 tuned (Trees" in text
    difference = 0.45 - real.scores.f1_tuned
    assert text.endswith(f"the difference is {difference:+.3f}.".replace("-", "−"))


def test_f1_of_equal_arms_still_has_an_axis(study):
    arms = tuple(replace(a, scores=replace(a.scores, f1_at_half=0.0, f1_tuned=0.0)) for a in study.arms)
    low, high = charts.f1_thresholds(replace(study, arms=arms)).figure.layout.xaxis.range
    assert low < 0 < high and high - low >= 0.1


def test_inflation_draws_every_arm_from_one(study):
    chart = charts.inflation(study)
    for arm in study.arms:
        assert trace(chart, arm.title).x == (arm.inflation,)
        assert trace(chart, f"{arm.title}, from 1").x == (1, arm.inflation)
    assert [s.x0 for s in chart.figure.layout.shapes] == [1]
    low, high = chart.figure.layout.xaxis.range
    assert low < log10(0.5) and high > log10(2)


@pytest.mark.parametrize(
    "values, said",
    [
        ((0.5, 4.1, 1.0), "off: SMOTE-NC, its own labels, 7,680 rows × weight 5, LightGBM, small trees says 4.1 times"),
        ((0.2, 4.1, 1.0), "off: Trees, committee labels, 3,840 rows × weight 5, LightGBM, small trees says 0.20 times"),
        ((0.97, 1.05, 1.0), "are about right on average: the farthest off, SMOTE-NC"),
    ],
)
def test_inflation_names_the_arm_farthest_from_one(long_names, values, said):
    given = iter(values)
    arms = tuple(replace(a, inflation=next(given) if a.role == "candidate" else 1.0) for a in long_names.arms)
    study = replace(long_names, arms=arms)
    text = charts.inflation(study).takeaway
    assert said in text
    reference = f"{study.arm(study.reference).title} 1.00 times"
    assert (reference in text) == text.startswith("Farthest off")


def test_posterior_is_one_bar_of_three_parts(study):
    chart = charts.posterior(study)
    assert [t.x[0] for t in chart.figure.data] == list(study.verdict.posterior)
    assert [t.name for t in chart.figure.data] == ["Worse", "Practically equal", "Better"]
    assert chart.figure.layout.barmode == "stack" and tuple(chart.figure.layout.xaxis.range) == (0, 1)
    for share, note in zip(study.verdict.posterior, chart.figure.layout.annotations, strict=True):
        assert f"{100 * share:.0f} %" in note.text and f"{100 * share:.0f} %" in chart.takeaway


def test_posterior_is_never_certain_of_what_is_not(study):
    shares = (0.0, 0.004, 0.996)
    chart = charts.posterior(replace(study, verdict=replace(study.verdict, posterior=shares)))
    worse, equal, better = (a.text for a in chart.figure.layout.annotations)
    assert "<b>0 %" in worse and "&lt; 1 %" in equal and "&gt; 99 %" in better
    assert (
        "with probability > 99 %, worse by more than that with 0 %, and practically equal with < 1 %" in chart.takeaway
    )


@pytest.mark.parametrize("shares", [None, (float("nan"),) * 3])
def test_without_a_posterior_it_says_so(study, shares):
    chart = charts.posterior(replace(study, verdict=replace(study.verdict, posterior=shares)))
    assert not chart.figure.data and "no verdict" in chart.takeaway
