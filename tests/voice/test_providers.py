"""Providers speak their protocols, say in plain words what went wrong, and never show a key."""

import asyncio
import json
import logging
import pickle
import socket
import traceback

import pytest

from synth_core.errors import VoiceError
from synth_core.voice.parsing import lines_of
from synth_core.voice.providers import PROVIDERS, Declined, ProviderError, make
from synth_core.voice.providers.http import _retry_after
from synth_core.voice.providers.keys import Secret
from synth_core.voice.records import Brand, Line, Prompt
from tests.voice.server import ModelServer

KEY = "sk-test-51/Vq+8f2c=="
BRAND = Brand("Tide", tuple(Line(f"Line {i} of the house.", "Tide") for i in range(12)))
PROMPT = Prompt("Write in the voice of Tide.", "Write 2 lines.", (), "Write a headline for Tide.")


def provider(server, key="local", api_key=None, model="tiny", **kwargs):
    base = server.url.removesuffix("/v1") if key == "anthropic" else server.url
    made = make(key, brand=BRAND, model=model, base_url=base, api_key=api_key, environment={}, **kwargs)
    made._timeout = 5.0
    return made


def ask(made, n=2):
    return made.generate(PROMPT, n, temperature=1.4, seed=3)


def failure(made) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        ask(made)
    return caught.value


def everything_shown(error: BaseException) -> str:
    """All that a log, a debugger or a crash report could print of an error: its chain, its frames and their locals."""
    seen, told = set(), ""
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        told += "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
        told += repr(error) + repr(error.args) + repr(vars(error))
        error = error.__cause__ or error.__context__
    return told


def test_the_openai_protocol_is_spoken():
    with ModelServer(key=KEY) as server:
        made = provider(server, "openai", KEY)
        found = ask(made)
        body = server.bodies[0]
    assert [m["role"] for m in body["messages"]] == ["system", "user"] and body["model"] == "tiny"
    assert body["temperature"] == 1.4 and body["seed"] == 3 and body["max_completion_tokens"] > 100
    assert len(found) == 1 and (found[0].tokens_in, found[0].tokens_out) == (11, 7)
    assert len(lines_of(found[0].text)[0]) == 2


def test_the_anthropic_protocol_is_spoken():
    with ModelServer(key=KEY) as server:
        found = ask(provider(server, "anthropic", KEY))
        body = server.bodies[0]
    assert body["system"] == PROMPT.system and [m["role"] for m in body["messages"]] == ["user"]
    assert body["temperature"] == 1.0 and body["max_tokens"] > 100 and "seed" not in body
    assert (found[0].tokens_in, found[0].tokens_out) == (11, 7) and len(lines_of(found[0].text)[0]) == 2


def test_a_local_server_needs_no_key():
    with ModelServer() as server:
        made = provider(server)
        assert len(ask(made)) == 1 and "max_tokens" in server.bodies[0]


@pytest.mark.parametrize("key", ["openai", "anthropic"])
def test_a_model_that_takes_no_temperature_is_asked_without_it(key):
    with ModelServer(key=KEY, refused=("temperature", "max_completion_tokens")) as server:
        made = provider(server, key, KEY)
        assert len(ask(made)) == 1
        assert len(ask(made)) == 1
        assert "temperature" not in server.bodies[-1] and sum("temperature" in b for b in server.bodies) == 1
    assert any("does not take “temperature”" in note for note in made.notes())


def test_a_refused_key_names_its_variable():
    with ModelServer(key="another") as server:
        error = failure(provider(server, "openai", KEY))
    assert str(error).startswith("OpenAI refused the key (401). Set OPENAI_API_KEY")
    assert error.hopeless and not error.retry and error.status == 401
    assert "[key]" in error.raw and KEY not in everything_shown(error)  # the server said it back


def test_an_unknown_model_is_named():
    with ModelServer() as server:
        error = failure(provider(server, model="huge"))
    assert "knows no model “huge” at http://127.0.0.1" in str(error) and error.hopeless


def test_no_server_asks_whether_it_is_running():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = make("local", brand=BRAND, model="tiny", base_url=f"http://127.0.0.1:{port}/v1", api_key=KEY)
    error = failure(made)
    assert str(error).startswith(f"No answer at http://127.0.0.1:{port}/v1: is the server running")
    assert error.retry and KEY not in everything_shown(error)


