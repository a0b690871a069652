"""A thousand requests to a server that misbehaves: none lost, none repeated, resumable after a kill, no key left."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from synth_core.errors import Cancelled, VoiceError
from synth_core.voice.log import RequestLog
from synth_core.voice.prompting import Template
from synth_core.voice.providers import make
from synth_core.voice.providers.base import Provider, ProviderError
from synth_core.voice.records import Brand, Completion, Line
from synth_core.voice.writing import Patience, write
from tests.voice.server import FAULTS, ModelServer, lines_for
from tests.voice.writer import BRAND, QUICK, run

ROOT = Path(__file__).resolve().parents[2]
KEY = "sk-test-51/Vq+8f2c=="


class Told:
    """A progress that remembers, and may ask to stop."""

    def __init__(self, stop_after=None):
        self.reports, self.stop_after = [], stop_after

    def report(self, phase, step, total, **metrics):
        self.reports.append((phase, step, total, metrics))
        if self.stop_after is not None and step >= self.stop_after:
            raise Cancelled("The run was cancelled.")


def records(log, kind):
    return [r for r in map(json.loads, log.read_text("utf-8").splitlines()) if r["is"] == kind]


def test_a_thousand_requests_survive_every_fault(tmp_path):
    log, told = tmp_path / "deep" / "log.jsonl", Told()
    with ModelServer(faults=FAULTS, key=KEY) as server:
        written = run(server.url, log, 2000, 16, progress=told, provider={"api_key": KEY})
    assert written.requests == len(server.answered) == 1000 and written.failed == 0
    assert max(server.answered.values()) == 1  # nothing asked again once it was answered
    assert set(server.faulted) == set(FAULTS) and min(server.faulted.values()) >= 10
    assert sum(server.asked.values()) > 1200 and server.most <= 16

    texts = Counter(c.text for c in written.candidates)
    lost = server.faulted["refusal"] + server.faulted["empty"]  # answers without a line
    assert len(written.candidates) == 2000 - 2 * lost - server.faulted["cut"] and max(texts.values()) == 1
    assert set(texts) <= {line for name in server.answered for line in lines_for(name)}
    assert (written.tokens_in, written.tokens_out) == (11_000, 7_000)
    assert all(
        c.kind == "written" and len(c.parents) == 8 and c.brief.startswith("Write a") for c in written.candidates
    )
    assert any("declined" in n for n in written.notes) and any("was empty" in n for n in written.notes)

    phases, steps, totals, last = [list(x) for x in zip(*told.reports, strict=True)]
    assert set(phases) == {"writing"} and set(totals) == {1000} and steps == sorted(steps) and steps[-1] == 1000
    assert last[-1] == {"accepted": len(written.candidates), "failed": 0}

    asked, raw = records(log, "request"), records(log, "response")
    assert len(asked) == sum(server.asked.values()) and len({(r["prompt"], r["index"]) for r in raw}) == 1000
    assert KEY.encode() not in log.read_bytes()
    assert oct(log.stat().st_mode)[-3:] == "600"


def test_a_run_again_asks_for_nothing_and_says_the_same(tmp_path):
    with ModelServer(faults=FAULTS) as server:
        first = run(server.url, tmp_path / "log", 120, 8)
        asked = sum(server.asked.values())
        again = run(server.url, tmp_path / "log", 120, 3)
        assert sum(server.asked.values()) == asked
    assert again.candidates == first.candidates and again.tokens_in == first.tokens_in
    assert "60 of 60 requests had been answered before" in again.notes[0]


def test_the_order_of_answers_does_not_matter(tmp_path):
    with ModelServer(faults=("slow",), share=0.5) as server:
        one = run(server.url, tmp_path / "1", 40, 1)
        many = run(server.url, tmp_path / "2", 40, 12)
    assert one.candidates == many.candidates and len(one.candidates) == 40


def test_killed_in_the_middle_it_goes_on_where_it_was(tmp_path):
    """A real process, a real ``kill -9``, twice; the second time with a torn last line on top."""
    log, at_once = tmp_path / "log.jsonl", 8
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OPENAI_API_KEY": KEY}
    with ModelServer(faults=FAULTS, delay=0.01, key=KEY) as server:
        command = [sys.executable, "-m", "tests.voice.writer", server.url, str(log), "2000", str(at_once)]
        for wanted in (250, 600):
            process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
            deadline = time.monotonic() + 40
            while len(server.answered) < wanted:
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
            process.wait()
        whole = log.read_bytes()
        assert len(records_so_far(whole)) >= 400
        with log.open("ab") as file:
            file.write(whole[: whole.index(b"\n")][:-20])  # as if the last write had been cut
        ended = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
        )
    assert len(server.answered) == 1000
    # An answer that was under way when the process died never arrived: it alone may be asked for twice.
    assert sum(server.answered.values()) - 1000 <= 2 * at_once
    texts = json.loads(ended.stdout)
    lost = server.faulted["refusal"] + server.faulted["empty"]
    assert len(texts) == len(set(texts)) >= 2000 - 2 * lost - server.faulted["cut"]
    assert KEY not in ended.stdout + ended.stderr
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and KEY.encode() in p.read_bytes()]


def records_so_far(data):
    found = []
    for line in data.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return [r for r in found if r["is"] == "response"]


def test_a_torn_line_is_closed_off_and_passed_over(tmp_path):
    path = tmp_path / "log"
    with RequestLog(path) as log:
        log.append({"is": "response", "prompt": "a", "index": 0, "raw": "one"})
    with path.open("ab") as file:
        file.write('{"is": "response", "prompt": "b", "index": 0, "raw": "tw€'.encode()[:-1])
    with RequestLog(path) as log:
        log.append({"is": "response", "prompt": "c", "index": 1, "raw": "three"})
        assert log.responses() == {("a", 0): ["one"], ("c", 1): ["three"]}
    assert path.read_bytes().count(b"\n") == 3


def test_two_runs_do_not_write_to_one_log(tmp_path):
    with RequestLog(tmp_path / "log"), pytest.raises(VoiceError, match="Another run"):
        RequestLog(tmp_path / "log")
    RequestLog(tmp_path / "log").close()


def test_a_raw_answer_is_on_disk_before_it_is_read(tmp_path):
    path, seen = tmp_path / "log", []

    class Reader(Counted):
        def read(self, raw):
            seen.append(raw in [r["raw"] for r in records(path, "response")])
            return super().read(raw)

    write(BRAND, Reader(), count=6, per_request=2, seed=1, log_path=path)
    assert seen == [True] * 3


class Counted(Provider):
    """Answers at once; ``script`` holds what it raises first, by request."""

    key, model = "counted", "counted"

    def __init__(self, script=None, always=None):
        self.script, self.always, self.asked, self.times = script or {}, always, Counter(), []

    def payload(self, prompt, n, *, temperature, seed, position=0, index=0):
        return {"position": position, "index": index, "prompt": prompt.hash}

    async def _ask(self, payload):
        self.asked[payload["position"]] += 1
        self.times.append(time.monotonic())
        if self.always:
            raise self.always
        errors = self.script.get(payload["position"], [])
        if self.asked[payload["position"]] <= len(errors):
            raise errors[self.asked[payload["position"]] - 1]
        return json.dumps([f"Line {payload['position']} a.", f"Line {payload['position']} b."])

    def read(self, raw):
        return [Completion(raw, 0)]


def test_one_failed_request_never_ends_a_run_and_is_asked_again_later(tmp_path):
    failing = Counted({2: [ProviderError("The request is too long (400).")]})
    written = write(BRAND, failing, count=20, per_request=2, seed=1, log_path=tmp_path / "log")
    assert (written.requests, written.failed, len(written.candidates)) == (10, 1, 18)
    assert "1 of 10 requests failed" in written.notes[0] and "too long (400)" in written.notes[0]
    assert "20 lines were asked for, 18 came." in written.notes
    again = write(BRAND, failing, count=20, per_request=2, seed=1, log_path=tmp_path / "log")
    assert (again.failed, len(again.candidates), failing.asked[2], failing.asked[3]) == (0, 20, 2, 1)
    assert [c.text for c in again.candidates][4:6] == ["Line 2 a.", "Line 2 b."]


def test_a_refused_key_stops_after_three_requests_and_says_why(tmp_path):
    refused = Counted(always=ProviderError("OpenAI refused the key (401).", hopeless=True))
    with pytest.raises(VoiceError, match="refused the key"):
        write(BRAND, refused, count=2000, per_request=2, seed=1, concurrency=1, log_path=tmp_path / "log")
    assert sum(refused.asked.values()) == 3


def test_a_wrong_address_is_told_in_seconds(tmp_path):
    made = make("local", brand=BRAND, model="tiny", base_url="http://127.0.0.1:9/v1")
    started = time.monotonic()
    with pytest.raises(VoiceError, match=r"No answer at http://127.0.0.1:9/v1: is the server running"):
        write(BRAND, made, count=2000, per_request=2, seed=1, log_path=tmp_path / "log")
    assert time.monotonic() - started < 8
    assert len(records(tmp_path / "log", "request")) <= 14


def test_a_server_that_starts_again_is_waited_for(tmp_path):
    away = ProviderError("No answer: is the server running?", retry=True, hopeless=True)
    made = Counted({i: [away] * 4 for i in range(3, 9)})
    written = write(
        BRAND, made, count=40, per_request=2, seed=1, concurrency=1, log_path=tmp_path / "log", patience=QUICK
    )
    assert written.failed == 0 and len(written.candidates) == 40


def test_a_server_that_goes_away_is_left_and_what_came_is_kept(tmp_path):
    gone = ProviderError("No answer at http://x: is the server running?", retry=True, hopeless=True)

    class Going(Counted):
        async def _ask(self, payload):
            if payload["position"] >= 10:
                self.asked[payload["position"]] += 1
                raise gone
            return await super()._ask(payload)

    made = Going()
    patience = Patience(attempts=2, base=0.001, silent=5)
    written = write(
        BRAND, made, count=400, per_request=2, seed=1, concurrency=1, log_path=tmp_path / "log", patience=patience
    )
    assert len(written.candidates) == 20 and written.failed == 190 and len(made.asked) == 15
    assert "Asking was stopped with 190 requests open: No answer" in written.notes[0]


def test_waits_grow_and_retry_after_holds_for_all_up_to_a_cap(tmp_path):
    slow_down = ProviderError("Too many.", retry=True, wait=0.4)
    made = Counted({0: [slow_down]})
    write(BRAND, made, count=12, per_request=2, seed=1, concurrency=1, log_path=tmp_path / "a", patience=QUICK)
    assert 0.19 <= made.times[1] - made.times[0] < 0.4  # capped at 0.2
    made = Counted({0: [ProviderError("Down.", retry=True)] * 3})
    patience = Patience(base=0.1, cap=5.0)
    write(BRAND, made, count=2, per_request=2, seed=1, log_path=tmp_path / "b", patience=patience)
    gaps = [b - a for a, b in zip(made.times, made.times[1:], strict=False)]
    assert len(gaps) == 3 and all(0.5 * 0.1 * 2**i <= gap <= 0.1 * 2**i + 0.15 for i, gap in enumerate(gaps))
    made = Counted({0: [slow_down]})
    patience = Patience(cap=5.0)
    write(BRAND, made, count=12, per_request=2, seed=1, concurrency=3, log_path=tmp_path / "c", patience=patience)
    late = [t - made.times[0] for t in made.times if t - made.times[0] > 0.1]
    assert late and min(late) >= 0.39  # nobody asked in between


def test_requests_a_minute_are_kept(tmp_path):
    made = Counted()
    write(BRAND, made, count=24, per_request=2, seed=1, concurrency=6, rate=1200, log_path=tmp_path / "log")
    gaps = [b - a for a, b in zip(made.times, made.times[1:], strict=False)]
    assert len(gaps) == 11 and min(gaps) > 0.035 and sum(gaps) == pytest.approx(11 * 0.05, abs=0.2)


def test_cancel_is_heard_while_the_server_is_silent_and_keeps_what_came(tmp_path):
    with ModelServer(delay=0.02) as server:
        told = Told(stop_after=30)
        with pytest.raises(Cancelled):
            run(server.url, tmp_path / "log", 2000, 4, progress=told)
        kept = len(records(tmp_path / "log", "response"))
        assert 30 <= kept < 100
        server.delay = 30.0
        started, told = time.monotonic(), Told(stop_after=kept)
        with pytest.raises(Cancelled):
            run(server.url, tmp_path / "log", 2000, 4, progress=Later(told, 0.5))
        assert time.monotonic() - started < 5
        assert len(records(tmp_path / "log", "response")) == kept


class Later:
    """Passes reports on after a while only."""

    def __init__(self, told, seconds):
        self.told, self.at = told, time.monotonic() + seconds

    def report(self, *args, **kwargs):
        if time.monotonic() > self.at:
            self.told.report(*args, **kwargs)


def test_the_same_prompt_twice_is_two_requests(tmp_path):
    """With few lines all prompts are alike: the index tells them apart."""
    brand = Brand("Tide", (Line("The tide sets the table.", "Tide"),))
    made = make("fake", brand=brand)
    written = write(brand, made, count=9, per_request=2, seed=1, log_path=tmp_path / "log")
    assert len({c.prompt for c in written.candidates}) == 1
    assert len({c.text for c in written.candidates}) == len(written.candidates) == 9
    assert {(r["index"]) for r in records(tmp_path / "log", "response")} == {0, 1, 2, 3, 4}


def test_a_template_of_the_users_is_used(tmp_path):
    template = Template("You are {brand}.", "Give {count}.")
    write(
        BRAND, make("fake", brand=BRAND), count=4, per_request=2, seed=1, log_path=tmp_path / "log", template=template
    )
    assert {r["payload"]["user"] for r in records(tmp_path / "log", "request")} == {"Give 2."}


def test_nonsense_settings_are_refused(tmp_path):
    for bad in ({"count": 0}, {"per_request": 0}, {"concurrency": 0}, {"rate": 0}):
        with pytest.raises(VoiceError, match="at least 1"):
            write(BRAND, Counted(), **{"count": 4, "seed": 1, "log_path": tmp_path / "log", **bad})


def test_a_bug_in_a_provider_is_not_taken_for_a_failed_request(tmp_path):
    class Broken(Counted):
        async def _ask(self, payload):
            await asyncio.sleep(0)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write(BRAND, Broken(), count=4, seed=1, log_path=tmp_path / "log")
    RequestLog(tmp_path / "log").close()  # it was let go


def test_sixteen_at_once_share_the_waiting_for_the_disk(tmp_path, monkeypatch):
    syncs = []
    monkeypatch.setattr(os, "fsync", lambda file: syncs.append(time.sleep(0.005)))

    async def work(log):
        async def worker(first):
            for i in range(first, 320, 16):
                log.append({"is": "response", "prompt": "p", "index": i, "raw": "x"})
                await log.saved()
                assert log._on_disk > 0

        await asyncio.gather(*(worker(i) for i in range(16)))

    with RequestLog(tmp_path / "log") as log:
        asyncio.run(work(log))
        assert log._on_disk == log._appended == 320
    assert 20 <= len(syncs) <= 60
