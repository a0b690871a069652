"""Keys that do not show themselves, and addresses that hold none."""

from __future__ import annotations

import ipaddress
import json
import re

import httpx

from synth_core.errors import VoiceError


class Secret:
    """A key that does not show itself: not in ``repr``, a traceback with locals, a pickle or a copy to JSON."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def scrub(self, text: str) -> str:
        """``text`` without the key, however a JSON writer may have escaped it."""
        for form in (self._value, json.dumps(self._value)[1:-1], self._value.replace("/", "\\/")):
            text = text.replace(form, "[key]")
        return text

    def __repr__(self) -> str:
        return "Secret(•••)"

    def __reduce__(self) -> str:
        raise TypeError("A key is not pickled.")


def checked_key(value: str | None, variable: str) -> Secret | None:
    """The key, fit for a header; an unfit one is never shown in the message.

    Raises
    ------
    VoiceError
    """
    value = (value or "").strip()
    if not value:
        return None
    if not re.fullmatch(r"[\x21-\x7e]+", value):
        where = f" in {variable}" if variable else ""
        raise VoiceError(
            f"The key{where} holds spaces, line breaks or letters that no key has. Copy it once more, without quotes."
        )
    if len(value) < 4:
        raise VoiceError("This key is too short to be one. Copy it once more.")
    return Secret(value)


def checked_address(text: str) -> str:
    """The address without a slash at its end.

    Raises
    ------
    VoiceError
        It is none, or holds a password or a key.
    """
    try:
        url = httpx.URL(text.strip())
    except (httpx.InvalidURL, UnicodeError):
        url = httpx.URL("")
    if url.userinfo or url.query or url.fragment:
        raise VoiceError("The address must hold no password, key or “?”. Give the key in its own field.")
    if url.scheme not in ("http", "https") or not url.host:
        raise VoiceError("This is no address. Write it like https://api.example.com/v1 or http://127.0.0.1:11434/v1.")
    return str(url).rstrip("/")


def is_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
