"""The nightly job: every test's inbox, a line per file, exit codes."""

from __future__ import annotations

import pytest

from synth_core.prospective import nightly
from synth_core.prospective.library import Tests
from tests.prospective import standin
from tests.prospective.standin import leads_csv, outcomes_csv


@pytest.fixture(autouse=True)
def _scorer(monkeypatch):
    standin.use(monkeypatch)


@pytest.fixture
def tests(tmp_path) -> Tests:
    tests = Tests(tmp_path / "ws" / "prospective")
    (tmp_path / "scorer-file").write_bytes(b"scorer")
    for name in ("Spring", "Autumn"):
        tests.create(tmp_path / "scorer-file", name=name, id_column="id")
    return tests


def run(tests: Tests) -> int:
    return nightly.main([str(tests.folder.parent), "--settle", "0"])


def test_files_of_all_tests_are_taken_one_line_each(tests, capsys):
    for test_id in tests.ids():
        inbox = tests.get(test_id).folder / "inbox"
        (inbox / "leads" / "monday.csv").write_bytes(leads_csv(["1", "2"]))
        (inbox / "outcomes" / "monday.csv").write_bytes(outcomes_csv([("1", "yes")]))
    assert run(tests) == 0
    lines = (tests.folder / "nightly.log").read_text("utf-8").splitlines()
    assert len(lines) == 4 and capsys.readouterr().out.splitlines() == lines
    fields = [line.split("\t") for line in lines]
    assert {f[1] for f in fields} == set(tests.ids()) and {f[2] for f in fields} == {"Spring", "Autumn"}
    assert [f[3:6] for f in fields[:2]] == [["leads", "monday.csv", "done"], ["outcomes", "monday.csv", "done"]]
    assert all(tests.get(i).joined()["outcome"].notna().sum() == 1 for i in tests.ids())
    assert run(tests) == 0 and capsys.readouterr().out == ""


def test_a_bad_file_fails_alone(tests):
    first, second = tests.ids()
    (tests.get(first).folder / "inbox" / "leads" / "bad.csv").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tests.get(second).folder / "inbox" / "leads" / "good.csv").write_bytes(leads_csv(["1"]))
    assert run(tests) == 1
    lines = (tests.folder / "nightly.log").read_text("utf-8").splitlines()
    assert sorted(line.split("\t")[5] for line in lines) == ["done", "failed"]
    assert len(tests.get(second).joined()) == 1


def test_a_damaged_test_does_not_stop_the_others(tests):
    first, second = tests.ids()
    (tests.folder / first / "test.json").write_text("{")
    (tests.get(second).folder / "inbox" / "leads" / "good.csv").write_bytes(leads_csv(["1"]))
    assert run(tests) == 1
    assert len(tests.get(second).joined()) == 1
    assert "damaged" in (tests.folder / "nightly.log").read_text("utf-8")


def test_files_still_being_copied_wait(tests):
    (tests.get(tests.ids()[0]).folder / "inbox" / "leads" / "new.csv").write_bytes(leads_csv(["1"]))
    assert nightly.main([str(tests.folder.parent), "--settle", "600"]) == 0
    assert not (tests.folder / "nightly.log").exists()


def test_no_workspace(tmp_path, capsys):
    assert nightly.main([str(tmp_path / "none")]) == 2
    assert "There is no workspace" in capsys.readouterr().err


def test_a_workspace_without_tests_is_fine(tmp_path):
    assert nightly.main([str(tmp_path)]) == 0