@pytest.mark.parametrize(
    ("fault", "said", "retry"),
    [
        ("500", "has trouble of its own (500). It said: “the model crashed”", True),
        ("503", "has trouble of its own (503)", True),
        ("429", "too many requests (429). Lower the requests per minute", True),
        ("broken", "sent something that is no answer", True),
        ("half", "broke off in the middle of its answer", True),
        ("dropped", "broke off in the middle of its answer", True),
        ("error200", "reports an error: “upstream is busy”", True),
    ],
)
@pytest.mark.parametrize("protocol", ["local", "anthropic"])
def test_each_fault_is_told_and_may_be_tried_again(protocol, fault, said, retry):
    with ModelServer(faults=(fault,), share=1.0, key=KEY) as server:
        made = provider(server, protocol, KEY)
        error = failure(made)
        assert said in str(error) and error.retry is retry
        assert KEY not in everything_shown(error)
        if fault == "429":
            assert error.wait == pytest.approx(0.05)
        if fault == "half":
            assert error.raw.startswith(('{"object"', '{"type"')) and len(error.raw) > 40  # what arrived is not lost


def test_a_server_that_is_too_slow_is_left():
    with ModelServer(delay=2.0) as server:
        made = provider(server)
        made._timeout = 0.3
        error = failure(made)
    assert "did not answer within" in str(error) and error.retry


class _Answers(ModelServer):
    """Always the same status and body."""

    def __init__(self, status, body, headers=None):
        super().__init__()
        self.answer = status, body, headers or {}

    def finish_request(self, request, client_address):
        status, body, headers = self.answer

        class Handler(self.RequestHandlerClass):
            def answer(self, *_):
                self.raw(status, body if isinstance(body, str) else json.dumps(body), headers=headers)

        Handler(request, client_address, self)


@pytest.mark.parametrize(
    ("status", "body", "said", "hopeless", "retry"),
    [
        (403, {}, "refused the key (403)", True, False),
        (402, {}, "no credit left (402)", True, False),
        (
            429,
            {"error": {"code": "insufficient_quota", "message": "You exceeded your current quota"}},
            "no credit",
            True,
            False,
        ),
        (
            400,
            {"error": {"message": "messages: too long"}},
            "does not accept the request (400). It said: “messages",
            False,
            False,
        ),
        (302, "", "points elsewhere (302)", False, False),
        (
            529,
            {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}},
            "trouble",
            False,
            True,
        ),
        (200, "<html>hello</html>", "is no answer: “<html>hello</html>”", False, True),
        (200, "", "is no answer: “nothing”", False, True),
        (200, {"choices": []}, "is no answer", False, True),
        (200, {"choices": [{"text": "old"}]}, "is no answer", False, True),
    ],
)
def test_other_answers_are_told(status, body, said, hopeless, retry):
    with _Answers(status, body) as server:
        error = failure(provider(server))
    assert said in str(error) and (error.hopeless, error.retry) == (hopeless, retry)


@pytest.mark.parametrize(
    ("message", "finish", "text"),
    [
        ({"content": [{"type": "text", "text": '["a b"]'}]}, "stop", '["a b"]'),
        ({"content": "1. One line.\n2. Two li"}, "length", "1. One line."),
        ({"content": None}, "stop", ""),
    ],
)
def test_contents_of_all_sorts_are_read(message, finish, text):
    made = make("local", brand=BRAND, model="tiny")
    raw = json.dumps({"choices": [{"message": message, "finish_reason": finish}], "usage": None, "error": None})
    assert [c.text for c in made.read(raw)] == [text]


def test_a_declined_request_is_told_apart_from_a_failed_one():
    made = make("local", brand=BRAND, model="tiny")
    refusal = {"choices": [{"message": {"content": None, "refusal": "I cannot."}, "finish_reason": "stop"}]}
    with pytest.raises(Declined, match="declined: “I cannot"):
        made.read(json.dumps(refusal))
    with pytest.raises(Declined, match="content filter"):
        made.read(json.dumps({"choices": [{"message": {"content": ""}, "finish_reason": "content_filter"}]}))
    claude = make("anthropic", brand=BRAND, api_key=KEY)
    with pytest.raises(Declined):
        claude.read(json.dumps({"type": "message", "content": [], "stop_reason": "refusal"}))
    with pytest.raises(ProviderError, match="Overloaded"):
        claude.read(json.dumps({"type": "error", "error": {"message": "Overloaded"}}))


