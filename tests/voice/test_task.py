"""The run as a whole: written, judged, counted, logged, run again; and the judge model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from synth_core.errors import Cancelled, RunError, VoiceError
from synth_core.progress import SILENT
from synth_core.tasks import voice
from synth_core.tasks.places import brands, reviews
from synth_core.tasks.results import load_batch
from synth_core.voice.export import archive
from synth_core.voice.gates.settings import GateSettings
from synth_core.voice.judging import JudgeModel, scores
from synth_core.voice.library import seed_hash
from synth_core.voice.providers.base import Provider, ProviderError
from synth_core.voice.records import Brief, Completion
from synth_core.voice.review import pending
from tests.voice.stand_in import house, written


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "runs" / "first"
    made.mkdir(parents=True)
    return made


def spec(folder: Path, **changes):
    known = brands(folder).list()
    brand = known[0].id if known else brands(folder).add(house())
    plain = {"brand": brand, "provider": {"key": "embedded"}, "count": 120, "seed": 3, "gates": {}, "judge": None}
    return plain | changes


class Listening:
    def __init__(self):
        self.phases = []

    def report(self, phase, step, total, **metrics):
        if phase not in self.phases:
            self.phases.append(phase)


def test_offline_from_brand_to_archive(folder):
    """The embedded provider, the real classifier, every gate, review and export."""
    progress = Listening()
    voice.run(spec(folder, gates=GateSettings(per_family=5).to_dict()), folder, progress)
    batch = load_batch(folder)
    brand = brands(folder).get(batch.brand_id)
    assert batch.brand == "Ebb House" and batch.brand_id.endswith("@1") and batch.seed_hash == seed_hash(brand)
    assert len(batch.verdicts) == batch.requested == 120 and batch.provider == "embedded"
    assert all(v.candidate.kind == "recombined" and v.candidate.parents for v in batch.verdicts)
    passed = [v for v in batch.verdicts if v.passed]
    assert len(passed) >= 20, "the offline default must bring something to review"
    assert batch.threshold == pytest.approx(10, abs=2)
    assert all(v.percentile >= batch.threshold for v in passed)
    assert batch.accepted.lines == batch.seeds.lines == len(passed)
    assert batch.settings["per_family"] == 5
    assert progress.phases == ["fitting", "writing", "checking"]
    own = {line.text for line in brand.approved}
    assert not own & {v.candidate.text for v in passed}
    desk = reviews(folder)
    for verdict in pending(batch, desk.decisions("first")):
        desk.decide("first", verdict.candidate.id, "keep")
    assert archive(batch, brand, desk.decisions("first"), run="first")


def test_the_same_spec_gives_the_same_batch_and_asks_nothing_twice(folder):
    asked = spec(folder, count=20)
    voice.run(asked, folder, SILENT)
    log = voice.log_path(folder, asked, brands(folder).get(asked["brand"]))
    before = log.read_bytes()
    again = folder.parent / "second"
    again.mkdir()
    voice.run({**asked, "gates": {"policy": "light"}}, again, SILENT)
    assert log.read_bytes().count(b'"is": "request"') == before.count(b'"is": "request"')
    first, second = load_batch(folder), load_batch(again)
    assert [v.candidate for v in first.verdicts] == [v.candidate for v in second.verdicts]
    third = folder.parent / "third"
    third.mkdir()
    voice.run(asked, third, SILENT)
    assert replace(load_batch(third), notes=()) == replace(first, notes=())


def test_log_is_outside_the_run_and_named_by_what_is_asked(folder):
    asked, brand = spec(folder), house()
    path = voice.log_path(folder, asked, brand)
    assert path.parent == folder.parents[1] / "voice" / "logs"
    same = {**asked, "gates": {"voice": 3.0}, "concurrency": 9, "rate": 5, "judge": {"key": "openai"}}
    assert voice.log_path(folder, same, brand) == path
    for other in ({"seed": 4}, {"count": 5}, {"temperature": 0.1}, {"provider": {"key": "fake"}}):
        assert voice.log_path(folder, {**asked, **other}, brand) != path
    assert voice.log_path(folder, asked, house(brief=Brief("Else."))) != path


def test_bad_specs_fail_before_anything_is_asked(folder):
    brand = house(brief=replace(house().brief, channel="billboard"), name="Odd")
    odd = brands(folder).add(brand)
    empty = brands(folder).add(house(approved=(), name="Empty"))
    few = brands(folder).add(house(approved=house().approved[:9], name="Few"))
    fine = brands(folder).add(house(name="Fine"))
    for changes, words in (
        ({"brand": "0" * 16}, "not found"),
        ({"brand": odd}, "billboard"),
        ({"brand": empty}, "no approved lines"),
        ({"brand": few}, "10"),
        ({"provider": {"key": "psychic"}}, "psychic"),
        ({"gates": {"policy": "bold"}}, "bold"),
        ({"judge": {"key": "embedded"}}, "cannot judge"),
    ):
        asked = spec(folder) | {"brand": fine} | changes
        with pytest.raises(VoiceError, match=words):
            voice.run(asked, folder, SILENT)
    assert not (folder.parents[1] / "voice").exists() and not (folder / "batch.json").exists()


def test_a_few_lines_do_without_the_voice_gate(folder):
    few = brands(folder).add(house(approved=house().approved[:9]))
    asked = spec(folder, brand=few, provider={"key": "fake"}, count=10, gates={"off": ["voice"]})
    voice.run(asked, folder, SILENT)
    batch = load_batch(folder)
    assert "voice" not in [step.gate for step in batch.funnel] and batch.threshold == 0
    assert all(v.percentile is None for v in batch.verdicts)


def test_cancelled_in_the_gates(folder):
    class Stopping:
        def report(self, phase, step, total, **metrics):
            if phase == "checking" and step:
                raise Cancelled("stop")

    with pytest.raises(Cancelled):
        voice.run(spec(folder, count=60), folder, Stopping())
    assert not (folder / "batch.json").exists()


def test_damaged_result_is_told(folder):
    (folder / "batch.json").write_text(json.dumps({"brand": "x"}), "utf-8")
    with pytest.raises(RunError, match="damaged"):
        load_batch(folder)


# --- judge model


class Scripted(Provider):
    key, model, kind = "scripted", "m", "written"

    def __init__(self, *answers):
        self.answers, self.prompts = list(answers), []

    def payload(self, prompt, n, **options):
        return {}

    def read(self, raw):
        return []

    def generate(self, prompt, n, *, temperature, seed):
        assert temperature == 0
        self.prompts.append(prompt)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return [Completion(answer, 0)]


def lines(count):
    return [written(f"A lamp number {i} on the sill.") for i in range(count)]


def test_the_threshold_is_in_code_not_the_judges():
    candidates = lines(3)
    answer = "1: 5\n2: 3.4\n3: 2 (reject)"
    for minimum, stopped in ((3.5, [1, 2]), (2.0, []), (5.0, [1, 2])):
        judge = JudgeModel(Scripted(answer), house(), minimum)
        reasons = judge(candidates)
        assert [i for i, reason in enumerate(reasons) if reason] == stopped
    assert "3.4 of 5; 5 needed" in reasons[1] and "lamp number 1" in reasons[1]
    assert str(minimum) not in judge.provider.prompts[0].system


def test_lines_without_a_score_pass_with_a_note():
    judge = JudgeModel(Scripted("1: 5\nI would rather not say.\n9: 1\n3: 17"), house())
    assert judge(lines(3)) == [None, None, None]
    assert "no score for 2 of 3 lines" in judge.notes[0]


def test_a_failing_judge_stops_nothing_and_is_left_alone():
    hopeless = Scripted(ProviderError("The key was refused.", hopeless=True))
    judge = JudgeModel(hopeless, house())
    assert judge(lines(25)) == [None] * 25 and len(hopeless.prompts) == 1
    assert "The key was refused." in judge.notes[0]
    shaky = Scripted(ProviderError("Busy.", retry=True, wait=0), "\n".join(f"{i}: 1" for i in range(1, 11)))
    assert all(JudgeModel(shaky, house())(lines(10)))


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("1: 4\n2 - 3,5\n3) 5/5", {0: 4.0, 1: 3.5, 2: 5.0}),
        ("Line 1: 4", {}),
        ("**1.** 4\n- 2: 2", {0: 4.0, 1: 2.0}),
        ("1: 4\n1: 1", {0: 4.0}),
        ("7: 4\n0: 2\n2: 6", {}),
        ("", {}),
    ],
)
def test_scores(answer, found):
    assert scores(answer, 3) == found
