"""Where a test stands: figures against other implementations, words, forecasts and cautions."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from sklearn.calibration import calibration_curve
from sklearn.metrics import roc_auc_score

from synth_core.lift import delong
from synth_core.prospective import sequential
from synth_core.prospective.comparison import compare
from synth_core.prospective.results import Standing
from synth_core.prospective.standing import decide, gain, standing
from tests.prospective.standin import DAY, MONDAY, card

CARD = card()


def joined(leads: int = 1_200, weeks: int = 6, *, gap: float = 0.0, seed: int = 1, base: float = 0.2) -> pd.DataFrame:
    """As the log joins it: ``gap`` moves positives apart from negatives in the arm's score (in standard deviations)."""
    rng = np.random.default_rng(seed)
    y = (rng.random(leads) < base).astype(float)
    common = rng.standard_normal(leads)
    reference, arm = (
        norm.cdf(y * shift + np.sqrt(0.8) * common + np.sqrt(0.2) * rng.standard_normal(leads) - 1)
        for shift in (1.0, 1.0 + gap)
    )
    dates = pd.Timestamp("2025-01-06") + pd.to_timedelta(7 * (np.arange(leads) * weeks // leads), unit="D")
    frame = pd.DataFrame({
        "lead_id": [f"L{i:05d}" for i in range(leads)], "cohort": "000001", "week": dates.strftime("%Y-%m-%d"),
        "date": dates, "scored": MONDAY, "score_reference": reference, "score_arm": arm, "outcome": y,
        "conflicting": False, "assumed": False,
    })  # fmt: skip
    return frame.assign(received=frame["date"].astype("datetime64[s]").astype("int64") + 5.0 * DAY)


def test_figures_agree_with_scikit_learn_and_with_delong():
    frame = joined()
    found = standing(frame, CARD)
    y, p, q = (frame[c].to_numpy() for c in ("outcome", "score_arm", "score_reference"))
    delta, error = delong.auc_difference(y, p, q)
    assert found.overall.auc_arm == pytest.approx(roc_auc_score(y, p))
    assert found.overall.auc_reference == pytest.approx(roc_auc_score(y, q))
    assert found.overall.delta == pytest.approx(found.overall.auc_arm - found.overall.auc_reference)
    assert (found.overall.low, found.overall.high) == pytest.approx(delong.interval(delta, error))
    error = max(error, compare(y, p, q, frame["week"].to_numpy()).error_by_week)
    half = sequential.half_width(error, len(y), sequential.tightest_at(CARD.base_rate))
    assert (found.overall.safe_low, found.overall.safe_high) == pytest.approx((delta - half, delta + half))
    assert found.overall.safe_low < found.overall.low and found.overall.safe_high > found.overall.high
    true, said = calibration_curve(y, p, n_bins=10, strategy="quantile")
    np.testing.assert_allclose([c[0] for c in found.calibration_arm], said, atol=0.01)
    np.testing.assert_allclose([c[1] for c in found.calibration_arm], true, atol=0.03)
    assert sum(c[2] for c in found.calibration_reference) == len(y)


def test_weeks_alone_and_together():
    frame = joined()
    found = standing(frame, CARD)
    assert len(found.weeks) == 6 and found.weeks[-1].so_far == found.overall
    third = found.weeks[2]
    part, before = frame[frame["week"] == third.week], frame[frame["week"] <= third.week]
    assert third.scored == len(part) and third.alone.leads == len(part)
    assert third.alone.auc_arm == pytest.approx(roc_auc_score(part["outcome"], part["score_arm"]))
    assert third.so_far.auc_arm == pytest.approx(roc_auc_score(before["outcome"], before["score_arm"]))
    assert third.alone.safe_low is None and third.so_far.safe_low is None
    assert found.weeks[3].so_far.safe_low is not None, "from the fourth week on"


def test_lift_by_tenth():
    frame = joined()
    deciles = standing(frame, CARD).deciles
    assert [d.decile for d in deciles] == list(range(1, 11)) and sum(d.leads for d in deciles) == len(frame)
    top = frame.sort_values("score_arm", ascending=False).head(deciles[0].leads)
    assert deciles[0].lift_arm == pytest.approx(top["outcome"].mean() / frame["outcome"].mean())
    for name in ("lift_arm", "lift_reference"):
        whole = sum(getattr(d, name) * d.leads for d in deciles) / len(frame)
        assert whole == pytest.approx(1.0), "tenths make up the whole"


def test_leads_with_the_same_score_share_their_lift():
    frame = joined().assign(score_arm=0.5)
    assert [d.lift_arm for d in standing(frame, CARD).deciles] == pytest.approx([1.0] * 10)


def test_the_order_of_rows_does_not_matter():
    frame = joined().assign(score_arm=lambda f: f["score_arm"].round(1))
    assert standing(frame.sample(frac=1, random_state=3), CARD) == standing(frame, CARD)


@pytest.mark.parametrize(("gap", "word"), [(0.5, "helps"), (-0.5, "hurts"), (0.0, "no evidence")])
def test_the_three_words(gap, word):
    found = standing(joined(gap=gap), CARD)
    assert found.word == word == decide(found.overall)
    start = {"helps": "Synthetic rows help: ", "hurts": "Synthetic rows hurt: ", "no evidence": "No evidence"}[word]
    assert found.sentence.startswith(start) and "1,200 leads" in found.sentence
    assert (found.weeks_needed == 0) == (word != "no evidence")


def test_too_few_leads_of_one_outcome_give_no_verdict():
    frame = joined(leads=100)
    rarer = int(frame["outcome"].sum())
    assert 10 < rarer < sequential.FEWEST
    found = standing(frame, CARD)
    assert found.word == "no verdict" and found.overall.safe_low is None and found.overall.low is not None
    assert f"only {rarer} leads with the outcome “yes” so far" in found.sentence and "more week" in found.sentence
    assert found.weeks_needed is None


def test_too_few_weeks_give_no_verdict():
    found = standing(joined(weeks=3, gap=1.0), CARD)
    assert found.word == "no verdict" and "outcomes of only 3 weeks of leads; 4 weeks are needed" in found.sentence
    assert found.sentence.endswith("about 1 more week.") and found.overall.safe_low is None


def test_one_lucky_week_among_even_ones_widens_the_interval():
    even = joined(gap=0.0)
    lucky = joined(gap=3.0)["score_arm"]
    uneven = even.assign(score_arm=even["score_arm"].where(even["week"] != even["week"].iloc[0], lucky))
    narrow, wide = standing(even, CARD), standing(uneven, CARD)
    assert wide.overall.low > 0, "the ordinary interval is taken in"
    assert wide.word == "no evidence"
    assert any("differs between weeks" in n for n in wide.notes)
    assert not any("differs between weeks" in n for n in narrow.notes)


def test_leads_scored_after_their_outcome_are_told():
    frame = joined()
    frame.loc[:2, "scored"] = frame["received"].max() + DAY
    assert any(n.startswith("3 leads were scored after") for n in standing(frame, CARD).notes)
    assert not any("scored after" in n for n in standing(joined(), CARD).notes)


def test_nothing_known_yet():
    for frame in (joined().assign(outcome=np.nan), joined().iloc[:0]):
        found = standing(frame, CARD)
        assert found.word == "no verdict" and "no lead has an outcome yet" in found.sentence
        assert found.overall.delta is None and not found.deciles and not found.calibration_arm
        assert found.waiting == len(frame) and found.per_week == 0


def test_outcomes_of_one_kind_only_are_no_outcome():
    frame = joined()
    found = standing(frame.assign(outcome=frame["outcome"].where(frame["outcome"] == 1)), CARD)
    assert found.word == "no verdict" and found.overall.auc_arm is None
    assert any("is not yet a no" in n for n in found.notes)


def test_identical_scores_are_no_evidence():
    frame = joined()
    found = standing(frame.assign(score_arm=frame["score_reference"]), CARD)
    assert found.word == "no evidence" and "rank alike" in found.sentence and found.weeks_needed is None


def test_a_sure_but_tiny_difference_helps_nobody():
    found = gain(joined(), 1_000)
    tiny = type(found)(**asdict(found) | {"delta": 0.003, "safe_low": 0.001, "safe_high": 0.005})
    assert decide(tiny) == "no evidence"
    assert decide(type(found)(**asdict(tiny) | {"delta": 0.006, "safe_high": 0.011})) == "helps"


def test_the_forecast_comes_true_if_the_gain_stays():
    frame = joined(leads=800, weeks=4, gap=0.15, seed=4)
    found = standing(frame, CARD)
    assert found.word == "no evidence" and found.weeks_needed >= 1 and found.per_week == 200
    times = 1 + found.weeks_needed * 200 / 800
    more = pd.concat([frame] * int(np.ceil(times)), ignore_index=True)  # the same leads again: gain and spread stay
    more["lead_id"] = [f"L{i}" for i in range(len(more))]
    assert standing(more, CARD).word == "helps"


def test_leads_that_wait_or_contradict_are_left_out_and_counted():
    frame = joined()
    frame.loc[:99, "outcome"] = np.nan
    frame.loc[:9, "conflicting"] = True
    found = standing(frame, CARD)
    assert (found.waiting, found.conflicting, found.overall.leads) == (90, 10, 1_100)
    assert any("10 leads with contradictory outcomes are left out" in n for n in found.notes)


def test_the_pace_is_that_of_weeks_whose_outcomes_are_in():
    frame = joined()  # 200 leads in each of 6 weeks
    late = frame["week"] >= frame["week"].unique()[4]
    frame.loc[late & (frame.index % 10 > 0), "outcome"] = np.nan
    assert standing(frame, CARD).per_week == 200


def test_positives_told_sooner_are_noted_and_do_not_bias_the_difference():
    frame = joined(leads=4_000, gap=0.0, seed=8)
    slow = frame["received"] + 30 * DAY
    frame["received"] = frame["received"].where(frame["outcome"] == 1, slow)
    whole = standing(frame, CARD)
    assert not any("sooner" in n for n in whole.notes), "nobody waits any more"
    now = frame["date"].iloc[-1].timestamp()
    early = standing(frame.assign(outcome=frame["outcome"].where(frame["received"] <= now)), CARD)
    note = next(n for n in early.notes if "sooner" in n)
    assert note.startswith("Positive outcomes") and "5 days against 35" in note and "too high" in note
    shares = [s.overall.positives / s.overall.leads for s in (early, whole)]
    assert shares[0] > 1.5 * shares[1], "the share of positives is biased"
    assert early.overall.low < whole.overall.delta < early.overall.high, "the difference is not"


def test_a_decision_that_did_not_last_is_told():
    good, bad = joined(leads=1_200, weeks=4, gap=0.6), joined(leads=1_800, weeks=3, gap=-0.35, seed=2)
    later = pd.to_datetime(bad["week"]) + pd.Timedelta(weeks=4)
    bad = bad.assign(lead_id="M" + bad["lead_id"], week=later.dt.strftime("%Y-%m-%d"), date=later)
    found = standing(pd.concat([good, bad]), CARD)
    assert found.weeks[3].so_far.safe_low > 0 and found.word == "no evidence"
    assert any("above 0" in n and "no longer" in n for n in found.notes)


def test_a_standing_survives_json():
    found = standing(joined(), CARD)
    assert Standing.from_dict(json.loads(json.dumps(found.to_dict()))) == found
