"""Spoilt files of every kind that is uploaded: each is read, or refused in plain words, within the limits."""

from pathlib import Path

import pytest

from tests.fuzz import corpus, keeping, pool, readers


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz") / "home"


def told(answer):
    return f"{answer.outcome} {answer.reader} {answer.asked} {answer.where}\n{answer.text}"


def test_three_hundred_files(home):
    answers = list(pool.run(pool.numbers(7, 300), home))
    assert not [told(a) for a in answers if a.failed]
    assert {a.reader for a in answers} == set(corpus.SHARES)
    assert min(sum(a.outcome == kind for a in answers) for kind in ("accepted", "refused")) > 40


@pytest.mark.slow
@pytest.mark.timeout(7_200)
def test_ten_thousand_files(home):
    answers = list(pool.run(pool.numbers(8, 10_000), home, workers=2))
    assert not [told(a) for a in answers if a.failed]


def test_the_harness_notices_what_no_reader_may_do(tmp_path, home, monkeypatch):
    monkeypatch.setattr(pool, "SECONDS", 2.0)
    monkeypatch.setattr(pool, "MOST_MB", 900.0)
    wanted = {
        "nothing": ("accepted", ""),
        "refuse": ("refused", ""),
        "raise": ("uncaught", "ZeroDivisionError"),
        "mumble": ("uncaught", "UnclearError"),
        "litter": ("uncaught", "guard"),
        "stray": ("uncaught", "guard"),
        "connect": ("uncaught", "guard"),
        "run": ("uncaught", "guard"),
        "unpickle": ("uncaught", "guard"),
        "die": ("crash", "crash"),
        "swell": ("over memory", "over memory"),
        "hang": ("hang", "hang"),
    }
    for deed in wanted:
        (tmp_path / deed).write_text(deed)
    asked = [{"path": str(tmp_path / deed), "reader": "misdeed", "name": "deed", "seed": 0} for deed in wanted]
    found = {Path(a.asked["path"]).name: a for a in pool.run(asked, home)}
    assert {deed: a.outcome for deed, a in found.items()} == {deed: outcome for deed, (outcome, _) in wanted.items()}
    assert all(where in found[deed].where for deed, (_, where) in wanted.items())


def test_a_failing_file_is_kept_as_small_as_it_can_be(tmp_path, home):
    path = tmp_path / "deed.bin"
    path.write_text("x" * 40 + "raise" + "y" * 40)
    question = {"path": str(path), "reader": "misdeed", "name": "deed", "seed": 0}
    (answer,) = pool.run([question], home)
    kept = keeping.keep(answer, home, tmp_path / "kept")
    assert kept.read_text() == "raise"
    (again,) = pool.run([keeping.question(kept)], home)
    assert again.where == answer.where
    assert sorted(p.suffix for p in kept.parent.iterdir()) == [".bin", ".json"]


def test_the_same_seed_makes_the_same_files(home):
    list(pool.run([], home))  # what takes seconds to make
    once, again = (tuple(corpus.case(3, i, home) for i in range(40)) for _ in range(2))
    assert [readers.fingerprint(c.data) for c in once] == [readers.fingerprint(c.data) for c in again]
    assert len({c.reader for c in once}) > 6
