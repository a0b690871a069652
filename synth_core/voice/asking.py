"""Asking a provider many things at once: paced, retried, logged before it is read, and stopped when asked."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from dataclasses import dataclass, field

from synth_core.progress import Progress
from synth_core.voice.log import RequestLog
from synth_core.voice.parsing import lines_of
from synth_core.voice.providers.base import Ask, Declined, Provider, ProviderError
from synth_core.voice.records import Completion, Prompt

_TICK = 0.2  # seconds between looks at whether the user wants to stop


@dataclass(frozen=True)
class Patience:
    """How long to insist.

    Attributes
    ----------
    attempts : int
        For one request.
    base, cap : float
        Seconds before the second attempt, doubled for each further one, and the longest wait. ``Retry-After`` is
        honoured up to the same cap.
    hopeless : int
        Failures in a row that asking again cannot mend, before anything succeeded, after which no more is asked.
    silent : int
        Requests in a row that failed for good, after which no more is asked: the server has gone.
    """

    attempts: int = 6
    base: float = 1.0
    cap: float = 60.0
    hopeless: int = 3
    silent: int = 20


@dataclass(frozen=True)
class Job:
    position: int
    prompt: Prompt
    index: int  # among the jobs with this prompt
    lines: int

    @property
    def name(self) -> tuple[str, int]:
        return self.prompt.hash, self.index


@dataclass
class State:
    """What the workers of a run share."""

    waiting: list[Job]
    answers: dict[tuple[str, int], tuple[list[Completion], str]]
    lines: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    in_a_row: int = 0
    hopeless_in_a_row: int = 0
    reached: bool = False  # the server was there
    stopped: str = ""
    next_start: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)


def take(state: State, job: Job, provider: Provider, raw: str) -> None:
    """Read a raw answer into the state."""
    try:
        completions, told = provider.read(raw), ""
    except Declined as error:
        completions, told = [], str(error)
    state.answers[job.name] = completions, told
    state.tokens_in += sum(c.tokens_in for c in completions)
    state.tokens_out += sum(c.tokens_out for c in completions)
    state.lines += sum(len(lines_in(provider, c)[0]) for c in completions)


async def ask_all(
    state: State,
    total: int,
    provider: Provider,
    log: RequestLog,
    temperature: float,
    seed: int,
    concurrency: int,
    rate: float | None,
    patience: Patience,
    progress: Progress,
) -> None:
    def report() -> None:
        done = len(state.answers) + state.failed
        progress.report("writing", done, total, accepted=state.lines, failed=state.failed)

    report()
    async with provider.session() as ask:

        async def worker() -> None:
            while state.waiting and not state.stopped:
                await _ask_one(state, state.waiting.pop(), provider, ask, log, temperature, seed, rate, patience)
                await asyncio.sleep(0)

        workers = [asyncio.create_task(worker()) for _ in range(min(concurrency, len(state.waiting)))]
        try:
            while workers and not all(task.done() for task in workers):
                await asyncio.wait(workers, timeout=_TICK, return_when=asyncio.FIRST_EXCEPTION)
                for task in workers:
                    if task.done() and (error := task.exception()):
                        raise error  # a bug or a full disk, not a failed request
                report()
        finally:
            for task in workers:
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*workers, return_exceptions=True)
    report()


async def _ask_one(
    state: State,
    job: Job,
    provider: Provider,
    ask: Ask,
    log: RequestLog,
    temperature: float,
    seed: int,
    rate: float | None,
    patience: Patience,
) -> None:
    """One request, with its retries."""
    dice = random.Random(f"{seed}:{job.position}")
    payload = provider.payload(
        job.prompt, job.lines, temperature=temperature, seed=seed, position=job.position, index=job.index
    )
    named = {"prompt": job.prompt.hash, "index": job.index}
    error = ProviderError("")
    for attempt in range(1, patience.attempts + 1):
        await _turn(state, rate)
        log.append({"is": "request", **named, "attempt": attempt, "payload": payload})
        try:
            raw = await ask(payload)
            state.reached = True
            log.append({"is": "response", **named, "attempt": attempt, "raw": raw})
            await log.saved()
            take(state, job, provider, raw)
        except ProviderError as failure:
            error = failure
            log.append({"is": "failure", **named, "attempt": attempt, "told": str(failure), "raw": failure.raw})
        else:
            state.in_a_row = state.hopeless_in_a_row = 0
            return
        state.reached = state.reached or not error.hopeless
        lost = error.hopeless and not state.reached  # a wrong address is told in seconds, a restart is waited for
        if not error.retry or attempt == (min(2, patience.attempts) if lost else patience.attempts):
            break
        wait = min(patience.cap, patience.base * 2 ** (attempt - 1)) * dice.uniform(0.5, 1.0)
        if error.wait is not None:  # the server speaks for all requests
            wait = min(patience.cap, error.wait)
            state.next_start = max(state.next_start, asyncio.get_running_loop().time() + wait)
        await asyncio.sleep(wait)
    state.failed += 1
    state.failures[str(error)] += 1
    state.in_a_row += 1
    hopeless = error.hopeless and not (error.retry and state.reached)
    state.hopeless_in_a_row = state.hopeless_in_a_row + 1 if hopeless else 0
    if state.hopeless_in_a_row >= patience.hopeless or state.in_a_row >= patience.silent:
        state.stopped = str(error)


async def _turn(state: State, rate: float | None) -> None:
    """Wait until a request may start."""
    loop = asyncio.get_running_loop()
    while (now := loop.time()) < state.next_start:
        if rate is None:
            await asyncio.sleep(state.next_start - now)
            continue
        mine, state.next_start = state.next_start, state.next_start + 60.0 / rate
        await asyncio.sleep(mine - now)
        return
    if rate is not None:
        state.next_start = now + 60.0 / rate


def lines_in(provider: Provider, completion: Completion) -> tuple[list[str], str]:
    if provider.kind == "recombined":
        return ([completion.text], "") if completion.text else ([], "The answer was empty.")
    return lines_of(completion.text)
