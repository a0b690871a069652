"""The log of a prospective test: scoring, duplicates, order, maturity, damage, killed and rival writers, the inbox."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from synth_core.errors import ScorerError, TableError
from synth_core.prospective import files
from synth_core.prospective.library import Tests
from synth_core.prospective.log import TestLog
from synth_core.prospective.standing import standing
from tests.prospective import standin
from tests.prospective.standin import DAY, MONDAY, WEEK, leads_csv, outcomes_csv, start

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _scorer(monkeypatch):
    standin.use(monkeypatch)


@pytest.fixture
def log(tmp_path):
    return start(tmp_path)


def test_leads_are_scored_at_once_and_kept(log):
    data = leads_csv(["001", "002", "003"])
    cohort = log.add_leads(data, label="Week 1", now=MONDAY)
    assert (cohort.label, cohort.scored, cohort.week, cohort.leads.rows) == ("Week 1", MONDAY, "2025-01-06", 3)
    assert TestLog(log.folder).cohorts() == [cohort]
    joined = log.joined()
    assert joined["lead_id"].tolist() == ["001", "002", "003"] and joined["outcome"].isna().all()
    scores = log.scorer.score(standin.read_leads(data, log.scorer, name="")[0])
    for name in scores:
        np.testing.assert_array_equal(joined[name], scores[name])
    stored = pd.read_parquet(log.folder / "cohorts" / f"{cohort.id}.parquet")
    assert list(stored) == ["lead_id", "date", "score_reference", "score_arm"], "no other value of a lead is kept"


def test_a_lead_keeps_its_first_score(log):
    log.add_leads(leads_csv(["a", "b"], seed=1), label="one", now=MONDAY)
    before = log.joined().set_index("lead_id")
    cohort = log.add_leads(leads_csv(["b", "c", "c", ""], seed=2), label="two", now=MONDAY + WEEK)
    after = log.joined().set_index("lead_id")
    assert_frame_equal(after.loc[["a", "b"]], before)
    assert sorted(after.index) == ["a", "b", "c"]
    said = " ".join(cohort.leads.notes)
    assert (
        "1 lead scored before" in said and "1 lead stood in the file before" in said and "1 lead without an id" in said
    )
    with pytest.raises(ScorerError, match="were scored before"):
        log.add_leads(leads_csv(["a", "c"], seed=3), label="three", now=MONDAY)


def test_leads_that_cannot_be_used_are_refused(log):
    with pytest.raises(ScorerError, match="no column “id”"):
        log.add_leads(b"lead,x,z\na,1,2\nb,2,3\n", label="one")
    with pytest.raises(ScorerError, match="No lead has an id"):
        log.add_leads(b"id,x,z\n,1,2\n,2,3\n", label="one")
    with pytest.raises(TableError):
        log.add_leads(b"", label="one")
    assert not log.cohorts() and len(log.joined()) == 0


def test_a_lead_belongs_to_the_week_of_its_date(log):
    days = ["2025-01-12", "2025-01-13", "soon", "", *["2025-01-13"] * 16]
    frame = pd.DataFrame({"id": list("abcdefghijklmnopqrst"), "day": days, "x": 1.0, "z": 0.5})
    cohort = log.add_leads(frame, label="one", now=MONDAY + 3 * WEEK)
    joined = log.joined().set_index("lead_id")
    assert joined.loc[list("abcd"), "week"].tolist() == ["2025-01-06", "2025-01-13", "2025-01-27", "2025-01-27"]
    assert cohort.week == "2025-01-13", "the week of most leads"
    assert any("“soon”" in n for n in cohort.leads.notes)
    cohort = log.add_leads(
        frame.drop(columns="day").assign(id=list("ABCDEFGHIJKLMNOPQRST")), label="two", now=MONDAY + 3 * WEEK
    )
    assert cohort.week == "2025-01-27" and any("no column “day”" in n for n in cohort.leads.notes)


def test_outcomes_late_partial_repeated_and_contradictory(log):
    log.add_leads(leads_csv(["001", "002", "003", "004"]), label="Week 1", now=MONDAY)
    first = log.add_outcomes(outcomes_csv([("1", "yes"), ("002", "no"), ("9", "no")]), label="one", now=MONDAY + WEEK)
    assert (first.rows, first.matched, first.unknown) == (3, 2, 1)
    second = log.add_outcomes(
        outcomes_csv([("001", "yes"), ("2", "yes"), ("003", "?!")]), label="two", now=MONDAY + DAY
    )
    assert (second.repeated, second.conflicting, second.unreadable, second.matched) == (1, 1, 1, 0)
    joined = log.joined().set_index("lead_id")
    assert joined["outcome"].fillna(-1).tolist() == [1, -1, -1, -1] and joined["conflicting"].tolist() == [0, 1, 0, 0]
    assert joined.loc["001", "received"] == MONDAY + DAY, "when the outcome was first told"
    right = log.add_outcomes(outcomes_csv([("002", "no")]), label="right", now=MONDAY + 2 * WEEK, correction=True)
    assert right.matched == 1
    assert log.joined()["outcome"].fillna(-1).tolist() == [1, 0, -1, -1]
    assert TestLog(log.folder).outcome_files() == [first, second, right]


def test_outcomes_may_come_before_their_leads(log):
    early = log.add_outcomes(outcomes_csv([("a", "yes")]), label="early", now=MONDAY)
    assert (early.matched, early.unknown) == (0, 1)
    log.add_leads(leads_csv(["a"]), label="late", now=MONDAY + DAY)
    assert log.joined()["outcome"].tolist() == [1.0]


def test_a_silent_lead_is_not_a_no_unless_it_matures(tmp_path):
    log = start(tmp_path)
    (tmp_path / "b").mkdir()
    mature = start(tmp_path / "b", maturity_days=30)
    for one in (log, mature):
        one.add_leads(leads_csv(["a", "b", "c"]), label="one", now=MONDAY)
        one.add_outcomes(outcomes_csv([("a", "yes"), ("b", "yes"), ("b", "no")]), label="one", now=MONDAY)
    later = MONDAY + 300 * DAY
    assert log.joined(later)["outcome"].notna().tolist() == [True, False, False]
    joined = mature.joined(MONDAY + 30 * DAY)  # the leads are of the Tuesday
    assert joined["outcome"].notna().tolist() == [True, False, False]
    joined = mature.joined(MONDAY + 31 * DAY)
    assert joined["outcome"].fillna(-1).tolist() == [1, -1, 0], "a contradiction is never taken for a no"
    assert joined["assumed"].tolist() == [False, False, True]
    mature.add_outcomes(outcomes_csv([("c", "yes")]), label="late", now=later)
    assert mature.joined(later)["outcome"].fillna(-1).tolist() == [1, -1, 1], "what is told goes before what is assumed"
    assert TestLog(mature.folder).settings.maturity_days == 30


_IDS = [f"L{i:03d}" for i in range(60)]


@st.composite
def _files(draw):
    """Files of outcomes (some contradictory), their order, and where among them the leads arrive."""
    pairs = st.tuples(st.sampled_from(_IDS), st.sampled_from(["yes", "no", "pending"]))
    contents = draw(st.lists(st.lists(pairs, min_size=1, max_size=25), min_size=1, max_size=5))
    contents = [c for c in contents if any(v != "pending" for _, v in c)] or [[(_IDS[0], "yes")]]
    steps = [("outcomes", i) for i in range(len(contents))] + [("leads", 0), ("leads", 1)]
    return contents, draw(st.permutations(steps)), draw(st.lists(pairs, max_size=5))


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_files())
def test_the_order_of_files_changes_nothing_corrections_come_last(tmp_path, drawn):
    contents, order, corrected = drawn
    found = []
    for number, steps in enumerate((sorted(order), order)):
        place = tmp_path / f"{time.monotonic_ns()}-{number}"
        place.mkdir()
        log = start(place)
        for kind, i in steps:
            if kind == "leads":
                log.add_leads(leads_csv(_IDS[30 * i : 30 * i + 30], seed=i), label=str(i), now=MONDAY)
            else:
                log.add_outcomes(outcomes_csv(contents[i]), label=str(i), now=MONDAY + i * DAY)
        if any(v != "pending" for _, v in corrected):
            log.add_outcomes(outcomes_csv(corrected), label="right", now=MONDAY + WEEK, correction=True)
        found.append(log.joined(MONDAY).drop(columns="cohort"))
        shutil.rmtree(place)
    assert_frame_equal(*found)
    assert standing(found[0], standin.card()) == standing(found[1], standin.card())


def test_only_a_test_with_its_own_scorer_is_opened(log, tmp_path):
    with pytest.raises(ScorerError, match="not found"):
        TestLog(tmp_path / "none")
    with pytest.raises(ScorerError, match="already"):
        start(tmp_path)
    (log.folder / "scorer.zip").write_bytes(b"another")
    with pytest.raises(ScorerError, match="not the one it started with"):
        TestLog(log.folder).add_leads(leads_csv(["a"]), label="one")
    (log.folder / "test.json").write_text("{")
    with pytest.raises(ScorerError, match="damaged"):
        TestLog(log.folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "},
        {"name": "x" * 81},
        {"id_column": ""},
        {"maturity_days": 0},
        {"maturity_days": 10_000},
        {"negative": "YES"},
    ],
)
def test_settings_that_make_no_sense_are_refused(tmp_path, changes):
    with pytest.raises(ScorerError):
        start(tmp_path, **changes)
    assert not (tmp_path / "test").exists()


def test_the_other_outcome_may_have_a_name_of_its_own(tmp_path):
    log = start(tmp_path, negative="lost")
    log.add_leads(leads_csv(["a", "b"]), label="one", now=MONDAY)
    log.add_outcomes(outcomes_csv([("a", "Lost"), ("b", "yes")]), label="one", now=MONDAY)
    assert TestLog(log.folder).joined()["outcome"].tolist() == [0.0, 1.0]


def test_damaged_rows_are_told(log):
    cohort = log.add_leads(leads_csv(["a"]), label="one")
    (log.folder / "cohorts" / f"{cohort.id}.parquet").write_bytes(b"PAR1")
    with pytest.raises(ScorerError, match="damaged"):
        log.joined()


def test_half_written_files_are_passed_over(log):
    log.add_leads(leads_csv(["a"]), label="one", now=MONDAY)
    folder = log.folder / "cohorts"
    (folder / "000002.parquet").write_bytes(b"torn")  # killed between rows and record
    (folder / ".draft-1-000002.json").write_bytes(b"{")
    assert log.joined()["lead_id"].tolist() == ["a"]
    log.add_leads(leads_csv(["b"]), label="two", now=MONDAY)
    assert log.joined()["lead_id"].tolist() == ["a", "b"]
    assert [c.label for c in log.cohorts()] == ["one", "two"] and not list(folder.glob(".draft-*"))


def test_rows_come_before_their_record(log, monkeypatch):
    """Whatever stops a writer on the way, no record is ever without its rows."""
    write = files.write
    for broken in (".parquet", ".json"):

        def stop(path, data, broken=broken):
            if path.suffix == broken:
                raise OSError("the disk is full")
            write(path, data)

        monkeypatch.setattr(files, "write", stop)
        with pytest.raises(OSError, match="full"):
            log.add_leads(leads_csv(["a"]), label="one", now=MONDAY)
        with pytest.raises(OSError, match="full"):
            log.add_outcomes(outcomes_csv([("a", "yes")]), label="one", now=MONDAY)
        assert log.cohorts() == [] == log.outcome_files() and log.joined().empty
    monkeypatch.setattr(files, "write", write)
    log.add_leads(leads_csv(["b"]), label="two", now=MONDAY)
    assert log.joined()["lead_id"].tolist() == ["b"]


WRITER = """
import sys
import pytest
from synth_core.prospective.log import TestLog
from tests.prospective import standin
standin.use(pytest.MonkeyPatch())
log = TestLog(sys.argv[1])
for i in range(int(sys.argv[3])):
    ids = [f"{sys.argv[2]}-{i}-{j}" for j in range(20)] + [f"shared-{i}"]
    log.add_leads(standin.leads_csv(ids, seed=i), label=f"{sys.argv[2]} {i}", now=standin.MONDAY)
    log.add_outcomes(standin.outcomes_csv([(k, "yes") for k in ids]), label=f"{sys.argv[2]} {i}", now=standin.MONDAY)
    print(i, flush=True)
