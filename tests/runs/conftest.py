"""A store whose tasks are the fake ones, and nothing left running afterwards."""

from __future__ import annotations

import time
from pathlib import Path

import psutil
import pytest

from synth_core.runs import ACTIVE, Store, processes

ROOT = Path(__file__).resolve().parents[2]
FAKE = "tests.runs.fake"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("STUDIO_SLOTS", raising=False)


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path / "workspace", tasks=FAKE)
    yield store
    for row in store.database.read("SELECT id FROM runs"):
        assert processes.kill_all(row["id"])


def submit(store: Store, task: str, **spec):
    return store.submit(task, spec, title=f"{task} test", dataset=None)


def until(condition, seconds: float = 15.0, what: str = "condition"):
    """The first true value of ``condition()``; fails after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"{what} not reached in {seconds} s"
        time.sleep(0.02)
    return value


def ended(store: Store, run, seconds: float = 20.0):
    """The run, once it has ended."""
    until(lambda: store.get(run.id).state not in ACTIVE, seconds, f"end of {run.title}")
    return store.get(run.id)


def working(store: Store, run):
    """The run, once its task has reported."""
    return until(lambda: (now := store.get(run.id)).phases and now, what=f"first report of {run.title}")


def members(run) -> list[psutil.Process]:
    """Every living process of a run."""
    return processes.left(run.id)
