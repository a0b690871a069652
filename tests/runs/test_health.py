"""A sick workspace is told in words and by the exit code; a healthy one is left as it was."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from synth_core.runs import Store, health, schema


@pytest.fixture
def workspace(tmp_path):
    Store(tmp_path / "workspace")
    return tmp_path / "workspace"


def listing(folder) -> set[str]:
    return {str(p) for p in folder.rglob("*")}


def test_a_new_and_a_used_workspace_are_healthy_and_left_alone(tmp_path, workspace):
    for folder in (tmp_path, workspace):
        before = listing(folder)
        assert health.problems(folder, free=0.0) == []
        assert {p for p in listing(folder) ^ before if "runs.db-" not in p} == set()


def test_a_workspace_that_is_not_there_is_not_made(tmp_path):
    assert "is not there" in health.problems(tmp_path / "none")[0]
    assert not (tmp_path / "none").exists()


@pytest.mark.skipif(os.getuid() == 0, reason="the superuser writes everywhere")
def test_a_workspace_that_cannot_be_written(workspace):
    workspace.chmod(0o500)
    assert "cannot be written" in health.problems(workspace)[0]
    workspace.chmod(0o700)


def test_a_file_in_the_place_of_the_workspace(tmp_path):
    (tmp_path / "file").write_text("")
    assert "is not there" in health.problems(tmp_path / "file")[0]


def test_a_full_disk(workspace):
    (said,) = health.problems(workspace, free=1e9)
    assert "GB are free" in said


def test_a_locked_list_of_runs(workspace):
    with closing(sqlite3.connect(workspace / "runs.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        (said,) = health.problems(workspace, free=0.0, patience=0.1)
        assert "locked" in said
    assert health.problems(workspace, free=0.0) == []


def test_a_list_of_runs_from_a_newer_version(workspace):
    with closing(sqlite3.connect(workspace / "runs.db")) as other:
        other.execute(f"PRAGMA user_version = {len(schema.STEPS) + 1}")
    assert "newer version" in health.problems(workspace, free=0.0)[0]


def test_a_damaged_list_of_runs(workspace):
    for log in workspace.glob("runs.db-*"):
        log.unlink()
    (workspace / "runs.db").write_bytes(b"not a database" * 1000)
    assert "damaged" in health.problems(workspace, free=0.0)[0]


def test_an_app_that_does_not_answer(workspace):
    (said,) = health.problems(workspace, free=0.0, url="http://127.0.0.1:9/_stcore/health")
    assert "does not answer" in said


@pytest.mark.parametrize(("folder", "code", "said"), [("workspace", 0, "healthy"), ("none", 1, "is not there")])
def test_the_command(tmp_path, workspace, folder, code, said):
    command = [sys.executable, "-m", "synth_core.runs.health", str(tmp_path / folder), "--free", "0"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, said in ended.stdout, ended.stderr) == (code, True, "")
