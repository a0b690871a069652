"""On a server that people share, nobody makes it ask an address of their own, nor gets its key sent there."""

import pytest

from synth_core.errors import VoiceError
from synth_core.runs import Store
from synth_core.voice.demo import demo
from synth_core.voice.library import BrandLibrary
from synth_core.voice.providers.registry import permit
from tests.runs.conftest import ended
from tests.voice.server import ModelServer

LISTED = {"STUDIO_PROVIDER_ADDRESSES": " http://models.agency.example/v1/, https://other.example "}


@pytest.mark.parametrize(
    ("key", "address", "listed", "allowed"),
    [
        ("embedded", "", {}, True),
        ("openai", "", {}, True),
        ("openai", "https://api.openai.com/v1/", {}, True),
        ("openai", "https://api.anthropic.com", {}, False),
        ("openai", "https://api.openai.com.evil.example/v1", LISTED, False),
        ("openai", "http://169.254.169.254/latest", LISTED, False),
        ("openai", "http://models.agency.example/v1", {}, False),
        ("openai", "http://models.agency.example/v1", LISTED, True),
        ("openai", "http://models.agency.example/v1@evil.example", LISTED, False),
        ("local", "http://127.0.0.1:11434/v1", {}, False),
        ("local", "", LISTED, False),
        ("local", "https://other.example/", LISTED, True),
    ],
)
def test_only_listed_addresses_and_the_providers_own_are_asked(key, address, listed, allowed):
    if allowed:
        permit(key, address, listed)
    else:
        with pytest.raises(VoiceError, match="may not ask"):
            permit(key, address, listed)


@pytest.mark.parametrize("part", ["provider", "judge"])
def test_the_key_of_the_server_does_not_go_to_an_address_that_a_user_typed(tmp_path, monkeypatch, part):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-server-7f3a")
    monkeypatch.delenv("STUDIO_PROVIDER_ADDRESSES", raising=False)
    store = Store(tmp_path, owner="a" * 32)
    brand = BrandLibrary(store.layout.home / "brands").add(demo())
    with ModelServer(key="sk-of-the-server-7f3a") as server:
        theirs = {"key": "openai", "model": "tiny", "base_url": server.url}
        spec = {"brand": brand, "provider": {"key": "fake"}, "count": 10, "seed": 1, part: theirs}
        run = ended(store, store.submit("voice", spec, title="lines", dataset=None), seconds=60)
        assert run.state == "failed" and "may not ask" in run.error
        assert not server.asked
