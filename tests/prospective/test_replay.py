"""The travel sample's later weeks: files, their order, and going on where a replay was left."""

from __future__ import annotations

import io
from itertools import pairwise

import pandas as pd
import pytest

from synth_core import lift
from synth_core.errors import ScorerError
from synth_core.prospective import leads, replay, scorer
from synth_core.prospective.log import TestLog
from synth_core.prospective.standing import standing
from synth_core.tables import load_sample, travel_leads
from tests.prospective import standin
from tests.prospective.standin import start


@pytest.fixture
def stand_in(monkeypatch):
    standin.use(monkeypatch)
    names = {"x": "pages_viewed", "z": "past_trips"}
    read = standin.read_leads

    def renamed(data, scorer, *, name):
        frame = pd.read_csv(io.BytesIO(data)) if isinstance(data, bytes) else data
        return read(frame.rename(columns={v: k for k, v in names.items()}), scorer, name=name)

    monkeypatch.setattr("synth_core.prospective.log.leads.read_leads", renamed)
    monkeypatch.setattr(replay, "fits", lambda log: log.settings.id_column == replay.ID)


def test_every_enquiry_comes_once_and_its_outcome_later():
    weeks = replay.replay_weeks(7, 12, 60)
    leads = [pd.read_csv(io.BytesIO(w.leads)) for w in weeks[:12]]
    assert all("booked" not in frame for frame in leads) and all(w.leads is None for w in weeks[12:])
    truth = pd.concat(travel_leads(7, 12, 60)).set_index("enquiry_id")
    assert pd.concat(leads)["enquiry_id"].tolist() == truth.index.tolist()
    told = [pd.read_csv(io.BytesIO(w.outcomes)) for w in weeks if w.outcomes]
    assert pd.concat(told).set_index("enquiry_id")["booked"].sort_index().equals(truth["booked"].sort_index())
    scored: set[str] = set()
    for week in weeks:
        if week.leads:
            frame = pd.read_csv(io.BytesIO(week.leads))
            assert (pd.to_datetime(frame["enquiry_date"]) < pd.Timestamp(week.now, unit="s")).all()
            scored |= set(frame["enquiry_id"])
        if week.outcomes:
            assert set(pd.read_csv(io.BytesIO(week.outcomes))["enquiry_id"]) <= scored, "no outcome before its lead"
    assert 0 < len(pd.read_csv(io.BytesIO(weeks[0].outcomes))) < len(leads[0]), "some outcomes are late"
    assert [b.now - a.now for a, b in pairwise(weeks)] == [7 * 86_400.0] * (len(weeks) - 1)


def test_the_same_seed_gives_the_same_files():
    first = replay.replay_weeks(3, 2, 20)
    replay.replay_weeks.cache_clear()
    assert replay.replay_weeks(3, 2, 20) == first != replay.replay_weeks(4, 2, 20)


def test_a_replay_goes_on_where_it_was_left(stand_in, tmp_path):
    log = start(tmp_path, id_column=replay.ID, date_column=replay.DATE)
    assert replay.last_day(log) is None
    weeks = replay.replay_weeks(7, 3, 30)
    log.add_leads(weeks[0].leads, label="Week 1", now=weeks[0].now)  # killed before the outcomes
    cohort, outcomes = replay.next_week(log, 7, 3, 30)
    assert cohort is None and outcomes.label == "Week 1" and outcomes.unknown == 0
    steps = 0
    while (step := replay.next_week(TestLog(log.folder), 7, 3, 30)) is not None:
        steps += 1
        assert step[1] is None or step[1].matched == step[1].rows
    assert steps == len(weeks) - 1 and replay.last_day(log) == weeks[-1].now
    joined = log.joined()
    assert joined["outcome"].notna().all() and joined["week"].nunique() == 3 == len(log.cohorts())


def test_only_a_test_of_the_travel_sample_is_replayed(monkeypatch, tmp_path):
    standin.use(monkeypatch)
    with pytest.raises(ScorerError, match="travel sample"):
        replay.next_week(start(tmp_path))


def test_the_whole_way_with_trained_models(tmp_path):
    split = load_sample("travel").split(seed=7)
    study = lift.study(split, arms=["trees"], labels=["own"], rows=300, folds=2, repeats=1, seed=7, n_jobs=1)
    scorer.save(scorer.freeze(split, study, name="Travel"), tmp_path / "scorer.zip")
    log = TestLog.create(
        tmp_path / "test", tmp_path / "scorer.zip", name="Demo", id_column=replay.ID, date_column=replay.DATE
    )  # fmt: skip
    assert replay.fits(log)
    sizes = []
    while replay.next_week(log, 7, 5, 40) is not None:
        sizes.append(standing(log.joined(replay.last_day(log)), log.card).overall.leads)
    truth = pd.concat(travel_leads(7, 5, 40), ignore_index=True).sort_values("enquiry_id", ignore_index=True)
    joined = log.joined().sort_values("lead_id", ignore_index=True)
    assert sizes == sorted(sizes) and sizes[-1] == len(truth)
    assert joined["lead_id"].equals(truth["enquiry_id"]) and joined["date"].equals(truth["enquiry_date"])
    assert (joined["outcome"] == (truth["booked"] == "yes")).all()
    frame = leads.read_leads(truth.drop(columns="booked"), log.scorer, name="all")[0]
    scores = log.scorer.score(frame)
    for name in scores:
        pd.testing.assert_series_equal(joined[name], scores[name], check_exact=True)
    found = standing(joined, log.card)
    assert found.word == "no evidence" and 0.6 < found.overall.auc_reference < 0.9 and len(found.weeks) == 5
