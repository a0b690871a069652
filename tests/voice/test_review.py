"""Decisions: the latest wins, nothing is lost, a torn file is read as far as it goes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import VoiceError
from synth_core.voice.records import Verdict
from synth_core.voice.review import Reviews, kept, pending, tally
from tests.voice.stand_in import batch, written


def passed(text: str, percentile: float) -> Verdict:
    return Verdict(written(text), None, percentile=percentile)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["keep", "edit", "reject"])), max_size=12))
def test_the_latest_decision_wins(tmp_path_factory, steps):
    reviews = Reviews(tmp_path_factory.mktemp("reviews"))
    for n, (line, verdict) in enumerate(steps):
        reviews.decide("run", line, verdict, text=f"text {n}", reason="why", at=float(n + 1))
    expected = {}
    for n, (line, verdict) in enumerate(steps):
        expected[line] = (verdict, f"text {n}" if verdict == "edit" else "")
    assert {k: (d.verdict, d.text) for k, d in reviews.decisions("run").items()} == expected
    assert len(reviews.history("run")) == len(steps)


def test_undo_brings_the_earlier_decision_back(tmp_path):
    reviews = Reviews(tmp_path)
    reviews.decide("run", "a", "keep")
    reviews.decide("run", "b", "keep")
    reviews.decide("run", "a", "reject", reason="Dull")
    reviews.undo("run", "a")
    assert reviews.decisions("run")["a"].verdict == "keep"
    reviews.undo("run", "a")
    assert set(reviews.decisions("run")) == {"b"}
    reviews.undo("run", "a")  # nothing left: harmless
    assert set(reviews.decisions("run")) == {"b"}


@pytest.mark.parametrize("cut", [1, 10, 40])
def test_a_torn_last_row_costs_only_itself(tmp_path, cut):
    reviews = Reviews(tmp_path)
    for line in "abc":
        reviews.decide("run", line, "keep")
    path = tmp_path / "run.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    whole = 3 if cut == 1 else 2  # without its line break the row is still whole
    assert len(reviews.decisions("run")) == whole
    reviews.decide("run", "d", "reject")
    assert len(reviews.decisions("run")) == whole + 1, "the next row must not stick to the torn one"


def test_runs_are_apart_and_paths_are_safe(tmp_path):
    reviews = Reviews(tmp_path)
    reviews.decide("one", "a", "keep")
    assert reviews.decisions("two") == {}
    for bad in ("../x", "", "a/b", ".hidden"):
        with pytest.raises(VoiceError):
            reviews.decide(bad, "a", "keep")


def test_bad_decisions(tmp_path):
    reviews = Reviews(tmp_path)
    with pytest.raises(VoiceError, match="empty"):
        reviews.decide("run", "a", "edit", text="  ")
    with pytest.raises(VoiceError, match="not known"):
        reviews.decide("run", "a", "perhaps")
    assert reviews.decisions("run") == {}


def test_pending_begins_with_the_least_certain(tmp_path):
    lines = [passed("Far above.", 90), passed("Just above.", 11), passed("Just in.", 10), passed("Done.", 50)]
    stopped = Verdict(written("Stopped."), "voice", "why", percentile=9.9)
    made = batch([*lines, stopped], threshold=10.0)
    reviews = Reviews(tmp_path)
    reviews.decide("run", lines[3].candidate.id, "keep")
    waiting = pending(made, reviews.decisions("run"))
    assert [v.candidate.text for v in waiting] == ["Just in.", "Just above.", "Far above."]
    assert tally(made, reviews.decisions("run")).pending == 3


def test_tally_and_kept(tmp_path):
    lines = [passed(f"Line {word}.", 50) for word in ("one", "two", "three", "four")]
    made, reviews = batch(lines), Reviews(tmp_path)
    ids = [v.candidate.id for v in lines]
    reviews.decide("run", ids[0], "keep")
    reviews.decide("run", ids[1], "edit", text="Line  new.")
    reviews.decide("run", ids[2], "reject", reason="Dull")
    reviews.decide("run", "0" * 12, "keep")  # of another batch
    found = reviews.decisions("run")
    count = tally(made, found)
    assert (count.kept, count.edited, count.rejected, count.pending) == (1, 1, 1, 1)
    assert [text for _, text in kept(made, found)] == ["Line one.", "Line new."]
    reviews.decide("run", ids[3], "edit", text="line NEW.")
    assert len(kept(made, reviews.decisions("run"))) == 2, "the same text twice is one line"
