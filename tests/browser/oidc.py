"""An OpenID Connect provider on this machine: people are picked from a list instead of typing a password.

Everything else is as strict as a provider is: registered redirect addresses, client secret, PKCE, codes that work once,
ID tokens signed with RS256.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "studio", "client-secret-7f3a+Zq/19"

#: Claims by the name on the button.
PEOPLE: dict[str, dict[str, Any]] = {
    "Ann": {"sub": "1001", "email": "ann@agency.example", "email_verified": True, "name": "Ann"},
    "Bob": {"sub": "1002", "email": "bob@agency.example", "email_verified": True, "name": "Bob"},
    "Eve": {"sub": "1003", "email": "eve@elsewhere.example", "email_verified": True, "name": "Eve"},
}


class Provider:
    """The provider, on a free port, while the ``with`` block lasts.

    Attributes
    ----------
    redirects : set of str
        Addresses that the client registered; any other is refused.
    ended : int
        How often somebody signed out here.
    """

    def __init__(self) -> None:
        self.redirects: set[str] = set()
        self.ended = 0
        self.codes: dict[str, dict[str, str]] = {}
        self.bearers: dict[str, str] = {}
        self._key = RSAKey.generate_key(2048, {"kid": "only", "use": "sig", "alg": "RS256"})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.provider = self
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Provider:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def metadata_url(self) -> str:
        return f"{self.issuer}/.well-known/openid-configuration"

    def secrets(self, redirect_uri: str) -> str:
        """The text of a ``secrets.toml`` for an app that people come back to at ``redirect_uri``."""
        self.redirects.add(redirect_uri)
        values = {
            "redirect_uri": redirect_uri,
            "cookie_secret": secrets.token_hex(32),
            "client_id": CLIENT,
            "client_secret": SECRET,
            "server_metadata_url": self.metadata_url,
        }
        return "[auth]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/end_session",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def jwks(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def begin(self, asked: dict[str, str], person: str) -> str:
        """A code for ``person``, and the address that takes it to the client."""
        code = secrets.token_urlsafe(24)
        self.codes[code] = {**asked, "person": person}
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def redeem(self, form: dict[str, str]) -> dict[str, Any] | None:
        """Tokens for a code; None where it was used before or comes from somebody else."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"]:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked.get("code_challenge"):
            return None
        access, now = secrets.token_urlsafe(24), int(time.time())
        self.bearers[access] = asked["person"]
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 3600, "nonce": asked["nonce"]}
        header = {"alg": "RS256", "kid": "only"}
        signed = jwt.encode(header, {**claims, **PEOPLE[asked["person"]]}, self._key)
        return {"access_token": access, "token_type": "Bearer", "expires_in": 3600, "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def provider(self) -> Provider:
        return self.server.provider  # type: ignore[attr-defined]

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        path, asked = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        if path == "/.well-known/openid-configuration":
            self._json(self.provider.discovery())
        elif path == "/jwks":
            self._json(self.provider.jwks())
        elif path == "/authorize":
            self._authorize(asked)
        elif path == "/userinfo":
            person = self.provider.bearers.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
            self._json(PEOPLE[person]) if person else self._json({"error": "invalid_token"}, 401)
        elif path == "/end_session" and asked.get("post_logout_redirect_uri") in self.provider.redirects:
            self.provider.ended += 1
            self._redirect(asked["post_logout_redirect_uri"])
        else:
            self._json({"error": "not_found"}, 404)

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()))
        name, _, secret = _basic(self.headers.get("Authorization", "")).partition(":")
        if (unquote(name), unquote(secret)) != (CLIENT, SECRET):
            self._json({"error": "invalid_client"}, 401)
        elif urlsplit(self.path).path != "/token" or (tokens := self.provider.redeem(form)) is None:
            self._json({"error": "invalid_grant"}, 400)
        else:
            self._json(tokens)

    def _authorize(self, asked: dict[str, str]) -> None:
        if asked.get("client_id") != CLIENT or asked.get("redirect_uri") not in self.provider.redirects:
            self._json({"error": "unauthorized_client"}, 400)
            return
        person = asked.get("login_hint") or asked.get("as")
        if person in PEOPLE:
            self._redirect(self.provider.begin(asked, person))
            return
        links = (f'<a role="button" href="{html.escape(self.path)}&amp;as={quote(p)}">{p}</a>' for p in PEOPLE)
        self._send(200, "text/html", f"<h1>Who are you?</h1>{' '.join(links)}".encode())

    def _redirect(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _json(self, content: dict[str, Any], status: int = 200) -> None:
        self._send(status, "application/json", json.dumps(content).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _basic(header: str) -> str:
    """``name:password`` of HTTP basic authentication; empty where there is none."""
    return base64.b64decode(header.removeprefix("Basic ")).decode() if header.startswith("Basic ") else ""
