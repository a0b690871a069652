"""Rules of thumb against a plain loop over paths, and against the reference values of the real table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from synth_core.errors import JourneyError
from synth_core.journeys.attribution import credit
from synth_core.journeys.attribution.heuristics import is_direct
from synth_core.journeys.observed import Journeys
from tests.journeys.makers import attribution_paths, path_rows, paths, timed, timed_rows
from tests.tables.makers import needs_real


def _first(path, ages):
    return [1.0] + [0.0] * (len(path) - 1)


def _last(path, ages):
    return [0.0] * (len(path) - 1) + [1.0]


def _last_non_direct(path, ages):
    others = [i for i, name in enumerate(path) if name != "Direct"]
    chosen = others[-1] if others else len(path) - 1
    return [float(i == chosen) for i in range(len(path))]


def _linear(path, ages):
    return [1 / len(path)] * len(path)


def _position(path, ages):
    return {1: [1.0], 2: [0.5, 0.5]}.get(len(path)) or [0.4, *[0.2 / (len(path) - 2)] * (len(path) - 2), 0.4]


def _w_shaped(path, ages):
    if len(path) <= 3:
        return [1 / len(path)] * len(path)
    named = {0, (len(path) - 1) // 2, len(path) - 1}
    return [0.3 if i in named else 0.1 / (len(path) - 3) for i in range(len(path))]


def _time_decay(path, ages):
    raw = [0.5 ** (age / 7) for age in ages]
    return [r / sum(raw) for r in raw]


RULES = {
    "first": _first, "last": _last, "last_non_direct": _last_non_direct, "linear": _linear, "position": _position,
    "w_shaped": _w_shaped, "time_decay": _time_decay,
}  # fmt: skip


def _by_hand(journeys: Journeys, rule) -> tuple[np.ndarray, np.ndarray]:
    credit, value = np.zeros(len(journeys.channels)), np.zeros(len(journeys.channels))
    for i in range(len(journeys)):
        touches = range(journeys.starts[i], journeys.starts[i + 1])
        path = [journeys.channels[journeys.channel[t]] for t in touches]
        ages = [journeys.end[i] - journeys.time[t] for t in touches] if journeys.timed else None
        if path:
            for t, part in zip(touches, rule(path, ages), strict=True):
                credit[journeys.channel[t]] += part * journeys.conversions[i]
                value[journeys.channel[t]] += part * journeys.value[i]
    return credit, value


@pytest.mark.parametrize("key", [k for k in RULES if k != "time_decay"])
@settings(max_examples=60, derandomize=True, deadline=None)
@given(journeys=path_rows())
def test_a_rule_is_what_a_loop_over_paths_makes_of_it(key, journeys):
    found = credit(journeys, key)
    expected, value = _by_hand(journeys, RULES[key])
    np.testing.assert_allclose(found.credit, expected, atol=1e-12)
    np.testing.assert_allclose(found.value, value, atol=1e-10)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(journeys=timed_rows())
def test_time_decay_is_what_a_loop_over_paths_makes_of_it(journeys):
    np.testing.assert_allclose(credit(journeys, "time_decay").credit, _by_hand(journeys, _time_decay)[0], atol=1e-12)


def test_time_decay_halves_in_a_week_however_long_ago():
    recent = credit(timed(([("A", 0.0), ("B", 7.0)], 7.0, True)), "time_decay")
    old = credit(timed(([("A", 0.0), ("B", 7.0)], 100_000.0, True)), "time_decay")
    np.testing.assert_allclose(recent.credit, [1 / 3, 2 / 3])
    np.testing.assert_allclose(old.credit, [1 / 3, 2 / 3])


def test_time_decay_says_that_it_needs_times():
    with pytest.raises(JourneyError, match="needs the times of touches"):
        credit(paths(("A > B", 1, 0)), "time_decay")


@pytest.mark.parametrize("name", ["Direct", "(direct)", "direct / none", "(direct) / (none)", " DIRECT ", "(none)"])
def test_direct_is_known_by_its_usual_names(name):
    assert is_direct(name)
    found = credit(paths((f"Ad > {name.strip()}", 3, 1), channels=("Ad", name.strip())), "last_non_direct")
    assert found.credit == (3.0, 0.0)


@pytest.mark.parametrize("name", ["Direct mail", "Directory", "Redirect", "Search"])
def test_other_channels_are_not_taken_for_direct(name):
    assert not is_direct(name)


@needs_real
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("first", {"alpha": 6308, "eta": 3164, "iota": 4606, "beta": 2831}),
        ("last", {"alpha": 8447, "eta": 4167, "iota": 3355, "beta": 989}),
        ("linear", {"alpha": 7574.7186, "eta": 3539.9512, "iota": 3857.0962, "beta": 2083.5001}),
    ],
)
def test_the_real_table_gives_the_reference_values(key, expected):
    found = credit(attribution_paths(), key)
    row = dict(zip(found.channels, found.credit, strict=True))
    assert {name: round(row[name], 4) for name in expected} == expected
    assert sum(found.credit) == pytest.approx(19_785, abs=1e-6)
