"""Grades by hand, and that noise is called noise."""

import numpy as np
import pytest

from synth_core.journeys.presets import PRESETS
from synth_core.journeys.results import Allocation, Budget, Credits, Grades, Interval, Sample, Seen, Truth
from synth_core.journeys.scoring import grade, league

CHANNELS = ("A", "B", "C")


def truth(shapley=(50.0, 30.0, 20.0), removal=(40.0, 24.0, 0.0)) -> Truth:
    zeros = (0.0,) * 3
    return Truth(CHANNELS, 150.0, 50.0, 149.0, shapley, zeros, removal, (60.0, 30.0, 10.0), 49.0, (None,) * 3,
                 (None,) * 3, 8, True)  # fmt: skip


def credits(*credit: float, model: str = "last", organic: float | None = None) -> Credits:
    return Credits(model, model.capitalize(), CHANNELS, tuple(map(float, credit)), organic)


def grades(*models: list[Credits], intervals: Interval | None = None) -> Grades:
    seeds = len(models[0])
    samples = tuple(Sample(n, truth(), tuple(m[n] for m in models), (intervals,) * len(models)) for n in range(seeds))
    spend = (10.0, 10.0, 0.0)
    line = Allocation("Best found", spend, 200.0)
    followed = [tuple(Allocation("x", spend, 200.0 - 20 * m - n) for n in range(seeds)) for m in range(len(models))]
    budget = Budget(20.0, 100, 100, 3.0, line, line, line, tuple(followed))
    return Grades(PRESETS["clean"], 100, samples, budget, Seen((), (), (), (), (), 1, 1, 1.0, 0.0, 1.0, ()), 10)


def test_one_models_figures_by_hand():
    found = grade(credits(80, 80, 40, organic=35.0), truth())
    # shares .4 .4 .2 against .5 .3 .2
    assert found.share_error.mean == pytest.approx(0.2 / 3) and found.share_error.se is None
    assert found.total_variation.mean == pytest.approx(0.1)
    assert [m.mean for m in found.signed] == pytest.approx([-0.1, 0.1, 0])
    assert found.over_credit[0].mean == 2 and found.over_credit[1].mean == pytest.approx(80 / 24)
    assert found.over_credit[2] is None, "no ratio to a channel that causes nothing"
    assert found.organic.mean == pytest.approx((35 - 50) / 150)
    assert (found.coverage, found.lost, found.regret) == (None, None, None)


def test_the_truth_itself_has_no_error_and_is_ranked_perfectly():
    found = grade(credits(5, 3, 2), truth())
    assert found.share_error.mean == pytest.approx(0) and found.spearman.mean == found.kendall.mean == 1
    assert grade(credits(2, 3, 5), truth()).spearman.mean == -1
    assert grade(credits(1, 1, 1), truth()).spearman is None, "a constant has no rank"


def test_another_truth_gives_other_grades():
    assert grade(credits(60, 30, 10), truth(), "event").share_error.mean == pytest.approx(0)
    assert grade(credits(60, 30, 10), truth(), "shapley").share_error.mean > 0.05


def test_channels_in_another_order_are_not_compared():
    with pytest.raises(ValueError, match="same channels"):
        grade(Credits("x", "X", ("B", "A", "C"), (1.0, 2.0, 3.0)), truth())


def test_coverage_counts_channels_and_seeds():
    inside = Interval((0.4, 0.35, 0.1), (0.6, 0.45, 0.3))  # holds .5 and .2, not .3
    found = league(grades([credits(1, 1, 1)] * 4, intervals=inside))
    assert found.models[0].coverage == pytest.approx(2 / 3)


def test_regret_is_what_the_budget_loses_against_the_best():
    found = league(grades([credits(5, 3, 2, model="a")] * 3, [credits(3, 5, 2, model="b")] * 3))
    a, b = found.models
    assert (a.model, b.model) == ("a", "b")
    assert a.lost.mean == pytest.approx(1) and b.lost.mean == pytest.approx(21)
    assert b.regret.mean == pytest.approx(21 / 200) and b.lost.se == pytest.approx(1 / np.sqrt(3))


def noisy(rng, centre, model, seeds=10, spread=0.02):
    return [credits(*np.maximum(np.array(centre) + rng.normal(0, spread, 3), 0), model=model) for _ in range(seeds)]


def test_noise_is_called_noise_and_a_real_difference_is_not():
    rng = np.random.default_rng(0)
    found = league(
        grades(noisy(rng, (0.48, 0.32, 0.2), "a"), noisy(rng, (0.48, 0.32, 0.2), "b"), noisy(rng, (0.2, 0.3, 0.5), "c"))
    )
    assert {v.name: v.within_noise for v in found.versus} == {found.versus[0].name: True, "C": False}
    assert found.models[-1].model == "c"
    assert "Within noise over 10 seeds" in found.told and "Clearly further off: C" in found.told


def test_equal_models_are_seldom_told_apart():
    rng = np.random.default_rng(1)
    wrong = sum(
        not league(grades(*(noisy(rng, (0.5, 0.3, 0.2), m) for m in "abcd"))).versus[n].within_noise
        for _ in range(30)
        for n in range(3)
    )
    assert wrong / 90 < 0.10  # the leader is chosen by the same figures, so a little above 0.05 / 3


def test_one_seed_says_nothing_about_noise():
    found = league(grades([credits(5, 3, 2, model="a")], [credits(1, 1, 8, model="b")]))
    assert found.versus[0].within_noise and "single seed" in found.told
