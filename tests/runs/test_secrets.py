"""A key reaches the run's process and stays nowhere: not in the database, the log, the result or a message."""

import hashlib
import os

import pytest

from synth_core.errors import RunError
from synth_core.runs import Store, processes
from synth_core.voice.demo import demo
from synth_core.voice.library import BrandLibrary
from tests.runs.conftest import ended, submit, until, working
from tests.voice.server import ModelServer

KEY = "sk-test-7f3a/Zq+19=="


def everything(folder) -> bytes:
    """Every byte of every file, names too; SQLite's write-ahead log is one of them."""
    return b"".join(str(p).encode() + (p.read_bytes() if p.is_file() else b"") for p in folder.rglob("*"))


def keyed(store, secrets, **spec):
    return store.submit("keyed", spec, title="keyed test", dataset=None, secrets=secrets)


@pytest.fixture(autouse=True)
def no_key_of_our_own(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def digest(store, run):
    return (store.folder(run.id) / "digest.txt").read_text("utf-8")


def test_a_run_gets_its_key_and_keeps_no_trace_of_it(store):
    run = ended(store, keyed(store, {"OPENAI_API_KEY": f" {KEY}\n"}))
    assert digest(store, run) == hashlib.sha256(KEY.encode()).hexdigest()
    assert b"keyed test" in everything(store.workspace)
    assert KEY.encode() not in everything(store.workspace)
    assert "OPENAI_API_KEY" not in os.environ


def test_a_run_again_has_no_key_until_it_is_handed_over_again(store):
    first = ended(store, keyed(store, {"OPENAI_API_KEY": KEY}))
    without = ended(store, store.rerun(first.id))
    again = ended(store, store.rerun(first.id, secrets={"OPENAI_API_KEY": KEY}))
    assert digest(store, without) == hashlib.sha256(b"").hexdigest()
    assert digest(store, again) == digest(store, first)
    assert without.spec == first.spec == {}


@pytest.mark.parametrize("how", ["plainly", "badly"])
def test_no_failure_writes_the_key_down(store, how):
    run = ended(store, keyed(store, {"OPENAI_API_KEY": KEY}, fail=how))
    assert run.state == "failed" and "[key]" in store.log(run.id)
    assert KEY not in store.log(run.id) + run.error
    assert KEY.encode() not in everything(store.workspace)


def test_a_key_of_the_users_own_environment_is_not_written_down_either(store, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    run = ended(store, submit(store, "keyed", fail="badly"))
    assert "[key]" in store.log(run.id) and KEY.encode() not in everything(store.workspace)


def test_another_run_does_not_see_it(store):
    slow = store.submit("slow", {"seconds": 60}, title="slow", dataset=None, secrets={"OPENAI_API_KEY": KEY})
    working(store, slow)
    other = submit(store, "keyed")
    store.cancel(slow.id)
    assert digest(store, ended(store, other)) == hashlib.sha256(b"").hexdigest()
    until(lambda: not processes.left(slow.id), what="end of the slow run")


@pytest.mark.parametrize(
    ("secrets", "spec", "said"),
    [
        ({"LD_PRELOAD": KEY}, {}, "must end in _KEY"),
        ({"PATH": KEY}, {}, "must end in _KEY"),
        ({"OPENAI_API_KEY": f"{KEY}\0x"}, {}, "no key has"),
        ({"OPENAI_API_KEY": f"{KEY}\n{KEY}"}, {}, "no key has"),
        ({"OPENAI_API_KEY": KEY}, {"provider": {"base_url": f"http://h/?key={KEY}"}}, "which are stored"),
    ],
)
def test_what_would_be_unsafe_is_refused_without_showing_it(store, secrets, spec, said):
    with pytest.raises(RunError, match=said) as caught:
        keyed(store, secrets, **spec)
    assert KEY not in str(caught.value) and not store.list()
    assert KEY.encode() not in everything(store.workspace)


def test_an_empty_secret_is_none(store):
    run = ended(store, keyed(store, {"OPENAI_API_KEY": "  "}))
    assert digest(store, run) == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize("accepted", [True, False])
def test_a_run_that_writes_lines_leaves_no_key_anywhere(tmp_path, accepted):
    """From the brand to the result, against a server that says the key back when it refuses it."""
    store = Store(tmp_path / "workspace")
    brand = BrandLibrary(store.workspace / "brands").add(demo())
    with ModelServer(key=KEY if accepted else "another", faults=("500", "half", "broken")) as server:
        provider = {"key": "openai", "model": "tiny", "base_url": server.url}
        spec = {
            "brand": brand,
            "provider": provider,
            "count": 16,
            "per_request": 2,
            "seed": 1,
            "gates": {"off": ["voice"]},
        }
        run = ended(
            store,
            store.submit("voice", spec, title="lines", dataset=None, secrets={"OPENAI_API_KEY": KEY}),
            seconds=90,
        )
    log = next((store.workspace / "voice" / "logs").glob("*.jsonl")).read_text("utf-8")
    if accepted:
        assert run.state == "succeeded" and (store.folder(run.id) / "batch.json").exists()
        assert log.count('"is": "response"') >= 8
    else:
        assert run.state == "failed" and "refused the key (401). Set OPENAI_API_KEY" in run.error
        assert "Incorrect API key provided: [key]" in log
    assert KEY.encode() not in everything(store.workspace)
    assert KEY not in store.log(run.id) + (run.error or "")
