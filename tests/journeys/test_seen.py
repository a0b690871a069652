"""What journeys look like, counted by hand."""

import pytest

from synth_core.journeys.seen import seen
from tests.journeys.makers import paths, timed


def test_paths_lengths_and_mix_by_hand():
    found = seen(paths(("A > A > B", 2, 1), ("A > B", 1, 0), ("B", 0, 4), ("", 3, 5), ("A > B > A > B", 1, 0)))
    assert found.paths[0] == (("A", "B"), 3, 1), "repeats in a row are one step"
    assert dict((p, w + n) for p, w, n in found.paths) == {("A", "B"): 4, ("B",): 4, ("A", "B", "A", "B"): 1}
    assert dict(found.steps) == {("A", "B"): 4, ("B",): 4, ("A", "B", "A"): 1}
    assert {n: (every, won) for n, every, won in found.lengths if every} == {
        0: (8, 3), 1: (4, 0), 2: (1, 1), 3: (3, 2), 4: (1, 1),
    }  # fmt: skip
    assert found.mix == pytest.approx((9 / 19, 10 / 19))  # 6 + 1 + 2 touches on A, 3 + 1 + 4 + 2 on B
    assert (found.conversions, found.untouched, found.touches, found.users) == (7, 3, 19, 17)
    assert found.days == ()


def test_time_from_the_first_touch_to_the_conversion():
    found = seen(timed(([("A", 1.0), ("B", 2.0)], 5.0, True), ([("B", 3.0)], 3.5, True), ([("A", 0.0)], 30.0, False)))
    assert sum(n for _, _, n in found.days) == 2
    assert found.days[-1][1] == pytest.approx(4.0) and found.days[-1][2] == 1


def test_nothing_seen_breaks_nothing():
    found = seen(paths(("", 0, 3), channels=("A", "B")))
    assert found.paths == found.steps == () and found.mix == (0, 0)
