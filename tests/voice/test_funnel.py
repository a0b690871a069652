"""The gates in a row: counts, order, reasons, single lines, time."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synth_core.errors import Cancelled, VoiceError
from synth_core.voice.funnel import Recheck, ask_gates, judge
from synth_core.voice.gates.settings import GATES, GateSettings
from synth_core.voice.records import Candidate
from tests.voice.stand_in import StandIn, house, recombined, written

BRAND = house()
OWN = [line.text for line in BRAND.approved]
OTHERS = [line.text for line in BRAND.contrast]
FRESH = [
    "The lamp on the stairs is older than the stairs.",
    "Somebody has left a pear on the sill again.",
    "Soup, a blanket, and the sound of the other room.",
    "The hens have views on the morning. You may hear them.",
    "Rain at the window, and nobody asking.",
]


def mixed(seed: int, count: int) -> list[Candidate]:
    """Copies, competitors, fresh lines, halves, repeats and litter."""
    dice = random.Random(seed)
    made = []
    for _ in range(count):
        kind = dice.randrange(6)
        a, b = dice.sample(OWN, 2)
        if kind == 0:
            made.append(written(dice.choice(OWN)))
        elif kind == 1:
            made.append(written(dice.choice(OTHERS).replace("a", "e", 1)))
        elif kind == 2:
            made.append(written(dice.choice(FRESH)))
        elif kind == 3:
            parents = [line.id for line in BRAND.approved if line.text in (a, b)]
            made.append(recombined(f"{a.split('.')[0]}. {b.split('.')[0]}.", *parents))
        elif kind == 4:
            made.append(written(dice.choice(["", "!!", "Sure, here is a line:", "The [place] by the water."])))
        else:
            made.append(written(" ".join(dice.sample((a + " " + b).split(), 6)).capitalize() + "."))
    return made


@settings(max_examples=6, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(0, 70),
    st.sets(st.sampled_from([k for k in GATES if k not in ("duplicate", "complete")])),
)
def test_counts_add_up_and_every_stop_has_its_reason(seed, count, off):
    candidates = mixed(seed, count)
    options = GateSettings(off=tuple(sorted(off)))
    judged = ask_gates(candidates, BRAND, StandIn(), settings=options)
    assert [v.candidate for v in judged.verdicts] == candidates
    reached = len(candidates)
    for step in judged.funnel:
        assert step.reached == reached and 0 <= step.stopped <= reached and step.name == GATES[step.gate]
        reached -= step.stopped
    passed = [v for v in judged.verdicts if v.passed]
    assert reached == len(passed)
    keys = [step.gate for step in judged.funnel]
    assert keys == [key for key in GATES if key in keys] and not off & set(keys)
    for verdict in judged.verdicts:
        assert bool(verdict.reason) == (not verdict.passed)
        if "voice" in keys:
            seen = verdict.passed or keys.index(verdict.gate) >= keys.index("voice")
            assert (verdict.percentile is not None) == seen
    assert len({v.candidate.id for v in passed}) == len(passed)


def test_reasons_quote_the_line():
    judged = ask_gates(mixed(5, 200), BRAND, StandIn())
    for verdict in judged.verdicts:
        assert verdict.passed or "“" in verdict.reason or verdict.reason == "The line is empty.", verdict


def test_the_first_gate_that_objects_gives_the_reason_and_judge_is_its_short_form():
    text = "Luxury at £9, and luxury at £9!!"  # banned, a price, repeated, loud
    verdicts, funnel = judge([written(text)], BRAND, StandIn())
    assert verdicts[0].gate == "compliance"
    assert next(step for step in funnel if step.gate == "compliance").stopped == 1
    later = ask_gates([written(text)], BRAND, StandIn(), settings=GateSettings(off=("compliance",)))
    assert later.verdicts[0].gate == "facts"


def test_no_result_depends_on_the_batches(monkeypatch):
    candidates = mixed(3, 150)
    once = ask_gates(candidates, BRAND, StandIn())
    monkeypatch.setattr("synth_core.voice.funnel._BATCH", 7)
    assert ask_gates(candidates, BRAND, StandIn()) == once


def test_a_line_that_the_family_gate_stops_shadows_no_later_one():
    a, b = BRAND.approved[0].id, BRAND.approved[60].id
    options = GateSettings(per_family=1, off=("copy", "plausible", "facts", "grammar"))
    first = recombined("The lamp on the stairs is older than the stairs.", a)
    stopped = recombined("Somebody has left a pear on the sill again.", a)
    similar = recombined("Again somebody has left a pear on the sill.", b)
    verdicts, _ = judge([first, stopped, similar], BRAND, StandIn(), settings=options)
    assert [v.gate for v in verdicts] == [None, "family", None]


def test_the_judge_model_is_asked_last_and_only_about_what_passed():
    asked = []

    def harsh(candidates):
        asked.extend(candidates)
        return ["“pear” is not liked." if "pear" in c.text else None for c in candidates]

    candidates = [written(text) for text in (*FRESH, OWN[0])]
    judged = ask_gates(candidates, BRAND, StandIn(), judge_model=harsh)
    assert OWN[0] not in [c.text for c in asked] and len(asked) == len(FRESH)
    assert judged.funnel[-1].gate == "judge" and judged.funnel[-1].stopped == 1


def test_progress_is_told_and_can_stop_the_work():
    class Listening:
        def __init__(self, stop_at):
            self.told, self.stop_at = [], stop_at

        def report(self, phase, step, total, **metrics):
            self.told.append((phase, step, total, metrics["accepted"]))
            if step >= self.stop_at:
                raise Cancelled("stop")

    listening = Listening(10**9)
    judged = ask_gates(mixed(1, 120), BRAND, StandIn(), progress=listening)
    assert listening.told[0][1:3] == (0, 120) and listening.told[-1][1:3] == (120, 120)
    assert listening.told[-1][3] == sum(v.passed for v in judged.verdicts)
    with pytest.raises(Cancelled):
        ask_gates(mixed(1, 120), BRAND, StandIn(), progress=Listening(50))


def test_without_approved_lines_nothing_is_judged():
    with pytest.raises(VoiceError, match="no approved lines"):
        ask_gates([], replace(BRAND, approved=()), StandIn())


def test_without_a_classifier_only_with_the_voice_gate_off():
    with pytest.raises(VoiceError, match="needs a classifier"):
        ask_gates([], BRAND, None)
    assert ask_gates([], BRAND, None, settings=GateSettings(off=("voice",))).threshold is None


def test_no_candidates():
    judged = ask_gates([], BRAND, StandIn())
    assert judged.verdicts == () and all(step.reached == 0 for step in judged.funnel)


def test_single_lines_are_rechecked_without_memory():
    recheck = Recheck(BRAND)
    assert recheck("Somebody has left a pear on the sill again.").passed
    assert recheck("Somebody has left a pear on the sill again.").passed
    assert recheck("A pear for £3 on the sill.").gate == "facts"
    assert recheck(OWN[3]).gate == "duplicate"
    assert Recheck(BRAND, GateSettings(off=("facts",)))("A pear for £3 on the sill.").passed


@pytest.mark.slow
def test_two_thousand_candidates_in_a_minute():
    """Processor time of one core; lines that reach the last gates, which is the dear case."""
    dice = random.Random(2)
    candidates = []
    for _ in range(2000):
        a, b = (dice.choice(OWN).rstrip(".").split() for _ in range(2))
        text = " ".join([*a[: max(2, len(a) // 2)], *(word.lower().strip(".,") for word in b[len(b) // 2 :])]) + "."
        candidates.append(written(text))
    start = time.process_time()
    judged = ask_gates(candidates, BRAND, StandIn(), settings=GateSettings(off=("similar",)))
    assert time.process_time() - start < 60
    voice = next(step for step in judged.funnel if step.gate == "voice")
    assert voice.reached > 1000, "most lines must come far, or nothing was timed"