"""


def _writer(log, name, count) -> subprocess.Popen:
    arguments = [sys.executable, "-c", WRITER, str(log.folder), name, str(count)]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_at_once_lose_nothing(log):
    writers = [_writer(log, name, 8) for name in ("p", "q")]
    assert [w.wait(timeout=120) for w in writers] == [0, 0]
    joined = log.joined()
    assert len(joined) == 2 * 8 * 20 + 8 and joined["lead_id"].is_unique and (joined["outcome"] == 1).all()
    assert len(log.cohorts()) == len(log.outcome_files()) == 16


def test_a_killed_writer_leaves_a_readable_log(log):
    told = 0
    rng = np.random.default_rng(5)
    for number in range(4):
        writer = _writer(log, f"k{number}", 10_000)
        for _ in range(2):
            assert writer.stdout.readline()
        time.sleep(rng.uniform(0, 0.05))
        os.kill(writer.pid, signal.SIGKILL)
        told += 2 + len(writer.stdout.read().split())
        writer.wait()
        joined = log.joined()
        assert joined["lead_id"].is_unique and (joined["outcome"] == 1).sum() >= 20 * told
    log.add_leads(leads_csv(["after"]), label="after", now=MONDAY)
    assert "after" in set(log.joined()["lead_id"])


def test_the_inbox_is_taken_in_order(log):
    inbox = log.folder / "inbox"
    (inbox / "outcomes" / "a.csv").write_bytes(outcomes_csv([("1", "yes"), ("2", "no")]))
    (inbox / "corrections" / "a.csv").write_bytes(outcomes_csv([("2", "yes")]))
    (inbox / "leads" / "z.csv").write_bytes(leads_csv(["1", "2"]))
    (inbox / "leads" / "bad.csv").write_bytes(b"no,table\n1,2\n")
    (inbox / "leads" / ".copying.csv").write_bytes(leads_csv(["3"]))
    (inbox / "leads" / "copying.csv.part").write_bytes(leads_csv(["4"]))
    found = log.take_inbox(MONDAY)
    assert [(f.kind, f.name, f.taken) for f in found] == [
        ("leads", "bad.csv", False),
        ("leads", "z.csv", True),
        ("outcomes", "a.csv", True),
        ("corrections", "a.csv", True),
    ]
    assert log.joined()["outcome"].tolist() == [1.0, 1.0]
    reason = (inbox / "failed" / "leads" / "bad.csv.reason.txt").read_text("utf-8")
    assert "no column “id”" in reason and (inbox / "failed" / "leads" / "bad.csv").exists()
    assert (inbox / "done" / "leads" / "z.csv").exists()
    assert sorted(p.name for p in (inbox / "leads").iterdir()) == [".copying.csv", "copying.csv.part"]
    assert log.take_inbox(MONDAY) == []


def test_a_job_killed_before_moving_a_file_does_not_add_it_twice(log):
    inbox = log.folder / "inbox"
    for kind, data in (("leads", leads_csv(["1"])), ("outcomes", outcomes_csv([("1", "yes")]))):
        for _ in range(2):
            (inbox / kind / "a.csv").write_bytes(data)
            assert log.take_inbox(MONDAY)[0].taken
    assert len(log.cohorts()) == len(log.outcome_files()) == 1
    assert sorted(p.name for p in (inbox / "done" / "leads").iterdir()) == ["a-2.csv", "a.csv"]


def test_files_stay_in_the_inbox_while_the_scorer_is_missing(log):
    path = log.folder / "inbox" / "leads" / "a.csv"
    path.write_bytes(leads_csv(["1"]))
    kept = (log.folder / "scorer.zip").read_bytes()
    (log.folder / "scorer.zip").write_bytes(b"another")
    with pytest.raises(ScorerError, match="not the one"):
        TestLog(log.folder).take_inbox(MONDAY)
    (log.folder / "scorer.zip").write_bytes(kept)
    assert TestLog(log.folder).take_inbox(MONDAY)[0].taken and not path.exists()


def test_young_files_are_left_for_the_next_time(log):
    path = log.folder / "inbox" / "leads" / "a.csv"
    path.write_bytes(leads_csv(["1"]))
    assert log.take_inbox(MONDAY, settle=60) == [] and path.exists()
    os.utime(path, (time.time() - 90, time.time() - 90))
    assert log.take_inbox(MONDAY, settle=60)[0].taken


def test_tests_are_listed_opened_and_removed(tmp_path):
    tests = Tests(tmp_path / "prospective")
    assert tests.list() == [] and tests.ids() == []
    scorer = tmp_path / "scorer-file"
    scorer.write_bytes(b"scorer")
    first = tests.create(scorer, name="Spring", id_column="id", now=MONDAY)
    second = tests.create(scorer, name="Autumn", id_column="id", now=MONDAY + 1)
    with pytest.raises(ScorerError, match="already"):
        tests.create(scorer, name=" spring ", id_column="id")
    tests.get(first).add_leads(leads_csv(["a"]), label="one")
    assert [(i.id, i.name, i.cohorts) for i in tests.list()] == [(second, "Autumn", 0), (first, "Spring", 1)]
    (tests.folder / second / "test.json").write_text(json.dumps({"name": 1}))
    assert [i.id for i in tests.list()] == [first] and tests.ids() == sorted([first, second])
    for wrong in ("../x", "0" * 16, None):
        with pytest.raises(ScorerError, match="not found"):
            tests.get(wrong)
    tests.remove(first)
    assert tests.list() == [] and not (tests.folder / first).exists()


def test_outcomes_spelt_as_in_the_training_table_are_understood(tmp_path, monkeypatch):
    def load(path):
        found = standin.load(path)
        return replace(found, card=replace(found.card, positive=">50K", negative="<=50K"))

    monkeypatch.setattr("synth_core.prospective.log.scorer.load", load)
    log = start(tmp_path)
    log.add_leads(leads_csv(["a", "b", "c"]), label="week", now=MONDAY)
    told = log.add_outcomes(outcomes_csv([("a", ">50K"), ("b", "<=50K"), ("c", "no")]), label="o", now=MONDAY + DAY)
    assert (told.matched, told.unreadable) == (3, 0)
    assert log.joined().set_index("lead_id")["outcome"].to_dict() == {"a": 1, "b": 0, "c": 0}
