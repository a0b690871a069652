"""One exchange over HTTP: the key stays out of everything that is printed, and every failure is told in plain words."""

from __future__ import annotations

import asyncio
import json
import re
from abc import abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from synth_core.errors import VoiceError
from synth_core.voice.providers.base import Ask, Provider, ProviderError
from synth_core.voice.providers.keys import checked_address, checked_key, is_local

_TIMEOUT = 120.0  # seconds for one answer, from the first byte sent to the last byte read
_CONNECT = 10.0
_LARGEST = 8_000_000  # bytes of one answer
_OPTIONAL = ("temperature", "seed", "max_completion_tokens", "max_tokens")
_ANSWERS_LATER = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529})
_NO_CREDIT = re.compile(r"insufficient[_ ]quota|billing|credit balance|exceeded your current quota", re.I)


class HttpProvider(Provider):
    """Base of those that write over HTTP.

    Parameters
    ----------
    key, name : str
        Of the provider, for the program and for people.
    model, base_url : str
    variable : str
        Environment variable that holds the key: named in messages.
    api_key : str or None
    timeout : float
        Seconds for one answer.
    """

    path = ""

    def __init__(
        self,
        *,
        key: str,
        name: str,
        model: str,
        base_url: str,
        variable: str,
        api_key: str | None,
        timeout: float = _TIMEOUT,
    ) -> None:
        if not model.strip():
            raise VoiceError(f"Name the model that {name} should use.")
        self.key, self.name, self.model, self.variable = key, name, model.strip(), variable
        self.base_url = checked_address(base_url)
        self._secret = checked_key(api_key, variable)
        self._timeout = timeout
        self._refused: set[str] = set()  # optional parameters that this model does not take

    def __repr__(self) -> str:
        return f"{type(self).__name__}(model={self.model!r}, base_url={self.base_url!r})"

    @abstractmethod
    def headers(self) -> dict[str, str]:
        """Of every request, the key among them."""

    def notes(self) -> tuple[str, ...]:
        return tuple(f"{self.model} does not take “{name}”: it was left out." for name in sorted(self._refused))

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Ask]:
        timeout = httpx.Timeout(self._timeout, connect=_CONNECT)
        # A proxy of the company's is for the internet, not for a model on this computer.
        direct = is_local(httpx.URL(self.base_url).host)
        async with httpx.AsyncClient(headers=self.headers(), timeout=timeout, trust_env=not direct) as client:

            async def ask(payload: dict[str, Any]) -> str:
                return await self._exchange(client, payload)

            yield ask

    async def _exchange(self, client: httpx.AsyncClient, payload: dict[str, Any]) -> str:
        for _ in range(len(_OPTIONAL) + 1):
            sent = {k: v for k, v in payload.items() if k not in self._refused}
            status, headers, raw = await self._post(client, sent)
            if status == 200:
                return raw
            if status in (400, 422) and (name := _unwelcome(raw, sent)):
                self._refused.add(name)
                continue
            break
        raise self._told(status, headers, raw)

    async def _post(self, client: httpx.AsyncClient, sent: dict[str, Any]) -> tuple[int, httpx.Headers, str]:
        got = bytearray()
        failure: ProviderError | None = None
        try:
            async with (
                asyncio.timeout(self._timeout),
                client.stream("POST", self.base_url + self.path, json=sent) as response,
            ):
                async for piece in response.aiter_bytes():
                    got += piece
                    if len(got) > _LARGEST:
                        failure = ProviderError(f"{self.name} sent more than {_LARGEST // 1_000_000} MB.", retry=True)
                        break
            status, headers = response.status_code, response.headers
        except (TimeoutError, httpx.TimeoutException):
            failure = ProviderError(f"{self.name} did not answer within {self._timeout:.0f} s.", retry=True)
        except httpx.ConnectError as error:
            failure = self._unreachable(str(error))
        except httpx.TransportError:  # the connection broke, or the answer ended too early
            failure = ProviderError(f"{self.name} broke off in the middle of its answer.", retry=True)
        except httpx.DecodingError:
            failure = ProviderError(f"{self.name} sent an answer that cannot be unpacked.", retry=True)
        text = self._clean(got.decode("utf-8", "replace"))
        if failure is not None:  # raised out here: the exceptions above carry the request, and with it the key
            failure.raw = text[:20_000]
            raise failure
        return status, headers, text

    def _clean(self, text: str) -> str:
        return self._secret.scrub(text) if self._secret else text

    def _unreachable(self, why: str) -> ProviderError:
        if "certificate" in why.lower():
            return ProviderError(
                f"The certificate of {self.base_url} cannot be trusted. Check the address, or ask whoever runs it.",
                hopeless=True,
            )
        told = f"No answer at {self.base_url}: is the server running, and is the address right?"
        return ProviderError(told, retry=True, hopeless=True)

    def _told(self, status: int, headers: httpx.Headers, raw: str) -> ProviderError:
        """What a status other than 200 means."""
        said = _message(raw)
        more = f" It said: “{said}”" if said else ""
        kwargs: dict[str, Any] = {"status": status, "raw": raw[:20_000]}
        if status in (401, 403):
            where = f"Set {self.variable} to a valid key, or type the key on the page." if self.variable else ""
            return ProviderError(f"{self.name} refused the key ({status}). {where}".strip(), hopeless=True, **kwargs)
        if status == 404:
            return ProviderError(
                f"{self.name} knows no model “{self.model}” at {self.base_url}, or the address is wrong (404). "
                f"Check the model's name.{more}",
                hopeless=True,
                **kwargs,
            )
        if status == 402 or (status in (400, 429) and _NO_CREDIT.search(raw)):
            return ProviderError(
                f"The account at {self.name} has no credit left ({status}). Top it up, or use another provider.",
                hopeless=True,
                **kwargs,
            )
        if status == 429:
            return ProviderError(
                f"{self.name} says there are too many requests (429). Lower the requests per minute.",
                retry=True,
                wait=_retry_after(headers),
                **kwargs,
            )
        if 300 <= status < 400:
            return ProviderError(f"{self.base_url} points elsewhere ({status}). Enter the final address.", **kwargs)
        if status in _ANSWERS_LATER or status >= 500:
            text = f"{self.name} has trouble of its own ({status}).{more}"
            return ProviderError(text, retry=True, wait=_retry_after(headers), **kwargs)
        return ProviderError(f"{self.name} does not accept the request ({status}).{more}", **kwargs)

    def unreadable(self, raw: str) -> ProviderError:
        """The answer came with status 200 and is not what it should be."""
        shown = " ".join(raw[:80].split()) or "nothing"
        return ProviderError(f"{self.name} sent something that is no answer: “{shown}”", retry=True, raw=raw[:20_000])

    def parsed(self, raw: str) -> dict[str, Any]:
        """The JSON object of an answer.

        Raises
        ------
        ProviderError
        """
        try:
            data = json.loads(raw)
        except ValueError:
            data = None
        if not isinstance(data, dict):
            raise self.unreadable(raw)
        if data.get("error"):
            raise ProviderError(f"{self.name} reports an error: “{_message(raw)}”", retry=True, raw=raw[:20_000])
        return data


def _unwelcome(raw: str, sent: dict[str, Any]) -> str | None:
    """The optional parameter that a refusal is about, if it is about one."""
    try:
        error = json.loads(raw).get("error")
    except (ValueError, AttributeError):
        error = None
    named = error.get("param") if isinstance(error, dict) else None
    if named in _OPTIONAL and named in sent:
        return named
    said = _message(raw)
    return next((name for name in _OPTIONAL if name in sent and re.search(rf"\b{name}\b", said)), None)


def _message(raw: str) -> str:
    """What a server says of an error, at most 200 characters."""
    try:
        data = json.loads(raw)
    except ValueError:
        data = None
    said: Any = data
    for name in ("error", "message"):
        if isinstance(said, dict):
            said = said.get(name, said.get("detail", said.get("message", "")))
    if not isinstance(said, str):
        said = "" if data is None or said in (None, "") else json.dumps(said)
    return " ".join(said.split())[:200]


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds of a Retry-After header, given as seconds or as a date."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value):
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
