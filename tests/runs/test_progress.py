"""Progress: seldom written, never lost, and the way Cancel reaches a task."""

import pickle
import time

import pytest

from synth_core.errors import Cancelled
from synth_core.progress import Progress
from synth_core.runs.database import Database, as_run, insert
from synth_core.runs.progress import RunProgress


class Counting(Database):
    writes = 0

    def save_phases(self, run_id, phases):
        self.writes += 1
        super().save_phases(run_id, phases)


@pytest.fixture
def database(tmp_path):
    database = Counting(tmp_path / "runs.db")
    with database.transaction() as connection:
        insert(connection, "r", "quick", {}, "t", None, (1, 0.0))
    assert database.claim("r", 1)
    return database


@pytest.fixture
def progress(database):
    progress = RunProgress(database, "r")
    assert isinstance(progress, Progress)
    yield progress
    progress.close()


def phases(database):
    return {p.name: p for p in as_run(database.row("r")).phases}


def test_thousands_of_reports_are_a_few_writes(database, progress):
    end = time.monotonic() + 1
    step = 0
    while time.monotonic() < end:
        step += 1
        progress.report("fitting", step, 1e9)
    assert step > 5_000
    progress.close()
    assert 2 <= database.writes <= 5
    assert phases(database)["fitting"].step == step


def test_the_last_report_before_a_long_silence_is_shown(database, progress):
    progress.report("reading", 1, 1)
    progress.report("fitting", 0, 10, loss=0.5, note="warming up")
    time.sleep(0.6)
    found = phases(database)
    assert list(found) == ["reading", "fitting"]
    assert found["fitting"].metrics == {"loss": 0.5, "note": "warming up"}
    assert found["fitting"].remaining is None, "nothing is done yet, so nothing can be estimated"


def test_the_estimate_counts_down_and_grows_when_the_next_report_is_overdue(database, progress):
    for step in range(3):
        progress.report("fitting", step, 10)
        time.sleep(0.3)
    progress.report("fitting", 3, 10)  # 0.3 s a step: 2.1 s left
    time.sleep(0.29)
    first = phases(database)["fitting"].remaining
    assert first == pytest.approx(2.0, abs=0.3)
    time.sleep(3)
    assert phases(database)["fitting"].remaining > 4, "3 s for one step: 6 steps are not 2 s"


def test_a_finished_phase_has_nothing_left(database, progress):
    progress.report("reading", 0, 1)
    progress.report("reading", 1, 1)
    progress.close()
    assert phases(database)["reading"].remaining == 0
    written = database.writes
    progress.close()
    assert database.writes == written


def test_cancel_reaches_the_next_report(database, progress):
    progress.report("fitting", 0, 10)
    database.ask_cancel("r")
    time.sleep(0.6)
    with pytest.raises(Cancelled):
        progress.report("fitting", 1, 10)


def test_in_a_helper_process_it_is_silent(progress):
    pickle.loads(pickle.dumps(progress)).report("fitting", 1, 2)
