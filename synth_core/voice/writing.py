"""Asking a provider for many lines: paced, retried, logged before it is read, resumed, and stopped when asked."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from synth_core.errors import VoiceError
from synth_core.progress import SILENT, Progress
from synth_core.voice.log import RequestLog
from synth_core.voice.parsing import lines_of
from synth_core.voice.prompting import Template, brief_line, named_in, prompts
from synth_core.voice.providers.base import Ask, Declined, Provider, ProviderError, run
from synth_core.voice.records import Brand, Candidate, Completion, Prompt

_TICK = 0.2  # seconds between looks at whether the user wants to stop


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes
    ----------
    candidates : tuple of Candidate
        In the order of their requests, however the answers came in.
    tokens_in, tokens_out : int
        As billed, of every answer in the log.
    requests, failed : int
        Requests of the run, and those that brought no answer in the end: a run again asks for these only.
    notes : tuple of str
    """

    candidates: tuple[Candidate, ...]
    tokens_in: int
    tokens_out: int
    requests: int
    failed: int
    notes: tuple[str, ...]


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
class _Job:
    position: int
    prompt: Prompt
    index: int  # among the jobs with this prompt
    lines: int

    @property
    def name(self) -> tuple[str, int]:
        return self.prompt.hash, self.index


@dataclass
class _State:
    """What the workers of a run share."""

    waiting: list[_Job]
    answers: dict[tuple[str, int], tuple[list[Completion], str]]
    lines: int = 0
    failed: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    in_a_row: int = 0
    hopeless_in_a_row: int = 0
    stopped: str = ""
    next_start: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)


def write(
    brand: Brand,
    provider: Provider,
    *,
    count: int,
    per_request: int = 10,
    temperature: float = 0.9,
    concurrency: int = 4,
    rate: float | None = None,
    seed: int = 0,
    log_path: Path,
    progress: Progress = SILENT,
    template: Template | None = None,
    shots: int = 8,
    patience: Patience | None = None,
) -> Written:
    """Ask for ``count`` lines.

    Every request and every raw answer goes to ``log_path`` before it is read. What is answered there already is not
    asked again, so the same call after a crash, a kill or a cancel goes on where it was; requests that were under way
    at that moment, at most ``concurrency``, are asked once more, since their answers were never received.

    Parameters
    ----------
    brand : Brand
    provider : Provider
    count, per_request : int
        Lines in all, and lines asked for in one request.
    temperature : float
    concurrency : int
        Requests under way at once.
    rate : float or None
        Most requests a minute; None: as fast as they are answered.
    seed : int
    log_path : Path
        One per kind of request (provider, model, prompts, seed); created if missing.
    progress : Progress
    template, shots
        See :func:`synth_core.voice.prompting.prompts`.
    patience : Patience or None

    Returns
    -------
    Written

    Raises
    ------
    Cancelled
        Within a second of the user's wish; what was answered stays in the log.
    VoiceError
        Nothing was answered at all; or another run holds the log.
    """
    if min(count, per_request, concurrency) < 1 or (rate is not None and rate <= 0):
        raise VoiceError("Lines, lines per request, requests at once and requests a minute must each be at least 1.")
    patience = patience or Patience()
    jobs = _jobs(brand, provider, count, per_request, template, shots, seed)
    with RequestLog(Path(log_path)) as log:
        state = _resume(jobs, provider, log)
        started = len(state.answers)
        run(lambda: _ask_all(state, len(jobs), provider, log, temperature, seed, concurrency, rate, patience, progress))
    if not state.answers and state.failures:
        raise VoiceError(state.stopped or state.failures.most_common(1)[0][0])
    candidates, empty = _candidates(brand, provider, jobs, state)
    notes = _notes(provider, state, len(jobs), started, count, len(candidates), empty)
    failed = len(jobs) - len(state.answers)
    return Written(candidates, state.tokens_in, state.tokens_out, len(jobs), failed, notes)


