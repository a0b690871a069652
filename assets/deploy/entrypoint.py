"""Starts the app on a server: settings from the environment, checked; secrets into a file that only the app can read.

Fails closed: what is half set up, or unsafe, is refused in words and nothing is started. No value of a secret is ever
printed, and none stays in the environment, which runs inherit.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from synth_core.runs import health

APP = Path(__file__).resolve().parents[2] / "app.py"
SECRETS = ("STUDIO_OIDC_CLIENT_SECRET", "STUDIO_COOKIE_SECRET")
LOGIN = ("STUDIO_URL", "STUDIO_OIDC_METADATA_URL", "STUDIO_OIDC_CLIENT_ID", *SECRETS)
_HERE = ("localhost", "127.0.0.1", "::1")
_LEAST = 32  # characters of the secret that signs cookies


class Refused(Exception):
    """Why the app is not started, as a sentence."""


def settings(environment: Mapping[str, str]) -> dict[str, str]:
    """What the environment says, with ``<NAME>_FILE`` read; of ``STUDIO_OIDC_ISSUER``, the metadata's address.

    Raises
    ------
    Refused
        A file cannot be read, or a value has characters that none may have.
    """
    found = {name: environment[name].strip() for name in LOGIN if environment.get(name, "").strip()}
    for name in SECRETS:
        if path := environment.get(f"{name}_FILE"):
            try:
                found[name] = Path(path).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError):
                raise Refused(f"The file that {name}_FILE names cannot be read.") from None
    issuer = environment.get("STUDIO_OIDC_ISSUER", "").strip()
    if issuer and "STUDIO_OIDC_METADATA_URL" not in found:
        found["STUDIO_OIDC_METADATA_URL"] = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    for name, value in found.items():
        if not value.isprintable():
            raise Refused(f"{name} holds characters that no such setting has. Copy it once more.")
    return {name: value for name, value in found.items() if value}


def secrets_file(found: Mapping[str, str]) -> str:
    """The text of ``secrets.toml``.

    Raises
    ------
    Refused
        Something is missing or unsafe.
    """
    missing = [name for name in LOGIN if name not in found]
    if missing:
        raise Refused(f"Signing in is set up only in part. Missing: {', '.join(missing)}.")
    for name in ("STUDIO_URL", "STUDIO_OIDC_METADATA_URL"):
        if not _safe(urlsplit(found[name])):
            raise Refused(f"{name} must begin with https:// (http:// is for localhost only): {found[name]}")
    if len(found["STUDIO_COOKIE_SECRET"]) < _LEAST:
        raise Refused(
            f"STUDIO_COOKIE_SECRET is shorter than {_LEAST} characters. Make one with: "
            "python -c 'import secrets; print(secrets.token_hex(32))'"
        )
    auth = {
        "redirect_uri": f"{found['STUDIO_URL'].rstrip('/')}/oauth2callback",
        "cookie_secret": found["STUDIO_COOKIE_SECRET"],
        "client_id": found["STUDIO_OIDC_CLIENT_ID"],
        "client_secret": found["STUDIO_OIDC_CLIENT_SECRET"],
        "server_metadata_url": found["STUDIO_OIDC_METADATA_URL"],
    }
    # A JSON string of printable characters is a TOML string, too.
    return "[auth]\n" + "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in auth.items())


def kept(text: str) -> Path:
    """A new file with ``text`` that nobody but this user may read."""
    place = Path(tempfile.mkdtemp(prefix="studio-")) / "secrets.toml"
    with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return place


def command(environment: MutableMapping[str, str], more: Sequence[str] = ()) -> list[str]:
    """The command that starts the app; secrets leave ``environment``.

    Raises
    ------
    Refused
        It would not be safe to start, or not work.
    """
    found, required = settings(environment), environment.get("STUDIO_REQUIRE_LOGIN")
    options = ["--server.address", environment.get("STUDIO_ADDRESS") or "0.0.0.0"]
    options += ["--server.port", environment.get("STUDIO_PORT") or "8501"]
    login = {name for name in found if name != "STUDIO_URL"}
    if required and not login:
        raise Refused(
            "STUDIO_REQUIRE_LOGIN is set and no login provider is. Set STUDIO_URL, STUDIO_OIDC_ISSUER (or "
            "STUDIO_OIDC_METADATA_URL), STUDIO_OIDC_CLIENT_ID, STUDIO_OIDC_CLIENT_SECRET and STUDIO_COOKIE_SECRET."
        )
    workspace = Path(environment.get("STUDIO_WORKSPACE") or APP.parent / "workspace").resolve()
    if sick := health.problems(workspace, free=0.0):
        raise Refused(" ".join(sick))
    if found.get("STUDIO_URL"):
        public = urlsplit(found["STUDIO_URL"])
        options += ["--browser.serverAddress", public.hostname or "", "--server.allowedHosts", public.hostname or ""]
        options += ["--browser.serverPort", str(public.port or {"http": 80}.get(public.scheme, 443))]
        options += ["--server.baseUrlPath", public.path.strip("/")] if public.path.strip("/") else []
    if login:
        options += ["--secrets.files", str(kept(secrets_file(found)))]
        environment["STUDIO_REQUIRE_LOGIN"] = "1"  # without its secrets the app opens for nobody
    else:
        sys.stderr.write("No login provider is set: everybody who reaches this server sees everything on it.\n")
    for name in SECRETS:
        environment.pop(name, None)
        environment.pop(f"{name}_FILE", None)
    return [sys.executable, "-m", "streamlit", "run", str(APP), *options, *more]


def _safe(address: SplitResult) -> bool:
    return bool(address.hostname) and (
        address.scheme == "https" or (address.scheme == "http" and address.hostname in _HERE)
    )


def main() -> int:
    """Become the app, so that signals reach it."""
    try:
        words = command(os.environ, sys.argv[1:])
    except Refused as refused:
        sys.stderr.write(f"Not started. {refused}\n")
        return 2
    os.chdir(APP.parent)
    os.execv(words[0], words)


if __name__ == "__main__":
    sys.exit(main())