def test_retry_after_is_seconds_or_a_date():
    assert _retry_after({"retry-after": "7"}) == 7.0
    assert _retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert _retry_after({"retry-after": "soon"}) is None and _retry_after({}) is None


def test_a_missing_key_model_or_provider_is_told_before_anything_is_sent():
    with pytest.raises(VoiceError, match="Set OPENAI_API_KEY"):
        make("openai", brand=BRAND, environment={})
    with pytest.raises(VoiceError, match="Set ANTHROPIC_API_KEY"):
        make("anthropic", brand=BRAND, environment={"ANTHROPIC_API_KEY": ""})
    with pytest.raises(VoiceError, match="Name the model"):
        make("local", brand=BRAND)
    with pytest.raises(VoiceError, match="no provider called “gpt”"):
        make("gpt", brand=BRAND)
    with pytest.raises(VoiceError, match="no approved lines"):
        make("embedded", brand=Brand("Tide", ()))


def test_the_key_comes_from_the_environment_or_the_session():
    with ModelServer(key=KEY) as server:
        kwargs = {"brand": BRAND, "model": "tiny", "base_url": server.url}
        assert ask(make("openai", **kwargs, environment={"OPENAI_API_KEY": KEY}))
        assert ask(make("openai", **kwargs, environment={"OPENAI_API_KEY": "old-key"}, api_key=f" {KEY}\n"))


@pytest.mark.parametrize("bad", [f"{KEY}\nx", f"{KEY} {KEY}", f"{KEY}é", "“" + KEY + "”", "abc"])
def test_an_unfit_key_is_refused_without_being_shown(bad):
    with pytest.raises(VoiceError) as caught:
        make("openai", brand=BRAND, api_key=bad)
    assert bad.strip() not in str(caught.value) and KEY not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        f"https://user:{KEY}@example.com/v1",
        f"https://example.com/v1?key={KEY}",
        "example.com/v1",
        "ftp://example.com",
        "http://",
    ],
)
def test_an_address_that_is_none_or_holds_a_key_is_refused(address):
    with pytest.raises(VoiceError, match="address") as caught:
        make("local", brand=BRAND, model="tiny", base_url=address)
    assert KEY not in str(caught.value)


def test_nothing_shows_the_key(capfd):
    """Debug logs of the HTTP library, ``repr``, pickles: none of them holds it."""
    records = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(record.getMessage() + repr(record.args))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with ModelServer(key=KEY) as server:
            for key in ("openai", "anthropic", "local"):
                made = provider(server, key, KEY)
                ask(made)
                assert KEY not in repr(made) + repr(vars(made)) + json.dumps(
                    made.payload(PROMPT, 2, temperature=1.0, seed=1)
                )
                with pytest.raises(TypeError):
                    pickle.dumps(made)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    assert any("127.0.0.1" in record for record in records)  # it did listen
    out, err = capfd.readouterr()
    assert KEY not in out + err + "".join(records)


def test_a_key_said_back_in_any_spelling_is_taken_out():
    secret = Secret('sk/"quoted"')
    said = json.dumps({"message": 'bad key sk/"quoted"'}) + r' sk\/"quoted"'
    assert "quoted" not in secret.scrub(said) and secret.scrub(said).count("[key]") == 2


def test_generate_works_inside_a_running_loop():
    async def notebook():
        return make("fake", brand=BRAND).generate(PROMPT, 2, temperature=1.0, seed=1)

    assert asyncio.run(notebook()) == make("fake", brand=BRAND).generate(PROMPT, 2, temperature=1.0, seed=1)


def test_every_provider_is_described():
    for key, info in PROVIDERS.items():
        assert info.key == key and info.name and len(info.about) > 20
        assert (info.needs_key == "no") == (not info.variable)
    assert next(key for key, info in PROVIDERS.items() if info.listed) == "embedded"
