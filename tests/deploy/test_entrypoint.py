"""The entrypoint fails closed, in words without secrets."""

import os
import signal
import subprocess
import sys
import tomllib
from importlib import util
from pathlib import Path

import pytest

from tests.browser.oidc import SECRET
from tests.deploy.conftest import COOKIE, DEPLOY, environment

_spec = util.spec_from_file_location("entrypoint", DEPLOY / "entrypoint.py")
entrypoint = util.module_from_spec(_spec)
_spec.loader.exec_module(entrypoint)


@pytest.fixture
def given(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return environment(tmp_path, "https://studio.agency.example/team", "https://id.agency.example")


def option(words: list[str], name: str) -> str:
    return words[words.index(name) + 1]


def test_settings_become_options_and_a_file_that_nobody_else_can_read(given):
    words = entrypoint.command(given, ["--server.port", "9000"])
    path = option(words, "--secrets.files")
    assert tomllib.loads(Path(path).read_text("utf-8"))["auth"] == {
        "redirect_uri": "https://studio.agency.example/team/oauth2callback",
        "cookie_secret": COOKIE,
        "client_id": "studio",
        "client_secret": SECRET,
        "server_metadata_url": "https://id.agency.example/.well-known/openid-configuration",
    }
    assert os.stat(path).st_mode & 0o777 == 0o600 and os.stat(Path(path).parent).st_mode & 0o777 == 0o700
    assert option(words, "--server.baseUrlPath") == "team"
    assert option(words, "--server.allowedHosts") == option(words, "--browser.serverAddress") == "studio.agency.example"
    assert words[-2:] == ["--server.port", "9000"]
    assert SECRET not in " ".join(words) and SECRET not in str(given) and COOKIE not in str(given)


def test_odd_characters_in_a_secret_arrive_as_they_are(given):
    odd = "\\\"'#[x]\u00e9\U0001f511 = {a}" + "x" * 32
    given["STUDIO_COOKIE_SECRET"] = odd
    path = option(entrypoint.command(given), "--secrets.files")
    assert tomllib.loads(Path(path).read_text("utf-8"))["auth"]["cookie_secret"] == odd


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"STUDIO_OIDC_CLIENT_ID": ""}, "Missing: STUDIO_OIDC_CLIENT_ID."),
        ({"STUDIO_URL": ""}, "Missing: STUDIO_URL."),
        ({"STUDIO_URL": "http://studio.agency.example"}, "STUDIO_URL must begin with https://"),
        ({"STUDIO_OIDC_ISSUER": "http://id.agency.example"}, "STUDIO_OIDC_METADATA_URL must begin with https://"),
        ({"STUDIO_COOKIE_SECRET": "short-7f3a"}, "shorter than 32"),
        ({"STUDIO_COOKIE_SECRET": COOKIE + "\n[auth2]"}, "no such setting has"),
        ({"STUDIO_OIDC_CLIENT_SECRET_FILE": "/no/such/file"}, "STUDIO_OIDC_CLIENT_SECRET_FILE names cannot be read"),
        ({"STUDIO_WORKSPACE": "/no/such/folder"}, "is not there"),
    ],
)
def test_what_is_half_set_up_or_unsafe_is_refused(given, tmp_path, change, said):
    with pytest.raises(entrypoint.Refused, match=said.replace("(", r"\(")) as caught:
        entrypoint.command({**given, **change})
    assert SECRET not in str(caught.value) and "7f3a" not in str(caught.value) and COOKIE not in str(caught.value)
    assert not list(tmp_path.glob("studio-*"))


def test_without_a_provider_a_server_that_must_have_one_does_not_start(given):
    bare = {n: v for n, v in given.items() if "OIDC" not in n and n != "STUDIO_COOKIE_SECRET"}
    ended = subprocess.run(
        [sys.executable, str(DEPLOY / "entrypoint.py")], env=bare, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2 and ended.stdout == ""
    assert "STUDIO_REQUIRE_LOGIN is set and no login provider is" in ended.stderr and "Traceback" not in ended.stderr


def test_alone_it_starts_without_login_and_says_so(given, capsys):
    bare = {n: v for n, v in given.items() if "OIDC" not in n and n not in ("STUDIO_COOKIE_SECRET", "STUDIO_URL")}
    words = entrypoint.command({**bare, "STUDIO_REQUIRE_LOGIN": ""})
    assert "--secrets.files" not in words and "everybody" in capsys.readouterr().err


def test_with_login_the_app_opens_for_nobody_should_its_secrets_get_lost(given):
    given["STUDIO_REQUIRE_LOGIN"] = ""
    entrypoint.command(given)
    assert given["STUDIO_REQUIRE_LOGIN"] == "1"


@pytest.mark.browser
def test_it_ends_within_seconds_when_asked_to(tmp_path):
    """A container is stopped by SIGTERM to its first process, which has become the app."""
    from tests.deploy.conftest import Stack, free_port, until_healthy

    port = free_port()
    given = environment(tmp_path, f"http://localhost:{port}", "http://localhost:1") | {"STUDIO_PORT": str(port)}
    with (tmp_path / "app.log").open("wb") as log:
        app = subprocess.Popen([sys.executable, str(DEPLOY / "entrypoint.py")], env=given, stdout=log, stderr=log)
    try:
        until_healthy(Stack("", f"http://127.0.0.1:{port}", tmp_path, app))
        app.send_signal(signal.SIGTERM)
        assert app.wait(20) in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
    finally:
        app.kill()
        app.wait()
