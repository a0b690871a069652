"""What a provider of variations is: something that is asked, answers with raw text, and whose answer can be read."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Literal, TypeVar

from synth_core.errors import VoiceError
from synth_core.voice.records import Completion, Prompt

T = TypeVar("T")
#: Sends one payload and returns the raw answer.
Ask = Callable[[dict[str, Any]], Awaitable[str]]


class ProviderError(VoiceError):
    """A request that brought no usable answer.

    Attributes
    ----------
    retry : bool
        Whether asking again may help.
    wait : float or None
        Seconds the server asked us to wait.
    hopeless : bool
        The same will happen to every request: a refused key, an unknown model. With ``retry``: unless the server was
        there a moment ago, as when nobody answers at an address.
    status : int or None
    raw : str
        What arrived, without any key.
    """

    def __init__(
        self,
        text: str,
        *,
        retry: bool = False,
        wait: float | None = None,
        hopeless: bool = False,
        status: int | None = None,
        raw: str = "",
    ) -> None:
        super().__init__(text)
        self.retry, self.wait, self.hopeless, self.status, self.raw = retry, wait, hopeless, status, raw


class Declined(VoiceError):
    """The model answered, and its answer is that it will not write: not asked again."""


class Provider(ABC):
    """Writes variations.

    A request has three steps that can be taken apart, so that the raw answer is on disk before anybody reads it:
    :meth:`payload` → the ``ask`` of a :meth:`session` → :meth:`read`. :meth:`generate` does all three.

    Attributes
    ----------
    key, model : str
    kind : {"written", "recombined"}
    """

    key: str
    model: str
    kind: Literal["written", "recombined"] = "written"

    @abstractmethod
    def payload(
        self, prompt: Prompt, n: int, *, temperature: float, seed: int, position: int = 0, index: int = 0
    ) -> dict[str, Any]:
        """What is sent; holds no key.

        Parameters
        ----------
        n : int
            Lines wanted. One that writes gives them in one answer; one that recombines gives ``n`` answers.
        temperature : float
        seed : int
            Of the run.
        position : int
            Of the request in its run, from 0.
        index : int
            Among the requests with this prompt, from 0.
        """

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Ask]:
        """Opens what ``ask`` needs, and closes it."""
        yield self._ask

    async def _ask(self, payload: dict[str, Any]) -> str:
        """The raw answer, where no connection is needed; the others hand out their own ``ask`` in :meth:`session`."""
        raise NotImplementedError

    @abstractmethod
    def read(self, raw: str) -> list[Completion]:
        """The answers in a raw answer.

        Raises
        ------
        ProviderError
            It cannot be read.
        Declined
            It says that the model will not write.
        """

    def generate(self, prompt: Prompt, n: int, *, temperature: float, seed: int) -> list[Completion]:
        """Ask once, without retries or log.

        Raises
        ------
        ProviderError, Declined
        """

        async def once() -> str:
            async with self.session() as ask:
                return await ask(self.payload(prompt, n, temperature=temperature, seed=seed))

        return self.read(run(once))

    def notes(self) -> tuple[str, ...]:
        """What the user should know of how the requests were made."""
        return ()


def run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """``asyncio.run``, also from inside a running loop, as in a notebook."""
    if not _in_a_loop():
        return asyncio.run(work())
    ended: list[tuple[T | None, BaseException | None]] = []

    def elsewhere() -> None:
        try:
            ended.append((asyncio.run(work()), None))
        except BaseException as error:  # noqa: BLE001  handed to the caller's thread
            ended.append((None, error))

    thread = threading.Thread(target=elsewhere, daemon=True)
    thread.start()
    thread.join()
    value, error = ended[0]
    if error is not None:
        raise error
    return value  # type: ignore[return-value]


def _in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