def _jobs(
    brand: Brand, provider: Provider, count: int, per_request: int, template: Template | None, shots: int, seed: int
) -> list[_Job]:
    asked = prompts(
        brand,
        -(-count // per_request),
        template=template,
        shots=shots,
        seed=seed,
        per_request=per_request,
        focused=provider.kind == "written",  # one that recombines says itself which lines it used
    )
    seen: Counter[str] = Counter()
    jobs = []
    for position, prompt in enumerate(asked):
        lines = min(per_request, count - position * per_request)
        jobs.append(_Job(position, prompt, seen[prompt.hash], lines))
        seen[prompt.hash] += 1
    return jobs


def _resume(jobs: Sequence[_Job], provider: Provider, log: RequestLog) -> _State:
    """The state with everything that the log answers already."""
    state = _State([], {})
    raws = log.responses()
    for job in jobs:
        for raw in raws.get(job.name, ()):
            try:
                _take(state, job, provider, raw)
            except ProviderError:
                continue  # could not be read then either
            break
        else:
            state.waiting.append(job)
    state.waiting.reverse()  # popped from its end
    return state


def _take(state: _State, job: _Job, provider: Provider, raw: str) -> None:
    """Read a raw answer into the state."""
    try:
        completions, told = provider.read(raw), ""
    except Declined as error:
        completions, told = [], str(error)
    state.answers[job.name] = completions, told
    state.tokens_in += sum(c.tokens_in for c in completions)
    state.tokens_out += sum(c.tokens_out for c in completions)
    state.lines += sum(len(_lines(provider, c)[0]) for c in completions)


async def _ask_all(
    state: _State,
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
    state: _State,
    job: _Job,
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
            log.append({"is": "response", **named, "attempt": attempt, "raw": raw})
            await log.saved()
            _take(state, job, provider, raw)
        except ProviderError as failure:
            error = failure
            log.append({"is": "failure", **named, "attempt": attempt, "told": str(failure), "raw": failure.raw})
        else:
            state.in_a_row = state.hopeless_in_a_row = 0
            return
        if not error.retry or attempt == patience.attempts:
            break
        wait = min(patience.cap, patience.base * 2 ** (attempt - 1)) * dice.uniform(0.5, 1.0)
        if error.wait is not None:  # the server speaks for all requests
            wait = min(patience.cap, error.wait)
            state.next_start = max(state.next_start, asyncio.get_running_loop().time() + wait)
        await asyncio.sleep(wait)
    state.failed += 1
    state.failures[str(error)] += 1
    state.in_a_row += 1
    state.hopeless_in_a_row = state.hopeless_in_a_row + 1 if error.hopeless else 0
    if state.hopeless_in_a_row >= patience.hopeless or state.in_a_row >= patience.silent:
        state.stopped = str(error)


async def _turn(state: _State, rate: float | None) -> None:
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


def _lines(provider: Provider, completion: Completion) -> tuple[list[str], str]:
    if provider.kind == "recombined":
        return ([completion.text], "") if completion.text else ([], "The answer was empty.")
    return lines_of(completion.text)


def _candidates(
    brand: Brand, provider: Provider, jobs: Sequence[_Job], state: _State
) -> tuple[tuple[Candidate, ...], Counter[str]]:
    """Every line of every answer, and why answers held none."""
    subjects = {line.id: line.brief for line in brand.approved}
    found: list[Candidate] = []
    empty: Counter[str] = Counter()
    for job in jobs:
        if job.name not in state.answers:
            continue
        completions, told = state.answers[job.name]
        reasons = [told] if told else []
        some = False
        for completion in completions:
            lines, reason = _lines(provider, completion)
            reasons += [reason] if reason else []
            some = some or bool(lines)
            parents = completion.parents or job.prompt.parents
            for text in lines:
                brief = job.prompt.brief
                if provider.kind == "recombined":  # such a line was made before it had a brief
                    subject = subjects.get(parents[0], "") if parents else ""
                    brief = brief_line(brand, named_in(brand.brief, text), subject)
                found.append(Candidate(text, brief, parents, provider.kind, job.prompt.hash))
        if not some and provider.kind == "written":  # one that recombines has simply run out
            empty[reasons[0] if reasons else "The answer was empty."] += 1
    return tuple(found), empty


def _notes(
    provider: Provider, state: _State, requests: int, resumed: int, wanted: int, got: int, empty: Counter[str]
) -> tuple[str, ...]:
    notes = []
    if resumed:
        notes.append(f"{resumed:,} of {requests:,} requests had been answered before and were not asked again.")
    if state.stopped:
        left = requests - len(state.answers)
        notes.append(f"Asking was stopped with {left:,} requests open: {state.stopped} Run again to ask for these.")
    elif state.failed:
        told, times = state.failures.most_common(1)[0]
        notes.append(
            f"{state.failed:,} of {requests:,} requests failed, {times:,} of them so: {told} "
            "Run again to ask for these."
        )
    for reason, times in empty.most_common(2):
        notes.append(f"{times:,} {'answer' if times == 1 else 'answers'} brought no line: {reason}")
    if got < wanted:
        notes.append(f"{wanted:,} lines were asked for, {got:,} came.")
    return (*notes, *provider.notes())
